"""Driver for a console of another Remote Mixer: `--console hall=remote-mixer://HOST[:PORT]/NAME`.

It speaks the wire as a page does. The other server's desk decides what is true there: its changes come here as those
of the console itself, and what it refuses goes back. A token before the host (`remote-mixer://rm_…@HOST/NAME`) is the
right that this mixer has there; from the same computer none is needed.
"""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidURI, WebSocketException

from remote_mixer import PROTOCOL
from remote_mixer.desk import layout_reader, paths
from remote_mixer.desk.layout import ONLINE, Layout
from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import Driver, DriverError, Opened, Report, Setup
from remote_mixer.drivers.duties import until_one_ends
from remote_mixer.drivers.steps import Steps

PORT = 5001
METER_RATE = 25
HEAD_BYTES = 5
"""Bytes of a meter frame before its codes: kind and sequence number."""
OPEN_SECONDS, ACT_SECONDS = 5.0, 10.0
PING_SECONDS = 3.0
MOST_FRAME_BYTES = 16 * 1024 * 1024
MOST_UNANSWERED = 32
"""Most sets that wait for the other server's answer; more wait in the outbox, where the newest of each path counts."""
WAIT_SECONDS = 0.005

_SPEC = re.compile(
    r"//(?:(?P<token>rm_[\w-]+)@)?(?P<host>\[[^\]]+\]|[^/:@\s]+)(?::(?P<port>\d{1,5}))?/(?P<console>[a-z0-9][a-z0-9_-]*)"
)
FORM = "write remote-mixer://ADDRESS/NAME, as remote-mixer://192.168.1.20/band, or with a token before the address"

Frame = dict[str, Any]


@dataclass
class Link:
    """One connection, and what is known by it.

    frames    what is to be sent, in order
    sets      number of a set → its path, until it is answered
    pending   full paths here that the console over there has not confirmed
    taps      place of this console's taps among all, first and after the last
    """

    socket: ClientConnection
    frames: asyncio.Queue[Frame] = field(default_factory=asyncio.Queue)
    sets: dict[int, str] = field(default_factory=dict)
    actions: dict[int, asyncio.Future[None]] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    accepted: set[str] = field(default_factory=set)
    taps: tuple[int, int] = (0, 0)


class Remote(Driver):
    """The driver."""

    title = "Remote Mixer"
    retry_seconds = 3.0

    def __init__(self, setup: Setup) -> None:
        """Raise ValueError where the spec has another form."""
        super().__init__(setup)
        found = _SPEC.fullmatch(setup.spec)
        if not found or int(found["port"] or PORT) not in range(1, 65536):
            raise ValueError(f"{FORM}; not “remote-mixer:{setup.spec}”")
        self._url = f"ws://{found['host']}:{found['port'] or PORT}/ws"
        self._there, self._token = found["console"], found["token"]
        self._place = f"{found['host']}:{found['port'] or PORT}"
        self._numbers = count(1)
        self._id = uuid.uuid4().hex
        self._link: Link | None = None
        self._values: dict[str, Value] = {}
        self._steps = Steps()

    # Paths

    def _here(self, path: str) -> str:
        """Return the path here of one of the other server's."""
        return paths.join(self.name, paths.local_of(path))

    def _other(self, path: str) -> str:
        """Return the path there of one of ours."""
        return paths.join(self._there, paths.local_of(path))

    def _ours(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """Return the console's values by their paths here, without status and notice."""
        own = (paths.status(self._there), paths.notice(self._there))
        return {self._here(p): value for p, value in values.items() if p not in own and self._is_its(p)}

    def _is_its(self, path: str) -> bool:
        return paths.console_of(path) == self._there

    # Opening

    async def open(self, report: Report) -> Opened:
        """Join the other server, and read the console that it has."""
        report.progress(f"Joining Remote Mixer at {self._place}.")
        await self.close()
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                socket = await connect(
                    self._url,
                    additional_headers=headers,
                    proxy=None,
                    compression=None,
                    max_size=MOST_FRAME_BYTES,
                    ping_interval=PING_SECONDS,
                    ping_timeout=PING_SECONDS,
                    open_timeout=None,
                )
                self._link = Link(socket)
                await socket.send(
                    _packed({"type": "hello", "protocol": PROTOCOL, "client": self._id, "name": "Remote Mixer"})
                )
                welcome = await self._welcome(socket)
        except (OSError, TimeoutError, InvalidURI, InvalidHandshake, WebSocketException) as fault:
            raise DriverError(self._lost(fault)) from fault
        await socket.send(_packed({"type": "meters", "on": True, "rate": METER_RATE}))
        return self._opened(self._link, welcome)

    async def _welcome(self, socket: ClientConnection) -> Frame:
        while True:
            frame = _unpacked(await socket.recv())
            if frame.get("type") == "error":
                raise DriverError(f"Remote Mixer at {self._place} refuses: {frame.get('text')}")
            if frame.get("type") == "welcome":
                return frame

    def _opened(self, link: Link, welcome: Frame) -> Opened:
        """Return the console as a welcome has it. DriverError where it has none of that name, or it is offline."""
        forms = {form["name"]: form for form in welcome["consoles"]}
        if self._there not in forms:
            there = ", ".join(f"“{name}”" for name in forms)
            raise DriverError(f"Remote Mixer at {self._place} has no console “{self._there}”: it has {there}.")
        self._check_online(welcome["values"])
        layout = self._layout(forms[self._there])
        self._find_taps(link, welcome["meters"])
        link.pending = {self._here(path) for path in welcome["pending"] if self._is_its(path)}
        known = {path for path, _ in layout.paths()}
        self._values = {path: value for path, value in self._ours(welcome["values"]).items() if path in known}
        remembered = frozenset(self._here(path) for path in welcome["remembered"] if self._is_its(path))
        return Opened(
            layout, dict(self._values), str(welcome["values"].get(paths.notice(self._there)) or ""), remembered
        )

    def _layout(self, form: Frame) -> Layout:
        try:
            return layout_reader.read(form, self.name)
        except ValueError as fault:
            text = f"Remote Mixer at {self._place} is of another version: {fault}. Run the same version on both."
            raise DriverError(text) from fault

    def _check_online(self, values: Mapping[str, Value]) -> None:
        """Raise DriverError where values say that the console is not online there."""
        status = values.get(paths.status(self._there), ONLINE)
        if status != ONLINE:
            notice = values.get(paths.notice(self._there)) or ""
            raise DriverError(f"“{self._there}” is {status} at {self._place}. {notice}".strip())

    def _find_taps(self, link: Link, taps: list[str]) -> None:
        its = [at for at, tap in enumerate(taps) if self._is_its(tap)]
        link.taps = (its[0], its[-1] + 1) if its else (0, 0)

    def _lost(self, fault: Exception) -> str:
        if isinstance(fault, TimeoutError):
            return f"Remote Mixer at {self._place} does not answer: is it running there, on this network?"
        return f"Remote Mixer at {self._place} cannot be joined, or was lost ({fault})."

    # Running

    async def run(self, report: Report) -> None:
        """Take the other server's frames, and send ours, until the link is lost."""
        link = self._link
        if link is None:
            raise DriverError(f"Remote Mixer at {self._place} has gone.")
        try:
            await until_one_ends([self._listen(link, report), _send_all(link)])
        except (OSError, WebSocketException) as fault:
            raise DriverError(self._lost(fault)) from fault
        raise DriverError(f"Remote Mixer at {self._place} has closed the link.")

    async def _listen(self, link: Link, report: Report) -> None:
        async for data in link.socket:
            if isinstance(data, bytes):
                first, after = link.taps
                report.meters(data[HEAD_BYTES + first : HEAD_BYTES + after])
                continue
            frame = _unpacked(data)
            take = TAKERS.get(str(frame.get("type")))
            if take:
                take(self, link, report, frame)

    def take_changes(self, link: Link, report: Report, frame: Frame) -> None:
        """Report changes; of a path with a set of ours on its way, what comes after its answer is newer.

        Not so of a hand's move there in the middle of a fade: it is set once more, after the step that is on its way.
        """
        self._check_online(frame["values"])
        if paths.notice(self._there) in frame["values"]:
            report.notice(str(frame["values"][paths.notice(self._there)] or ""))
        values = self._ours(frame["values"])
        self._values |= values
        on_their_way, now = set(link.sets.values()), asyncio.get_running_loop().time()
        hands = {path: value for path, value in values.items() if self._steps.is_hand(path, value, now)}
        report.values({path: value for path, value in values.items() if path in hands or path not in on_their_way})
        for path in hands.keys() & on_their_way:
            self._steps.left(path, hands[path], now)
            self.send(path, hands[path])

    def take_ok(self, link: Link, report: Report, frame: Frame) -> None:
        """Note that a set has been taken there, or that an action has run."""
        if path := link.sets.pop(frame.get("id") or 0, ""):
            link.accepted.add(path)
            self._confirm(link, report)
        elif (done := link.actions.pop(frame.get("id") or 0, None)) and not done.done():
            done.set_result(None)

    def take_error(self, link: Link, report: Report, frame: Frame) -> None:
        """Report what stands there where a set was refused, and why an action was."""
        number, text = frame.get("id") or 0, str(frame.get("text") or "It was refused there.")
        if path := link.sets.pop(number, ""):
            report.confirm(path)
            if path not in link.sets.values():
                report.values({path: self._values.get(path)})
        elif (done := link.actions.pop(number, None)) and not done.done():
            done.set_exception(DriverError(text))

    def take_pending(self, link: Link, report: Report, frame: Frame) -> None:
        """Note what the console there has not confirmed."""
        link.pending = {self._here(path) for path in frame["paths"] if self._is_its(path)}
        self._confirm(link, report)

    def _confirm(self, link: Link, report: Report) -> None:
        on_their_way = set(link.sets.values())
        arrived = link.accepted - link.pending - on_their_way
        link.accepted -= arrived
        for path in arrived:
            report.confirm(path)

    def take_remembered(self, link: Link, report: Report, frame: Frame) -> None:
        """Report the values that are only remembered there."""
        report.remembered(frozenset(self._here(path) for path in frame["paths"] if self._is_its(path)))

    def take_layout(self, link: Link, report: Report, frame: Frame) -> None:
        """Report other strips of the console, and find its meters again."""
        self._find_taps(link, frame["meters"])
        if frame["console"]["name"] == self._there:
            self._check_online(frame["values"])
            layout = self._layout(frame["console"])
            self._values = self._ours(frame["values"])
            report.opened(Opened(layout, dict(self._values)))

    # The guard's side

    def wait(self, lane: str) -> float:
        """Return a pause while many sets wait for their answers."""
        return WAIT_SECONDS if self._link and len(self._link.sets) >= MOST_UNANSWERED else 0.0

    def confirms(self, path: str) -> bool:
        """Return True: the other server answers each set, and tells what its console has not confirmed."""
        return True

    def send(self, path: str, value: Value) -> None:
        """Queue a set for the link."""
        if self._link:
            number = next(self._numbers)
            self._link.sets[number] = path
            self._send({"type": "set", "id": number, "values": {self._other(path): value}})

    def send_step(self, path: str, value: Value) -> None:
        """Queue a step of a fade."""
        self._steps.left(path, value, asyncio.get_running_loop().time())
        self.send(path, value)

    def hold(self, path: str, *, down: bool) -> None:
        """Hold the control there too, so that people there see whose hand is on it."""
        self._send({"type": "hold" if down else "release", "path": self._other(path)})

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Run an action of the console there."""
        if not self._link:
            raise DriverError(f"Remote Mixer at {self._place} is not there now.")
        number = next(self._numbers)
        done = self._link.actions[number] = asyncio.get_running_loop().create_future()
        given = {name: value for name, value in arguments.items() if value is not None}
        self._send({"type": "act", "id": number, "console": self._there, "action": action, "with": given})
        try:
            async with asyncio.timeout(ACT_SECONDS):
                await done
        except TimeoutError as fault:
            raise DriverError(f"Remote Mixer at {self._place} did not answer in time.") from fault

    def _send(self, frame: Frame) -> None:
        if self._link:
            self._link.frames.put_nowait(frame)

    async def close(self) -> None:
        """Close the link."""
        link, self._link = self._link, None
        if link:
            for done in link.actions.values():
                if not done.done():
                    done.set_exception(DriverError(f"Remote Mixer at {self._place} was lost before it answered."))
            await link.socket.close()


TAKERS = {
    "changes": Remote.take_changes,
    "ok": Remote.take_ok,
    "error": Remote.take_error,
    "pending": Remote.take_pending,
    "remembered": Remote.take_remembered,
    "layout": Remote.take_layout,
}


async def _send_all(link: Link) -> None:
    while True:
        await link.socket.send(_packed(await link.frames.get()))


def _packed(frame: Frame) -> str:
    return json.dumps(frame)


def _unpacked(data: str | bytes) -> Frame:
    frame = json.loads(data) if isinstance(data, str) and data.startswith("{") else {}
    return frame if isinstance(frame, dict) else {}
