"""One run of the engine, from its sources to the last block."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from remote_mixer.engine import shared
from remote_mixer.engine.analysis import Analysis, AnalysisThread
from remote_mixer.engine.beats import beating
from remote_mixer.engine.built import BUILT
from remote_mixer.engine.compiled import load
from remote_mixer.engine.folder import folder_session
from remote_mixer.engine.library import Kernels
from remote_mixer.engine.line import Command, Line, Refused, answer, ports_in, say, text_in
from remote_mixer.engine.link import ourselves
from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.output import OtherRate, Wanted
from remote_mixer.engine.patch import Patch
from remote_mixer.engine.player import Player, rate_there
from remote_mixer.engine.rates import rate, set_rate
from remote_mixer.engine.session import EngineError, Session, Stem, live_session
from remote_mixer.engine.shared import SharedBlock
from remote_mixer.engine.sinks import Sinks
from remote_mixer.engine.sources import SourceList
from remote_mixer.engine.stems import default_session
from remote_mixer.engine.takes import Takes

WATCH_SECONDS = 0.05
FAULTS_SECONDS = 1.0
CARDS_SECONDS = 20.0
CARD_NAMES = "card-names"  # see `process`
STEMS = "stems"  # name of the source, and kind of it, that plays from the start
RECORDING = "recording"  # name of the sink that records from the start


def _progress(text: str) -> None:
    say(progress=text)


def _say_problem(text: str) -> None:
    say(problem=text)


def _session(arguments: argparse.Namespace) -> Session:
    if arguments.inputs:
        return live_session(arguments.inputs)
    if arguments.stems:
        return folder_session(arguments.stems, _progress)
    return default_session(BUILT, arguments.data, _progress)


def _wanted(arguments: argparse.Namespace) -> Wanted | None:
    """Return the device that is wanted, None for the clock."""
    if arguments.output == "clock":
        return None
    return Wanted(arguments.inputs, arguments.card, arguments.frames, arguments.rate, arguments.input_card)


def _take_rate(arguments: argparse.Namespace) -> None:
    """Run at the rate of the output that is there; where there is none, at the wanted rate, or the usual one."""
    wanted = _wanted(arguments)
    set_rate((rate_there(wanted) if wanted else 0) or arguments.rate or rate())


def _compiled_folder(data: Path) -> Path:
    """Return the folder of compiled kernels; the variable that sets numba's own folder counts here too."""
    return Path(os.environ.get("NUMBA_CACHE_DIR") or data / "compiled")


def _shared_block(path: Path) -> SharedBlock:
    try:
        return SharedBlock(path)
    except (OSError, ValueError) as error:
        raise EngineError(f"The shared block {path} cannot be used: {error}") from error


def _read_source(command: Command) -> Session:
    """Return the stems of the source that a command joins. Raises Refused."""
    if text_in(command, "source") != STEMS:
        raise Refused(f"There is no kind of source {command['source']!r}; there is {STEMS}.")
    try:
        return folder_session(Path(text_in(command, "folder")), _progress)
    except EngineError as error:
        raise Refused(str(error)) from error


def _say_cards() -> None:
    """Report the names of the sound cards, for a person's choice.

    A process of its own looks: PortAudio becomes a client of a JACK server here, and would end with that.
    """
    with suppress(OSError, subprocess.SubprocessError, ValueError):
        found = subprocess.run(ourselves(CARD_NAMES), capture_output=True, timeout=CARDS_SECONDS, check=True)  # noqa: S603  # our own program
        say(**json.loads(found.stdout))


def _patch(command: Command) -> Patch:
    """Return what the ports of JACK are joined to at first, as the command says; as usual where it is wrong."""
    with suppress(Refused):
        return Patch(ports_in(command))
    return Patch()


def _channel(stem: Stem) -> dict[str, object]:
    return {"name": stem.name, "stereo": stem.stereo, "seconds": len(stem.audio) / rate()}


class Engine:
    """Sources, mixer, output and sinks, all for the engine's main thread."""

    def __init__(  # all that one run is made of
        self, arguments: argparse.Namespace, session: Session, kernels: Kernels, block: SharedBlock, patch: Patch
    ) -> None:
        """Open the output, start the recording if one is asked for, and report `ready`."""
        self._block = block
        self._sources = SourceList()
        self._sources.join(STEMS, session.stems)
        self._mixer = Mixer(self._sources.channels(), block, kernels)
        self._sinks, self._takes = Sinks(self._mixer.tape, _say_problem), Takes(self._mixer, block)
        self._handlers = {
            "join-sink": self._sinks.join,
            "leave-sink": self._sinks.leave,
            "join-source": self._join_source,
            "leave-source": self._leave_source,
            "join-ports": self._join_ports,
            **self._takes.handlers(),
        }
        problems = list(session.problems)
        recording = self._record(arguments.record, problems) if arguments.record else None
        self._faults: list[str] = []
        self._faults_time = time.monotonic()
        self._wanted = _wanted(arguments)
        self._player = Player(self._mixer, self._wanted, self._say_output, patch)
        self._graph: Mapping[str, object] = {}
        self._microphones, self._microphones_time = self._player.microphones, time.monotonic()
        self._analysis = AnalysisThread(Analysis(block, self._mixer.looks, self._mixer.tape), _say_problem)
        self._say_ready(session, problems, recording)
        self._say_cards()

    def run(self, line: Line) -> None:
        """Mix, and carry out commands, until stdin closes or SIGTERM arrives. Raises OtherRate as `Player.watch`."""
        try:
            self._work(line)
        finally:
            self._player.close()
            self._analysis.stop()
            self._sinks.stop()
            self._takes.stop()

    def _work(self, line: Line) -> None:
        while not line.stop.wait(WATCH_SECONDS):
            self._player.watch()
            self._block.words[shared.BEATS] = (self._block.words[shared.BEATS] + 1) & 0xFFFFFFFF
            self._block.words[shared.MISSED] = self._player.missed_blocks & 0xFFFFFFFF
            for command in line.commands():
                answer(command, self._handlers)
            self._mixer.tidy()
            self._sinks.drain()
            self._takes.watch()
            self._say_faults()
            self._say_ports()
            self._say_microphones()

    def _record(self, path: Path, problems: list[str]) -> str | None:
        """Record from the first block on and return the file; where that fails, add a sentence to `problems`."""
        command = {"do": "join-sink", "name": RECORDING, "sink": "recorder", "file": str(path)}
        try:
            return str(self._sinks.join(command)["file"])
        except Refused as refused:
            problems.append(str(refused))
            return None

    def _join_source(self, command: Command) -> dict[str, object]:
        name = text_in(command, "name")
        self._refuse_while_changing()
        session = _read_source(command)
        channels = self._sources.join(name, session.stems)
        self._mixer.change(self._sources.channels())
        return {"joined": name, "channels": channels, "problems": session.problems}

    def _leave_source(self, command: Command) -> dict[str, object]:
        name = text_in(command, "name")
        self._refuse_while_changing()
        self._sources.leave(name)
        self._mixer.change(self._sources.channels())
        return {"left": name}

    def _join_ports(self, command: Command) -> dict[str, object]:
        ports = ports_in(command)
        self._player.join(ports)
        return {"joined": list(ports)}

    def _refuse_while_changing(self) -> None:
        if self._mixer.is_changing:
            raise Refused("Another source is joining or leaving: try again in a moment.")

    def _say_output(self) -> None:
        say(**self._output())
        self._say_cards()

    def _say_cards(self) -> None:
        if self._wanted:
            threading.Thread(target=_say_cards, name="cards", daemon=True).start()

    def _say_ports(self) -> None:
        if self._player.graph != self._graph:
            self._graph = self._player.graph
            say(ports=self._graph)

    def _say_microphones(self) -> None:
        """Report what there is to say about the card of the inputs, when that has changed, at most once a second."""
        if time.monotonic() - self._microphones_time < FAULTS_SECONDS:
            return
        self._microphones_time = time.monotonic()
        if self._player.microphones != self._microphones:
            self._microphones = self._player.microphones
            say(microphones=self._microphones)

    def _output(self) -> dict[str, object]:
        player = self._player
        words = {"output": player.title, "audible": player.is_audible, "remarks": player.remarks}
        words |= {"outputs": player.outputs, "microphones": player.microphones}
        return words | {"rate": rate(), "frames": 0, "latency": 0.0, **player.block}

    def _say_faults(self) -> None:
        """Report what the sources' files and disks did not give, when that has changed, at most once a second."""
        if time.monotonic() - self._faults_time < FAULTS_SECONDS:
            return
        self._faults_time = time.monotonic()
        faults = [*self._mixer.faults(), *self._sources.faults()]
        if faults != self._faults:
            self._faults = faults
            say(faults=faults)

    def _say_ready(self, session: Session, problems: list[str], recording: str | None) -> None:
        say(
            ready=True,
            channels=[_channel(stem) for stem in session.stems],
            files=[stem.file for stem in session.stems],
            problems=problems,
            recording=recording,
            **self._output(),
        )


def run(arguments: argparse.Namespace, line: Line) -> None:
    """Get ready, and mix once there is a block. Raises EngineError when it cannot start."""
    with beating():
        _take_rate(arguments)
        session = _session(arguments)
        kernels = load(_compiled_folder(arguments.data), _progress)
    command = line.first()
    if command:
        block = _shared_block(Path(command["block"]))
        try:
            engine = Engine(arguments, session, kernels, block, _patch(command))
            engine.run(line)
        except OtherRate as other:
            raise EngineError(str(other)) from other
