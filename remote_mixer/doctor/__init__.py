"""Doctor: one page of text about program, computer and server for a bug report, without secrets."""
