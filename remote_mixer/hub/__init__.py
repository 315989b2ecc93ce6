"""The desk and everyone at it."""
