"""A page of another site in the host's own browser: whatever it sends to the mixer does nothing."""

from __future__ import annotations

import http.client
import json
import re

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from remote_mixer.app import App
from tests.attacks.cast import without
from tests.attacks.test_table import PLACES, ROUTES
from tests.support.people import host
from tests.support.waiting import PATIENCE_SECONDS

CHANGING = sorted(route for route in ROUTES if not route.startswith("GET"))
SITES = {
    "a form or a script": {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
    "a page without an origin": {"Origin": "null"},
    "a browser that names no origin": {"Sec-Fetch-Site": "cross-site"},
    "another server on this computer": {"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-site"},
    "a name that was bound to this computer": {"Host": "evil.example", "Origin": "http://evil.example"},
}
FORMS = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]


def answered(app: App, route: str, headers: dict[str, str]) -> int:
    """Return the status of a call that comes from this computer, as the host's own browser's do."""
    method, rule = route.split()
    path = re.sub(r"<([^>]+)>", lambda name: PLACES.get(name[1], "none"), rule)
    link = http.client.HTTPConnection("127.0.0.1", app.port, timeout=PATIENCE_SECONDS)
    try:
        link.request(method, path, json.dumps(ROUTES[route][1] or {}), headers)
        return link.getresponse().status
    finally:
        link.close()


def standing(app: App) -> object:
    """Return all that a call could have changed."""
    told = [host(app).call("GET", path).body for path in ("/policy", "/people", "/invitations", "/tokens", "/messages")]
    return dict(app.desk.values), told, app.admission.pin


@pytest.mark.parametrize("site", SITES)
async def test_another_site_changes_nothing_whichever_route_it_calls(app: App, site: str) -> None:
    before = standing(app)
    headers = {"Content-Type": "application/json"} | SITES[site]
    assert {answered(app, route, headers) for route in CHANGING} == {403}
    assert standing(app) == before


@pytest.mark.parametrize("kind", FORMS)
async def test_what_a_form_can_send_is_nowhere_taken_for_a_call_not_even_from_a_browser_that_tells_nothing(
    app: App, kind: str
) -> None:
    before = standing(app)
    posts = [route for route in CHANGING if route.startswith("POST")]
    assert {route: answered(app, route, {"Content-Type": kind}) for route in posts} == dict.fromkeys(posts, 415)
    assert standing(app) == before


@pytest.mark.parametrize("site", [site for site in SITES if site != "a browser that names no origin"])
async def test_another_site_opens_no_link(app: App, site: str) -> None:
    told = {name.replace("-", "_"): value for name, value in SITES[site].items()}
    headers = without(host(app), **told).headers
    named = headers.pop("Host", f"127.0.0.1:{app.port}")
    with pytest.raises(InvalidStatus) as refused:
        async with connect(f"ws://{named}/ws", host="127.0.0.1", port=app.port, additional_headers=headers):
            pass
    assert refused.value.response.status_code == 403
