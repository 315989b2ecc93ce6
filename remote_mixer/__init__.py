"""Remote Mixer: faders on every phone and tablet in the room, for the mixer you have."""

__version__ = "0.1.0"
