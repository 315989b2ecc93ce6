"""The mixer: what a turn of the mix needs, and changes to other channels, prepared beside it.

The turns themselves are compiled (see `turn`); a sound library calls them on its own thread, the clock through `mix`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import shared
from remote_mixer.engine.deck_memory import Deck
from remote_mixer.engine.library import RATE, TURN, Kernels
from remote_mixer.engine.rates import rate
from remote_mixer.engine.rows import LANES
from remote_mixer.engine.shared import SharedBlock
from remote_mixer.engine.sources import Channels, Held, Supply, fits
from remote_mixer.engine.streams import Streams
from remote_mixer.engine.tables import (
    OUTPUTS,
    PLACES,
    Looks,
    Mix,
    Signals,
    new_looks,
    new_mix,
    new_signals,
    view_controls,
)
from remote_mixer.engine.tape import Tape
from remote_mixer.engine.turn_memory import (
    CLIP_CLEARS,
    GENERATION,
    NEXT,
    PRESENT,
    SEEKS,
    Turn,
    new_block,
    new_turn,
)

Copies = Iterator[tuple[int, int, int]]
"""Address, goal and number of bytes of what is carried over."""


class Table:
    """Addresses and shapes of arrays, as `views` reads them; the arrays stay as long as the table.

    address  of the table itself
    """

    def __init__(self, *memory: Any) -> None:  # noqa: ANN401  # arrays, and tuples of these
        self._memory = memory
        self._numbers = np.fromiter(_numbers(memory), np.uint64)
        self.address = int(self._numbers.ctypes.data)


def _numbers(memory: Iterable[Any]) -> Iterator[int]:
    for item in memory:
        if isinstance(item, np.ndarray):
            yield from (item.ctypes.data, *item.shape)
        else:
            yield from _numbers(item)


class _Lineup:
    """Channels with their sound, mix and table."""

    def __init__(
        self, channels: Channels, signals: Signals, looks: Looks, deck: Deck, before: Mix | None = None
    ) -> None:
        self.channels = channels
        self.supply: Supply = Held(channels) if fits(channels) else Streams(channels)
        self.mix: Mix = new_mix(self.supply.sources, self.supply.wrap, signals, looks, deck, before)
        self.table = Table()

    @property
    def place(self) -> int:
        """Place in the timeline, in frames."""
        return int(self.mix.position[0]) % self.supply.frames


class Mixer:
    """Mixes blocks as the shared block's controls say, and writes position, clip and meters back.

    The mix begins silent and fades in to the controls' values. All but `mix` is for one thread.

    switch  (2,) uint64, for a sound library's callback (see `turn_memory`)
    tape    the last seconds of every output
    looks   `tables.Looks`: whoever makes pictures writes the channels
    deck    for recordings and takes
    """

    def __init__(self, channels: Channels, block: SharedBlock, kernels: Kernels) -> None:
        kernels(RATE, rate(), 0, 0)
        memory = np.frombuffer(block.bytes_, np.uint8)
        self.kernels, self._controls, self._block = kernels, view_controls(memory), new_block(memory)
        self.tape = Tape(self._block.tape, self._block.taped)
        self._signals, self.looks = new_signals(), new_looks()
        self.deck = Deck(OUTPUTS)
        self._block.counts[GENERATION] = -1
        self._block.counts[[SEEKS, CLIP_CLEARS]] = block.words[shared.SEEKS], block.words[shared.CLIP_CLEARS]
        block.words[shared.CLIP] = 0
        self._lineup, self._next = _Lineup(channels, self._signals, self.looks, self.deck), None
        seconds = block.doubles[shared.POSITION_SECONDS]
        self._lineup.mix.position[0] = round(seconds * rate()) % self._lineup.supply.frames
        self._start(self._lineup, new_turn(self._block, self._lineup.supply.supplied))
        self.switch = np.array([self._lineup.table.address, 0], np.uint64)

    _next: _Lineup | None

    @property
    def signals(self) -> Signals:
        """Sound that a device gives and takes besides the mix: its inputs, and the direct outs."""
        return self._signals

    @property
    def output_words(self) -> NDArray[np.uint32]:
        """Controls of what a card's outputs play."""
        words: NDArray[np.uint32] = self._controls.output
        return words

    @property
    def channels(self) -> Channels:
        """The channels that are mixed now."""
        return self._lineup.channels

    @property
    def is_changing(self) -> bool:
        """Whether a change of channels waits for the leaving ones to fade out."""
        return bool(self.switch[NEXT])

    def change(self, channels: Channels) -> None:
        """Mix other channels from the next blocks on; not while `is_changing`.

        A channel whose stem is the same object plays on; what leaves fades out and what joins fades in.
        """
        self.tidy()
        old, new = self._lineup, _Lineup(channels, self._signals, self.looks, self.deck, self._lineup.mix)
        strips = {int(channel): n for n, channel in enumerate(new.mix.sources.channels)}
        was = old.mix.sources.channels
        stays = np.array([old.channels[int(n)] is channels.get(int(n)) for n in was], np.bool_)
        now = np.array([strips[int(n)] for n in was[stays]], np.int64)
        copies = [*_strips_carried(old.mix, new.mix, np.flatnonzero(stays), now), *_outputs_carried(old.mix, new.mix)]
        new.mix.position[0] = old.place % new.supply.frames
        turn = Turn(self._block, new.supply.supplied, np.flatnonzero(~stays), np.array(copies, np.uint64))
        self._start(new, turn)
        self._next = new
        self.switch[NEXT] = new.table.address

    def tidy(self) -> None:
        """Let go of the channels that a change has replaced."""
        if self._next and self.switch[PRESENT] == self._next.table.address:
            self._lineup.supply.stop()
            self._lineup, self._next = self._next, None

    def faults(self) -> list[str]:
        """Return a sentence about each strip whose sound did not come in time."""
        return self._lineup.supply.faults()

    def mix(self, out: NDArray[np.float32]) -> None:
        """Mix the next frames; never while a sound library does.

        out  (frames, tables.OUTPUTS) float32, C order: left and right of main, of the mixes, and of solo; overwritten

        Raises ValueError for another array: the kernel writes where it is told to.
        """
        if out.shape[1:] != (OUTPUTS,) or out.dtype != np.float32 or not out.flags.c_contiguous:
            raise ValueError(
                f"A mix is written to (frames, {OUTPUTS}) float32 in C order, not {out.shape} {out.dtype}."
            )
        self.kernels(TURN, self.switch.ctypes.data, out.ctypes.data, len(out))

    def _start(self, lineup: _Lineup, turn: Turn) -> None:
        lineup.supply.start(lineup.mix.position)
        lineup.table = Table(lineup.mix, self._controls, turn)


def _strips_carried(old: Mix, new: Mix, was: NDArray[np.int64], now: NDArray[np.int64]) -> Copies:
    """Return what the strips that play on, and the masters, take along: their number in the old mix, and in the new."""
    was, now = (np.append(strips, _masters(mix)) for strips, mix in ((was, old), (now, new)))
    ends = np.flatnonzero((np.diff(was) != 1) | (np.diff(now) != 1)) + 1
    pairs = zip(np.split(was, ends), np.split(now, ends), strict=True)
    runs = [(int(strips[0]), int(places[0]), len(strips)) for strips, places in pairs]
    for theirs, ours in zip(_columns(old), _columns(new), strict=True):
        for row in range(len(ours)):
            for source, goal, count in runs:
                yield _copy(theirs[row, source : source + count], ours[row, goal : goal + count])


def _masters(mix: Mix) -> NDArray[np.int64]:
    """Return the numbers of the strips that the masters are."""
    strips = mix.left.shape[1]
    return np.arange(strips - LANES, strips)


def _columns(mix: Mix) -> tuple[NDArray[Any], ...]:
    """Return what has a column, or several side by side, for each strip."""
    chain, strips = mix.chain, mix.left.shape[1]
    ways = (array.reshape(PLACES, strips, -1) for array in mix.ways)
    plays = (mix.open_ways, mix.source, mix.share)
    return (*ways, *(array[np.newaxis] for array in plays), mix.strip_peaks, chain.memory, chain.words, chain.fresh)


def _outputs_carried(old: Mix, new: Mix) -> Copies:
    yield from (_copy(theirs, ours) for theirs, ours in zip(_outputs(old), _outputs(new), strict=True))


def _copy(source: NDArray[Any], goal: NDArray[Any]) -> tuple[int, int, int]:
    return source.ctypes.data, goal.ctypes.data, goal.nbytes


def _outputs(mix: Mix) -> tuple[NDArray[np.generic], ...]:
    limiters = (mix.ceilings, mix.limiter, mix.look)
    return (*mix.masters, *mix.transport, *limiters, mix.open_masters, mix.output_peaks, mix.clip)
