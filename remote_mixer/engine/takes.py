"""Takes: one recording and one virtual soundcheck at a time, by the commands of `line`, and what is said about them.

What may have to wait for a disk is done in a thread of its own, which answers by itself.
"""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from remote_mixer.engine import take_header
from remote_mixer.engine.controls import BUSES, MAX_CHANNELS, MIXES, TABLE
from remote_mixer.engine.deck_memory import NOTHING
from remote_mixer.engine.files import ENDINGS, FAULTS, shown
from remote_mixer.engine.line import Command, Refused, number_in, say, text_in
from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.rates import rate
from remote_mixer.engine.recorder import unused
from remote_mixer.engine.recording import RESERVE_BYTES, Recording, TakeFile
from remote_mixer.engine.shared import SharedBlock
from remote_mixer.engine.soundcheck import Place, Soundcheck, TakeInfo, Unfit, look
from remote_mixer.engine.take_header import SAMPLE_BYTES, Track

SAY_SECONDS = 0.25
LOOK_AT_DISK_SECONDS = 5.0
LONGEST_NAME = 80
NO_TAKES = "Nothing is being recorded."
LIVE = "No take plays: the inputs are live."

Answer = Mapping[str, object] | None
Names = Mapping[str, str]


def output_tracks(names: Names) -> list[Track]:
    """Return the tracks of the outputs, in their order."""
    masters = [("main", names.get("main", "Main"))]
    masters += [(f"bus{number}", names.get(f"bus{number}", f"bus{number}")) for number in range(1, BUSES + 1)]
    return [Track(f"{name} {side}", f"{strip} {side}") for strip, name in masters for side in ("left", "right")]


class Takes:
    """Recording and virtual soundcheck of one engine; all but the jobs of its thread is for the main thread."""

    def __init__(self, mixer: Mixer, block: SharedBlock) -> None:
        self._mixer, self._block, self._deck = mixer, block, mixer.deck
        self._recording: Recording | None = None
        self._soundcheck: Soundcheck | None = None
        self._note, self._folder, self._lives = "", Path(), 0
        self._left = 0.0
        self._said: dict[str, object] = {}
        self._said_at = self._disk_at = 0.0
        self._jobs: SimpleQueue[tuple[Command, Callable[[Command], Mapping[str, object]]]] = SimpleQueue()
        threading.Thread(target=self._work, name="takes", daemon=True).start()

    def handlers(self) -> dict[str, Callable[[Command], Answer]]:
        """Return the function of each command."""
        return {
            "record": self._record,
            "stop-recording": self._stop_recording,
            "mark": self._mark,
            "list-takes": self._list_later,
            "play-take": self._play_later,
            "run-take": self._run,
            "live": self._live,
        }

    def watch(self) -> None:
        """Look after the disk and what has ended, and say what has changed; to be called some 20 times a second."""
        self._deck.chosen[:] = [self._is_on("take", channel) for channel in range(MAX_CHANNELS)]
        if self._recording:
            self._recording.watch()
            self._note = self._recording.note
            if not self._recording.is_open:
                self._recording, self._said = None, {}  # its end is said, however short it was
        if self._soundcheck and self._soundcheck.is_over:
            self._soundcheck.close()
            self._soundcheck = None
        if time.monotonic() - self._said_at >= SAY_SECONDS:
            self._say()

    def stop(self) -> None:
        """End, with the recording whole."""
        if self._soundcheck:
            self._soundcheck.close()
        if self._recording:
            self._recording.stop()
            self._recording.wait()

    # Recording

    def _record(self, command: Command) -> Answer:
        if self._recording:
            raise Refused(f"{self._recording.file.path.name} is being recorded: stop that first.")
        self._folder = Path(text_in(command, "folder"))
        names = {str(strip): str(name) for strip, name in dict(command.get("names") or {}).items()}
        tracks = self._armed(names) + output_tracks(names)
        try:
            file = TakeFile(unused(self._folder / f"{file_name(text_in(command, 'name'))}.wav"), tracks)
            self._recording = Recording(self._deck, file)
        except OSError as error:
            raise Refused(f"Nothing is recorded: {self._folder} cannot be written ({error.strerror}).") from error
        return {"recording": file.path.name}

    def _armed(self, names: Names) -> list[Track]:
        """Return the tracks of the armed channels, and let the deck write them."""
        tracks, deck = list[Track](), self._deck
        deck.armed.fill(NOTHING)
        for channel, stem in sorted(self._mixer.channels.items()):
            strip = f"ch{channel + 1}"
            if not self._is_on("arm", channel):
                continue
            for side, word in enumerate((" left", " right") if stem.stereo else ("",)):
                deck.armed[side, channel] = len(tracks)
                tracks.append(Track(names.get(strip, strip) + word, strip + word))
        deck.outputs[: len(MIXES)] = range(len(tracks), len(tracks) + len(MIXES))
        return tracks

    def _is_on(self, local: str, channel: int) -> bool:
        """Whether a switch of a channel, 0-based, is on."""
        return bool(self._block.words[TABLE.places[f"ch{channel + 1}/{local}"].word])

    def _stop_recording(self, _command: Command) -> Answer:
        recording = self._running()
        recording.stop()
        return {"stopping": recording.file.path.name}

    def _mark(self, command: Command) -> Answer:
        try:
            return {"marked": self._running().mark(str(command.get("name") or ""))}
        except take_header.Full:
            raise Refused("This take has no room for more markers.") from None

    def _running(self) -> Recording:
        if not self._recording or not self._recording.is_recording:
            raise Refused(NO_TAKES)
        return self._recording

    # Takes

    def _list(self, command: Command) -> Mapping[str, object]:
        self._folder = Path(text_in(command, "folder"))
        with suppress(OSError):
            files = sorted(file for file in self._folder.iterdir() if file.suffix[1:].lower() in ENDINGS)
            return {"takes": [row for file in files if (row := self._row(file))]}
        return {"takes": []}

    def _row(self, file: Path) -> Mapping[str, object] | None:
        """Return what is shown of a file; None where it has gone."""
        try:
            status = file.stat()
            row = {"file": file.name, "name": shown(file.stem), "bytes": status.st_size, "at": status.st_mtime}
            return row | _content(look(file))
        except Unfit as reason:
            return row | {"seconds": 0, "tracks": [], "marks": [], "problem": str(reason)}
        except FAULTS:
            return None

    def _play(self, command: Command, lives: int) -> Mapping[str, object]:
        """Play a take in place of the inputs, or go to another place in it.

        lives  how often the inputs were asked for before that
        """
        path = Path(text_in(command, "folder")) / Path(text_in(command, "file")).name
        if self._recording and self._recording.file.path == path:
            raise Refused("This take is still being recorded: stop that first.")
        start, first, last = (round(number_in(command, key) * rate()) for key in ("at", "from", "to"))
        try:
            take = look(path)
            loop = (first, last or take.frames) if command.get("loop") else None
            self._begin(take, Place(start, loop), lives)
        except Unfit as reason:
            raise Refused(str(reason)) from reason
        return {"plays": path.name, "note": self._soundcheck.note if self._soundcheck else ""}

    def _begin(self, take: TakeInfo, place: Place, lives: int) -> None:
        before = self._soundcheck
        if before and not before.is_over and before.take.path == take.path:
            before.go_to(place)
            return
        if before and not before.is_over:
            before.leave()
        if self._lives != lives:
            raise Refused(LIVE)
        channels = max(self._mixer.channels, default=-1) + 1
        self._soundcheck = Soundcheck(self._deck, take, channels, place, before)

    def _run(self, command: Command) -> Answer:
        if not self._soundcheck:
            raise Refused(LIVE)
        if command.get("on"):
            self._soundcheck.go_on()
        else:
            self._soundcheck.halt()
        return {"plays": self._soundcheck.take.path.name}

    def _live(self, _command: Command) -> Answer:
        self._lives += 1
        if self._soundcheck:
            self._soundcheck.live()
        return {"live": True}

    # The thread, and the news

    def _list_later(self, command: Command) -> Answer:
        self._jobs.put((command, self._list))
        return None

    def _play_later(self, command: Command) -> Answer:
        self._jobs.put((command, partial(self._play, lives=self._lives)))
        return None

    def _work(self) -> None:
        while True:
            command, work = self._jobs.get()
            result: Mapping[str, object]
            try:
                result = work(command)
            except Refused as refused:
                result = {"refused": str(refused)}
            say(answer=command.get("id"), **result)

    def _say(self) -> None:
        self._said_at = time.monotonic()
        news: dict[str, object] = {"recorder": self._recorder_news(), "soundcheck": self._soundcheck_news()}
        if news != self._said:
            self._said = news
            say(**news)

    def _recorder_news(self) -> dict[str, object]:
        """Return the state of the recording; `left` is how long the disk has room, in seconds."""
        recording = self._recording
        if not recording:
            return {"file": "", "seconds": 0, "fill": 0, "left": self._room(), "marks": 0, "note": self._note}
        return {
            "file": recording.file.path.name,
            "seconds": int(recording.seconds),
            "fill": round(recording.fill, 2),
            "left": int(recording.left_seconds),
            "marks": len(recording.file.marks),
            "note": self._note,
        }

    def _room(self) -> int:
        """Return how long the disk would have room for what is armed now, in seconds; looks at it now and then."""
        if time.monotonic() - self._disk_at >= LOOK_AT_DISK_SECONDS and self._folder.name:
            self._disk_at = time.monotonic()
            tracks = len(MIXES) + sum(
                1 + stem.stereo for n, stem in self._mixer.channels.items() if self._is_on("arm", n)
            )
            with suppress(OSError):
                there = next(folder for folder in (self._folder, *self._folder.parents) if folder.exists())
                free = shutil.disk_usage(there).free - RESERVE_BYTES
                self._left = max(free, 0) / (tracks * SAMPLE_BYTES * rate())
        return int(self._left // 60 * 60)

    def _soundcheck_news(self) -> dict[str, object]:
        soundcheck = self._soundcheck
        if not soundcheck:
            return {"file": "", "position": 0, "seconds": 0, "runs": False, "loop": None, "note": ""}
        return {
            "file": soundcheck.take.path.name,
            "position": round(soundcheck.position, 1),
            "seconds": soundcheck.take.frames / rate(),
            "runs": soundcheck.runs,
            "loop": [frame / rate() for frame in soundcheck.loop] if soundcheck.loop else None,
            "note": " ".join(filter(None, (soundcheck.note, soundcheck.faults))),
        }


def _content(take: TakeInfo) -> dict[str, object]:
    """Return what a take holds, for the list."""
    marks = [{"at": mark.frame / take.rate, "name": mark.name} for mark in take.marks]
    tracks = [track.name or f"Track {number}" for number, track in enumerate(take.tracks, start=1)]
    return {"seconds": take.frames / take.rate, "tracks": tracks, "marks": marks, "problem": ""}


def file_name(name: str) -> str:
    """Return a name that every file system takes."""
    plain = re.sub(r'[/\\:*?"<>|\x00-\x1f\x7f]+', " ", name)
    return " ".join(plain.split())[:LONGEST_NAME].strip(". ") or "Take"
