"""What a person types: arguments, how the program starts, the shell, tools and terminal."""
