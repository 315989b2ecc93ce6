"""Storage: SQLite in the data folder, for data that must outlive a restart."""
