"""Remote Mixer: faders on every phone and tablet in the room, for the mixer you have."""

__version__ = "0.2.0"
PROTOCOL = 1
"""Version of the wire protocol, which server, page and shell have to share."""
