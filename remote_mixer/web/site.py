"""The Quart app: the page's files, the socket and the API, behind the checks of `access`."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable
from pathlib import Path

from quart import Quart, Response, send_from_directory
from werkzeug.exceptions import HTTPException

from remote_mixer.web import access, api, socket
from remote_mixer.web.hub import Hub

# Windows may call a script text/plain in its registry, and a browser then refuses to run it.
mimetypes.add_type("text/javascript", ".js")


def build(hub: Hub, ui: Path, qr_svg: Callable[[str], str], spawn: socket.Spawn) -> Quart:
    """Return the app that serves the page in the folder `ui`, and the hub's roads."""
    app = Quart(__name__, static_folder=None)
    access.install(app)
    app.register_blueprint(api.blueprint(hub, qr_svg))
    app.register_error_handler(HTTPException, api.http_fault)
    socket.install(app, hub, spawn)

    @app.get("/")
    @app.get("/<path:name>")
    async def page(name: str = "index.html") -> Response:
        answer = await send_from_directory(ui, name)
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    return app


def fingerprint(ui: Path) -> str:
    """Return a short hash of all the page's files: a page that meets another one reloads itself."""
    digest = hashlib.sha256()
    for file in sorted(path for path in ui.rglob("*") if path.is_file()):
        digest.update(file.relative_to(ui).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
