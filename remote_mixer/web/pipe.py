"""Fast output to pages: a frame is built once for all pages and written to each transport, past the ASGI layers.

Frames of a server carry no mask, so the same bytes serve everybody. For each page this costs about a fifth of Quart's
`websocket.send` (measured). `hypercorn_patches` makes the pipes.
"""

import asyncio

from hypercorn.typing import WWWScope
from wsproto.connection import Connection
from wsproto.events import CloseConnection

CLOSE_SECONDS = 2.0  # from a close frame to the cut

SCOPE_KEY = "remote_mixer.pipe"


def pipe_of(scope: WWWScope) -> "Pipe":
    """Return the pipe of the WebSocket that this ASGI scope belongs to (`websocket.scope` in Quart).

    Raises:
        RuntimeError: the scope does not come from a server with `hypercorn_patches` applied.
    """
    pipe = scope.get("state", {}).get(SCOPE_KEY)
    if not isinstance(pipe, Pipe):
        raise RuntimeError("this WebSocket is not served through remote_mixer/web/hypercorn_patches.py")
    return pipe


def _frame(opcode: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 65536:
        return bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big") + payload


def text_frame(text: str | bytes) -> bytes:
    """Return a whole server frame of text; bytes are taken as UTF-8."""
    return _frame(0x1, text.encode() if isinstance(text, str) else text)


def binary_frame(data: bytes) -> bytes:
    """Return a whole server frame of bytes."""
    return _frame(0x2, data)


def ping_frame(payload: bytes = b"") -> bytes:
    """Return a ping frame of at most 125 bytes; browsers answer it by themselves, which `Pipe.last_received` shows."""
    return _frame(0x9, payload)


class Pipe:
    """Fast output to one page: writes whole frames to the transport, without waiting.

    Open from the accepted handshake to the first close frame of either side; before and after, writing does nothing.
    Hypercorn writes whole frames too, so both may write in turn. To be used in the loop's thread only.
    """

    __slots__ = ("_beneath", "_cut", "_frames", "_loop", "_transport", "last_received")

    def __init__(
        self,
        transport: asyncio.WriteTransport,
        loop: asyncio.AbstractEventLoop,
        beneath: asyncio.WriteTransport | None = None,
    ) -> None:
        """Make a closed pipe; `beneath` is the transport below TLS, which has a buffer of its own."""
        self._transport = transport
        self._beneath = beneath
        self._loop = loop
        self._frames: Connection | None = None
        self._cut: asyncio.TimerHandle | None = None
        self.last_received = loop.time()
        """Loop time at which the last bytes of this page were read, pongs included."""

    @property
    def open(self) -> bool:
        """Whether a frame written now would be sent."""
        return self._frames is not None and not self._transport.is_closing()

    @property
    def waiting(self) -> int:
        """Bytes that the kernel has not taken yet."""
        beneath = self._beneath.get_write_buffer_size() if self._beneath else 0
        return self._transport.get_write_buffer_size() + beneath

    def write(self, frame: bytes) -> None:
        """Send one or more whole frames."""
        if self._frames is not None and not self._transport.is_closing():
            self._transport.write(frame)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Send the close frame; the connection ends when the page answers, at the latest after CLOSE_SECONDS."""
        if self.open and self._frames is not None:
            self._transport.write(self._frames.send(CloseConnection(code, reason)))
            self.ended()

    def abort(self) -> None:
        """Cut the connection now; unsent bytes are dropped."""
        self._transport.abort()

    def accepted(self, frames: Connection) -> None:
        """Open the pipe once the handshake is sent. `frames` is wsproto's connection, which encodes our close frame."""
        self._frames = frames

    def ended(self, seconds: float = CLOSE_SECONDS) -> None:
        """Close the pipe once a close frame or an answer's end is sent; cut a connection still open `seconds` later."""
        self._frames = None
        if self._cut is None:
            self._cut = self._loop.call_later(seconds, self._transport.abort)

    def gone(self) -> None:
        """Close the pipe of a connection that has ended."""
        self._frames = None
        if self._cut is not None:
            self._cut.cancel()
