"""OSC bridge: every path of the desk is an address, for show-control programs, touch surfaces and scripts."""
