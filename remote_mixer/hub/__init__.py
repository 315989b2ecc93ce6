"""Hub: the desk and its clients."""
