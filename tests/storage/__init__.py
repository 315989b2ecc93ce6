"""Tests of what outlives a restart."""
