"""https: our own certificate authority, and the certificates that a server shows."""
