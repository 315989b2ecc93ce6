"""People: admission by PIN, invitation or token, their records, and their requests to the sound crew."""
