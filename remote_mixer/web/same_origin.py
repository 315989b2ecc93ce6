"""Same-origin checks: browsers may use this server from pages that it served itself, under a name of its own.

Two attacks are refused here. A page of another site can open a WebSocket to us, which no browser forbids; its `Origin`
shows that. And another site's name can be pointed at our address after its page has loaded (DNS rebinding); its `Host`
shows that, so of all hosts only IP addresses and our own names pass. Shells and scripts send no Origin.
"""

import ipaddress
import json
import re
import socket
from collections.abc import Callable, Collection
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from quart import Quart, Response, request, websocket
from quart.wrappers import Request, Websocket

from remote_mixer.lan import is_loopback
from remote_mixer.web.page_files import NO_INLINE, Inline

# Names under which the mixer is announced; with several servers on the network, the later ones have a number.
SERVICE_NAMES = ("remote-mixer.local", *(f"remote-mixer-{number}.local" for number in range(2, 21)))
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OF_BROWSERS = re.compile(
    r"host|connection|keep-alive|upgrade|user-agent|accept(-(charset|encoding|language))?|te|priority|expect|range|"
    r"if-((none-)?match|(un)?modified-since|range)|cache-control|pragma|content-(type|length|encoding)|"
    r"transfer-encoding|origin|referer|cookie|authorization|dnt|"
    r"upgrade-insecure-requests|save-data|service-worker|alt-used|purpose|x-moz|"
    r"sec-(ch|fetch|websocket)-.*|sec-(gpc|purpose)|(device-memory|dpr|viewport-width|width|rtt|downlink|ect)",
    re.IGNORECASE,
)
"""Headers that browsers, our own shell and common programs send by themselves. Any other may be a proxy's."""
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+(%25[\w.-]+)?\]|[\w.-]+)(:\d*)?", re.ASCII)
PORTS = {"http": 80, "https": 443}
PREFIXES = ("X-Forwarded-Prefix", "X-Script-Name")
"""Headers by which a proxy says below which path it serves us."""
WRONG_HOST, BELOW_PATH, OTHER_SITE = "host", "path", "site"
"""Reasons of a refusal, as the page that explains them names them."""
TEXTS = {
    BELOW_PATH: "The mixer cannot stand below a path of an address: give it a name or a port of its own in the proxy.",
    WRONG_HOST: "This address is not one of the mixer's own. Open it by its number, as the Join page shows it. "
    "A reverse proxy has to pass on the browser's Host.",
    OTHER_SITE: "Pages of other sites may not use this mixer. Open the mixer's own page.",
}
OWN_SITE = frozenset({"same-origin", "none"})
"""Values of `Sec-Fetch-Site` for our own pages and for addresses that a person typed."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
Explain = Callable[[HTTPStatus, str], Response]
"""Makes the page of a refusal, by status and reason."""


def own_names(allow: Collection[str] = ()) -> frozenset[str]:
    """Return the names of this computer, in lower case, with those of `allow`; `*.a` allows all names below a."""
    name = socket.gethostname().lower().removesuffix(".local")
    return frozenset({"localhost", *SERVICE_NAMES, name, f"{name}.local", *(extra.lower() for extra in allow)})


def host_is_ours(host: str, names: Collection[str]) -> bool:
    """Whether a Host header is an IP address or one of the names, with or without a port."""
    parts = _split(f"http://{host}") if HOST.fullmatch(host) else None
    if parts is None:
        return False
    name = parts.hostname or ""
    name = name.removesuffix(".")
    return name in names or f"*.{name.partition('.')[2]}" in names or _is_address(name)


def origin_is_ours(origin: str | None, host: str) -> bool:
    """Whether an Origin header names the host and port that the request went to. Shells send no Origin, and pass."""
    if origin is None:
        return True
    theirs = _split(origin)
    if theirs is None or theirs.scheme not in PORTS or origin != f"{theirs.scheme}://{theirs.netloc}":
        return False
    ours = _split(f"{theirs.scheme}://{host}")
    return ours is not None and _host_and_port(theirs) == _host_and_port(ours)


def host_is_loopback(host: str) -> bool:
    """Whether a checked Host header is a loopback name or address."""
    parts = _split(f"http://{host}")
    name = (parts.hostname or "").removesuffix(".") if parts else ""
    return is_loopback(name)


def may_come_by_proxy(incoming: Request | Websocket) -> bool:
    """Whether a proxy may have passed a request on: by a header that is no browser's, or not by HTTP/1.1.

    HTTP/1.0 is what older nginx speaks. A tunnel or a proxy that adds nothing cannot be told from a browser.
    """
    sent = (name.decode("latin-1") for name, _ in incoming.scope["headers"])  # Quart adds one of its own to `headers`
    is_direct = all(OF_BROWSERS.fullmatch(name) for name in sent)
    return not is_direct or incoming.scope.get("http_version") != "1.1"


def content_policy(host: str, inline: Inline = NO_INLINE) -> str:
    """Return the Content-Security-Policy for a page under this checked host, with its inline parts by their hashes.

    It names the WebSockets because Safari before 15.4 does not count them as 'self'.
    """
    scripts, styles = (" ".join(["'self'", *hashes]) for hashes in inline)
    return (
        f"default-src 'self'; script-src {scripts}; style-src {styles}; connect-src 'self' ws://{host} wss://{host}; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def install(app: Quart, explain: Explain, allow: Collection[str] = ()) -> None:
    """Refuse requests of other sites with 403 before any route runs, and set security headers on every answer."""
    names = own_names(allow)

    def refuse(incoming: Request | Websocket) -> Response | None:
        reason = _reason(incoming, names)
        answer = _answer(incoming, reason, explain) if reason else None
        return answer and with_headers(answer, incoming.headers.get("Host", ""), names)

    @app.before_request
    async def check_request() -> Response | None:
        return refuse(request)

    @app.before_websocket
    async def check_websocket() -> Response | None:
        return refuse(websocket)

    @app.after_request
    async def set_headers(response: Response) -> Response:
        return with_headers(response, request.headers.get("Host", ""), names)


def with_headers(response: Response, host: str, names: Collection[str]) -> Response:
    """Set the security headers on an answer; headers that it already has stay."""
    policy = content_policy(host if host_is_ours(host, names) else "localhost")
    for name, value in {**HEADERS, "Content-Security-Policy": policy, "Cache-Control": "no-store"}.items():
        response.headers.setdefault(name, value)
    return response


def _reason(incoming: Request | Websocket, names: Collection[str]) -> str:
    """Return why a request is refused, "" where it is not."""
    host = incoming.headers.get("Host", "")
    if any(incoming.headers.get(name, "/").strip("/") for name in PREFIXES):
        return BELOW_PATH
    if not host_is_ours(host, names):
        return WRONG_HOST
    return "" if _page_is_ours(incoming, host) else OTHER_SITE


def wants_page(incoming: Request | Websocket) -> bool:
    """Whether a person opens an address: browsers ask for HTML then, their scripts and other programs do not."""
    return "text/html" in incoming.headers.get("Accept", "")


def _answer(incoming: Request | Websocket, reason: str, explain: Explain) -> Response:
    """Return a refusal: a page for a person who opens an address, JSON for everything else."""
    if wants_page(incoming):
        return explain(HTTPStatus.FORBIDDEN, reason)
    body = json.dumps({"code": "forbidden", "text": TEXTS[reason], "path": incoming.path})
    return Response(body, HTTPStatus.FORBIDDEN, content_type="application/json")


def _page_is_ours(incoming: Request | Websocket, host: str) -> bool:
    """Whether our own page or no page sends a request: by Origin, and Sec-Fetch-Site unless it only reads."""
    origins = incoming.headers.getlist("Origin")
    reads_only = isinstance(incoming, Request) and incoming.method in SAFE_METHODS
    is_own = len(origins) <= 1 and origin_is_ours(next(iter(origins), None), host)
    return is_own and (reads_only or site_is_own(incoming))


def site_is_own(incoming: Request | Websocket) -> bool:
    """Whether `Sec-Fetch-Site`, where the browser sends it, names our own site or none."""
    return all(site.strip().lower() in OWN_SITE for site in incoming.headers.getlist("Sec-Fetch-Site"))


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError for a bad port
    except ValueError:
        return None
    return parts


def _host_and_port(parts: SplitResult) -> tuple[str, int]:
    return (parts.hostname or "", parts.port or PORTS[parts.scheme])


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
