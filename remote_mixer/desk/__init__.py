"""The shared model of all consoles: layouts, values, and the one door to them. No I/O, standard library only."""
