"""Choice of the output: the card if there is one, the clock while there is none, then the card again."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.output import Card, Clock, Output, OutputError, reset_cards

CARD_AGAIN_SECONDS = 5.0


class Player:
    """One output at a time. `watch` is called a few times a second by one thread."""

    def __init__(self, mixer: Mixer, wants_card: bool, changed: Callable[[], None]) -> None:
        """Start to play.

        mixer       makes the sound
        wants_card  False for the clock alone
        changed     called when another output plays
        """
        self._mixer, self._wants_card, self._changed = mixer, wants_card, changed
        self._missed_before = 0
        self._output = self._first()
        self._tried = time.monotonic()

    @property
    def title(self) -> str:
        """Name of the output, for people."""
        return self._output.title

    @property
    def is_audible(self) -> bool:
        """Whether the output is a card and not the clock."""
        return not isinstance(self._output, Clock)

    @property
    def missed_blocks(self) -> int:
        """Blocks that were skipped since the start."""
        return self._missed_before + self._output.missed_blocks

    def watch(self) -> None:
        """Close a card that is gone; while there is none, look for one at intervals."""
        if not self._output.runs():
            self._leave()
            self._take(self._clock())
        elif self._wants_card and isinstance(self._output, Clock) and self._card_is_due():
            self._try_card()

    def close(self) -> None:
        """Stop playing."""
        self._output.close()

    def _first(self) -> Output:
        if self._wants_card:
            with contextlib.suppress(OutputError):
                card = Card(self._mixer)
                card.start()
                return card
        return self._clock()

    def _clock(self) -> Clock:
        clock = Clock(self._mixer)
        clock.start()
        return clock

    def _card_is_due(self) -> bool:
        return time.monotonic() - self._tried > CARD_AGAIN_SECONDS

    def _try_card(self) -> None:
        """Change to the card if there is one: looking may take seconds, so the clock goes on meanwhile."""
        self._tried = time.monotonic()
        with contextlib.suppress(OutputError):
            reset_cards()
            card = Card(self._mixer)
            self._leave()
            try:
                card.start()
                self._take(card)
            except OutputError:
                self._take(self._clock())

    def _leave(self) -> None:
        """Close the present output: the mix is for one thread at a time."""
        self._output.close()
        self._missed_before += self._output.missed_blocks

    def _take(self, output: Output) -> None:
        was, self._output = self._output.title, output
        if output.title != was:
            self._changed()
