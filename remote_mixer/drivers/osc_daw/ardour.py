"""The table of Ardour and Mixbus: facts from Ardour's manual, “OSC control”, tried against Ardour 7.3.

`/set_surface` with bank size 0 means all strips at once; `/set_surface/port` with 0 has the answers come to the port
that asked, whatever Ardour's preferences say; `/set_surface/feedback` subscribes to changes. A value that is set comes
back as a change, unless Ardour had it already. Sends have no changes of their own: they are asked for. Ardour keeps
each client that ever wrote to it, by host and port, and may crash when one more comes (seen in 7.3): so ours comes back
from the same port.
"""

from __future__ import annotations

from math import log10

from remote_mixer.desk.params import Position, Text
from remote_mixer.desk.tapers import PAN, Taper
from remote_mixer.drivers.osc import Argument
from remote_mixer.drivers.osc_daw.encodings import Reading, Switch, Travel
from remote_mixer.drivers.osc_daw.table import Arguments, Control, Row, SendRow, Sends, Table, Track

PORT = 3819
NO_BANKS = 0
STRIP_TYPES = sum(
    {
        "audio tracks": 1,
        "MIDI tracks": 2,
        "audio buses": 4,
        "MIDI buses": 8,
        "VCAs": 16,
        "master": 32,
        "foldback buses": 128,
    }.values()
)
FEEDBACK = sum(
    {
        "buttons": 1,
        "faders and knobs": 2,
        "heartbeat": 8,
        "master and transport": 16,
        "meters": 128,
        "time": 2048,
        "/reply instead of #reply": 16384,
    }.values()
)
POSITION_WITH_DB = 2
SURFACE = (NO_BANKS, STRIP_TYPES, FEEDBACK, POSITION_WITH_DB)

KINDS = {
    "AT": "channel",
    "MT": "channel",
    "B": "bus",
    "MB": "bus",
    "FB": "bus",
    "V": "dca",
    "MA": "main",
}
"""Ardour's types of strips; its monitor section is none of ours."""
ALL = frozenset(KINDS.values())
CHANNEL, ROUTE, SOLO = frozenset({"channel"}), frozenset({"channel", "bus", "main"}), ALL - {"main"}

# The fader law: position = ((level / 6.02 dB + 32) / 33)⁸, so +6.02 dB at the top and −192.7 dB just above the bottom.
DB_PER_DOUBLING = 20 * log10(2)
LEVELS = (*range(-160, -80, 5), *range(-80, -40, 2), *range(-40, 7))


def _position(level: float) -> float:
    return round(((level / DB_PER_DOUBLING + 32) / 33) ** 8, 9)


FADER = Taper(
    "dB",
    ((0, -32 * DB_PER_DOUBLING), *((_position(level), level) for level in LEVELS), (1, DB_PER_DOUBLING)),
    off_at_zero=True,
)
LEVEL, AZIMUTH = Travel(Position("fader")), Travel(Position("pan", 0.5), flipped=True)


def _track(address: str, arguments: Arguments) -> Track | None:
    """Read an answer to `/strip`: number, type, name, and more that is asked for elsewhere."""
    match arguments:
        case (int(number), str(kind), str(name), *_) if address == "/strip":
            return Track(number, KINDS.get(kind, ""), name)
    return None


def _list_end(address: str, arguments: Arguments) -> bool:
    """Whether these are our settings, asked for after the list; that all changes are sent is another matter."""
    match arguments:
        case (bank, types, _, mode, *_) if address == "/set_surface":
            return (bank, types, mode) == (NO_BANKS, STRIP_TYPES, POSITION_WITH_DB)
    return False


def _meter_level(argument: float) -> float:
    """Return the level of a meter in dB; Ardour sends (dB + 94) / 100, and −193 dB for silence."""
    level = argument * 100 - 94
    return level if level > -120 else float("-inf")


def _rolls(speed: Argument) -> Argument:
    return int(speed != 0) if isinstance(speed, int | float) else speed


ARDOUR = Table(
    word="ardour",
    title="Ardour",
    port=PORT,
    prepare=(("/set_surface/port", (0,)), ("/set_surface", (NO_BANKS, STRIP_TYPES, 0, POSITION_WITH_DB))),
    subscribe=(("/set_surface/feedback", (FEEDBACK,)),),
    unsubscribe=(("/set_surface/feedback", (0,)),),
    settings=("/set_surface", SURFACE),
    heartbeat="/heartbeat",
    list_question=(("/strip", ()), ("/set_surface", ())),
    track=_track,
    list_end=_list_end,
    changed="/strip/list",
    names="/strip/name",
    rows=(
        Row("fader", "/strip/fader", LEVEL, ALL, prompt=True),
        Row("mute", "/strip/mute", Switch(), ALL, prompt=True),
        Row("solo", "/strip/solo", Switch(), SOLO, prompt=True),
        Row("rec", "/strip/recenable", Switch(), CHANNEL),
        Row("pan", "/strip/pan_stereo_position", AZIMUTH, ROUTE),
        Row("name", "/strip/name", Reading(Text(100, read_only=True)), ALL),
    ),
    sends=Sends(
        "/strip/sends",
        size=5,
        target=0,
        number=2,
        rows=(
            SendRow("level", "/strip/send/fader", LEVEL, 3),
            SendRow("mute", "/strip/send/enable", Switch(inverted=True), 4),
        ),
        kinds=frozenset({"channel", "bus"}),
    ),
    controls=(
        Control(
            "transport/play",
            "/transport_play",
            Switch(),
            on=("/transport_play", (1.0,)),
            off=("/transport_stop", (1.0,)),
            question=("/transport_speed", ()),
        ),
        Control("transport/time", "/position/time", Reading(Text(20, read_only=True))),
    ),
    answers={"/transport_speed": ("/transport_play", _rolls)},
    meter="/strip/meter",
    level=_meter_level,
    tapers={"fader": FADER, "pan": PAN},
    labels={"channel": "Ch", "bus": "Bus", "dca": "VCA", "main": "Master"},
    switch_on="In Ardour, tick Edit → Preferences → Control Surfaces → Open Sound Control (OSC)",
)
