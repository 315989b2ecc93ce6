"""A console of our own, over UDP: it plays an X32, M32 or X Air for tests and for a rehearsal at home."""
