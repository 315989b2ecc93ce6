"""Skips on a newcomer's machine, failures where everything was installed for the tests."""

from __future__ import annotations

import os
from typing import Final

import pytest

COMPLETE_VARIABLE: Final = "REMOTE_MIXER_COMPLETE"


def need(condition: object, why: str) -> None:
    """Skip the test, saying why, unless the condition holds; where REMOTE_MIXER_COMPLETE=1, fail it instead."""
    if condition:
        return
    if os.environ.get(COMPLETE_VARIABLE) == "1":
        pytest.fail(f"{why} (this machine was set up for all tests: {COMPLETE_VARIABLE}=1)")
    pytest.skip(why)
