"""The number of examples that property tests draw: bounded by default, ten times as many with `--long`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hypothesis import HealthCheck, is_hypothesis_test, settings

BOUNDED, LONG = "bounded", "long"
DEFAULT_EXAMPLES = 100
LONG_FACTOR = 10

SLOW = [HealthCheck.too_slow]
"""No failure where the computer has other work; the first text in a new clone is slow everywhere."""

settings.register_profile(BOUNDED, deadline=None, max_examples=DEFAULT_EXAMPLES, suppress_health_check=SLOW)
settings.register_profile(LONG, deadline=None, max_examples=LONG_FACTOR * DEFAULT_EXAMPLES, suppress_health_check=SLOW)


def is_long() -> bool:
    """Whether this run was started with `--long`."""
    return settings.get_current_profile_name() == LONG


def examples(count: int) -> int:
    """Return how many examples to draw where a bounded run draws `count`."""
    return LONG_FACTOR * count if is_long() else count


def lengthen(tests: Iterable[Any]) -> None:
    """Draw more examples in the property tests that name a number of their own, which no profile changes."""
    for test in set(tests):  # a parametrized test comes several times
        if is_hypothesis_test(test):
            own = test._hypothesis_internal_use_settings  # hypothesis has no public way to read it
            if own.max_examples < settings().max_examples:
                test._hypothesis_internal_use_settings = settings(own, max_examples=LONG_FACTOR * own.max_examples)
