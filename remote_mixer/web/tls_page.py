"""The way to https: a page that walks each device through trusting our authority, and what that page needs.

All of it is served by http too, for who does not trust us yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from quart import Quart, Response, request
from werkzeug.exceptions import NotFound

from remote_mixer.web.same_origin import content_policy
from remote_mixer.web.wire import dump

PAGE = "tls.html"
# Loaded by the page as a picture from https: browsers tell nobody why a picture failed, and that one did is enough.
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
# Safari offers a profile for this type, Android and Windows a certificate (RFC 5280's DER under its oldest name).
AUTHORITY_TYPE = "application/x-x509-ca-cert"

SendFile = Callable[[str], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Trust:
    """What a server tells of its https.

    port       where it listens
    host_for   the name or address under which a browser trusts us that now calls us so; "" where it cannot
    names      names that the certificate is for
    title      of our own authority, as it stands in a phone's list; "" with a person's own certificate
    authority  its certificate in DER
    """

    port: int
    host_for: Callable[[str], str]
    names: frozenset[str] = frozenset()
    title: str = ""
    authority: bytes = b""


def install(app: Quart, trust: Trust | None, send_file: SendFile) -> None:
    """Add the routes; without https the page says how to have it. `send_file` serves one of the page's files."""
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
        policy = content_policy(request.host)
        answer.headers["Content-Security-Policy"] = policy.replace("img-src 'self'", f"img-src 'self' {self._secure()}")
        return answer

    async def about(self) -> Response:
        trust = self.trust
        title, authority = (trust.title, trust.authority) if trust else ("", b"")
        fingerprint = hashlib.sha256(authority).digest().hex(":").upper() if authority else ""
        told = {"on": trust is not None, "secure": self._secure(), "title": title, "fingerprint": fingerprint}
        return Response(dump(told), content_type="application/json")

    async def authority(self) -> Response:
        if not self.trust or not self.trust.authority:
            raise NotFound("This mixer has no certificate authority of its own: nothing has to be trusted.")
        # An iPhone would only keep what comes as an attachment.
        inline = {"Content-Disposition": 'inline; filename="remote-mixer-ca.crt"'}
        return Response(self.trust.authority, headers=inline, content_type=AUTHORITY_TYPE)

    async def dot(self) -> Response:
        shown = {"Cross-Origin-Resource-Policy": "cross-origin"}  # http and https are two origins
        return Response(DOT, headers=shown, content_type="image/svg+xml")

    def _secure(self) -> str:
        """Return where this very browser finds us by https, as an origin; "" where it does not."""
        called = urlsplit(f"//{request.host}").hostname or ""
        host = self.trust.host_for(called) if self.trust else ""
        bracketed = f"[{host}]" if ":" in host else host
        return f"https://{bracketed}:{self.trust.port}" if self.trust and host else ""
