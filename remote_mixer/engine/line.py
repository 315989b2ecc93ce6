"""The engine's own line: commands from the server on stdin, answers and news on stdout, one JSON object a line.

Commands; each may carry an `id`, which comes back in its answer:
  {"do": "mix", "block": "PATH", "ports": {…}}
                                    the first: map this shared block and play; until then nothing is opened. No answer
  {"do": "join-ports", "ports": {"in 1": ["system:capture_2"], "main left": [], "main right": null}}
                                    join ports of JACK otherwise: to these, to none, or as usual; these may be away
  {"do": "join-sink", "name": "take", "sink": "recorder", "file": "PATH.wav"}        record main from now on
  {"do": "leave-sink", "name": "take"}                                               finish it
  {"do": "join-source", "name": "tracks", "source": "stems", "folder": "PATH"}       play it in the next free channels
  {"do": "leave-source", "name": "tracks"}                                           fade it out
  {"do": "record", "folder": "PATH", "name": "Gig", "names": {"ch1": "Kick", …}}     record a take from now on
  {"do": "stop-recording"}, {"do": "mark", "name": "Solo"}                           of that take
  {"do": "list-takes", "folder": "PATH"}
  {"do": "play-take", "folder": "PATH", "file": "Gig.wav", "at": 12.5, "loop": true, "from": 10, "to": 20}
                                    in place of the inputs; the place is in seconds; without `to` up to its end
  {"do": "run-take", "on": false}, {"do": "live"}                                    halt it; the inputs again

Answers:
  {"answer": id, "joined": "take", "file": "PATH.wav"}    the file that is written: never one that was there
  {"answer": id, "joined": "tracks", "channels": [9, 10], "problems": ["…"]}
  {"answer": id, "left": "take"}
  {"answer": id, "recording": "Gig.wav"}, {"answer": id, "stopping": "Gig.wav"}, {"answer": id, "marked": 12.5}
  {"answer": id, "takes": [{"file", "name", "bytes", "at", "seconds", "tracks": ["…"], "marks": [{"at", "name"}],
                            "problem"}]}
  {"answer": id, "plays": "Gig.wav", "note": "…"}, {"answer": id, "live": true}
  {"answer": id, "refused": "…"}    nothing has changed; a sentence says why

News:
  {"progress": "…"}    a slow step, before `ready`
  {"busy": 12.3}       before `ready`, each second in which the engine worked: seconds of processor time so far
  {"ready": true, "channels": [{"name", "stereo", "seconds"}], "files": ["…"], "problems": ["…"],
   "recording": "…"|null, "output": "…" and what belongs to it}       `files`: one for each channel, or ""
  {"output": "…", "outputs": 2, "rate": 48000, "frames": 128, "latency": 0.01, "audible": true, "remarks": ["…"],
   "microphones": "…"}
                       the output has changed, as the card is gone or back, or what there is to say about it; `outputs`
                       play what the controls say, a block has `frames`, and the card says what it takes in seconds
  {"microphones": "…"} what there is to say about the card of the inputs, where that is another one
  {"cards": ["…"], "input_cards": ["…"]}     names of the sound cards that there are, with outputs and with inputs
  {"ports": {"inputs": {"in 1": ["…"]|null, …}, "outputs": {…}, "sources": ["…"], "goals": ["…"]}}
                       what our ports of JACK are joined to, null for the usual, and the ports of other programs that
                       they can be joined to; empty without JACK
  {"problem": "…"}     a fault from now on
  {"faults": ["…"]}    all that files and disks of the sources have not given so far, a sentence each
  {"recorder": {"file", "seconds", "fill": 0–1, "left", "marks", "note"},
   "soundcheck": {"file", "position", "seconds", "runs", "loop": [from, to]|null, "note"}}    when it has changed
  {"error": "…"}       the engine cannot start; exit code 2 follows

The engine ends, with its recordings finished, on SIGTERM and when its stdin closes, as it does when the server dies.
Ctrl-C in a terminal goes to the whole process group; the server decides what it means, so the engine ignores it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from queue import SimpleQueue
from typing import Any

Command = Mapping[str, Any]
Handlers = Mapping[str, Callable[[Command], Mapping[str, object] | None]]
LARGEST_NUMBER = 1e9


class Refused(Exception):  # an answer, not an error
    """A command that is not carried out; the text is a sentence."""


def say(**line: object) -> None:
    """Write one JSON line to stdout; a closed stdout is ignored, since stdin then ends too."""
    try:
        sys.stdout.write(json.dumps(line) + "\n")  # in one piece, since several threads write
        sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        return


def text_in(command: Command, key: str) -> str:
    """Return a command's text. Raises Refused where it is missing."""
    value = command.get(key)
    if not isinstance(value, str) or not value:
        raise Refused(f"The command {command.get('do')!r} needs a text {key!r}.")
    return value


def number_in(command: Command, key: str) -> float:
    """Return a command's number, at least 0; 0 where it has none. Raises Refused for what is no number."""
    value = command.get(key) or 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < LARGEST_NUMBER:
        raise Refused(f"The command {command.get('do')!r} takes a number {key!r} of at least 0.")
    return value


def ports_in(command: Command) -> dict[str, list[str] | None]:
    """Return the ports of a command, see the module; none where it has none. Raises Refused for what is no choice."""
    ports = command.get("ports") or {}
    if not isinstance(ports, dict) or not all(others is None or _is_texts(others) for others in ports.values()):
        raise Refused(f"The command {command.get('do')!r} takes a list of names, or null, for each of its ports.")
    return ports


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def answer(command: Command, handlers: Handlers) -> None:
    """Carry out a command and write its answer; a handler that returns None writes it itself, later."""
    try:
        handler = handlers.get(str(command.get("do")))
        if not handler:
            raise Refused(f"There is no command {command.get('do')!r} here; there are {', '.join(handlers)}.")
        result = handler(command)
    except Refused as refused:
        result = {"refused": str(refused)}
    if result is not None:
        say(answer=command.get("id"), **result)


class Line:
    """The engine's end of stdin.

    stop  set when the engine is to end
    """

    def __init__(self) -> None:
        """Start to read stdin, in a thread, and handle SIGTERM."""
        self.stop = threading.Event()
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        signal.signal(signal.SIGTERM, lambda *_: self._end())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=self._watch, name="stdin", daemon=True).start()

    def first(self) -> Command | None:
        """Wait for the first command, with the path of a shared block; return None when the end comes before."""
        while line := self._lines.get():
            command = _command(line)
            if command.get("do") == "mix" and isinstance(command.get("block"), str):
                return command
            say(answer=command.get("id"), refused="The first command is 'mix', with the path of a block.")
        return None

    def commands(self) -> Iterator[Command]:
        """Return the commands that wait, without waiting for more."""
        while not self._lines.empty():
            if line := self._lines.get():
                yield _command(line)

    def _watch(self) -> None:
        rest = b""
        while piece := os.read(0, 4096):  # past Python's own buffer, whose lock would be missed at the end
            *lines, rest = (rest + piece).split(b"\n")
            for line in filter(None, lines):
                self._lines.put(line)
        self._end()

    def _end(self) -> None:
        self.stop.set()
        self._lines.put(b"")


def _command(line: bytes) -> Command:
    """Return the command on a line; an empty one where the line is no JSON object."""
    try:
        command = json.loads(line)
    except ValueError:
        return {}
    return command if isinstance(command, dict) else {}
