"""The report for a bug."""
