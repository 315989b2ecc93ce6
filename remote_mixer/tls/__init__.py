"""https: our own certificate authority (CA) and the server's certificates."""
