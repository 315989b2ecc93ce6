"""Peer: one program that speaks OSC with the bridge, by its address and port."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from remote_mixer.bridges.osc.subscriber import Subscriber
from remote_mixer.bridges.osc.values import message
from remote_mixer.desk.params import Value
from remote_mixer.hub.client import Client

Place = tuple[str, int]


@dataclass(eq=False)
class Peer:
    """One program.

    place   address and port that its datagrams come from, and answers go to
    client  the program as a client of the hub; it joins with its first subscription
    link    its subscriptions
    bearer  secret of its token; "" for none
    last    when its last datagram came, in seconds of the monotonic clock
    """

    place: Place
    client: Client
    link: Subscriber
    send_bytes: Callable[[bytes], None]
    bearer: str = ""
    last: float = field(default_factory=time.monotonic)

    def send(self, address: str, *arguments: Value | int) -> None:
        """Send it a message."""
        self.send_bytes(message(address, *arguments))
