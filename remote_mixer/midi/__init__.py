"""MIDI as both ends have it: for drivers that play a surface, and for surfaces that are played."""
