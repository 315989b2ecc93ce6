"""Simulated X32, M32 and X Air consoles over UDP, for tests and for a rehearsal at home."""
