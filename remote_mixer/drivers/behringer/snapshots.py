"""Snapshots: one datagram with the same values of many strips, repeated by the console (`/formatsubscribe`).

A frame begins with its own length in bytes, then has a word for each value, all little-endian. It changes no value: a
push that is under way may be newer. It names the addresses that have to be looked at. No I/O; callers pass the time in
seconds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import islice
from struct import pack

from remote_mixer.drivers.osc import Argument, Message

REQUEST, RENEW, END = "/formatsubscribe", "/renew", "/unsubscribe"
ALIAS = "/remote-mixer"
TICK_SECONDS = 0.05
PROMPT_TICKS, OTHER_TICKS = 8, 80
"""Period of the frames: of faders, mutes and solos, and of all others."""
MOST_VALUES, MOST_PATTERNS = 300, 20
"""Size of a frame and of a request: each fits one packet of any network."""
OVERDUE_SECONDS = 0.3
TRIES = 5
"""Requests in a row without a frame after which a range is given up."""
DISTRUST_FRAMES = 4

_NUMBER = re.compile(r"(?<=/)\d+(?=/|$)")


Numbers = defaultdict[tuple[int, str], set[int]]
"""The numbers that stand for the stars of a pattern, by period and pattern."""


@dataclass(frozen=True, slots=True)
class Range:
    """Addresses of one frame: patterns with stars in place of a number, and the first and last number."""

    patterns: tuple[str, ...]
    first: int
    last: int
    ticks: int

    def addresses(self) -> list[str]:
        """Return the addresses in the order of a frame's words."""
        numbers = range(self.first, self.last + 1)
        return [_numbered(pattern, number) for pattern in self.patterns for number in numbers]


def _numbered(pattern: str, number: int) -> str:
    stars = pattern.count("*")
    return pattern.replace("*" * stars, f"{number:0{stars}}")


def count(addresses: Iterable[str], prompt: Set[str], numbers: Numbers) -> None:
    """Add the numbers in addresses."""
    for address in addresses:
        if found := _NUMBER.search(address):
            pattern = f"{address[: found.start()]}{'*' * len(found[0])}{address[found.end() :]}"
            numbers[PROMPT_TICKS if address in prompt else OTHER_TICKS, pattern].add(int(found[0]))


def ranges(numbers: Numbers) -> Iterator[Range]:
    """Yield the ranges that hold these numbers; a pattern whose numbers have gaps is in none."""
    alike: dict[tuple[int, int, int], list[str]] = defaultdict(list)
    for (ticks, pattern), there in numbers.items():
        first, last = min(there), max(there)
        if len(there) == last - first + 1 > 1:
            alike[ticks, first, last].append(pattern)
    for (ticks, first, last), patterns in alike.items():
        rest = iter(patterns)
        while some := tuple(islice(rest, min(MOST_PATTERNS, MOST_VALUES // (last - first + 1)))):
            yield Range(some, first, last, ticks)


@dataclass(slots=True)
class _Subscription:
    """One range at the console.

    due        time after which the next frame is overdue
    addresses  in the order of a frame's words, once it was requested
    tries      requests since the last frame
    came       whether a frame has come
    shown      word that differed in the last frame, and in how many frames in a row, by address
    last       the last frame, and what was known then, in the order of its words
    """

    alias: str
    range: Range
    due: float
    addresses: list[str] = field(default_factory=list)
    tries: int = 0
    came: bool = False
    shown: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    last: tuple[bytes, list[Argument | None]] = (b"", [])


class Snapshots:
    """Subscriptions to ranges: which to request, and which addresses a frame shows to differ."""

    def __init__(self) -> None:
        self._running: dict[str, _Subscription] = {}
        self._answered = False
        self._distrusted: set[str] = set()
        self.covered: frozenset[str] = frozenset()
        """Addresses whose values come in frames."""

    def start(self, wanted: Iterable[Range], now: float) -> None:
        """Begin to request these ranges, those of faders, mutes and solos first."""
        ordered = sorted(wanted, key=lambda one: one.ticks)
        named = ((f"{ALIAS}/{number}", one) for number, one in enumerate(ordered, 1))
        self._running = {alias: _Subscription(alias, one, now) for alias, one in named}

    @property
    def aliases(self) -> list[str]:
        """The addresses of the frames."""
        return list(self._running)

    @property
    def is_refused(self) -> bool:
        """Whether the console has answered no request at all."""
        return not self._answered and all(one.tries >= TRIES for one in self._asked)

    @property
    def _asked(self) -> list[_Subscription]:
        """The ranges to request: the first one alone until a frame has come."""
        return list(self._running.values())[: None if self._answered else 1]

    def request(self, now: float) -> tuple[Message, ...]:
        """Return the messages that request one range whose first or next frame is overdue; none where all is well."""
        for one in self._asked:
            if one.due <= now and one.tries < TRIES:
                return self._request(one, now)
        return ()

    def _request(self, one: _Subscription, now: float) -> tuple[Message, ...]:
        """Return a request; the former one is ended, so that the first frame comes at once."""
        one.addresses = one.addresses or one.range.addresses()
        known = one.came or one.tries > 0
        one.tries += 1
        one.due = now + OVERDUE_SECONDS * one.tries
        if one.tries == TRIES:
            self.covered -= frozenset(one.addresses)
        wish: Message = (REQUEST, (one.alias, *one.range.patterns, one.range.first, one.range.last, one.range.ticks))
        return ((END, (one.alias,)), wish) if known else (wish,)

    def hasten(self, now: float, addresses: Set[str] | None = None) -> None:
        """Have the frames with these addresses, or all frames, requested anew: they come at once."""
        for one in self._running.values():
            if one.came and (addresses is None or not addresses.isdisjoint(one.addresses)):
                one.due, one.tries = now, 0

    def take(self, alias: str, frame: Argument, known: Mapping[str, Argument], now: float) -> list[str]:
        """Return the addresses whose word in a frame differs from the known argument; ValueError for a bad frame."""
        one = self._running[alias]
        size = 4 * len(one.addresses) + 4
        if not isinstance(frame, bytes) or len(frame) != size or frame[:4] != pack("<i", size):
            raise ValueError(f"a frame of {len(one.addresses)} values has another length")
        if not one.came or one.tries >= TRIES:
            one.came = self._answered = True
            self.covered |= frozenset(one.addresses) - self._distrusted
        one.tries, one.due = 0, now + one.range.ticks * TICK_SECONDS + OVERDUE_SECONDS
        before, one.last = one.last, (frame, [*map(known.get, one.addresses)])
        if one.last == before and not one.shown:
            return []  # the usual case: neither side has moved anything
        words = (frame[at : at + 4] for at in range(4, size, 4))
        pairs = zip(one.addresses, words, one.last[1], strict=True)
        return self._trusted(one, {address: word for address, word, stands in pairs if _differs(word, stands)})

    def _trusted(self, one: _Subscription, shown: Mapping[str, bytes]) -> list[str]:
        """Return the addresses that differ, without those whose words are not to be trusted.

        A word that differs in the same way in frame after frame, although its address was looked at each time, means
        something else to the console.
        """
        former, one.shown = one.shown, {}
        for address, word in shown.items():
            last, times = former.get(address, (word, 0))
            one.shown[address] = (word, times + 1 if word == last else 1)
            if one.shown[address][1] >= DISTRUST_FRAMES:
                self._distrusted.add(address)
                self.covered -= {address}
        return [address for address in shown if address not in self._distrusted]


def _differs(word: bytes, known: Argument | None) -> bool:
    match known:
        case int():
            return word != pack("<i", known)
        case float():
            return word != pack("<f", known)
    return False
