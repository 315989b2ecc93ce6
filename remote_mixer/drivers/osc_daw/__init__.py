"""Driver for DAWs that speak OSC; `ardour` is the first table."""
