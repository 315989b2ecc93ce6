"""Glides: positions on their way, softly after an undo or evenly in a fade; and the work that they belong to."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from remote_mixer.desk import paths
from remote_mixer.desk.change import Cause
from remote_mixer.desk.moves import Span
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import Source
from remote_mixer.desk.stages import MUTE, Stage

GLIDE_SECONDS = 0.3
"""Duration of a soft glide, as on the page (ui/desk/drag.js, GLIDE_MS); longer where a limit asks for it."""
SOFT_STEP_SECONDS, FADE_STEP_SECONDS = 0.02, 0.04
"""Shortest time between two steps of one param."""
MOST_STEPS = 32


@dataclass(slots=True)
class Glide:
    """One position on its way; times are seconds of the mover's clock.

    stepped  time of the last step, at which it leaves for the console
    moved    time of the last step that moved the param
    steps    time and position of the last ones that did, where it began among them
    """

    first: float
    last: float
    began: float
    seconds: float
    soft: bool
    stepped: float
    moved: float
    steps: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=MOST_STEPS))

    def __post_init__(self) -> None:
        """Count where it begins as a step."""
        self.steps.append((self.moved, self.first))

    def note(self, position: float, now: float) -> None:
        """Record a step that moved the param."""
        self.moved = now
        self.steps.append((now, position))

    def at(self, now: float) -> float:
        """Return the position for a time: evenly, or with a fast start and a soft landing, as the page's `glideAt`."""
        rest = 1 - min(1.0, (now - self.began) / self.seconds) if self.seconds > 0 else 0.0
        if rest <= 0:
            return self.last
        return self.first + (self.last - self.first) * (1 - (rest**3 if self.soft else rest))

    @property
    def is_due(self) -> float:
        """Return the time of the next step."""
        return self.stepped + (SOFT_STEP_SECONDS if self.soft else FADE_STEP_SECONDS)

    def step(self, now: float) -> float:
        """Return the position of a step that leaves now."""
        self.stepped = now
        return self.at(now)


@dataclass(frozen=True, slots=True)
class Order:
    """Stages to carry out, for whom and how.

    seconds  duration of its glides
    soft     whether they land softly, as an undo's do
    """

    stages: Sequence[Stage]
    source: Source
    cause: Cause
    seconds: float = GLIDE_SECONDS
    soft: bool = True


@dataclass(eq=False, slots=True)
class Work:
    """An order that is being carried out.

    seconds, soft  of the glides to come
    jumps    console → path → value, of the present stage
    glides   console → path → its glide, of the present stage; the one that waits longest for its step comes first
    values   path → (value before, value now) of what it has moved
    lost     path → reason, as a sentence, why it will not come to its value
    away     console → time since which it is not online
    waited   seconds since the last value was set, as consoles have them: none pass while this program gets no time
    unseen   paths that were set, and whose confirmation the next stage awaits
    doubtful  those that no stage awaits any longer, and the end does
    over     whether it has ended
    """

    order: Order
    on_end: Callable[[Work], None]
    stages: deque[Stage]
    seconds: float
    soft: bool
    jumps: dict[str, dict[str, Value]] = field(default_factory=dict)
    glides: dict[str, dict[str, Glide]] = field(default_factory=dict)
    values: dict[str, Span] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    away: dict[str, float] = field(default_factory=dict)
    waited: float = 0.0
    unseen: set[str] = field(default_factory=set)
    doubtful: set[str] = field(default_factory=set)
    paused: float | None = None
    over: bool = False

    @classmethod
    def of(cls, order: Order, on_end: Callable[[Work], None]) -> Work:
        """Return the work of an order; nothing of it has begun."""
        stages = deque(Stage(dict(stage.jumps), dict(stage.glides), stage.waits) for stage in order.stages)
        return cls(order, on_end, stages, order.seconds, order.soft)

    def ends(self) -> dict[str, Value]:
        """Return path → value at the end, of all that is still to come."""
        found: dict[str, Value] = {}
        for values in self.jumps.values():
            found |= values
        for glides in self.glides.values():
            found |= {path: glide.last for path, glide in glides.items()}
        for stage in self.stages:
            found |= stage.jumps | stage.glides
        return found

    def has(self, path: str) -> bool:
        """Whether a param is still to come to its value."""
        here = self.glide(path) or path in self.jumps.get(paths.console_of(path), ())
        return bool(here) or any(path in stage.jumps or path in stage.glides for stage in self.stages)

    def glide(self, path: str) -> Glide | None:
        """Return the glide of a param that is on its way."""
        return self.glides.get(paths.console_of(path), {}).get(path)

    def begin_glide(self, path: str, glide: Glide) -> None:
        """Begin a glide, in place of the param's former one."""
        self.glides.setdefault(paths.console_of(path), {})[path] = glide

    def drop(self, path: str, why: str) -> None:
        """Leave a param where it is for good; a mute that was to follow its level's fall stays away too."""
        gone = [path, *([paths.beside(path, MUTE)] if self.glide(path) else [])]
        for one in gone:
            self.forget(one)
            if self.has(one):
                self.lost[one] = why
            self.glides.get(paths.console_of(one), {}).pop(one, None)
            self.jumps.get(paths.console_of(one), {}).pop(one, None)
            for stage in self.stages:
                stage.drop(one)

    def note(self, path: str, before: Value, after: Value, now: float, *, passing: bool = False) -> None:
        """Record that a param was moved; `passing` where newer values follow, of which the last is awaited."""
        self.values[path] = (self.values[path][0] if path in self.values else before, after)
        self.waited = 0.0
        if not passing:
            self.unseen.add(path)
        if (glide := self.glide(path)) and isinstance(after, float):
            glide.note(after, now)

    def forget(self, path: str) -> None:
        """Await no confirmation of a param any more."""
        self.unseen.discard(path)
        self.doubtful.discard(path)

    def consoles(self) -> set[str]:
        """Return the consoles of what is to come in the present stage."""
        return {console for some in (self.jumps, self.glides) for console, values in some.items() if values}

    def left(self, now: float) -> float:
        """Return the seconds that its glides still take; 0 without any."""
        at = now if self.paused is None else self.paused
        gliding = chain.from_iterable(glides.values() for glides in self.glides.values())
        ends = chain((glide.began + glide.seconds - at for glide in gliding), self._later())
        return max(0.0, max(ends, default=0.0))

    def _later(self) -> Iterator[float]:
        return (self.seconds for stage in self.stages if stage.glides)
