"""The built-in engine: mixes sound in a process of its own and knows no other room."""
