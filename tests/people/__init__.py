"""Tests of admission and of requests."""
