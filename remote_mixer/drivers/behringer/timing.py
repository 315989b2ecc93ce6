"""All times and rates of the driver in one place, so that a test can shorten them; the pace of what is sent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Times in seconds, rates a second.

    renew_seconds        period of renewals: both families drop a client after 10 s. Renewals have no answer, so a loss
                         is not noticed: three may be lost in a row, and after a silence shorter than `offline_seconds`
                         the next one still comes in time
    window, ask_rate     most queries in flight, and most queries a second
    answer_seconds       longest wait for an answer, for `tries` tries in all; `quick_answer_seconds` is the shortest,
                         `slow_answer_seconds` the longest on a network whose answers come later
    set_rate, strip_rate most values sent a second, in all, and of hands or of a recall for one strip. Programs that
                         load scenes into these consoles leave 1 to 2 ms between two values; the longer is kept, on an
                         average of BURST_SECONDS
    look_back_seconds    from a write to the query whether it arrived
    calm_seconds         from the last push of a value to its query
    look_rate            most queries a second of what a lost datagram may have changed, while nothing else is known
    prompt_seconds       shortest period of looking at the faders, mutes and solos
    relaxed_seconds      the same of a console that tells each change twice: only what both lose is found by a look, and
                         the looks that are spared halve the time in which all other values are found
    recent_seconds       shortest period of looking at the strips, and at the param of all strips, that were moved last
    recent_strips        number of these
    sights_seconds       longest period of looking at these and at what pages show: what does not fit in is left out
    others_turn          each so many-th look, at least, is at another value
    storm                more pushed values than this within `calm_seconds` are a recalled scene: all is read again
    hole_seconds         a silence this long may have hidden changes: all is looked at, at `look_rate`. Meter frames
                         come every 50 ms, so that hardly any other loss is silent for three of them
    gap_seconds          a silence this long has hidden changes: all is read again
    offline_seconds      a silence this long means that the console is offline
    open_seconds         longest reading while opening; the rest is read while the console is live
    patience_seconds     how long an opening waits for an answer before it fails
    probe_seconds        period of testing whether we are notified, while no change comes
    blind_seconds        period of reading everything from a console that does not notify us
    notice_seconds       how long the notice of a recalled scene is shown
    """

    renew_seconds: float = 2.0
    window: int = 32
    ask_rate: float = 4000.0
    answer_seconds: float = 0.25
    quick_answer_seconds: float = 0.08
    slow_answer_seconds: float = 1.0
    tries: int = 8
    set_rate: float = 500.0
    strip_rate: float = 30.0
    look_back_seconds: float = 0.05
    calm_seconds: float = 0.25
    look_rate: float = 53.0
    prompt_seconds: float = 0.9
    relaxed_seconds: float = 1.5
    recent_seconds: float = 8.0
    recent_strips: int = 2
    sights_seconds: float = 9.0
    others_turn: int = 4
    storm: int = 60
    hole_seconds: float = 0.2
    gap_seconds: float = 1.0
    offline_seconds: float = 5.0
    open_seconds: float = 3.0
    patience_seconds: float = 30.0
    probe_seconds: float = 60.0
    blind_seconds: float = 10.0
    notice_seconds: float = 20.0
    tick_seconds: float = 0.05


BURST_SECONDS = 0.02
"""Time at rest whose values may leave at once: a late timer is made up for, and a fade needs fewer of them."""


class Pace:
    """Rate limit for values to the console, in all and for each strip, where hands and recalls have one each.

    A hand that lands on a strip into which a recall has just written does not wait for it, nor the recall for the hand.
    No I/O; callers pass the time in seconds.

    rate, strip_rate  values a second
    """

    def __init__(self, rate: float, strip_rate: float) -> None:
        self._gap, self._strip_gap = 1 / rate, 1 / strip_rate
        self._free_at = 0.0
        self._strip_free_at: dict[tuple[str, bool], float] = {}

    def wait(self, strip: str, now: float, *, recalled: bool = False) -> float:
        """Return the seconds until the next value of a strip may leave; 0 or less is now."""
        return max(self._free_at, self._strip_free_at.get((strip, recalled), 0.0)) - now

    def ready(self, now: float) -> int:
        """Return how many values, of strips that are free, may leave now."""
        return max(int((now - max(self._free_at, now - BURST_SECONDS)) / self._gap + 1), 0)

    def sent(self, strip: str, now: float, *, recalled: bool = False) -> None:
        """Record that a value of a strip has left."""
        self.repeated(now)
        self._strip_free_at[strip, recalled] = now + self._strip_gap

    def repeated(self, now: float) -> None:
        """Record that a value has left once more, for which its strip's next one does not wait."""
        self._free_at = max(self._free_at, now - BURST_SECONDS) + self._gap
