"""The command `remote-mixer`: arguments, launch, window, shell commands, tools and terminal."""
