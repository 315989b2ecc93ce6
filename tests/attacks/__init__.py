"""Tests of rights and attacks: every role on every route, frame and control, and harmful callers."""
