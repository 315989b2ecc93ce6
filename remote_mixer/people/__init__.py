"""Who is here, how they came in, and what they ask for."""
