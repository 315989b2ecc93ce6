"""Quart and Hypercorn: the page, the socket and the HTTP API."""
