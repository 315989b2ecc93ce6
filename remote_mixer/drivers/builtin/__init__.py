"""The built-in engine as a console, in a process of its own."""
