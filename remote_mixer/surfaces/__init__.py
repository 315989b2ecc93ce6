"""Control surfaces: real faders and keys that join the hub as one more hand, with a name and a role."""
