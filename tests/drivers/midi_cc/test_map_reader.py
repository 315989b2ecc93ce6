"""Maps as people write them: their meaning, and the message for a wrong one."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from remote_mixer.drivers.midi_cc.control import CC, NRPN, PAIR, Button, Control, Knob
from remote_mixer.drivers.midi_cc.draft import read_toml
from remote_mixer.drivers.midi_cc.map_reader import read_map
from remote_mixer.maps.files import MapFault
from tests.drivers.midi_cc.live_map import SMALL

LONG_SECONDS = 5.0  # of CPU time; half a second is usual


def fault(text: str) -> str:
    with pytest.raises(MapFault) as raised:
        read_toml(text, "live.toml")
    return str(raised.value)


def test_a_map_says_which_control_moves_what() -> None:
    midi_map = read_toml(
        SMALL
        + """
        fader = { cc = [20, 52], channel = 2, law = { linear = [-70, 0] } }
        mute = { cc = 30, on = 1, off = 0, kind = "momentary" }
        pan = 10
        sends = { 1 = { level = { nrpn = 1024, low = 5, high = 900, invert = true, law = "gm" }, mute = 41 } }
        [main]
        fader = 7
        """,
        "live.toml",
    )
    assert midi_map.entries == {
        "ch1/fader": Knob(Control(PAIR, 2, 20, 52), 0, 16383, law=(-70.0, 0.0)),
        "ch1/mute": Button(Control(CC, 1, 30), 1, 0, momentary=True),
        "ch1/pan": Knob(Control(CC, 1, 10), 0, 127),
        "ch1/send/bus1/level": Knob(Control(NRPN, 1, 1024), 5, 900, invert=True, law="gm"),
        "ch1/send/bus1/mute": Button(Control(CC, 1, 41), 127, 0),
        "main/fader": Knob(Control(CC, 1, 7), 0, 127, law="plain"),
    }
    assert midi_map.warnings == ()


@pytest.mark.parametrize(
    ("ports", "port"),
    [
        ("", ""),
        ('[ports]\ninput = "IAC"', "IAC::"),
        ('[ports]\noutput = "Synth"', "::Synth"),
        ('[ports]\noutput = "IAC"\ninput = "IAC"', "IAC"),
        ('[ports]\ninput = "From Live"\noutput = "Zu Müller 鼓"', "From Live::Zu Müller 鼓"),
    ],
)
def test_ports_are_called_by_name_in_any_script_and_left_out_for_ports_of_our_own(ports: str, port: str) -> None:
    assert read_toml(ports, "live.toml").port == port


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fader = 128", "fader of “Kick”: a CC is a number from 0 to 127, not 128"),
        ("fader = { cc = -1 }", "fader of “Kick”: a CC is a number from 0 to 127, not -1"),
        ("fader = { cc = 2.5 }", "fader of “Kick”: a CC is a number from 0 to 127, not 2.5"),
        ("fader = { cc = true }", "fader of “Kick”: a CC is a number from 0 to 127, not true"),
        (
            'fader = "20"',
            "fader of “Kick”: write a CC, as 20, or a table, as { cc = 20, channel = 2 }, not “20”",
        ),
        ("fader = { cc = [20, 128] }", "fader of “Kick”: a CC is a number from 0 to 127, not 128"),
        ("fader = { cc = [20] }", "fader of “Kick”: a 14-bit pair is two CCs, coarse and fine, as [20, 52]"),
        ("fader = { cc = [20, 20] }", "fader of “Kick”: a 14-bit pair is two CCs, coarse and fine, as [20, 52]"),
        ("fader = { nrpn = 16383 }", "fader of “Kick”: an NRPN is a number from 0 to 16382, not 16383"),
        ("fader = { law = 'gm' }", "fader of “Kick”: write one of cc = 20, cc = [20, 52] (14 bit) and nrpn = 1024"),
        (
            "fader = { cc = 1, nrpn = 1 }",
            "fader of “Kick”: write one of cc = 20, cc = [20, 52] (14 bit) and nrpn = 1024",
        ),
        ("fader = { cc = 1, channel = 17 }", "fader of “Kick”: a MIDI channel is a number from 1 to 16, not 17"),
        ("fader = { cc = 1, high = 200 }", "fader of “Kick”: high is a number from 0 to 127, not 200"),
        (
            "fader = { cc = 1, low = 90, high = 10 }",
            "fader of “Kick”: low (90) must be below high (10); invert = true reverses a control",
        ),
        ("fader = { cc = 1, invert = 1 }", "fader of “Kick”: invert is true or false, not 1"),
        (
            "fader = { cc = 1, law = 'log' }",
            "fader of “Kick”: a law is one of “plain”, “fader”, “gm” and { linear = [-70, 0] } (dB), not “log”",
        ),
        (
            "fader = { cc = 1, law = { linear = [0, -70] } }",
            "fader of “Kick”: a law is one of “plain”, “fader”, “gm” and { linear = [-70, 0] } (dB), not a table",
        ),
        (
            "pan = { cc = 1, high = 1 }",
            "pan of “Kick”: a pan needs a left, a middle and a right: set low and high further apart",
        ),
        ("mute = { cc = 1, on = 5, off = 5 }", "mute of “Kick”: on and off are both 5: write two different numbers"),
        ("mute = { cc = 1, kind = ['switch'] }", "mute of “Kick”: kind is “switch” or “momentary”, not a list"),
        ("mute = { cc = 1, kind = 'toggle' }", "mute of “Kick”: kind is “switch” or “momentary”, not “toggle”"),
        ("sends = { 2 = 40 }", "send 2 of “Kick”: there is no bus 2; write one of 1, or add it under [[buses]]"),
        ("sends = { 1 = 400 }", "send 1 of “Kick”: a CC is a number from 0 to 127, not 400"),
        ("sends = { 1 = { mute = 400 } }", "mute of send 1 of “Kick”: a CC is a number from 0 to 127, not 400"),
        ("sends = 40", "sends is a table of its own, not 40"),
        ("id = 0", "an id is a number from 1 to 1000000, not 0"),
        ("hide = 'yes'", "“Kick”: hide is true or false, not “yes”"),
        (
            "color = 'mauve'",
            "“Kick”: color is one of grey, red, orange, yellow, green, cyan, blue, violet, pink, not “mauve”",
        ),
    ],
)
def test_a_fault_is_reported_with_file_line_and_what_to_write(line: str, said: str) -> None:
    assert fault(SMALL + line) == f"live.toml, line 8: {said}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("layers = 3", "live.toml, line 1: layers is a list of tables, in TOML each under a line [[layers]]"),
        ("\n[[layers]]\nname = 3", "live.toml, line 3: name is a text in quotes, not 3"),
        (
            "[[layers]]\nname = 'A'\n[[layers]]\nname = 'A'",
            "live.toml, line 4: two layers are called “A”: give one of them another name",
        ),
        (
            "[[buses]]\nid = 1\n[[buses]]\nid = 1",
            "live.toml, line 4: two have the id 1: remove one, and the program writes a new one",
        ),
        ("[ports]\ninput = 3", "live.toml, line 2: input is a text in quotes, not 3"),
        (
            "[[layers]\nname = 'A'",
            "live.toml, line 1: this is not valid TOML (Expected ']]' at the end of an array declaration): "
            "fix it there",
        ),
        ("\n\nname = 'A", 'live.toml, line 3: this is not valid TOML (Expected "\'"): fix it there'),
        ("a = " + "[" * 5000, "live.toml: this is not a map: its brackets are nested too deeply"),
    ],
)
def test_a_file_that_is_no_map_is_reported_with_its_line(text: str, said: str) -> None:
    assert fault(text).replace(" (at end of document)", "") == said


def test_two_on_one_control_are_both_named() -> None:
    text = SMALL + "fader = 20\n[[layers.channels]]\nname = 'Snare'\nmute = { cc = [5, 20] }"
    assert fault(text) == (
        "live.toml, line 11: mute of “Snare”: CC 20 on MIDI channel 1 is already used by the fader of “Kick” (line 8): "
        "give one of them another control"
    )


@pytest.mark.parametrize("line", ["pan = { cc = 20, channel = 2 }", "pan = { nrpn = 20 }", "pan = 21"])
def test_the_same_number_elsewhere_is_another_control(line: str) -> None:
    read_toml(f"{SMALL}fader = 20\n{line}", "live.toml")


def test_a_cc_that_carries_nrpns_is_no_control_on_that_midi_channel() -> None:
    text = SMALL + "fader = { nrpn = 3, channel = 4 }\nmute = { cc = 38, channel = 4 }"
    assert fault(text) == (
        "live.toml, line 9: mute of “Kick”: CC 38 carries the NRPNs of MIDI channel 4: "
        "use another CC or another MIDI channel"
    )
    read_toml(text.replace("38, channel = 4", "38, channel = 5"), "live.toml")


def test_hidden_channels_collide_with_nobody() -> None:
    text = SMALL + "fader = 20\nhide = true\n[[layers.channels]]\nname = 'Snare'\nfader = 20"
    assert list(read_toml(text, "live.toml").entries) == ["ch2/fader"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fadr = 20", "unknown key “fadr”: did you mean “fader”?"),
        ("colour_of_the_sky = 'blue'", "unknown key “colour_of_the_sky”: it is ignored"),
        ("fader = { cc = 1, chanel = 2 }", "fader of “Kick”: unknown key “chanel”: did you mean “channel”?"),
        ("mute = { cc = 1, invert = true }", "mute of “Kick”: unknown key “invert”: it is ignored"),
        ("sends = { 1 = { level = 3, tap = 4 } }", "send 1 of “Kick”: unknown key “tap”: it is ignored"),
    ],
)
def test_a_key_that_means_nothing_is_a_warning(line: str, said: str) -> None:
    assert read_toml(SMALL + line, "live.toml").warnings == (f"live.toml, line 8: {said}",)


def test_a_name_that_does_not_fit_is_cut_with_a_warning() -> None:
    midi_map = read_toml(f'[[layers]]\n[[layers.channels]]\nname = "{"x" * 40}"', "live.toml")
    assert next(midi_map.channels).name == "x" * 32
    assert midi_map.warnings == (
        f"live.toml, line 3: a name is one line of at most 32 characters: it becomes “{'x' * 32}”",
    )


def test_ids_that_are_missing_are_given_and_never_ones_that_were_used() -> None:
    channels = "".join(f"[[layers.channels]]\n{line}\n" for line in ("", "id = 7", "", "id = 2"))
    midi_map = read_toml(f"last_id = 9\n[[layers]]\n{channels}", "live.toml")
    assert [channel.id for channel in midi_map.channels] == ["ch10", "ch7", "ch11", "ch2"]


@pytest.mark.parametrize("text", ["", "# only a word\n", "\n\n"])
def test_an_empty_map_is_one_to_begin_with(text: str) -> None:
    assert list(read_toml(text, "live.toml").entries) == []


def test_a_map_of_ten_thousand_lines_is_read_soon_and_its_fault_found() -> None:
    channels = [
        f"[[layers.channels]]\nname = 'C{n}'\nfader = {{ nrpn = {n} }}\nmute = {{ nrpn = {n + 5000} }}\n"
        for n in range(2500)
    ]
    begun = time.process_time()
    midi_map = read_toml("[[layers]]\n" + "".join(channels), "long.toml")
    assert (len(list(midi_map.channels)), len(midi_map.entries)) == (2500, 5000)
    said = fault("[[layers]]\n" + "".join(channels) + "pan = { nrpn = 7 }")
    assert said.startswith(
        "live.toml, line 10002: pan of “C2499”: NRPN 7 on MIDI channel 1 is already used by the fader of “C7” (line 32)"
    )
    assert time.process_time() - begun < LONG_SECONDS


_keys = st.sampled_from(
    "ports buses layers channels main id name color hide fader mute pan sends cc nrpn channel low law 1".split()  # noqa: SIM905 - readable
)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=12,
)


@seed(20261123)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(_keys, _values, max_size=6))
def test_whatever_a_file_holds_it_is_a_map_or_a_fault_with_a_sentence(plain: dict[str, object]) -> None:
    try:
        read_map(plain, "any.toml", lambda keys: "")
    except MapFault as midi_map:
        said = str(midi_map)
    else:
        said = "any.toml: a map"
    assert said.startswith("any.toml: ")
