"""Driver for a console that another Remote Mixer publishes: `--console hall=mqtt://BROKER/PREFIX/NAME`, and `mqtts:`.

The other mixer keeps the console's layout and values on the broker (`bridges/mqtt` there), and answers each set with
how the param stands: that answer, and nothing else, confirms it here. Meters and actions do not go by the broker.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from remote_mixer.desk import layout_reader, paths
from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Param, Value
from remote_mixer.drivers.base import Driver, DriverError, Opened, Report, Setup
from remote_mixer.drivers.duties import until_one_ends
from remote_mixer.drivers.steps import Steps
from remote_mixer.mqtt.broker import FORM, Broker
from remote_mixer.mqtt.link import AT_LEAST_ONCE, Came, Link, LinkError
from remote_mixer.mqtt.topics import ONLINE, SET, USUAL_PREFIX, VALUE, Topics

OPEN_SECONDS = 3.0
"""Time for all that the broker keeps to arrive."""
REST_SECONDS = 0.05
"""Least time between two sets of one param; the other mixer answers ten a second."""
ANSWER_SECONDS = 0.5
"""Time after which another answer than what was set is the truth, and a set without an answer is sent again."""
LOOK_SECONDS, FULL_SECONDS = 0.1, 0.01


@dataclass
class Sent:
    """The newest set of one param.

    at      when it left, in seconds of the loop's clock
    answer  another value that came since
    """

    value: Value
    at: float
    answer: Value = None
    is_answered: bool = False


@dataclass
class Known:
    """State of a link since it was opened: what came from the broker, and what left by it.

    status         of the other mixer; "" before it is known
    values         by full path here
    news           of the values, those that the desk has not heard of
    sent           by path, what is not confirmed yet
    left           by path, when its last set left, in seconds of the loop's clock
    fault          sentence about a layout that is not understood
    wanted         paths of the layout, whose values are waited for
    whole          set once all that was asked for has come
    is_layout_new  whether the other mixer's console is another one by now
    """

    status: str = ""
    layout: Layout | None = None
    values: dict[str, Value] = field(default_factory=dict)
    params: dict[str, Param] = field(default_factory=dict)
    news: dict[str, Value] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)
    left: dict[str, float] = field(default_factory=dict)
    fault: str = ""
    wanted: set[str] = field(default_factory=set)
    whole: asyncio.Event = field(default_factory=asyncio.Event)
    is_layout_new: bool = False


class Mqtt(Driver):
    """The driver."""

    title = "Remote Mixer by MQTT"
    retry_seconds = 3.0
    scheme: ClassVar[str] = "mqtt"

    def __init__(self, setup: Setup) -> None:
        """Raise ValueError where the spec has another form."""
        super().__init__(setup)
        self._broker = Broker.parse(f"{self.scheme}:{setup.spec}")
        if not self._broker.levels:
            raise ValueError(f"{FORM}; the last level is the console's name there")
        *prefix, self._there = self._broker.levels
        self._topics = Topics("/".join(prefix) or USUAL_PREFIX)
        self._link: Link | None = None
        self._report: Report | None = None
        self._known = Known()
        self._steps = Steps()

    # Opening

    async def open(self, report: Report) -> Opened:
        """Connect to the broker, and read what it keeps of the console."""
        report.progress(f"Connecting to the MQTT broker {self._broker}.")
        await self.close()
        self._known = Known()
        self._link = Link(self._broker, self._take)
        try:
            await self._link.open()
            self._link.subscribe(
                [self._topics.status, self._topics.layout(self._there), *self._topics.values(self._there)]
            )
            async with asyncio.timeout(OPEN_SECONDS):
                await self._known.whole.wait()
        except LinkError as fault:
            raise DriverError(str(fault)) from fault
        except TimeoutError:
            pass  # values that have not come are unknown
        self._check_there()
        self._check_online()
        return self._opened()

    def _check_there(self) -> None:
        """Raise DriverError where the mixer or its console is not there, or is not understood."""
        if self._known.fault:
            raise DriverError(self._known.fault)
        if self._known.status != ONLINE:
            state = "is offline" if self._known.status else "is not known"
            raise DriverError(
                f"Remote Mixer “{self._topics.prefix}” {state} at {self._broker}: does it run with --mqtt?"
            )
        if self._known.layout is None:
            raise DriverError(f"Remote Mixer “{self._topics.prefix}” has no console “{self._there}”.")

    def _check_online(self) -> None:
        status = self._known.values.get(self._here(paths.status(self._there)), ONLINE)
        if status != ONLINE:
            notice = self._known.values.get(self._here(paths.notice(self._there))) or ""
            raise DriverError(f"“{self._there}” is {status} at “{self._topics.prefix}”. {notice}".strip())

    def _opened(self) -> Opened:
        """Return the console as the broker has it."""
        layout, own = self._known.layout, self._own
        assert layout  # noqa: S101 - asked for by `_check_there` before
        self._known.params = {path: param for path, param in layout.paths() if path not in own}
        self._known.sent = {path: sent for path, sent in self._known.sent.items() if path in self._known.params}
        self._known.news.clear()
        self._known.is_layout_new = False
        values = {path: self._known.values.get(path) for path in self._known.params}
        return Opened(layout, values, str(self._known.values.get(own[1]) or ""))

    @property
    def _own(self) -> tuple[str, str]:
        """Paths of status and notice, which are those of the other mixer."""
        return paths.status(self.name), paths.notice(self.name)

    # What comes

    def _here(self, path: str) -> str:
        """Return the path here of one of the other mixer's."""
        return paths.join(self.name, paths.local_of(path))

    def _take(self, batch: Sequence[Came]) -> None:
        for came in batch:
            self._take_one(self._topics.name_of(came.topic), came.payload)
        self._look_whether_whole()
        self._pass_on()

    def _take_one(self, name: str, payload: bytes) -> None:
        if name == "status":
            self._known.status = payload.decode(errors="replace")
        elif name == paths.join(self._there, "layout"):
            self._take_layout(payload)
        elif name.endswith(VALUE):
            path = self._here(name.removesuffix(VALUE))
            self._known.values[path] = value = self._understood(path, _value(payload))
            if self._is_settled(path, value):
                self._known.news[path] = value

    def _understood(self, path: str, value: Value) -> Value:
        """Return a value; None where it does not fit the param, as of a stranger to the other mixer."""
        param = self._known.params.get(path)
        try:
            return value if param is None or value is None else param.check(value)
        except ValueError:
            return None

    def _take_layout(self, payload: bytes) -> None:
        """Read a layout, without what does not go by the broker: meters and actions."""
        try:
            layout = layout_reader.read(json.loads(payload), self.name)
        except (ValueError, RecursionError) as fault:
            text = f"Remote Mixer “{self._topics.prefix}” is of another version: {fault}. Run the same version on both."
            self._known.fault = text
            return
        strips = tuple(replace(strip, taps=()) for strip in layout.strips)
        self._known.layout, self._known.is_layout_new = replace(layout, strips=strips, actions=()), True
        self._known.wanted = {path for path, _ in layout.paths()}

    def _is_settled(self, path: str, value: Value) -> bool:
        """Whether a value is the truth now: not where a newer set of ours waits for its answer.

        Of a fade's steps it is where none of them has this value: somebody there has moved it.
        """
        sent = self._known.sent.get(path)
        if sent is None:
            return True
        if self._steps.is_hand(path, value, now := asyncio.get_running_loop().time()):
            self._steps.left(path, value, now)
            self.send(path, value)  # a step of the fade that it ends may be on its way
            return True
        if not self._known.params[path].same(sent.value, value):
            sent.answer, sent.is_answered = value, True
            return False
        self._settle(path)
        return True

    def _settle(self, path: str) -> None:
        self._known.sent.pop(path, None)
        if self._report:
            self._report.confirm(path)

    def _look_whether_whole(self) -> None:
        """Note once all that the layout names has come, or never can."""
        known = self._known
        is_there = known.status == ONLINE and known.layout and known.wanted <= known.values.keys()
        if known.fault or (not known.whole.is_set() and is_there):
            known.whole.set()

    def _pass_on(self) -> None:
        """Report what has come, while the console is open."""
        report = self._report
        if report is None:
            return
        try:
            self._check_there()
            self._check_online()
            if self._known.is_layout_new:
                report.opened(self._opened())
        except DriverError as fault:
            self._known.fault = str(fault)
            return
        if self._own[1] in self._known.news:
            report.notice(str(self._known.news[self._own[1]] or ""))
        news, self._known.news = self._known.news, {}
        report.values({path: value for path, value in news.items() if path in self._known.params})

    # Running

    async def run(self, report: Report) -> None:
        """Pass on what comes, until the broker or the other mixer is lost."""
        if self._link is None:
            raise DriverError(f"The MQTT broker {self._broker} was lost.")
        self._report = report
        self._pass_on()
        try:
            await until_one_ends([self._link.run(), self._tend()])
        except LinkError as fault:
            raise DriverError(str(fault)) from fault

    async def _tend(self) -> None:
        """Look after sets that were answered otherwise, or not at all."""
        while not self._known.fault:
            await asyncio.sleep(LOOK_SECONDS)
            late = asyncio.get_running_loop().time() - ANSWER_SECONDS
            for path, sent in [(path, sent) for path, sent in self._known.sent.items() if sent.at < late]:
                if sent.is_answered:
                    self._settle(path)
                    self._known.news[path] = sent.answer
                else:
                    self.send(path, sent.value)
            self._pass_on()
        raise DriverError(self._known.fault)

    # The guard's side

    def lane(self, path: str) -> str:
        """Return the path: each param has a pace of its own."""
        return path

    def wait(self, lane: str) -> float:
        """Return the rest of a param's pause, and a pause while the network takes nothing."""
        if self._link and not self._link.has_room:
            return FULL_SECONDS
        left = self._known.left.get(lane)
        return 0.0 if left is None else left + REST_SECONDS - asyncio.get_running_loop().time()

    def confirms(self, path: str) -> bool:
        """Return True: each set is answered."""
        return True

    def send(self, path: str, value: Value) -> None:
        """Publish a set."""
        if self._link:
            now = self._known.left[path] = asyncio.get_running_loop().time()
            self._known.sent[path] = Sent(value, now)
            there = paths.join(self._there, paths.local_of(path))
            self._link.publish(self._topics.value(there) + SET, json.dumps(value), qos=AT_LEAST_ONCE)

    def send_step(self, path: str, value: Value) -> None:
        """Publish a step of a fade."""
        self._steps.left(path, value, asyncio.get_running_loop().time())
        self.send(path, value)

    async def close(self) -> None:
        """Part from the broker."""
        link, self._link, self._report = self._link, None, None
        if link:
            await link.close()


class Mqtts(Mqtt):
    """The same over an encrypted connection."""

    scheme = "mqtts"


def _value(payload: bytes) -> Value:
    """Return a value in JSON; None, unknown, for what is none."""
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, bool | int | float | str) else None
