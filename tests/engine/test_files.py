"""Sound files one by one: every kind the library reads, broken and lying headers, other rates, faults while reading."""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from remote_mixer.engine import mpeg
from remote_mixer.engine.files import FileSound, Sound, Unplayable
from remote_mixer.engine.shared import RATE
from tests.engine.bare_mixer import noise, sine

FRAMES = 9_001
RIFF_BYTE, SAMPLES_BYTE = 4, 40
PCM_STEP = 2**-15
UNKNOWN = 0xFFFFFFFF


def sound_of(path: Path) -> Sound:
    return FileSound(path)[:]


def made(path: Path, kind: str, subtype: str | None = "PCM_16", sides: int = 2) -> bytes:
    """Write FRAMES of noise; return the file's content."""
    soundfile.write(path, noise(7, FRAMES, sides), RATE, format=kind, subtype=subtype)
    return path.read_bytes()


def patched(content: bytes, place: int, form: str, *values: int) -> bytes:
    changed = bytearray(content)
    struct.pack_into(form, changed, place, *values)
    return bytes(changed)


@pytest.mark.parametrize(
    ("ending", "kind", "subtype"),
    [
        ("wav", "WAV", "PCM_24"),
        ("WAV", "WAV", "PCM_U8"),
        ("wav", "WAV", "IMA_ADPCM"),
        ("wav", "WAVEX", "FLOAT"),
        ("rf64", "RF64", "DOUBLE"),
        ("w64", "W64", "PCM_16"),
        ("aif", "AIFF", "PCM_24"),
        ("aifc", "AIFF", "FLOAT"),
        ("caf", "CAF", "PCM_32"),
        ("caf", "CAF", "ALAC_16"),
        ("au", "AU", "PCM_16"),
        ("flac", "FLAC", "PCM_24"),
        ("ogg", "OGG", "VORBIS"),
        ("opus", "OGG", "OPUS"),
        ("mp3", "MP3", "MPEG_LAYER_III"),
        ("voc", "VOC", "PCM_16"),
        ("mp3", "WAV", "PCM_16"),  # what a file is, not what it is called
    ],
)
def test_every_kind_that_the_library_reads_is_played(tmp_path: Path, ending: str, kind: str, subtype: str) -> None:
    file = tmp_path / f"a.{ending}"
    soundfile.write(file, np.repeat(sine(440)[:FRAMES], 2, axis=1), RATE, format=kind, subtype=subtype)
    sound = FileSound(file)
    assert abs(len(sound) - FRAMES) < 1300, "some keep whole packets only"
    assert sound.shape[1] == 2
    spectrum = np.abs(np.fft.rfft(sound[:8192][:, 0] * np.hanning(8192)))
    assert np.argmax(spectrum) * RATE / 8192 == pytest.approx(440, abs=6)


def bw64(content: bytes, data_bytes: int) -> bytes:
    sizes = struct.pack("<4sIQQQI", b"ds64", 28, data_bytes + 72, data_bytes, 0, 0)
    start = b"BW64" + struct.pack("<I", UNKNOWN) + b"WAVE" + sizes
    return start + patched(content, SAMPLES_BYTE, "<I", UNKNOWN)[12:]


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "length 0": lambda content: patched(content, SAMPLES_BYTE, "<I", 0),
    "both lengths 0": lambda content: patched(patched(content, SAMPLES_BYTE, "<I", 0), RIFF_BYTE, "<I", 0),
    "lengths of a stream": lambda content: patched(
        patched(content, SAMPLES_BYTE, "<I", UNKNOWN), RIFF_BYTE, "<I", UNKNOWN
    ),
    "length as it was a second before the end": lambda content: patched(content, SAMPLES_BYTE, "<I", 4000),
    "length of a file that was cut": lambda content: patched(content, SAMPLES_BYTE, "<I", 1 << 24),
    "whole length wrong": lambda content: patched(content, RIFF_BYTE, "<I", 100),
    "no pad byte before the format": lambda content: (
        content[:12] + struct.pack("<4sI5s", b"LIST", 5, b"INFOx") + content[12:]
    ),
    "no pad byte before the samples": lambda content: (
        content[:36] + struct.pack("<4sI7s", b"bext", 7, b"INFOxyz") + content[36:]
    ),
    "no pad byte after a chunk of another program": lambda content: (
        content[:36] + struct.pack("<4sI3s", b"minf", 3, b"abc") + content[36:]
    ),
    "no pad byte, and length 0": lambda content: (
        content[:36] + struct.pack("<4sI3s", b"bext", 3, b"abc") + patched(content, SAMPLES_BYTE, "<I", 0)[36:]
    ),
    "more samples in a chunk of their own": lambda content: content + struct.pack("<4sI8x", b"data", 8),
    "a pad byte where it belongs": lambda content: (
        content[:36] + struct.pack("<4sI3sx", b"bext", 3, b"abc") + content[36:]
    ),
    "BW64": lambda content: bw64(content, FRAMES * 4),
    "BW64 that was interrupted": lambda content: bw64(content, 0),
    "RF64 that was interrupted": lambda content: b"RF64" + bw64(content, 0)[4:],
    "room for a RF64, and length 0": lambda content: (
        content[:12]
        + struct.pack("<4sI28x", b"JUNK", 28)
        + patched(content, SAMPLES_BYTE, "<I", 0)[12:]
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_a_wav_file_with_a_broken_header_plays_to_its_last_sample_and_is_not_touched(
    tmp_path: Path, fault: str
) -> None:
    file = tmp_path / "Aufnahme 3.wav"
    file.write_bytes(BROKEN[fault](made(file, "WAV")))
    before = hashlib.sha256(file.read_bytes()).digest(), file.stat().st_mtime_ns
    assert np.abs(sound_of(file) - noise(7, FRAMES, 2)).max() < 2 * PCM_STEP
    assert (hashlib.sha256(file.read_bytes()).digest(), file.stat().st_mtime_ns) == before


def test_what_follows_the_samples_is_not_played(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    content = made(file, "WAV") + struct.pack("<4sI8s", b"LIST", 8, b"INFOabcd")
    file.write_bytes(content)
    assert len(sound_of(file)) == FRAMES


CONTAINERS: list[tuple[str, str, bytes, int, str, int]] = [
    # ending, kind, chunk, where its length stands, how, and what stands there
    ("aiff", "AIFF", b"SSND", 4, ">I", 0),
    ("aiff", "AIFF", b"SSND", 4, ">I", UNKNOWN),
    ("aiff", "AIFF", b"COMM", 10, ">I", 0),
    ("caf", "CAF", b"data", 4, ">q", -1),
    ("caf", "CAF", b"data", 4, ">q", 0),
    ("caf", "CAF", b"data", 4, ">q", 1 << 40),
    ("w64", "W64", b"data", 16, "<q", 0),
    ("w64", "W64", b"data", 16, "<q", 24),
    ("au", "AU", b".snd", 8, ">I", 0),
    ("au", "AU", b".snd", 8, ">I", UNKNOWN),
]


@pytest.mark.parametrize(("ending", "kind", "chunk", "place", "form", "length"), CONTAINERS)
def test_other_kinds_that_were_interrupted_play_to_their_last_sample(
    tmp_path: Path, ending: str, kind: str, chunk: bytes, place: int, form: str, length: int
) -> None:
    file = tmp_path / f"a.{ending}"
    content = made(file, kind)
    file.write_bytes(patched(content, content.find(chunk) + place, form, length))
    assert np.abs(sound_of(file) - noise(7, FRAMES, 2)).max() < 2 * PCM_STEP


def test_an_aiff_file_without_its_pad_byte_plays(tmp_path: Path) -> None:
    file = tmp_path / "a.aiff"
    content = made(file, "AIFF")
    file.write_bytes(content[:12] + struct.pack(">4sI3s", b"NAME", 3, b"abc") + content[12:])
    assert np.abs(sound_of(file) - noise(7, FRAMES, 2)).max() < 2 * PCM_STEP


@pytest.mark.parametrize("total", [0, 1, (1 << 32) - 1])
def test_a_flac_file_that_does_not_know_its_length_plays(tmp_path: Path, total: int) -> None:
    file = tmp_path / "a.flac"
    content = made(file, "FLAC")
    high = content[21] & 0xF0 | (0x0F if total else 0)
    file.write_bytes(patched(patched(content, 21, "B", high), 22, ">I", total))
    sound = sound_of(file)
    assert len(sound) == pytest.approx(FRAMES, abs=1)
    assert np.abs(sound - noise(7, FRAMES, 2)[: len(sound)]).max() < 2 * PCM_STEP


@pytest.mark.parametrize(
    ("ending", "kind", "subtype"),
    [
        ("wav", "WAV", "PCM_24"),
        ("flac", "FLAC", None),
        ("ogg", "OGG", "VORBIS"),
        ("mp3", "MP3", None),
        ("aif", "AIFF", "PCM_16"),
        ("caf", "CAF", "PCM_16"),
        ("w64", "W64", "PCM_16"),
    ],
)
def test_a_file_that_was_cut_plays_up_to_the_cut(tmp_path: Path, ending: str, kind: str, subtype: str | None) -> None:
    file = tmp_path / f"a.{ending}"
    tone = 0.5 * np.repeat(sine(440), 2, axis=1) + noise(1, RATE, 2)
    soundfile.write(file, np.tile(tone, (4, 1)), RATE, format=kind, subtype=subtype)
    whole = sound_of(file)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 2 // 3])
    sound = FileSound(file)
    assert 2 * RATE < len(sound) < 3 * RATE
    heard = sound[: len(sound) - 4000]
    assert np.abs(heard - whole[: len(heard)]).max() < 0.01
    assert sound.faults() == []


def without_xing(content: bytes) -> bytes:
    """Return an MP3 file without its first frame, which says how long it is."""
    assert b"Xing" in content[:64]
    first = mpeg.frame(content[:4])
    assert first
    return content[first.length :]


TAG = b"ID3\x04\0\0\0\0\x01\x08" + bytes(136)


@pytest.mark.parametrize(
    ("sides", "rate", "before", "loud_first"),
    [(2, 44100, b"", True), (1, 48000, TAG, False), (2, 22050, TAG, True), (1, 44100, b"", False)],
)
def test_an_mp3_file_of_a_variable_rate_that_does_not_say_its_length_plays_all_that_it_has(
    tmp_path: Path, sides: int, rate: int, before: bytes, *, loud_first: bool
) -> None:
    parts = [noise(3, 2 * rate, sides), np.zeros((2 * rate, sides), np.float32)]
    sound = np.concatenate(parts if loud_first else parts[::-1])
    file = tmp_path / "a.mp3"
    how = {"format": "MP3", "subtype": "MPEG_LAYER_III", "bitrate_mode": "VARIABLE", "compression_level": 0.2}
    soundfile.write(file, sound, rate, **how)
    file.write_bytes(before + without_xing(file.read_bytes()) + b"TAG" + bytes(125))
    played = FileSound(file)
    assert len(played) / RATE == pytest.approx(4, abs=0.1)
    heard = np.abs(played[: len(played)]).max(axis=1)
    middle = RATE // 2
    assert (heard[middle : 3 * middle].max() > 0.1, heard[5 * middle : 7 * middle].max() > 0.1) == (
        loud_first,
        not loud_first,
    )
    assert played.faults() == []


def header(tag: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16, data_bytes: int = 200) -> bytes:
    """Return a WAV file that says this of itself."""
    form = struct.pack("<HHIIHH", tag, channels & 0xFFFF, rate, rate & UNKNOWN, 2, bits)
    return (
        struct.pack("<4sI4s4sI", b"RIFF", 236, b"WAVE", b"fmt ", 16)
        + form
        + b"data"
        + struct.pack("<I", data_bytes)
        + bytes(200)
    )


def caf(channels: int, rate: float) -> bytes:
    described = struct.pack(">d4sIIIII", rate, b"lpcm", 0, 2 * channels & UNKNOWN, 1, channels, 16)
    return (
        struct.pack(">4sHH4sq", b"caff", 1, 0, b"desc", 32)
        + described
        + struct.pack(">4sqI", b"data", 204, 0)
        + bytes(200)
    )


INSANE = {
    "3 Hz": header(rate=3),
    "999 Hz": header(rate=999),
    "0 Hz": header(rate=0),
    "a billion hertz": header(rate=1_000_000_000),
    "4 billion hertz": header(rate=UNKNOWN),
    "no channels": header(channels=0),
    "1000 channels": header(channels=1000),
    "65535 channels": header(channels=65535),
    "CAF of a billion channels": caf(1_000_000_000, RATE),
    "CAF of no rate": caf(1, float("nan")),
    "CAF of an infinite rate": caf(1, float("inf")),
    "CAF of a negative rate": caf(1, -48_000.0),
    "AU of a billion channels": struct.pack(">4sIIIII", b".snd", 24, 200, 3, RATE, 1_000_000_000) + bytes(200),
    "AU of 3 Hz": struct.pack(">4sIIIII", b".snd", 24, 200, 3, 3, 1) + bytes(200),
    "77 bits": header(bits=77),
    "an unknown kind": header(tag=0x9999),
    "format of 2 GB": header()[:16] + struct.pack("<I", 0x7FFFFFFF) + header()[20:],
    "a million empty chunks": header()[:12] + struct.pack("<4sI", b"JUNK", 0) * 1_000_000,
    "a chunk as long as itself": header()[:12] + struct.pack("<4sI", b"JUNK", UNKNOWN) * 1000,
    "only a header": header()[:44],
    "half a header": header()[:30],
    "nothing": b"",
    "zeros": bytes(1_000_000),
    "text called sound": b"milk, bread\n" * 1000,
    "ID3 of 256 MB": b"ID3\4\0\0\x7f\x7f\x7f\x7f" + bytes(1000),
}
MEASURE = """
import resource, sys, time
from pathlib import Path
import soundfile, soxr
from remote_mixer.engine import mpeg
from remote_mixer.engine.files import FileSound, Unplayable
FileSound(Path(sys.argv[1]))[:1000]
for name in sys.argv[2:]:
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        FileSound(Path(name))
        print("played", end=" ")
    except Unplayable as reason:
        seconds = time.process_time() - start
        print(round(seconds * 1000), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, reason, sep=";")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured in Linux's own unit")
def test_insane_headers_are_refused_within_100_ms_and_10_mb(tmp_path: Path) -> None:
    made(tmp_path / "good.wav", "WAV")
    files = []
    for ending in ("wav", "au", "mp3"):
        for name, content in INSANE.items():
            files.append(tmp_path / f"{name}.{ending}")
            files[-1].write_bytes(content)
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "good.wav"), *map(str, files)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    for file, line in zip(files, lines, strict=True):
        milliseconds, kilobytes, _ = line.split(";")
        assert (int(milliseconds) < 100, int(kilobytes) < 10_000) == (True, True), f"{file.name}: {line}"


@pytest.mark.parametrize(
    ("name", "words"), [("3 Hz", "3 samples a second"), ("1000 channels", "1,000 channels"), ("only a header", "empty")]
)
def test_a_refusal_says_what_is_wrong(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "a.wav").write_bytes(INSANE[name])
    with pytest.raises(Unplayable, match=words):
        FileSound(tmp_path / "a.wav")


@pytest.mark.parametrize(
    ("kind", "subtype"), [("WAV", "GSM610"), ("WAV", "G721_32"), ("AU", "G723_24"), ("AIFF", "GSM610")]
)
def test_a_kind_that_knows_no_places_is_named_and_not_called_empty(tmp_path: Path, kind: str, subtype: str) -> None:
    file = tmp_path / f"a.{kind.lower()}"
    soundfile.write(file, noise(1, 8_000, 1), 8_000, format=kind, subtype=subtype)
    with pytest.raises(Unplayable, match=r"its kind, .*G.*, can be read from its beginning only: save it as PCM"):
        FileSound(file)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 44_101, 88_200, 96_000, 192_000])
@pytest.mark.parametrize("sides", [1, 2])
def test_another_rate_sounds_the_same_in_pieces_of_any_order_as_in_one(tmp_path: Path, rate: int, sides: int) -> None:
    file = tmp_path / "a.wav"
    soundfile.write(file, noise(3, rate * 5 // 2, sides), rate, subtype="FLOAT")
    whole = soxr.resample(noise(3, rate * 5 // 2, sides), rate, RATE)
    sound = FileSound(file)
    assert len(sound) == pytest.approx(len(whole), abs=1)
    for start, stop in ((100_000, 120_000), (0, 7), (7, 5_000), (47_990, 48_010), (90_000, 97_000), (119_900, 119_999)):
        assert np.abs(sound[start:stop] - whole[start:stop]).max() < 1e-5
    assert np.array_equal(sound[40_000:60_000][5_000:9_000], sound[45_000:49_000])


def test_of_a_file_of_many_channels_the_first_two_play_in_pieces(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", noise(1, 40_000, 128), RATE, subtype="FLOAT")
    sound = FileSound(tmp_path / "a.wav")
    assert np.array_equal(sound[5:39_000], noise(1, 40_000, 128)[5:39_000, :2])


def test_a_file_that_is_cut_while_it_plays_is_silent_from_there_and_that_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    soundfile.write(file, noise(1, 2 * RATE), RATE, subtype="FLOAT")
    sound = FileSound(file)
    with file.open("r+b") as opened:
        opened.truncate(100_000)
    assert not sound[RATE : 2 * RATE].any()
    assert sound.faults() == ["a.wav could not be read for 1 s in all: that was silent."]
    assert np.array_equal(sound[:1000], noise(1, 2 * RATE)[:1000])


def test_a_disk_that_is_gone_and_comes_back_plays_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.wav"
    soundfile.write(file, noise(1, RATE), RATE, subtype="FLOAT")
    sound = FileSound(file)
    with monkeypatch.context() as patch:
        patch.setattr(soundfile.SoundFile, "read", lambda *_, **__: (_ for _ in ()).throw(OSError(5, "I/O error")))
        assert not sound[:1000].any()
    assert np.array_equal(sound[:1000], noise(1, RATE)[:1000])
    assert sound.faults() == ["a.wav could not be read for 1 s in all: that was silent."]
