"""Tests of what pages and scripts meet."""
