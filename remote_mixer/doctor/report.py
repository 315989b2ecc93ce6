"""Report for a bug: sections of facts in, one page of text out, without what nobody else may know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from remote_mixer.doctor.left_out import LeftOut

HEAD = "Remote Mixer: report for a bug"
ADVICE = (
    "Read it before you send it. PIN, tokens, cookies, keys, invitations, people's names and the name of the home "
    "folder are left out."
)
NOTHING = "none"
MOST_VALUE = 2000
"""Longest value, in characters; a longer one is cut in its middle."""

Row = tuple[str, str]
"""Name of a fact and its value, which may have several lines."""


@dataclass(frozen=True, slots=True)
class Section:
    """Facts of one kind under a title."""

    title: str
    rows: Sequence[Row]


def text(sections: Iterable[Section], left_out: LeftOut) -> str:
    """Return the report: a head, then each section, its rows in columns; ends with a newline."""
    blocks = [f"{HEAD}\n{ADVICE}", *("\n".join(_block(section, left_out)) for section in sections)]
    return "\n\n".join(blocks) + "\n"


def _block(section: Section, left_out: LeftOut) -> Iterator[str]:
    yield section.title
    width = max((len(name) for name, _ in section.rows), default=0)
    for name, value in section.rows or [("", NOTHING)]:
        first, *rest = left_out.clean(_cut(value)).splitlines() or [NOTHING]
        yield f"  {name:<{width}}  {first}" if name else f"  {first}"
        yield from (f"  {'':<{width}}  {line}" if width else f"  {line}" for line in rest)


def _cut(value: str) -> str:
    half = MOST_VALUE // 2
    return value if len(value) <= MOST_VALUE else f"{value[:half]}\n[…]\n{value[-half:]}"
