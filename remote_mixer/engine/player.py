"""Keeps the sound going: the card if there is one, the clock while there is none, then the card again."""

from __future__ import annotations

import time
from collections.abc import Callable

from remote_mixer.engine.output import Card, Clock, Mixing, Output, OutputError, reset_cards

CARD_AGAIN_SECONDS = 5.0


class Player:
    """One output at a time. `watch` is called a few times a second by one thread."""

    def __init__(self, mixing: Mixing, wants_card: bool, changed: Callable[[], None]) -> None:
        """Start to play.

        mixing      fills blocks
        wants_card  False for the clock alone
        changed     is called when the sound goes another way
        """
        self._mixing, self._wants_card, self._changed = mixing, wants_card, changed
        self._missed_before = 0
        self._output = self._start()
        self._tried = time.monotonic()

    @property
    def title(self) -> str:
        """What is played on."""
        return self._output.title

    @property
    def heard(self) -> bool:
        """Whether it is played on something that can be heard."""
        return not isinstance(self._output, Clock)

    @property
    def missed_blocks(self) -> int:
        """Blocks that were skipped since the start."""
        return self._missed_before + self._output.missed_blocks

    def watch(self) -> None:
        """Leave a card that is gone; look for one now and then while there is none."""
        if not self._output.playing():
            self._change(Clock)
        elif self._wants_card and isinstance(self._output, Clock) and self._card_is_due():
            self._try_card()

    def close(self) -> None:
        """Stop."""
        self._output.close()

    def _start(self) -> Output:
        try:
            return Card(self._mixing) if self._wants_card else Clock(self._mixing)
        except OutputError:
            return Clock(self._mixing)

    def _card_is_due(self) -> bool:
        return time.monotonic() - self._tried > CARD_AGAIN_SECONDS

    def _try_card(self) -> None:
        """The clock halts meanwhile, because mixing is for one thread at a time."""
        self._tried = time.monotonic()
        try:
            reset_cards()
        except OutputError:
            return
        self._change(Card)

    def _change(self, to: Callable[[Mixing], Output]) -> None:
        self._output.close()
        self._missed_before += self._output.missed_blocks
        was = self._output.title
        try:
            self._output = to(self._mixing)
        except OutputError:
            self._output = Clock(self._mixing)
        if self._output.title != was:
            self._changed()
