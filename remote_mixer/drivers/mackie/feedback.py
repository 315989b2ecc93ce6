"""Buttons and V-pots: pressed or turned until the DAW shows the wanted state by LED or ring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from remote_mixer.midi.mackie import MOST_TICKS

Key = tuple[int, str]
"""A strip of the surface (−1 for none) and the name of its LED."""
LED_SECONDS = 0.35
"""Time that a DAW may take to answer a press with its LED."""
REPEATED = frozenset({"mute", "solo", "rec"})
"""Buttons that are pressed again where the LED does not answer; the others may have no state, or refuse one."""
MOST_PRESSES = 5
"""Times that a button is pressed: beside other work JACK loses a press several times in a row, or brings it twice."""
MOST_LOOKS = 6
"""Times that the DAW is made to paint an LED; where it then does not paint this one, that counts as no press."""


@dataclass
class Press:
    """A wanted state, until its LED shows it.

    blind  whether its LED was not known to be the track's own when it was pressed
    """

    wanted: bool
    until: float
    presses: int = 1
    looks: int = 0
    blind: bool = False


class Buttons:
    """Presses that the DAW has not answered yet.

    Where no LED answers, either the press is lost or its answer; a second press would undo a first one that arrived. So
    the DAW is made to paint its LEDs where that is possible (`take_late`), and a button is pressed again without that
    only where LEDs are known to answer: the next answer then tells which of the two was lost.

    clock  seconds
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._expected: dict[Key, Press] = {}
        self._standing: dict[Key, Press] = {}
        self._answers = False
        self.arrived: set[Key] = set()
        """Buttons whose LEDs show the last wanted state, or have refused it."""

    def needs_press(self, key: Key, lit: bool | None, wanted: bool, *, painted: bool = True) -> bool:
        """Return whether to press; an unknown LED needs a press, an unanswered press counts as done.

        painted  whether the LED is known to be the track's own: else it has to stand for a time (`stand`), with or
                 without a press, as it may come late, from before the press
        """
        former = self._expected.get(key)
        coming = former.wanted if former else lit
        blind = former.blind and coming is wanted if former else not painted and key[1] in REPEATED
        self._standing.pop(key, None)
        if lit is wanted and coming is wanted:
            if painted:
                self.arrived.add(key)
            else:
                self._standing[key] = Press(wanted, self._clock() + LED_SECONDS)
            return False
        self._expected[key] = Press(wanted, self._clock() + LED_SECONDS, blind=blind)
        return coming is not wanted

    def stand(self, lit: Callable[[int, str], bool | None], painted: Callable[[int, str], bool]) -> list[Key]:
        """Return the buttons to press whose LEDs were as wanted, but of the window or the time that was before.

        The others have arrived once they have stood for a time, or are painted where they were not pressed.
        """
        turned = [key for key, press in self._standing.items() if lit(*key) is not press.wanted]
        for key in turned:
            self._expected[key] = Press(self._standing.pop(key).wanted, self._clock() + LED_SECONDS)
        now = self._clock()
        own = {key for key, press in self._standing.items() if painted(*key) and not press.blind}
        over = own | {key for key, press in self._standing.items() if press.until <= now}
        for key in over:
            del self._standing[key]
        self.arrived |= over
        return turned

    @property
    def busy(self) -> bool:
        """Whether any press may still be answered in time."""
        return bool(self._standing) or any(press.until > self._clock() for press in self._expected.values())

    @property
    def expected(self) -> list[Key]:
        """The buttons whose presses are unanswered."""
        return list(self._expected)

    def waits(self, key: Key) -> bool:
        """Return whether a press is unanswered."""
        return key in self._expected

    def on_led(self, key: Key, lit: bool | None) -> None:
        """Record an LED's state; one as wanted answers the last press, and has to stand where that was blind."""
        if key in self._expected and self._expected[key].wanted is lit:
            press = self._expected.pop(key)
            self._answers = True
            if press.blind:
                self._standing[key] = press
            else:
                self.arrived.add(key)

    @property
    def late(self) -> list[Key]:
        """The strips' buttons whose LEDs have not answered in time."""
        now = self._clock()
        return [key for key, press in self._expected.items() if press.until <= now and key[1] in REPEATED]

    def take_late(self) -> dict[Key, Press]:
        """Return the unanswered presses of strips' buttons, and forget them until the DAW has painted their LEDs."""
        return {key: self._expected.pop(key) for key in list(self._expected) if key[1] in REPEATED}

    def again(self, key: Key, press: Press) -> None:
        """Record that a button is pressed again."""
        self._expected[key] = Press(press.wanted, self._clock() + LED_SECONDS, press.presses + 1, press.looks)

    def wait_again(self, key: Key, press: Press) -> None:
        """Record that the DAW has painted nothing, so that a press still waits for its LED."""
        self._expected[key] = Press(press.wanted, self._clock() + LED_SECONDS, press.presses, press.looks + 1)

    def repeat(self) -> list[Key]:
        """Return the late buttons to press again, of a DAW whose LEDs answer."""
        due = [key for key in self.late if self._answers and self._expected[key].presses < MOST_PRESSES]
        for key in due:
            self.again(key, self._expected[key])
        return due

    def overdue(self, *, sure: bool) -> dict[Key, bool]:
        """Return the buttons whose LED never answered, each once, and whether its last state can be believed.

        It cannot where LEDs of this DAW have never answered: a press may have arrived all the same. Strips' buttons
        wait until it is sure which tracks they are of.
        """
        now = self._clock()
        late = [key for key, press in self._expected.items() if press.until <= now and (sure or key[0] < 0)]
        for key in late:
            del self._expected[key]
        self.arrived |= set(late)
        return {key: self._answers or key[1] not in REPEATED for key in late}

    def unanswered(self) -> set[Key]:
        """Return the strips' buttons whose presses are unanswered; a key of the transport means something each time."""
        return {key for key in self._expected if key[1] in REPEATED} | self._standing.keys()

    def clear(self) -> None:
        """Forget all presses."""
        self._expected.clear()
        self._standing.clear()


ANSWER_SECONDS = 0.15
"""Time that the DAW may take to move a pan; after it more ticks are sent."""
MOST_TURNS = 40
"""Attempts after which a pan that has not arrived is given up."""
CENTRE = 0.5
FINE, COARSE = 0.005, 0.05
"""Difference to the wanted position at which a pan has arrived: as the DAW's text tells it, or a ring of 11 lights."""
SHIFTED_PUSHES, MOST_PUSHES = 2, 3
"""Pushes for the centre, first with the shift key held, in case one is lost; then one without; then by turning.

Ardour centres by a push only while shift is held; another push turns its V-pot to another param, as width.
"""
MOST_ASKED = 4
"""Ticks by which a DAW that tells pans finely is made to paint a text that was lost."""
OVERTURNS = 4
"""Turns beyond an end that only the ring shows: its last light is lit for a part of the way."""


@dataclass(frozen=True)
class Pan:
    """Position of a pan (0–1), and whether it is known finer than by the ring."""

    position: float
    fine: bool


@dataclass
class Move:
    """One step of a V-pot: ticks to turn, or a push."""

    ticks: int = 0
    push: bool = False
    shift: bool = False  # with the shift key held


@dataclass
class _Turn:
    wanted: float
    rate: float = 10.0  # ticks for the whole way
    ticks: int = 0
    stood: Pan | None = None
    at: float = 0.0
    turns: int = 0
    pushes: int = 0
    overturns: int = 0
    asked: int = 0
    has_texts: bool = False

    def next(self, pan: Pan, now: float) -> Move | None:
        """Return the step to take now, an empty one while the answer is awaited; None when no more is of use."""
        if now - self.at < ANSWER_SECONDS and self._awaits(pan):
            return Move()
        self.has_texts |= pan.fine
        way = self.wanted - pan.position
        if self.has_texts and not pan.fine and self.asked < MOST_ASKED:
            return self._ask(pan, now)
        if abs(way) <= (FINE if pan.fine else COARSE):
            return self._end(pan, now)
        if self.wanted == CENTRE and self.pushes < MOST_PUSHES:
            return self._push(pan, now)
        too_far = way * self.ticks < 0
        if self.turns >= MOST_TURNS or (too_far and abs(self.ticks) == 1):
            return None
        self._learn(pan, too_far=too_far)
        return self._turn(min(max(round(abs(way) * self.rate), 1), MOST_TICKS), way, pan, now)

    def _awaits(self, pan: Pan) -> bool:
        """Return whether an answer is to come: nothing has moved, or the ring has, and the text follows it."""
        text_follows = bool(self.stood and self.stood.fine and not pan.fine)
        return text_follows or bool(self.turns and pan == self.stood)

    def _end(self, pan: Pan, now: float) -> Move | None:
        """Return what is still to do where the pan has arrived as far as is known."""
        if pan.fine or self.wanted not in {0.0, CENTRE, 1.0}:
            return None
        if self.wanted == CENTRE:
            return None if self.pushes else self._push(pan, now)
        self.overturns += 1
        return self._turn(MOST_TICKS, self.wanted - CENTRE, pan, now) if self.overturns <= OVERTURNS else None

    def _learn(self, pan: Pan, *, too_far: bool) -> None:
        """Learn how far a tick goes from the last turn."""
        gone = abs(pan.position - self.stood.position) if self.stood else 0.0
        if pan.fine and self.ticks and gone:
            self.rate = abs(self.ticks) / gone
        elif too_far:
            self.rate /= 2
        elif self.ticks and not gone:
            self.rate *= 2

    def _ask(self, pan: Pan, now: float) -> Move:
        """Turn by a tick, as the text of where the pan stands was lost; the next step goes from the one painted now."""
        move = self._turn(1, CENTRE - pan.position, pan, now)
        self.asked, self.ticks = self.asked + 1, 0
        return move

    def _push(self, pan: Pan, now: float) -> Move:
        self.pushes, self.ticks = self.pushes + 1, 0
        self._note(pan, now)
        return Move(push=True, shift=self.pushes <= SHIFTED_PUSHES)

    def _turn(self, count: int, way: float, pan: Pan, now: float) -> Move:
        self.ticks = count if way > 0 else -count
        self._note(pan, now)
        return Move(self.ticks)

    def _note(self, pan: Pan, now: float) -> None:
        self.stood, self.at = pan, now
        self.turns += 1


class VPots:
    """V-pots that are being turned or pushed; only the DAW knows how far one tick moves its pan.

    clock  seconds
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._turns: dict[int, _Turn] = {}

    def want(self, pot: int, position: float) -> None:
        """Turn a pot until its pan stands at a position (0–1)."""
        turn = self._turns.setdefault(pot, _Turn(position))
        turn.wanted, turn.turns, turn.pushes, turn.overturns, turn.asked = position, 0, 0, 0, 0

    @property
    def busy(self) -> bool:
        """Whether any pot is being turned."""
        return bool(self._turns)

    def turning(self, pot: int) -> bool:
        """Return whether a pot is being turned."""
        return pot in self._turns

    def unanswered(self) -> set[int]:
        """Return the pots that are being turned, before their strips change."""
        return set(self._turns)

    def tend(self, pan: Callable[[int], Pan | None]) -> tuple[dict[int, Move], list[int]]:
        """Return what the pots do now, and the pots that have arrived; one whose pan is unknown has.

        pan  pot → where its pan stands
        """
        moves = {pot: self._next(turn, pan(pot)) for pot, turn in self._turns.items()}
        done = [pot for pot, move in moves.items() if move is None]
        for pot in done:
            del self._turns[pot]
        return {pot: move for pot, move in moves.items() if move}, done

    def clear(self) -> None:
        """Forget all pots: their strips are about to change."""
        self._turns.clear()

    def _next(self, turn: _Turn, pan: Pan | None) -> Move | None:
        return None if pan is None else turn.next(pan, self._clock())
