"""Tests of who may come in, and of what they ask for."""
