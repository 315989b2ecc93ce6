"""All changes to the internals of Hypercorn and Quart: limits against harmful peers, and a pipe for each WebSocket.

Written for hypercorn 0.18, quart 0.22 and 0.23, wsproto 1.x. `patch` checks that their internals look the same, and
raises if not; tests/web/test_hypercorn_patches.py shows the effect of each patch. The patches, and why:

* one message is at most 64 KiB, counted before it is kept; the sender gets close code 1009 and is cut off;
* a request's body is at most 1 MiB, in chunks or not;
* permessage-deflate is never agreed: it doubles the cost of a frame, and a small frame could fill the memory;
* frames that end no message, as pings, pongs and empty fragments, are few; a page that sends more gets 1008, unread;
* a broken frame ends the link with 1002, a text that is no UTF-8 with 1007, as RFC 6455 asks;
* the queues between socket and handler are bounded, and a handler that ends frees a reader that waits for room in them;
* HTTP/2 without TLS is not spoken: it would bypass all of these limits;
* a request with two lengths, or a target of another form, is refused and closed; the host in a target wins over Host;
* a refused or malformed handshake, as one without a true key, ends its connection; so does an unanswered close;
* a body has to keep coming: after BODY_SECONDS, by at least BODY_BYTES_A_SECOND on average;
* each connection has a place, whose stage is noted, and open ones can be cut; a stranger's requests are counted;
* a connection that its peer has ended is closed at once, not after the three seconds of an idle one;
* a `Pipe` for each WebSocket writes whole frames to the transport, so that a frame is built once for all pages.
"""

from types import ModuleType

import hypercorn.protocol
import hypercorn.protocol.h11
import hypercorn.protocol.ws_stream
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.protocol.http_stream import HTTPStream
from hypercorn.protocol.ws_stream import WSStream
from quart import Quart
from quart.asgi import ASGIWebsocketConnection
from wsproto.connection import Connection

from remote_mixer.web.http_patches import Exchange, Http1
from remote_mixer.web.websocket_patches import BoundedWebsocket, Frames, Stream

_KNOWN_METHODS = {
    TCPServer: ("run", "protocol_send", "_read_data", "_close"),
    H11Protocol: ("_check_protocol", "_create_stream", "_send_error_response"),
    HTTPStream: ("handle", "app_send"),
    Connection: ("events",),
    WSStream: ("handle", "app_send", "_handle_events", "_send_wsproto_event", "_accept", "_send_error_response"),
    ASGIWebsocketConnection: ("_create_websocket_from_scope", "handle_websocket", "handle_messages"),
}


def patch(app: Quart) -> None:
    """Patch Hypercorn for this process and Quart for this app; calling it again is harmless.

    Raises:
        RuntimeError: the libraries' internals are not the known ones.
    """
    for known, names in _KNOWN_METHODS.items():
        missing = [name for name in names if not hasattr(known, name)]
        if missing:
            raise RuntimeError(
                f"{known.__module__} has changed ({missing} gone): see remote_mixer/web/hypercorn_patches.py"
            )
    for module, name, replacement in _REPLACEMENTS:
        setattr(module, name, replacement)
    app.asgi_websocket_class = BoundedWebsocket


_REPLACEMENTS: tuple[tuple[ModuleType, str, type], ...] = (
    (hypercorn.protocol, "H11Protocol", Http1),
    (hypercorn.protocol.h11, "HTTPStream", Exchange),
    (hypercorn.protocol.h11, "WSStream", Stream),
    (hypercorn.protocol.ws_stream, "Connection", Frames),
)
