"""Lines of text in which an X32 prints its values: scene files, and answers to `/node`.

Facts: lines of scene files of real desks, firmware 2 to 4; order of an X Air's: tools for its scene files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import inf, isinf

from remote_mixer.desk.params import Value
from remote_mixer.drivers.behringer import laws
from remote_mixer.drivers.behringer.encodings import (
    AsciiText,
    Bit,
    Encoding,
    Selection,
    Switch,
    Travel,
    Unordered,
    Whole,
)
from remote_mixer.drivers.osc import Argument

Forms = Sequence[tuple[re.Pattern[str], tuple[str, ...]]]
"""Patterns of nodes, and the names of the values in a node, in order; newer firmware has more at some ends."""


def forms(lines: Sequence[tuple[str, str]]) -> Forms:
    """Return forms; a line is a pattern, and the names in one text."""
    return tuple((re.compile(pattern), tuple(names.split())) for pattern, names in lines)


_DYN = "on mode det env thr ratio knee mgain attack hold release"
_BAND, _GATE = "type f g q", "on mode thr range attack hold release keysrc"
X32_FORMS = forms(
    [
        (r"/(ch|auxin)/\d+/config", "name icon color source"),
        (r"/(fxrtn|bus|mtx|main|dca)/\w+/config", "name icon color"),
        (r"/ch/\d+/delay", "on time"),
        (r"/ch/\d+/preamp", "trim invert hpon hpslope hpf"),
        (r"/auxin/\d+/preamp", "trim invert"),
        (r"/mtx/\d+/preamp", "invert"),
        (r"/ch/\d+/gate", _GATE),
        (r"/\w+/\w+/(gate|dyn)/filter", "on type f"),
        (r"/(ch|bus)/\d+/dyn", f"{_DYN} pos keysrc mix auto"),
        (r"/(mtx|main)/\w+/dyn", f"{_DYN} pos mix auto"),
        (r"/\w+/\w+/insert", "on pos sel"),
        (r"/\w+/\w+/eq", "on"),
        (r"/\w+/\w+/eq/\d", _BAND),
        (r"/(ch|auxin|fxrtn|bus)/\d+/mix", "on fader st pan mono mlevel"),
        (r"/main/st/mix", "on fader pan"),
        (r"/(mtx/\d+|main/m)/mix", "on fader"),
        (r"/\w+/\w+/mix/\d[13579]", "on level pan type"),
        (r"/\w+/\w+/mix/\d[02468]", "on level"),
        (r"/\w+/\w+/grp", "dca mute"),
        (r"/dca/\d", "on fader"),
    ]
)
X32_NODES = (
    *X32_FORMS,
    *forms(
        [
            (r"/-stat/solosw", " ".join(f"{n:02}" for n in range(1, 81))),
            (r"/-stat/talk", "A B"),
            (r"/config/mute", "1 2 3 4 5 6"),
            (r"/config/(ch|aux|fx|bus|mtx)link", " ".join(f"{n}-{n + 1}" for n in range(1, 32, 2))),
            (r"/headamp/\d+", "gain phantom"),
        ]
    ),
)
"""The same, and those whose text no desk has shown us."""
XAIR_NODES = forms(
    [
        (r"/ch/\d+/config", "name color insrc rtnsrc"),
        (r"/\w+/\w+/config", "name color rtnsrc"),
        (r"/lr/config", "name color"),
        (r"/ch/\d+/preamp", "rtntrim rtnsw invert hpon hpf"),
        (r"/rtn/\w+/preamp", "rtntrim rtnsw"),
        (r"/ch/\d+/gate", _GATE),
        (r"/(\w+/\w+|lr)/(gate|dyn)/filter", "on type f"),
        (r"/(ch|bus)/\d+/dyn", f"{_DYN} mix keysrc auto"),
        (r"/lr/dyn", f"{_DYN} mix auto"),
        (r"/(\w+/\w+|lr)/insert", "on fxslot"),
        (r"/(ch|rtn)/\w+/eq", "on"),
        (r"/(bus/\d|lr)/eq", "on mode"),
        (r"/(\w+/\w+|lr)/eq/\d", _BAND),
        (r"/(ch|rtn|bus)/\w+/mix", "on fader lr pan"),
        (r"/fxsend/\d/mix", "on fader"),
        (r"/lr/mix", "on fader pan"),
        (r"/\w+/\w+/mix/\d\d", "level grpon tap pan"),
        (r"/\w+/\w+/grp", "dca mute"),
        (r"/dca/\d", "on fader"),
        (r"/-stat/solosw", " ".join(f"{n:02}" for n in range(1, 55))),
        (r"/config/mute", "1 2 3 4"),
        (r"/config/(ch|bus)link", " ".join(f"{n}-{n + 1}" for n in range(1, 16, 2))),
        (r"/headamp/\d+", "gain phantom"),
    ]
)
"""Nodes of an X Air in the order of its scene files; what it prints there is not known well enough to judge by."""

_COLORS = (
    ("off", "OFF"), ("red", "RD"), ("green", "GN"), ("yellow", "YE"), ("blue", "BL"), ("pink", "MG"), ("cyan", "CY"),
    ("white", "WH"),
)  # fmt: skip
WORDS: Mapping[str, tuple[str, ...]] = {
    "lowcut": ("LCut",), "lowshelf": ("LShv",), "bell": ("PEQ",), "vintage": ("VEQ",), "highshelf": ("HShv",),
    "highcut": ("HCut",), "input": ("IN/LC", "IN"), "pre_eq": ("<-EQ", "PREEQ"), "post_eq": ("EQ->", "POSTEQ"),
    "pre_fader": ("PRE",), "post_fader": ("POST",), "group": ("GRP",),
    **{ours: (theirs, str(n)) for n, (ours, theirs) in enumerate(_COLORS)},
    **{f"{ours} inverted": (f"{theirs}i", str(len(_COLORS) + n)) for n, (ours, theirs) in enumerate(_COLORS)},
    "self": ("0", "SELF"), **{f"ch{n}": (str(n), f"Ch{n:02}") for n in range(1, 33)},
    **{f"aux{n}": (str(32 + n),) for n in range(1, 9)}, **{f"fx{n}": (str(40 + n),) for n in range(1, 9)},
    **{f"bus{n}": (str(48 + n), f"Bus{n}") for n in range(1, 17)},
}  # fmt: skip
"""The consoles' words for our names, where they are not the same in capitals: an X32's, then an X Air's."""

_TOKEN = re.compile(r'"[^"]*"|\S+')
_NUMBER = re.compile(r"([+-]?)(\d{1,15})([.k]?)(\d{0,15})")


class UnknownUnit(ValueError):
    """A number whose unit is not known: what a console prints of a pan, an X32 in percents, an X Air otherwise."""


def number(text: str) -> tuple[float, float]:
    """Return the number in a text, and the worth of its last digit; ValueError for none. `1k39` is 1390, by tens."""
    if text == "-oo":
        return -inf, 0.0
    found = _NUMBER.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r:.20} is no number")
    sign, whole, point, rest = found.groups()
    scale = 1000.0 if point == "k" else 1.0
    size = (int(whole) + (int(rest) / 10 ** len(rest) if rest else 0.0)) * scale
    return -size if sign == "-" else size, scale / 10 ** len(rest)


def mask(text: str) -> int:
    """Return the mask in a text: `%0101` as consoles print it, or a plain number as programs write it."""
    if text.startswith("%"):
        return int(text[1:], 2)
    if not text.isdecimal():
        raise ValueError(f"{text!r:.20} is no mask")
    return int(text)


def agrees(encoding: Encoding, argument: Argument, text: str) -> bool:
    """Whether a console's text for an argument says what an encoding reads in it; ValueError where it says nothing."""
    match encoding, argument:
        case Travel(), float():
            return _is_near(encoding, argument, *number(text))
        case Switch(), int():
            return text == ("ON" if argument else "OFF")
        case Selection(), int():
            return argument < len(encoding.param.choices) and _same_word(encoding.param.choices[argument], text)
        case Bit(), int():
            return mask(text) == argument
        case Whole(), int():
            return number(text)[0] == argument
    return True


def value_in(encoding: Encoding, text: str) -> Value:
    """Return the value of a console's text; ValueError where it is not understood.

    Of a knob it is the nearest place: most numbers are cut, none by half a step of their grid.
    """
    match encoding:
        case Travel():
            return _position_in(encoding, *number(text))
        case Switch():
            return encoding.read(("OFF", "ON").index(text))
        case Selection() | Unordered():
            return _choice_in(encoding.param.choices, text)
        case Bit():
            return encoding.read(mask(text))
        case Whole():
            return encoding.read(_whole(text))
        case AsciiText():
            return encoding.read(text.removeprefix('"').removesuffix('"'))
    raise ValueError(f"nothing is read in {text!r:.20}")


def _whole(text: str) -> int:
    size, _ = number(text)
    if isinf(size):
        raise ValueError(f"{text!r:.20} is no whole number")
    return round(size)


def _position_in(encoding: Travel, shown: float, digit: float) -> float:
    taper = laws.TAPERS[encoding.param.taper]
    low, high = taper.points[0][1], taper.points[-1][1]
    if taper.off_at_zero and shown == -inf:
        return 0.0
    if taper.is_two_sided and shown and digit < 1:
        raise UnknownUnit("off its centre, in a unit that is not known")
    if not low - digit <= shown <= high + digit:
        raise ValueError(f"{shown:g} is beyond the control")
    return encoding.param.check(taper.to_position(min(max(shown, low), high)))


def _choice_in(choices: Sequence[str], text: str) -> str:
    for choice in choices:
        if _same_word(choice, text):
            return choice
    raise ValueError(f"{text!r:.20} is none of {', '.join(choices)}")


def _is_near(encoding: Travel, argument: float, shown: float, digit: float) -> bool:
    """Whether a number is that of a position, up to its last digit: the console cuts some and rounds others."""
    unit = laws.TAPERS[encoding.param.taper].to_unit(1 - argument if encoding.flipped else argument)
    return unit == shown or abs(unit - shown) <= digit


def _same_word(ours: str, text: str) -> bool:
    try:
        return float(ours) == float(text)
    except ValueError:
        return text in WORDS.get(ours, (ours.upper(),))


def tokens(line: str) -> list[str]:
    """Return the address and the texts of a line; [""] for an empty one."""
    return _TOKEN.findall(line) or [""]


def names_of(node: str, forms: Forms) -> tuple[str, ...]:
    """Return the names of the values in a node's line; none for an unknown form."""
    return next((names for form, names in forms if form.fullmatch(node)), ())


def printed(line: str, forms: Forms) -> dict[str, str]:
    """Return the texts in a line by address."""
    node, *texts = tokens(line)
    return {f"{node}/{name}": text for name, text in zip(names_of(node, forms), texts, strict=False)}
