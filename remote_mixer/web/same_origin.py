"""Who may talk to this server from a browser: pages that we served ourselves, under an address that is ours.

Two attacks are met here. A page of another site may open a WebSocket to us, which no browser forbids: its `Origin`
gives it away. And a name of another site may be pointed at our address once its page is loaded (DNS rebinding): its
`Host` gives it away, so an address in digits passes, and of names only our own. Shells and scripts send no Origin.
"""

import ipaddress
import json
import re
import socket
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from quart import Quart, Response, request, websocket
from quart.wrappers import Request, Websocket

from remote_mixer.lan import is_loopback

# What the mixer is announced as; beside another server on the network it takes a number.
SERVICE_NAMES = ("remote-mixer.local", *(f"remote-mixer-{number}.local" for number in range(2, 21)))
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BY_PROXIES = re.compile(
    r"forwarded|via|cdn-loop|((true|fastly|proxy|wl-proxy)-)?client-ip|(cf|tailscale)-.*|"
    r"x-(forwarded|original|rewrite|real|remote|client|cluster-client|proxyuser|host|azure|amzn|arr|envoy).*",
    re.IGNORECASE,
)
"""The headers by which proxies of all makers tell of themselves."""
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+(%25[\w.-]+)?\]|[\w.-]+)(:\d*)?", re.ASCII)
PORTS = {"http": 80, "https": 443}
OWN_SITE = frozenset({"same-origin", "none"})
"""What a browser says in `Sec-Fetch-Site` of our own pages, and of what a person typed."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def own_names(allow: Collection[str] = ()) -> frozenset[str]:
    """The names under which this computer may be called, in small letters; `allow` adds to them, `*.a` all below a."""
    name = socket.gethostname().lower().removesuffix(".local")
    return frozenset({"localhost", *SERVICE_NAMES, name, f"{name}.local", *(extra.lower() for extra in allow)})


def host_is_ours(host: str, names: Collection[str]) -> bool:
    """Whether a Host header is an address in digits or one of the names, with or without a port."""
    parts = _split(f"http://{host}") if HOST.fullmatch(host) else None
    if parts is None:
        return False
    name = parts.hostname or ""
    name = name.removesuffix(".")
    return name in names or f"*.{name.partition('.')[2]}" in names or _is_address(name)


def origin_is_ours(origin: str | None, host: str) -> bool:
    """Whether an Origin header names the very host and port that the request went to; none at all is a shell."""
    if origin is None:
        return True
    theirs = _split(origin)
    if theirs is None or theirs.scheme not in PORTS or origin != f"{theirs.scheme}://{theirs.netloc}":
        return False
    ours = _split(f"{theirs.scheme}://{host}")
    return ours is not None and _place(theirs) == _place(ours)


def host_is_loopback(host: str) -> bool:
    """Whether a Host header, which has been checked, names this computer's innermost address."""
    parts = _split(f"http://{host}")
    name = (parts.hostname or "").removesuffix(".") if parts else ""
    return is_loopback(name)


def came_by_proxy(asked: Request | Websocket) -> bool:
    """Whether a proxy says that it stands in between; one that says nothing may still speak HTTP/1.0, as nginx did."""
    told = any(BY_PROXIES.fullmatch(name) for name, _ in asked.headers.items())
    return told or asked.scope.get("http_version") == "1.0"


def content_policy(host: str) -> str:
    """The Content-Security-Policy for a page under this host, which has been checked.

    The sockets are named because Safari before 15.4 does not count them as 'self'.
    """
    return (
        f"default-src 'self'; connect-src 'self' ws://{host} wss://{host}; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def install(app: Quart, allow: Collection[str] = ()) -> None:
    """Refuse strangers with 403 before any route is looked up, and put the security headers on every answer."""
    names = own_names(allow)

    @app.before_request
    async def check_request() -> Response | None:
        return _refusal(request, names)

    @app.before_websocket
    async def check_websocket() -> Response | None:
        return _refusal(websocket, names)

    @app.after_request
    async def dress_answer(response: Response) -> Response:
        return dress(response, request.headers.get("Host", ""), names)


def dress(response: Response, host: str, names: Collection[str]) -> Response:
    """Put the security headers on an answer; what it brings of its own stays."""
    policy = content_policy(host if host_is_ours(host, names) else "localhost")
    for name, value in {**HEADERS, "Content-Security-Policy": policy, "Cache-Control": "no-store"}.items():
        response.headers.setdefault(name, value)
    return response


def _refusal(asked: Request | Websocket, names: Collection[str]) -> Response | None:
    host = asked.headers.get("Host", "")
    text = ""
    if not host_is_ours(host, names):
        text = "This address is not one of the mixer's own. Open it by its number, as the Join page shows it."
    elif not _page_is_ours(asked, host):
        text = "Pages of other sites may not use this mixer. Open the mixer's own page."
    if not text:
        return None
    body = json.dumps({"code": "forbidden", "text": text, "path": asked.path})
    return dress(Response(body, 403, content_type="application/json"), host, names)


def _page_is_ours(asked: Request | Websocket, host: str) -> bool:
    """Whether our own page asks, or none: by its Origin and, for all but reading, by what the browser says of it."""
    origins = asked.headers.getlist("Origin")
    reads = isinstance(asked, Request) and asked.method in SAFE_METHODS
    is_own = len(origins) <= 1 and origin_is_ours(next(iter(origins), None), host)
    return is_own and (reads or site_is_own(asked))


def site_is_own(asked: Request | Websocket) -> bool:
    """Whether the browser, if it is one that says so, does not say that a page of another site asks."""
    return all(site.strip().lower() in OWN_SITE for site in asked.headers.getlist("Sec-Fetch-Site"))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError when it is no port
    except ValueError:
        return None
    return parts


def _place(parts: SplitResult) -> tuple[str, int]:
    return (parts.hostname or "", parts.port or PORTS[parts.scheme])


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
