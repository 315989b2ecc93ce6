"""Drivers: one file or folder per console family, all behind the contract in `base`."""
