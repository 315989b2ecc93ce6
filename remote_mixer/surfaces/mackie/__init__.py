"""Surfaces that speak Mackie Control: this program is their host."""
