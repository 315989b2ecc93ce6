"""Choice of the output: JACK or a card if there is one, the clock while there is none, then the card again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from remote_mixer.engine.card import Card, card_rate
from remote_mixer.engine.jack import Jack, server_rate
from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.output import Clock, Output, OutputError, Unfit, Wanted
from remote_mixer.engine.patch import Chosen, Patch
from remote_mixer.engine.portaudio import reset_cards
from remote_mixer.engine.rates import RATES

CARD_AGAIN_SECONDS = 5.0
JACK, CARD = "jack", "card"
ONE_CLOCK = (
    "JACK has one clock, so the inputs are those that JACK has, and {} is not used: choose a card instead of JACK, "
    "or let JACK have that card (zita-a2j)."
)


def rate_there(wanted: Wanted) -> int:
    """Return the rate of the output that would be played on now; 0 where there is none, or none that is fit."""
    probes: dict[str, Callable[[], int]] = {JACK: server_rate, CARD: lambda: card_rate(wanted)}
    for kind in _kinds(wanted):
        with suppress(OutputError):
            if (there := probes[kind]()) in RATES:
                return there
    return 0


def _kinds(wanted: Wanted) -> list[str]:
    """Return the kinds of output to look for, JACK before a card: it has the card where both are there."""
    return [JACK] if wanted.card == JACK else [CARD] if wanted.card else [JACK, CARD]


class Player:
    """One output at a time. `watch` is called a few times a second by one thread."""

    def __init__(
        self, mixer: Mixer, wanted: Wanted | None, changed: Callable[[], None], patch: Patch | None = None
    ) -> None:
        """Start to play. Raises OtherRate where the output has another rate than the mix.

        mixer    makes the sound
        wanted   card, or None for the clock alone
        changed  called when another output plays, or there is something else to remark
        patch    what the ports of JACK are to be joined to, if anything else than usual
        """
        self._mixer, self._wanted, self._changed = mixer, wanted, changed
        self._patch, self._missed_before = patch or Patch(), 0
        self._unfit: list[str] = []
        self._output: Output = Clock(mixer)
        self._search()
        self._tried = time.monotonic()

    @property
    def title(self) -> str:
        """Name of the output, for people."""
        return self._output.title

    @property
    def remarks(self) -> list[str]:
        """Sentences about the output, or about what is there and cannot be played on."""
        name = self._wanted.input_card if self._wanted and isinstance(self._output, Jack) else ""
        return [*self._output.remarks, *self._unfit, *([ONE_CLOCK.format(name)] if name else [])]

    @property
    def microphones(self) -> str:
        """Sentence about the card of the inputs, where that is another one than the output."""
        return self._output.microphones if isinstance(self._output, Card) else ""

    @property
    def block(self) -> dict[str, float]:
        """Frames of the output's block, and its latency, see `Output`."""
        return self._output.block

    @property
    def outputs(self) -> int:
        """Number of outputs that play what the controls say."""
        return self._output.outputs

    @property
    def is_audible(self) -> bool:
        """Whether the output is a card and not the clock."""
        return not isinstance(self._output, Clock)

    @property
    def missed_blocks(self) -> int:
        """Blocks that were skipped since the start."""
        return self._missed_before + self._output.missed_blocks

    def watch(self) -> None:
        """Close a card that is gone; while there is none, look for one at intervals.

        Raises OtherRate where one has come back at another rate.
        """
        before = self.title, self.remarks
        if not self._output.runs():
            self._leave()
            self._output.start()
        elif self._wanted and not self.is_audible and time.monotonic() - self._tried > CARD_AGAIN_SECONDS:
            with suppress(OutputError):
                reset_cards()
            self._search()
            self._tried = time.monotonic()
        if (self.title, self.remarks) != before:
            self._changed()

    @property
    def graph(self) -> Mapping[str, Any]:
        """JACK's ports, see `Jack`; empty without it."""
        return self._output.graph if isinstance(self._output, Jack) else {}

    def join(self, chosen: Chosen) -> None:
        """Join ports of JACK otherwise, now or once there is a server."""
        if isinstance(self._output, Jack):
            self._output.join(chosen)
        else:
            self._patch.choose(chosen)

    def close(self) -> None:
        """Stop playing."""
        self._output.close()

    def _makers(self) -> list[Callable[[], Output]]:
        """Return what opens the outputs that are wanted, in the order in which they are tried."""
        wanted = self._wanted
        if not wanted:
            return []
        makers: dict[str, Callable[[], Output]] = {
            JACK: lambda: Jack(self._mixer, wanted.inputs, self._patch),
            CARD: lambda: Card(self._mixer, wanted),
        }
        return [makers[kind] for kind in _kinds(wanted)]

    def _search(self) -> None:
        """Change to the first output that can be opened: looking may take seconds, so the clock goes on meanwhile."""
        self._unfit = []
        for make in self._makers():
            try:
                self._take(make())
            except OutputError as error:
                self._unfit += [str(error)] if isinstance(error, Unfit) else []
            else:
                return
        if not self._output.runs():
            self._output.start()

    def _take(self, output: Output) -> None:
        """Change to an output. Raises OutputError where it does not start: then a clock is there, and stands."""
        self._leave()
        output.start()
        self._output = output

    def _leave(self) -> None:
        """Close the present output, since the mix is for one thread at a time, and have a clock ready in its place."""
        self._output.close()
        self._missed_before += self._output.missed_blocks
        self._output = Clock(self._mixer)
