"""OSC bridge: datagrams in, each a query, a set or a command; values, answers and errors out, to the sender's port.

OSC has no log-in. A program on this computer is an engineer, as its pages are the host's; any other says a token first
(`/token ,s rm_…`), which gives it that token's role. Rights, rails, holds and history are those of any client.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time

from pythonosc.osc_packet import OscPacket, ParseError, TimedMessage

from remote_mixer.bridges.osc.commands import ERROR, Arguments, Commands, only_text
from remote_mixer.bridges.osc.peer import Peer, Place
from remote_mixer.bridges.osc.subscriber import Subscriber
from remote_mixer.desk.policy import ENGINEER
from remote_mixer.desk.rate_limit import RateLimit
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.client import Client
from remote_mixer.lan import is_loopback
from remote_mixer.people.admission import Admission
from remote_mixer.people.caller import STRANGER, Caller

TOKEN = "/token"  # noqa: S105 - an address
MOST_PEERS = 64
FORGOTTEN_SECONDS = 600.0
"""Time without a datagram after which a program without subscriptions is forgotten, and says its token again."""
MOST_WAITING = 2000
"""Most datagrams that wait to be carried out; more are lost, as UDP loses them."""
MESSAGE_RATE, MESSAGE_BURST = 3000.0, 3000.0
ERROR_RATE, ERROR_BURST = 10.0, 10.0
LONGEST_WAIT_SECONDS = 60.0
TEND_SECONDS = 1.0

TOKEN_TEXT = "Send /token with a token first: `remote-mixer token`, on the mixer's own computer, makes one."  # noqa: S105 - a text
UNKNOWN_TOKEN_TEXT = "There is no such token: `remote-mixer token` makes one."  # noqa: S105 - a text
NO_OSC_TEXT = "This is no message and no bundle of OSC 1.0."
LATE_TEXT = f"A bundle waits {LONGEST_WAIT_SECONDS:g} seconds at the most: are the clocks of both computers right?"

log = logging.getLogger(__name__)


class OscBridge(asyncio.DatagramProtocol):
    """The bridge of one server.

    sock         UDP socket that is bound to its port
    trust_local  whether a program on this computer is an engineer without a token
    """

    def __init__(self, commands: Commands, admission: Admission, sock: socket.socket, *, trust_local: bool) -> None:
        self._commands, self._hub = commands, commands.hub
        self._admission, self._socket, self._trust_local = admission, sock, trust_local
        self._peers: dict[Place, Peer] = {}
        self._datagrams: asyncio.Queue[tuple[bytes, Place]] = asyncio.Queue(MOST_WAITING)
        self._transport: asyncio.DatagramTransport | None = None
        self._messages = RateLimit(MESSAGE_RATE, MESSAGE_BURST, time.monotonic)
        self._errors = RateLimit(ERROR_RATE, ERROR_BURST, time.monotonic)

    async def serve(self) -> None:
        """Carry out datagrams until cancelled."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=self._socket.dup())
        log.info("OSC is taken at %s port %d", *self._socket.getsockname()[:2])
        try:
            while True:
                self._take(*await self._datagrams.get())
        finally:
            for peer in list(self._peers.values()):
                self._forget(peer)
            self._transport.close()
            self._transport = None

    async def tend(self) -> None:
        """Forget programs without subscriptions that are silent, or whose tokens are gone, until cancelled."""
        while True:
            await asyncio.sleep(TEND_SECONDS)
            for peer in list(self._peers.values()):
                is_subscribed = peer.link.expire()
                if not is_subscribed:
                    self._hub.part(peer.client)
                is_revoked = peer.bearer and not self._admission.of_token(peer.bearer)
                is_silent = not is_subscribed and time.monotonic() - peer.last > FORGOTTEN_SECONDS
                if is_revoked or is_silent:
                    self._forget(peer)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Keep a datagram until its turn."""
        if not self._datagrams.full():
            self._datagrams.put_nowait((data, addr[:2]))

    def error_received(self, exc: Exception) -> None:
        """Ignore that a program has gone: its subscriptions end by themselves."""

    def _send(self, place: Place, data: bytes) -> None:
        if self._transport is not None:
            self._transport.sendto(data, place)

    # Programs

    def _peer(self, place: Place) -> Peer | None:
        """Return the program at an address and port; None where there are too many."""
        peer = self._peers.get(place)
        if peer is None:
            if len(self._peers) >= MOST_PEERS:
                return None
            peer = self._peers[place] = self._new_peer(place)
        peer.last = time.monotonic()
        return peer

    def _new_peer(self, place: Place) -> Peer:
        def send(data: bytes) -> None:
            self._send(place, data)

        link = Subscriber(self._hub.desk, send)
        caller = self._caller(place, "")
        return Peer(place, Client(link, caller, f"osc-{place[0]}-{place[1]}", caller.name), link, send)

    def _caller(self, place: Place, bearer: str) -> Caller:
        host = place[0]
        if token := self._admission.of_token(bearer):
            return Caller(token.role, token.mix, token.name, None, token.id, address=host)
        is_trusted = self._trust_local and is_loopback(host) and not bearer
        return Caller(ENGINEER if is_trusted else STRANGER, name=f"OSC {host}", address=host)

    def _forget(self, peer: Peer) -> None:
        peer.link.abort()
        self._peers.pop(peer.place, None)
        self._hub.leave(peer.client)

    # Datagrams

    def _take(self, data: bytes, place: Place) -> None:
        peer = self._peer(place) if self._messages.take(place[0]) else None
        if peer is None:
            return
        try:
            messages: list[TimedMessage] = OscPacket(data).messages
        except (ParseError, RecursionError, ValueError):  # what is no OSC, or is nested without end
            self._refuse(peer, "", NO_OSC_TEXT)
            return
        for due, message in messages:
            self._take_message(peer, due - time.time(), message.address, list(message))

    def _take_message(self, peer: Peer, wait: float, address: str, arguments: Arguments) -> None:
        """Carry out a message at its time, given in seconds from now."""
        if wait <= 0:
            self._carry_out(peer, address, arguments)
        elif wait <= LONGEST_WAIT_SECONDS:
            asyncio.get_running_loop().call_later(wait, self._carry_out, peer, address, arguments)
        else:
            self._refuse(peer, address, LATE_TEXT)

    def _carry_out(self, peer: Peer, address: str, arguments: Arguments) -> None:
        peer.client.caller = self._caller(peer.place, peer.bearer)  # a token may have gone while a bundle waited
        try:
            if address == TOKEN:
                self._take_token(peer, only_text(arguments))
            elif peer.client.caller.role == STRANGER:
                raise Refusal(Code.FORBIDDEN, TOKEN_TEXT)
            else:
                self._commands.carry_out(peer, address, arguments)
        except Refusal as refusal:
            self._refuse(peer, address, refusal.text)

    def _take_token(self, peer: Peer, bearer: str) -> None:
        if not self._admission.of_token(bearer):
            raise Refusal(Code.FORBIDDEN, UNKNOWN_TOKEN_TEXT)
        self._hub.part(peer.client)
        peer.bearer, peer.client.caller = bearer, self._caller(peer.place, bearer)
        peer.client.name = peer.client.caller.name
        peer.send(TOKEN, peer.client.caller.role)

    def _refuse(self, peer: Peer, address: str, text: str) -> None:
        if self._errors.take(peer.place[0]):
            peer.send(ERROR, address, text)
