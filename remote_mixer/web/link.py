"""WebSocket link: sends messages to one page over its pipe."""

from __future__ import annotations

from remote_mixer.hub.client import Ending
from remote_mixer.hub.messages import Encode, Message
from remote_mixer.web.pipe import Pipe, ping_frame

CLOSE_CODES = {Ending.STOPPING: 1001, Ending.FLOOD: 1008, Ending.REPLACED: 4001, Ending.NOT_JOINED: 4003}


class WebSocketLink:
    """Link of the hub over a pipe; `encode` makes one WebSocket frame of each message."""

    __slots__ = ("_encode", "_pipe")

    def __init__(self, pipe: Pipe, encode: Encode) -> None:
        self._pipe, self._encode = pipe, encode

    @property
    def waiting(self) -> int:
        """Bytes that the kernel has not taken yet."""
        return self._pipe.waiting

    @property
    def last_received(self) -> float:
        """Loop time at which the last byte came in."""
        return self._pipe.last_received

    def size(self, message: Message) -> int:
        """Return the size of a message in bytes."""
        return len(message.encoded(self._encode))

    def send(self, *messages: Message) -> None:
        """Send messages in order, in one write."""
        if len(messages) == 1:
            self._pipe.write(messages[0].encoded(self._encode))
        elif messages:
            self._pipe.write(b"".join(message.encoded(self._encode) for message in messages))

    def ping(self) -> None:
        """Send a ping; browsers answer it without the page."""
        self._pipe.write(ping_frame())

    def close(self, ending: Ending) -> None:
        """Send the close frame, after which the connection ends."""
        self._pipe.close(CLOSE_CODES[ending])

    def abort(self) -> None:
        """Cut the connection."""
        self._pipe.abort()
