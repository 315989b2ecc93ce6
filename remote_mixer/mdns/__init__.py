"""Multicast DNS: the host name `remote-mixer.local` and the service `_http._tcp`."""
