"""The number of examples of property tests, with `--long` and without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis.strategies import integers

from tests.support.budget import BOUNDED, LONG, examples, lengthen


@pytest.fixture(autouse=True)
def profile() -> Iterator[None]:
    before = settings.get_current_profile_name()
    yield
    settings.load_profile(before)


def drawn_by(test: Any) -> int:
    """Run a property test; return how many examples it has drawn."""
    test.hypothesis.inner_test.count = 0
    test()
    return int(test.hypothesis.inner_test.count)


def property_test(**own: Any) -> Any:
    def count(number: int) -> None:
        count.count += 1  # type: ignore[attr-defined]

    return settings(phases=[Phase.generate], database=None, **own)(given(number=integers())(count))


@pytest.mark.parametrize(("profile_name", "factor"), [(BOUNDED, 1), (LONG, 10)])
def test_a_long_run_draws_ten_times_as_many_examples(profile_name: str, factor: int) -> None:
    settings.load_profile(profile_name)
    usual, own = property_test(), property_test(max_examples=30)
    if profile_name == LONG:
        lengthen([usual, own, own])
    assert (drawn_by(usual), drawn_by(own), examples(10)) == (100 * factor, 30 * factor, 10 * factor)
