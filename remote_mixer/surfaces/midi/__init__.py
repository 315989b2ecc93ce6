"""Surfaces of any make, by a map of their controls: faders without motors, encoders, keys and pedals."""
