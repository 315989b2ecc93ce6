"""SQLite in the data folder: what must outlive a restart."""
