"""Messages of OSC programs: queries and sets of params, actions of consoles, subscriptions, scenes and undo."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from remote_mixer.bridges.osc.addresses import Addresses, Pattern
from remote_mixer.bridges.osc.peer import Peer
from remote_mixer.bridges.osc.subscriber import answer
from remote_mixer.bridges.osc.values import value_of
from remote_mixer.bridges.show import STEERS, Show, check_crew
from remote_mixer.desk import paths
from remote_mixer.desk.change import Cause
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.conversation import Spawn
from remote_mixer.hub.hub import Hub

USUAL_SECONDS, MOST_SECONDS = 60, 3600
"""Duration of a subscription that is not renewed, in seconds."""
MOST_PATTERNS = 32

NOTHING_TEXT = "There is no such address. An empty message to “/” lists the consoles, to “/band” its strips."
FULL_TEXT = f"At most {MOST_PATTERNS} subscriptions for each program: end some with /unsubscribe."
SECONDS_TEXT = f"A subscription lasts from 1 to {MOST_SECONDS} seconds: /subscribe ,si “/band/*/fader” 60"
RECALL_TEXT = "Recall by name or number, with the seconds of a fade or without: /scene/recall ,sf “Chorus” 5.0"

Arguments = Sequence[Any]


@dataclass(frozen=True, eq=False)
class Commands:
    """Messages carried out for peers whose callers are known. `spawn` runs work that may wait for the disk."""

    hub: Hub
    show: Show
    addresses: Addresses
    spawn: Spawn

    def carry_out(self, peer: Peer, address: str, arguments: Arguments) -> None:
        """Carry out one message; Refusal where it cannot be done."""
        if len(address) > paths.MOST_LENGTH:
            raise Refusal(Code.UNKNOWN_PATH, NOTHING_TEXT)
        command = COMMANDS.get(address)
        if command:
            command(self, peer, address, arguments)
        else:
            self._set_or_answer(peer, address, arguments)

    # Params

    def _set_or_answer(self, peer: Peer, address: str, arguments: Arguments) -> None:
        pattern = Pattern(address)
        targets = self.addresses.find(pattern) if address.strip("/") else []
        if not targets:
            self._act_or_list(peer, address, arguments)
        elif arguments:
            self._set([target.path for target in targets], arguments, peer)
        elif pattern.is_plain:
            peer.send_bytes(answer(self.hub.desk, address, targets[0]))
        else:
            self.hub.check_snapshot(peer.client.caller)
            peer.link.share([target.path for target in targets], pattern)

    def _set(self, wanted: Sequence[str], arguments: Arguments, peer: Peer) -> None:
        desk, values = self.hub.desk, dict[str, Value]()
        for path in wanted:
            values[path] = value_of(desk.param(path), desk.layouts[paths.console_of(path)], arguments)
        desk.set(values, peer.client.source)
        peer.client.presence.touch()
        peer.link.own |= {path: desk.values[path] for path in values}

    def _act_or_list(self, peer: Peer, address: str, arguments: Arguments) -> None:
        """Run a console's action, as `/daw/play`, or list what is below an address."""
        console, _, name = address.lstrip("/").partition("/")
        layout = self.hub.desk.layouts.get(console)
        action = next((one for one in layout.actions if one.name == name), None) if layout else None
        if action:
            check_crew(peer.client.caller.role)
            given = dict(zip(action.params, arguments, strict=False))
            self._begin(peer, address, self.hub.act(console, name, given, peer.client.source))
        elif children := self.addresses.children(address):
            peer.send(address, *children)
        else:
            raise Refusal(Code.UNKNOWN_PATH, NOTHING_TEXT)

    # Subscriptions

    def subscribe(self, peer: Peer, address: str, arguments: Arguments) -> None:
        """Begin or renew a subscription, to all params without arguments; send the values where it is new."""
        text, seconds = [*arguments, *("/", USUAL_SECONDS)[len(arguments) :]][:2]
        if not isinstance(text, str) or not isinstance(seconds, int | float) or not 1 <= seconds <= MOST_SECONDS:
            raise Refusal(Code.BAD_VALUE, SECONDS_TEXT)
        pattern, is_new = Pattern(text), text not in peer.link.patterns
        if is_new and len(peer.link.patterns) >= MOST_PATTERNS:
            raise Refusal(Code.TOO_MANY, FULL_TEXT)
        if is_new:
            self.hub.check_snapshot(peer.client.caller)
        peer.link.subscribe(pattern, seconds)
        if not self.hub.clients.has(peer.client):
            self.hub.join(peer.client)
        if is_new:
            peer.link.share([target.path for target in self.addresses.find(pattern)], pattern)

    def unsubscribe(self, peer: Peer, address: str, arguments: Arguments) -> None:
        """End one subscription, or all without arguments."""
        peer.link.unsubscribe(only_text(arguments) if arguments else None)

    # History and scenes

    def undo(self, peer: Peer, address: str, arguments: Arguments) -> None:
        """Take back the program's own last move, or give back what it took; answer with the params moved and kept."""
        self._begin(peer, address, self._take_back(peer, address, Cause.UNDO if address == "/undo" else Cause.REDO))

    async def _take_back(self, peer: Peer, address: str, cause: Cause) -> None:
        peer.send(address, *await self.show.take_back(cause, peer.client.source))

    def recall(self, peer: Peer, address: str, arguments: Arguments) -> None:
        """Recall a scene by its name or number, with the seconds of its fade if they are given."""
        if len(arguments) not in (1, 2):
            raise Refusal(Code.BAD_VALUE, RECALL_TEXT)
        wanted, fade = [*arguments, None][:2]
        self._begin(peer, address, self._named(peer, address, self.show.recall(wanted, fade, peer.client.source)))

    def steer(self, peer: Peer, address: str, arguments: Arguments) -> None:
        """Go through the set list, or steer the newest recall; answer with the name of the scene."""
        word = address.rpartition("/")[2]
        self._begin(peer, address, self._named(peer, address, self.show.steer(word, peer.client.source)))

    async def _named(self, peer: Peer, address: str, work: Awaitable[str]) -> None:
        peer.send(address, await work)

    def _begin(self, peer: Peer, address: str, work: Awaitable[object]) -> None:
        """Run what may wait beside the datagrams; answer where it is refused or fails."""

        async def run() -> None:
            try:
                await work
            except Refusal as refusal:
                peer.send(ERROR, address, refusal.text)

        self.spawn(run(), lambda text: peer.send(ERROR, address, text))


ERROR = "/error"

Command = Callable[[Commands, Peer, str, Arguments], None]
COMMANDS: dict[str, Command] = {
    "/subscribe": Commands.subscribe,
    "/unsubscribe": Commands.unsubscribe,
    "/undo": Commands.undo,
    "/redo": Commands.undo,
    "/scene/recall": Commands.recall,
    **dict.fromkeys((f"/scene/{word}" for word in STEERS), Commands.steer),
}


def only_text(arguments: Arguments) -> str:
    """Return the one argument, a text; Refusal `bad-value` for anything else."""
    if len(arguments) != 1 or not isinstance(arguments[0], str):
        raise Refusal(Code.BAD_VALUE, "This address takes one text.")
    return arguments[0]
