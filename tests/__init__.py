"""Promises of Remote Mixer, as sentences."""
