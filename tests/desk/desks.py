"""A desk with a console on it, and hands."""

from collections.abc import Mapping

from remote_mixer.desk.change import USUAL_CAUSES, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import ONLINE, Layout, Strip
from remote_mixer.desk.params import Position, Text, Toggle, Value
from remote_mixer.desk.sources import CLIENT, Source, console
from remote_mixer.desk.tapers import FADER

FADER_PARAMS = {"fader": Position("fader", 0.75), "mute": Toggle(), "name": Text(32)}
STRIPS = (
    Strip("ch1", "channel", 1, "Ch 1", FADER_PARAMS, ("input",)),
    Strip("main", "main", None, "Main", FADER_PARAMS),
)
LAYOUT = Layout("band", "Test console", "test", {"fader": FADER}, {}, STRIPS)
CONSOLE = console("band")
ANNE, BOB = Source(CLIENT, "anne", "Anne"), Source(CLIENT, "bob", "Bob")
FADER_1, MUTE_1, NAME_1 = "band/ch1/fader", "band/ch1/mute", "band/ch1/name"


def change(after: Mapping[str, Value], source: Source) -> Change:
    """Return the change that a desk with nothing on it would make of these values."""
    return Change(1, 0.0, source, USUAL_CAUSES[source.kind], 1, dict.fromkeys(after), after)


class Clock:
    """Seconds that pass when told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def online_desk(clock: Clock | None = None, values: dict[str, Value] | None = None) -> Desk:
    """Return a desk whose one console is online."""
    desk = Desk(clock or Clock())
    desk.add(LAYOUT, values or {})
    desk.set({"band/status": ONLINE}, CONSOLE)
    return desk
