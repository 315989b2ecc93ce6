"""Everybody against every door: who may do what, and what somebody who wants to do harm is answered."""
