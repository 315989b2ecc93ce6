"""Routes of the page that explains, for each kind of device, how to trust our certificate authority.

The routes are served by http too, for devices that do not trust the authority yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from quart import Quart, Response, request
from werkzeug.exceptions import NotFound

from remote_mixer.web.wire import dump

PAGE = "tls.html"
# The page loads this picture from https: if it loads, the device trusts us.
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
# For this type Safari offers a profile, Android and Windows a certificate: the oldest name of RFC 5280's DER.
AUTHORITY_TYPE = "application/x-x509-ca-cert"

SendFile = Callable[[str], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Trust:
    """Facts about the server's https, for the page.

    port       port for https
    host_for   given the host of a browser's request, returns the host under which this browser can trust the
               certificate; "" where there is none
    names      DNS names in the certificate
    title      name of our own authority, as a phone lists it; "" with a person's own certificate
    authority  the authority's certificate in DER
    """

    port: int
    host_for: Callable[[str], str]
    names: frozenset[str] = frozenset()
    title: str = ""
    authority: bytes = b""


def install(app: Quart, trust: Trust | None, send_file: SendFile) -> None:
    """Add the routes; without https the page explains how to switch it on. `send_file` serves a file of the page."""
    routes = _Routes(trust, send_file)
    app.get("/tls")(routes.page)
    app.get("/tls/about")(routes.about)
    app.get("/tls/ca.crt")(routes.authority)
    app.get("/tls/ok.svg")(routes.dot)


@dataclass(frozen=True)
class _Routes:
    trust: Trust | None
    send_file: SendFile

    async def page(self) -> Response:
        answer = await self.send_file(PAGE)
        policy = answer.headers["Content-Security-Policy"]
        answer.headers["Content-Security-Policy"] = policy.replace("img-src 'self'", f"img-src 'self' {self._secure()}")
        return answer

    async def about(self) -> Response:
        trust = self.trust
        title, authority = (trust.title, trust.authority) if trust else ("", b"")
        fingerprint = hashlib.sha256(authority).digest().hex(":").upper() if authority else ""
        about = {"on": trust is not None, "secure": self._secure(), "title": title, "fingerprint": fingerprint}
        return Response(dump(about), content_type="application/json")

    async def authority(self) -> Response:
        if not self.trust or not self.trust.authority:
            raise NotFound("This mixer has no certificate authority of its own: nothing has to be trusted.")
        # An attachment would only be saved by an iPhone, not offered as a profile.
        inline = {"Content-Disposition": 'inline; filename="remote-mixer-ca.crt"'}
        return Response(self.trust.authority, headers=inline, content_type=AUTHORITY_TYPE)

    async def dot(self) -> Response:
        headers = {"Cross-Origin-Resource-Policy": "cross-origin"}  # http and https are two origins
        return Response(DOT, headers=headers, content_type="image/svg+xml")

    def _secure(self) -> str:
        """Return the https origin for the browser of this request; "" where there is none."""
        called = urlsplit(f"//{request.host}").hostname or ""
        host = self.trust.host_for(called) if self.trust else ""
        bracketed = f"[{host}]" if ":" in host else host
        return f"https://{bracketed}:{self.trust.port}" if self.trust and host else ""
