"""Quart app: the page's files, the socket and the API, behind the checks of `same_origin` and `authenticate`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from quart import Response, has_request_context, request
from werkzeug.exceptions import HTTPException, NotFound

from remote_mixer.desk.refusal import Refusal
from remote_mixer.hub.conversation import Spawn
from remote_mixer.hub.history import HistoryHandler
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.layers import LayerDesk
from remote_mixer.hub.membership import Membership
from remote_mixer.hub.requests import RequestHandler
from remote_mixer.hub.scene_frames import SceneDesk
from remote_mixer.people.layers import Layers
from remote_mixer.people.requests import Requests
from remote_mixer.web import (
    answers,
    api,
    authenticate,
    cookies,
    decisions,
    doctor,
    events,
    groups,
    history,
    joining,
    layers,
    people,
    same_origin,
    scenes,
    socket,
    surfaces,
    takes,
    tls_page,
    why,
)
from remote_mixer.web.authenticate import Authenticator
from remote_mixer.web.page_files import INDEX, NO_INLINE, Page, cache_rule, inline_hashes, media_type, pack
from remote_mixer.web.routes import PREFIX, Site, blueprint


@dataclass(frozen=True, slots=True)
class Services:
    """Rooms that the site serves, with the authenticator of its callers.

    specs   nickname of each console → its spec, as the options have it
    report  returns the text for a bug
    learning  the control surfaces, None where there are none
    links   returns kind, name and state of each surface and broker
    shelves  takes of each console that records, by its nickname
    """

    hub: Hub
    authenticator: Authenticator
    requests: Requests
    layers: Layers
    history: HistoryHandler
    scenes: SceneDesk
    specs: Mapping[str, str]
    report: Callable[[], Awaitable[str]]
    learning: surfaces.Learning | None
    links: api.Links
    shelves: Mapping[str, takes.Shelf]


def build(services: Services, page: Page, spawn: Spawn, https: tls_page.Trust | None = None) -> Site:
    """Return the app that serves the page, the socket and the API.

    spawn  runs work of the socket that may wait for the disk
    https  shown on the page that explains how to trust it; None where https is not served
    """
    app, hub, authenticator = Site(__name__, static_folder=None), services.hub, services.authenticator
    admission = authenticator.admission
    handler, membership = RequestHandler(hub, services.requests, admission), Membership(hub, admission)
    layer_desk = LayerDesk(hub, services.layers, admission)
    explained = why.Why(page[why.PAGE].decode())
    same_origin.install(app, explained.answer, https.names if https else ())
    authenticate.install(app, authenticator)
    cookies.install(app)
    app.register_blueprint(blueprint(api.Handlers(hub, services.specs, services.links), answers.refused_by_desk))
    app.register_blueprint(blueprint(events.Handlers(hub), answers.refused_by_desk))
    app.register_blueprint(blueprint(joining.Handlers(authenticator), answers.refused_by_route))
    app.register_blueprint(blueprint(people.Handlers(hub, admission, handler), answers.refused_by_route))
    app.register_blueprint(blueprint(decisions.Handlers(admission), answers.refused_by_route))
    app.register_blueprint(blueprint(surfaces.Handlers(services.learning), answers.refused_by_desk))
    app.register_blueprint(blueprint(doctor.Handlers(services.report), answers.refused_by_route))
    app.register_blueprint(blueprint(groups.Handlers(hub), answers.refused_by_desk))
    app.register_blueprint(blueprint(layers.Handlers(layer_desk), answers.refused_by_desk))
    app.register_blueprint(blueprint(history.Handlers(hub, services.history), answers.refused_by_desk))
    app.register_blueprint(blueprint(scenes.Handlers(services.scenes), answers.refused_by_desk))
    app.register_blueprint(blueprint(takes.Handlers(hub, services.shelves), answers.refused_by_desk))
    app.register_error_handler(Refusal, answers.refused_by_desk)
    app.register_error_handler(HTTPException, answers.http_fault)
    app.register_error_handler(NotFound, partial(_nowhere, explained))
    rooms = socket.Handlers(hub, membership, handler, layer_desk, services.history, services.scenes)
    socket.install(app, rooms, spawn)
    packed, inline = pack(page), {name: inline_hashes(page[name]) for name in page if name.endswith(".html")}

    @app.get("/")
    @app.get("/<path:name>")
    async def file(name: str = INDEX) -> Response:
        if name not in page:
            raise NotFound("The page has no such file.")
        accepts_gzip = name in packed and request.accept_encodings["gzip"] > 0
        answer = Response((packed if accepts_gzip else page)[name], content_type=media_type(name))
        answer.headers["Cache-Control"] = cache_rule(name)
        answer.headers["Vary"] = "Accept-Encoding"
        answer.headers["Content-Security-Policy"] = same_origin.content_policy(
            request.host, inline.get(name, NO_INLINE)
        )
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
