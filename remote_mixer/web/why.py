"""Page that says what a browser or a proxy lacks, and what to do: `/why`, and every refusal that a person sees.

It works without modules, scripts and cookies, under any name and below any path, so it is one file that holds its own
style and script. The server shows what it sees of a request; the page's script checks the rest.
"""

from __future__ import annotations

import base64
import hashlib
import re
from http import HTTPStatus

from quart import Quart, Response, request

from remote_mixer.web.cookies import keeps_cookies, set_test_cookie
from remote_mixer.web.same_origin import may_come_by_proxy

PAGE = "why.html"
COOKIES, NOTHING_KNOWN = "cookies", "unknown"
"""Reasons that the server can see, as the page names them, beside those of `same_origin`."""
BACK = "back"
"""Parameter of the second request, which has to bring the cookie of the first one back."""


class Why:
    """The page, filled in for one request at a time."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._policy = (
            f"default-src 'none'; style-src {_hashes('style', html)}; script-src 'self' {_hashes('script', html)}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )

    def answer(self, status: HTTPStatus, *facts: str, host: str = "") -> Response:
        """Return the page with what was seen, by the page's names; `host` is a checked one, for the live line."""
        html = self._html
        for name in facts:
            html = html.replace(f'data-for="{name}" hidden', f'data-for="{name}"')
        answer = Response(html, status, content_type="text/html; charset=utf-8")
        connect = f"; connect-src ws://{host} wss://{host}" if host else ""
        answer.headers["Content-Security-Policy"] = self._policy + connect
        answer.headers["Cache-Control"] = "no-store"
        return answer


def install(app: Quart, why: Why) -> None:
    """Serve `/why`; a first request only gets a cookie, which the second one has to bring back."""

    @app.get("/why")
    async def explain() -> Response:
        kept = keeps_cookies(request)
        if BACK not in request.args and not kept:
            answer = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"why?{BACK}"})
            set_test_cookie(answer)
            return answer
        between = "proxy" if may_come_by_proxy(request) else "direct"
        facts = (NOTHING_KNOWN, between, "cookies-kept") if kept else (COOKIES, between)
        return why.answer(HTTPStatus.OK, *facts, host=request.host)


def _hashes(tag: str, html: str) -> str:
    """Return the hashes by which a policy lets the page's own styles or scripts run, and no other."""
    found = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in found)
    return " ".join(f"'sha256-{digest}'" for digest in digests)
