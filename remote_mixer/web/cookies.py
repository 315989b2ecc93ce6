"""Our cookies in requests and answers: names, attributes, and whether a browser keeps them at all."""

from __future__ import annotations

from http import HTTPStatus

from quart import Quart, Response, request
from quart.wrappers import Request, Websocket

DEVICE = "device-"
"""Kind of the cookie by which a device of the sound crew is known after its session."""
TEST = "test-"
"""Kind of the cookie that a browser has to bring back before a person is made."""
TEST_SECONDS = 3600
KINDS = ("", DEVICE, TEST)
PAGES = ("/", "/index.html")


def cookie_name(incoming: Request | Websocket, kind: str = "") -> str:
    """Return the name of our cookie, of a session or of another kind.

    It holds the port, because cookies are shared between the ports of a host.
    """
    _, port = incoming.scope["server"] or ("", 0)
    name = f"remote-mixer-{kind}{port}"
    return f"__Host-{name}" if is_safe(incoming) else name


def is_safe(incoming: Request | Websocket) -> bool:
    """Whether a request came by https, judged by our own end of the connection."""
    return incoming.scope["scheme"] in {"https", "wss"}


def set_cookie(response: Response, value: str, seconds: int, kind: str = "") -> None:
    """Set the session's or another cookie; an age of 0 deletes it. Only our own pages' requests carry it."""
    name, safe = cookie_name(request, kind), is_safe(request)
    response.set_cookie(name, value, max_age=seconds, path="/", secure=safe, httponly=True, samesite="Strict")


def set_test_cookie(response: Response) -> None:
    """Set the cookie by which `keeps_cookies` can tell at the next request."""
    set_cookie(response, "1", TEST_SECONDS, TEST)


def install(app: Quart) -> None:
    """Give each browser that opens the page the test cookie, so that it can show it when its person joins."""

    @app.after_request
    async def try_cookies(response: Response) -> Response:
        if request.path in PAGES and response.status_code < HTTPStatus.BAD_REQUEST and not keeps_cookies(request):
            set_test_cookie(response)
        return response


def keeps_cookies(incoming: Request) -> bool:
    """Whether a request brings any cookie of ours back."""
    return any(cookie_name(incoming, kind) in incoming.cookies for kind in KINDS)
