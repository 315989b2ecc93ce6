"""Quart app: the page's files, the socket and the API, behind the checks of `same_origin` and `authenticate`."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path, PurePosixPath

from quart import Response, has_request_context, request
from werkzeug.exceptions import HTTPException, NotFound

from remote_mixer.desk.refusal import Refusal
from remote_mixer.hub.conversation import Spawn
from remote_mixer.hub.history import HistoryHandler
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.membership import Membership
from remote_mixer.hub.requests import RequestHandler
from remote_mixer.people.requests import Requests
from remote_mixer.web import (
    answers,
    api,
    authenticate,
    cookies,
    decisions,
    doctor,
    history,
    joining,
    people,
    same_origin,
    socket,
    tls_page,
    why,
)
from remote_mixer.web.authenticate import Authenticator
from remote_mixer.web.routes import PREFIX, Site, blueprint

INDEX = "index.html"
WITH_COMMENTS = (".css", ".js")
COMMENT = re.compile(rb"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*$", re.DOTALL | re.MULTILINE)
"""Comment on lines of its own. Comments beside code stay: only a parser could tell them from strings."""
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
"""Media types of all the page's files. A system's own table may call a script plain text, which no browser runs."""
TEXT_FILES = (".css", ".html", ".js", ".svg")
"""Endings of files that are worth compressing."""

Page = Mapping[str, bytes]
"""Path, as `desk/link.js` → content. Read once at the start, so that no other file can be served."""


def read_page(folder: Path) -> Page:
    """Return all files of the page's folder, which are those with a media type."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in MEDIA_TYPES and path.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def media_type(name: str) -> str:
    """Return the media type of a file of the page; KeyError for an ending that is none of the page's."""
    return MEDIA_TYPES[PurePosixPath(name).suffix]


def fingerprint(page: Page) -> str:
    """Return a short hash of the page's files; an open page reloads when the server has another one."""
    digest = hashlib.sha256()
    for name, data in page.items():
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:16]


def pack(page: Page) -> Page:
    """Return the page's text files without comments, compressed by gzip, for phones on a crowded Wi-Fi.

    Comments are a sixth of the page. Their lines stay as empty lines, so that line numbers in errors are the source's.
    """
    return {
        name: gzip.compress(_without_comments(name, page[name]), mtime=0) for name in page if name.endswith(TEXT_FILES)
    }


def _without_comments(name: str, data: bytes) -> bytes:
    """Return a script or style sheet with its comment lines emptied, any other file as it is."""
    return COMMENT.sub(lambda comment: b"\n" * comment[0].count(b"\n"), data) if name.endswith(WITH_COMMENTS) else data


@dataclass(frozen=True, slots=True)
class Services:
    """Rooms that the site serves, with the authenticator of its callers; `report` returns the text for a bug."""

    hub: Hub
    authenticator: Authenticator
    requests: Requests
    history: HistoryHandler
    report: Callable[[], Awaitable[str]]


def build(services: Services, page: Page, spawn: Spawn, https: tls_page.Trust | None = None) -> Site:
    """Return the app that serves the page, the socket and the API.

    spawn  runs work of the socket that may wait for the disk
    https  shown on the page that explains how to trust it; None where https is not served
    """
    app, hub, authenticator = Site(__name__, static_folder=None), services.hub, services.authenticator
    admission = authenticator.admission
    handler = RequestHandler(hub, services.requests, admission)
    explained = why.Why(page[why.PAGE].decode())
    same_origin.install(app, explained.answer, https.names if https else ())
    authenticate.install(app, authenticator)
    cookies.install(app)
    app.register_blueprint(blueprint(api.Handlers(hub), answers.refused_by_desk))
    app.register_blueprint(blueprint(joining.Handlers(authenticator), answers.refused_by_route))
    app.register_blueprint(blueprint(people.Handlers(hub, admission, handler), answers.refused_by_route))
    app.register_blueprint(blueprint(decisions.Handlers(admission), answers.refused_by_route))
    app.register_blueprint(blueprint(doctor.Handlers(services.report), answers.refused_by_route))
    app.register_blueprint(blueprint(history.Handlers(hub, services.history), answers.refused_by_desk))
    app.register_error_handler(Refusal, answers.refused_by_desk)
    app.register_error_handler(HTTPException, answers.http_fault)
    app.register_error_handler(NotFound, partial(_nowhere, explained))
    socket.install(app, socket.Handlers(hub, Membership(hub, admission), handler, services.history), spawn)
    packed = pack(page)

    @app.get("/")
    @app.get("/<path:name>")
    async def file(name: str = INDEX) -> Response:
        if name not in page:
            raise NotFound("The page has no such file.")
        accepts_gzip = name in packed and request.accept_encodings["gzip"] > 0
        answer = Response((packed if accepts_gzip else page)[name], content_type=media_type(name))
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers["Vary"] = "Accept-Encoding"
        if accepts_gzip:
            answer.headers["Content-Encoding"] = "gzip"
        await answer.add_etag()
        return await answer.make_conditional(request)

    tls_page.install(app, https, file)
    why.install(app, explained)
    return app


async def _nowhere(explained: why.Why, fault: NotFound) -> Response:
    """Answer a request for what there is not: a person may have come below a path, by a proxy that names none."""
    if has_request_context() and same_origin.wants_page(request) and not request.path.startswith(PREFIX):
        return explained.answer(HTTPStatus.NOT_FOUND, same_origin.BELOW_PATH)
    return answers.http_fault(fault)
