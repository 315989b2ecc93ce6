"""Tests of the web room: pages, scripts and the server's limits."""
