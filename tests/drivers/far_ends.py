"""For each driver, a console at its far end that a test can look at, move, cut off and bring back."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from remote_mixer.app import App, Options
from remote_mixer.desk.params import Value
from remote_mixer.desk.tapers import FADER
from remote_mixer.drivers.base import Driver, Setup
from remote_mixer.drivers.behringer.driver import X32, Behringer, XAir
from remote_mixer.drivers.builtin.driver import Builtin
from remote_mixer.drivers.demo import Demo
from remote_mixer.drivers.mackie import Mackie
from remote_mixer.drivers.midi_cc import MidiCc
from remote_mixer.drivers.mqtt import Mqtt, Mqtts
from remote_mixer.drivers.osc_daw.driver import Ardour
from remote_mixer.drivers.remote import Frame, Remote
from remote_mixer.engine import shared
from remote_mixer.engine.controls import TABLE
from remote_mixer.engine.shared import SharedBlock
from remote_mixer.midi import mackie as protocol
from remote_mixer.midi.messages import PITCH_BEND
from remote_mixer.simulator.network import Wifi
from remote_mixer.simulator.simulator import Simulator
from tests.drivers.midi_cc.gear import Gear, nrpn
from tests.drivers.osc_daw.far_ardour import FarArdour
from tests.support.broker import guarded_mosquitto, mosquitto
from tests.support.daw import Daw
from tests.support.daw_links import DawLinks
from tests.support.running import demo_console, online
from tests.support.waiting import until
from tests.support.warm import warm


class FarEnd(ABC):
    """A driver and what it talks to."""

    driver: Driver
    fader = "band/ch1/fader"
    paced = True
    """Whether the console takes only so many values a second."""
    answers = False
    """Whether the console can be asked for a value."""

    def calm(self) -> None:  # noqa: B027 - most lose nothing
        """Have the network lose nothing by itself, from the beginning on."""

    async def begin(self) -> None:  # noqa: B027 - most far ends are there from the start
        """Set the console up, where that takes a loop."""

    async def end(self) -> None:  # noqa: B027 - as above
        """Take it down for good."""

    @abstractmethod
    def stands(self, path: str, value: Value) -> bool:
        """Tell whether the console itself has this value."""

    def has_name(self, name: str) -> bool:
        """Whether the console itself has this name of channel 1; true for one that has no names of its own."""
        return True

    @abstractmethod
    def has_left(self, position: float) -> bool:
        """Whether the driver has just handed this position of the fader to its line."""

    def move_unseen(self, position: float) -> None:  # noqa: B027 - only for a console that can be asked
        """Move the console's own fader so that the driver does not notice."""

    def hand(self, position: float) -> None:
        """Move the fader at the console itself, once, as somebody there does."""
        raise AssertionError("nobody can be there")

    def deafen(self, *, deaf: bool) -> bool:
        """Let the console take no values, or take them again, while all else works; False where that cannot be."""
        return False

    async def babble(self) -> str:
        """Let the console tell a value that nobody understands; return its path, "" where its line carries none."""
        return ""

    @abstractmethod
    def cut(self) -> None:
        """Take the console away."""

    @abstractmethod
    def bring_back(self) -> None:
        """Bring the console back, where it does not return by itself."""


class DemoEnd(FarEnd):
    paced = False
    answers = True

    def __init__(self, data: Path) -> None:
        self.demo = Demo(Setup("band", "", data))
        self.driver = self.demo

    def stands(self, path: str, value: Value) -> bool:
        return self.demo.console.values[path] == value

    def has_left(self, position: float) -> bool:
        return self.stands(self.fader, position)

    def hand(self, position: float) -> None:
        self.demo.console.move({self.fader: position})

    def move_unseen(self, position: float) -> None:
        self.demo.console.values[self.fader] = position

    def cut(self) -> None:
        self.demo.console.unplug()

    def bring_back(self) -> None:
        self.demo.console.plug()


class BuiltinEnd(FarEnd):
    """The real engine's process, and the memory that it shares with its driver."""

    paced = False

    def __init__(self, data: Path) -> None:
        self.builtin = Builtin(Setup("band", "", warm(data)))
        self.driver = self.builtin
        self._block = data / "engine-band.shared"

    def stands(self, path: str, value: Value) -> bool:
        assert path == self.fader
        assert isinstance(value, float)
        with SharedBlock(self._block) as block:
            return block.follows(block.words[shared.GENERATION]) and self.has_left(value)

    def has_left(self, position: float) -> bool:
        with SharedBlock(self._block) as block:
            return abs(block.floats[TABLE.places["ch1/fader"].word] - 10 ** (FADER.to_unit(position) / 20)) < 1e-6

    def deafen(self, *, deaf: bool) -> bool:
        assert self.builtin.pid
        os.kill(self.builtin.pid, signal.SIGSTOP if deaf else signal.SIGCONT)
        if deaf:
            os.waitid(os.P_PID, self.builtin.pid, os.WSTOPPED)  # until then one of its threads may take a value
        return True

    def cut(self) -> None:
        assert self.builtin.pid
        os.kill(self.builtin.pid, signal.SIGKILL)

    def bring_back(self) -> None:
        """It comes back by itself."""


class MackieEnd(FarEnd):
    """A DAW of our own, whose ten tracks do not fit onto the surface's eight strips."""

    answers = True

    def __init__(self, data: Path) -> None:
        self.daw = Daw(10, late_echo=0.001, echoes_once=True, repaints=True)
        self.links = DawLinks(self.daw)
        self.mackie = Mackie(Setup("band", "", data), self.links.open_link)
        self.driver = self.mackie

    def stands(self, path: str, value: Value) -> bool:
        assert path == self.fader
        assert isinstance(value, float)
        return self.daw.tracks[0].fader >> 4 == round(value * 1023)

    def move_unseen(self, position: float) -> None:
        """Move the fader in the DAW, after another surface has moved the window away from it."""
        self.daw.go_to(2)
        self.daw.tracks[0].fader = round(position * 1023) << 4

    def has_left(self, position: float) -> bool:
        faders = [message for message in self.links.sides[0].sent if message[0] == PITCH_BEND]
        return faders[-1] == protocol.fader(0, position)

    def deafen(self, *, deaf: bool) -> bool:
        self.links.loses = lambda message: deaf and message[0] == PITCH_BEND
        return True

    async def babble(self) -> str:
        """Paint a colour that no X-Touch has over a red."""
        color = "band/ch1/color"
        session = self.mackie._session
        assert session
        for number in (RED, NO_COLOR):
            self.daw.say_raw(0, b"\xf0\x00\x00\x66\x14\x72" + bytes([number] * 8) + b"\xf7")
            await until(lambda: (session._tracks.values[color] is None) is (number == NO_COLOR))  # noqa: B023 - awaited here
        return color

    def cut(self) -> None:
        self.links.cut()

    def bring_back(self) -> None:
        self.links.bring_back()


class ArdourEnd(FarEnd):
    """A stand-in for Ardour on a Wi-Fi that loses every twentieth datagram, either way."""

    answers = True

    def __init__(self, data: Path) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self.far = FarArdour(wifi=Wifi(loss=0.05), port=free.getsockname()[1])
        self.ardour = Ardour(Setup("band", "//{}:{}".format(*self.far.address), data))
        self.driver = self.ardour

    def calm(self) -> None:
        self.far.wifi = Wifi()

    async def begin(self) -> None:
        await self.far.start()

    async def end(self) -> None:
        await self.far.stop()

    def stands(self, path: str, value: Value) -> bool:
        assert path == self.fader
        assert isinstance(value, float)
        return abs(self.far.named("Kick").values["fader"] - value) <= 0.5e-5

    def has_left(self, position: float) -> bool:
        assert self.ardour._session
        ours = self.ardour._session._unconfirmed.ours("/strip/fader/1")
        return isinstance(ours, float) and abs(ours - position) <= 0.5e-5

    def hand(self, position: float) -> None:
        self.far.move("Kick", "fader", position)

    def move_unseen(self, position: float) -> None:
        self.far.named("Kick").values["fader"] = position

    def deafen(self, *, deaf: bool) -> bool:
        if deaf:
            self.far.move = lambda *_: None  # type: ignore[method-assign]  # a value comes in and changes nothing
        else:
            del self.far.move
        return True

    async def babble(self) -> str:
        self.far.move("Kick", "fader", 3.0)
        return self.fader

    def cut(self) -> None:
        self.far.silent = True

    def bring_back(self) -> None:
        self.far.silent = False


class SimulatedEnd(FarEnd):
    """A simulated console on a Wi-Fi that loses every twentieth datagram, either way."""

    answers = True

    def __init__(self, data: Path, word: str, kind: type[Behringer]) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.driver: Behringer
        self.simulator = Simulator(word, wifi=Wifi(loss=0.05), clock=lambda: asyncio.get_running_loop().time())
        driver = kind(Setup("band", f"//127.0.0.1:{self._port}", data))
        # The pace of a real console would make a test of thousands of params one of minutes.
        driver.timing = replace(driver.timing, offline_seconds=1.0, set_rate=2000.0, strip_rate=2000.0, open_seconds=10)
        self.driver = driver

    def calm(self) -> None:
        self.simulator._wifi = Wifi()

    async def begin(self) -> None:
        await self.simulator.start(port=self._port)

    async def end(self) -> None:
        await self.simulator.stop()

    def stands(self, path: str, value: Value) -> bool:
        assert path == self.fader
        assert isinstance(value, float)
        stands = self.simulator.values["/ch/01/mix/fader"]
        return isinstance(stands, float) and abs(stands - value) <= 0.5 / 1023

    def has_name(self, name: str) -> bool:
        return self.simulator.values["/ch/01/config/name"] == name

    def has_left(self, position: float) -> bool:
        assert self.driver._lifecycle
        ours = self.driver._lifecycle.conversation._unconfirmed.ours("/ch/01/mix/fader")
        return isinstance(ours, float) and abs(ours - position) <= 0.5 / 1023

    def hand(self, position: float) -> None:
        self.simulator.move("/ch/01/mix/fader", position)

    def move_unseen(self, position: float) -> None:
        """Move the fader; what is on its way to driver or desk, answers with the former position among it, is lost."""
        self.simulator.console.move("/ch/01/mix/fader", position)
        assert self.driver._lifecycle
        conversation = self.driver._lifecycle.conversation
        conversation._reports.drop("ch1/fader")
        transport = conversation.line._transport
        assert transport
        arriving = transport.get_extra_info("socket")._sock
        with suppress(BlockingIOError):
            while True:
                arriving.recv(65_536)

    def deafen(self, *, deaf: bool) -> bool:
        if deaf:
            self.simulator._set = lambda *_: None  # type: ignore[method-assign]  # as above
        else:
            del self.simulator._set
        return True

    async def babble(self) -> str:
        """Have a colour that the tables do not know, as of a newer firmware."""
        self.simulator.console._values["/ch/01/config/color"] = 17
        self.driver.query("band/ch1/color")
        return "band/ch1/color"

    def cut(self) -> None:
        self.simulator.power(on=False)

    def bring_back(self) -> None:
        self.simulator.power(on=True)


RED, NO_COLOR = 1, 17
PRESS = 30
"""CC of the MIDI gear's momentary button, the one control that it does not echo."""


class MidiEnd(FarEnd):
    """MIDI gear whose fader has 16,001 steps, so that the tests' positions stand on its grid."""

    MAP = """
    buses = [{ id = 1, name = "Reverb" }]
    [[layers]]
    name = "Band"
      [[layers.channels]]
      id = 1
      name = "Kick"
      fader = { nrpn = 1024, high = 16000, law = "fader" }
      mute = { cc = 30, channel = 2, kind = "momentary" }
      pan = { cc = [10, 42], channel = 2 }
      sends = { 1 = { cc = 40, channel = 2, invert = true } }
    [main]
    fader = { cc = 7, channel = 2, law = { linear = [-70, 0] } }
    """

    def __init__(self, data: Path) -> None:
        path = data / "map.toml"
        path.write_text(self.MAP)
        self.gear = Gear(lambda number, value: None if number == PRESS else value)
        self.driver = MidiCc(Setup("band", str(path), data), self.gear.open_link)

    def stands(self, path: str, value: Value) -> bool:
        assert path == self.fader
        assert isinstance(value, float)
        return self.gear.nrpn.get((1, 1024)) == round(value * 16000)

    def has_left(self, position: float) -> bool:
        return self.stands(self.fader, position)

    def hand(self, position: float) -> None:
        raw = self.gear.nrpn[1, 1024] = round(position * 16000)
        for message in nrpn(1024, raw):
            self.gear.far.say(message)

    def deafen(self, *, deaf: bool) -> bool:
        self.gear.loses = lambda: deaf
        return True

    async def babble(self) -> str:
        """Move the gear's fader beyond the range that the map gives it."""
        for message in nrpn(1024, 16383):
            self.gear.far.say(message)
        return self.fader

    def cut(self) -> None:
        self.gear.far.cut()

    def bring_back(self) -> None:
        self.gear.far.bring_back()


class RemoteEnd(FarEnd):
    """Another Remote Mixer, with a console in memory called `hall`."""

    paced = False

    def __init__(self, data: Path) -> None:
        self.app = App(Options("127.0.0.1", 0, data / "other", (("hall", "demo:"),)))
        self.app.start()
        self.remote = Remote(Setup("band", f"//127.0.0.1:{self.app.port}/hall", data))
        self.driver = self.remote
        self._sent: list[object] = []
        self._send, self.remote._send = self.remote._send, self._note  # type: ignore[method-assign] # noted on the way

    def _note(self, frame: Frame) -> None:
        self._sent.append(frame.get("values"))
        self._send(frame)

    async def begin(self) -> None:
        await online(self.app, "hall")

    async def end(self) -> None:
        await asyncio.to_thread(self.app.stop)

    def _there(self, path: str) -> str:
        return path.replace("band/", "hall/", 1)

    def stands(self, path: str, value: Value) -> bool:
        return demo_console(self.app).values[self._there(path)] == value

    def has_name(self, name: str) -> bool:
        return self.stands("band/ch1/name", name)

    def has_left(self, position: float) -> bool:
        return self._sent[-1] == {self._there(self.fader): position}

    def hand(self, position: float) -> None:
        values: dict[str, Value] = {self.fader.replace("band/", "hall/", 1): position}
        self.app.loop.call_soon_threadsafe(demo_console(self.app).move, values)

    def cut(self) -> None:
        self.app.loop.call_soon_threadsafe(demo_console(self.app).unplug)

    def bring_back(self) -> None:
        self.app.loop.call_soon_threadsafe(demo_console(self.app).plug)


class MqttEnd(FarEnd):
    """Another Remote Mixer with a console in memory called `hall`, and mosquitto between both."""

    def __init__(self, data: Path, *, tls: bool = False) -> None:
        self._exit = ExitStack()
        (data / "broker").mkdir()
        self._broker = self._exit.enter_context((guarded_mosquitto if tls else mosquitto)(data / "broker"))
        options = Options("127.0.0.1", 0, data / "other", (("hall", "demo:"),), mqtt=self._broker.bridge("stage"))
        self.app = App(options)
        self.app.start()
        url = self._broker.url_of("stage/hall")
        self.driver = self._mqtt = (Mqtts if tls else Mqtt)(Setup("band", url.partition(":")[2], data))
        self._sent: list[object] = []
        send = self.driver.send

        def note(path: str, value: Value) -> None:
            self._sent.append(value)
            send(path, value)

        self.driver.send = note  # type: ignore[method-assign] # noted on the way

    async def begin(self) -> None:
        await online(self.app, "hall")

    async def end(self) -> None:
        await asyncio.to_thread(self.app.stop)
        self._exit.close()

    def stands(self, path: str, value: Value) -> bool:
        return demo_console(self.app).values[path.replace("band/", "hall/", 1)] == value

    def has_name(self, name: str) -> bool:
        return self.stands("band/ch1/name", name)

    def has_left(self, position: float) -> bool:
        return self._sent[-1] == position

    async def babble(self) -> str:
        await until(lambda: not self._mqtt._known.sent)  # an answer on its way would come after it, and be the truth
        await self._broker.publish("stage/hall/ch1/fader/value", '"loud"', "-r")
        return self.fader

    def hand(self, position: float) -> None:
        values: dict[str, Value] = {self.fader.replace("band/", "hall/", 1): position}
        self.app.loop.call_soon_threadsafe(demo_console(self.app).move, values)

    def cut(self) -> None:
        self.app.loop.call_soon_threadsafe(demo_console(self.app).unplug)

    def bring_back(self) -> None:
        self.app.loop.call_soon_threadsafe(demo_console(self.app).plug)


FAR_ENDS: dict[str, Callable[[Path], FarEnd]] = {
    "ardour": ArdourEnd,
    "builtin": BuiltinEnd,
    "demo": DemoEnd,
    "mackie": MackieEnd,
    "midi": MidiEnd,
    "mqtt": MqttEnd,
    "mqtts": lambda data: MqttEnd(data, tls=True),
    "remote-mixer": RemoteEnd,
    "x32": lambda data: SimulatedEnd(data, "x32", X32),
    "xair": lambda data: SimulatedEnd(data, "xr18", XAir),
}
