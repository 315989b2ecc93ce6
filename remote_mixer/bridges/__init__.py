"""Bridges: roads by which other programs join the hub, beside the web."""
