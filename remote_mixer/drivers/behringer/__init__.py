"""Behringer X32 / Midas M32 and Behringer X Air / Midas MR over OSC."""
