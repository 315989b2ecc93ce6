"""What every person shares: layouts, values and the one door to them. Pure, synchronous, standard library only."""
