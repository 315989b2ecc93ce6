"""Page that says what a browser or a proxy lacks, as the server fills it in: without scripts, on any road to it."""

from __future__ import annotations

import base64
import hashlib
import http.client
import re

import pytest

from remote_mixer.app import App
from tests.support.people import STRANGER, stranger
from tests.support.waiting import PATIENCE_SECONDS

BROWSER = {"Accept": "text/html,*/*;q=0.8", "Host": "127.0.0.1"}


class Shown:
    """Answer to a browser that opens an address."""

    def __init__(self, app: App, path: str, **headers: str) -> None:
        link = http.client.HTTPConnection("127.0.0.1", app.port, timeout=PATIENCE_SECONDS)
        link.request("GET", path, headers=BROWSER | {name.replace("_", "-"): value for name, value in headers.items()})
        answer = link.getresponse()
        self.status, self.headers, self.html = answer.status, answer.headers, answer.read().decode()
        link.close()

    @property
    def facts(self) -> set[str]:
        """Return what is shown, by the page's names."""
        return set(re.findall(r'data-for="([\w-]+)">', self.html)) - {"open"}


async def test_a_browser_that_brings_the_cookie_back_reads_that_it_keeps_them(app: App) -> None:
    first = Shown(app, "/why")
    assert (first.status, first.headers["Location"]) == (303, "why?back")
    cookie = first.headers["Set-Cookie"].partition(";")[0]
    assert Shown(app, "/why?back", Cookie=cookie).facts == {"unknown", "direct", "cookies-kept"}


async def test_a_browser_that_keeps_no_cookies_reads_that_and_what_to_do_without_a_script(app: App) -> None:
    assert Shown(app, "/why?back").facts == {"cookies", "direct"}


@pytest.mark.parametrize("header", [*STRANGER, "Via", "Forwarded", "CF-Connecting-IP"])
async def test_a_proxy_that_gives_itself_away_is_named(app: App, header: str) -> None:
    assert "proxy" in Shown(app, "/why?back", **{header: "1.1 x"}).facts


@pytest.mark.parametrize(
    ("path", "headers", "status", "reason"),
    [
        ("/", {"Host": "mixer.example.org"}, 403, "host"),
        ("/why", {"Host": "backend:5001"}, 403, "host"),
        ("/", {"X_Forwarded_Prefix": "/mixer"}, 403, "path"),
        ("/mixer/", {}, 404, "path"),
        ("/mixer/why", {}, 404, "path"),
        ("/apps/mixer/index.html", {}, 404, "path"),
        ("/nothing", {"X_Forwarded_For": "192.0.2.7"}, 404, "path"),
    ],
)
async def test_a_wrong_name_or_path_is_answered_by_the_same_page_whatever_the_proxy_tells(
    app: App, path: str, headers: dict[str, str], status: int, reason: str
) -> None:
    shown = Shown(app, path, **headers)
    assert (shown.status, shown.facts) == (status, {reason})


async def test_programs_and_the_page_s_own_scripts_get_no_page_in_place_of_a_file(app: App) -> None:
    assert Shown(app, "/mixer/main.js", Accept="*/*").headers["Content-Type"] == "application/json"
    assert Shown(app, "/api/v1/nothing").headers["Content-Type"] == "application/json"


async def test_the_page_needs_no_other_file_and_lets_its_own_script_run_alone(app: App) -> None:
    shown = Shown(app, "/why?back")
    assert re.findall(r"<(?:link|img|script src)[^>]*", shown.html) == []
    policy = shown.headers["Content-Security-Policy"]
    for tag in ("style", "script"):
        own = re.findall(rf"<{tag}>(.*?)</{tag}>", shown.html, re.DOTALL)
        assert len(own) == 1
        assert base64.b64encode(hashlib.sha256(own[0].encode()).digest()).decode() in policy
    assert "unsafe-inline" not in policy
    assert f"ws://{BROWSER['Host']}" in policy


async def test_everything_that_the_server_may_show_stands_on_the_page(app: App) -> None:
    html = Shown(app, "/why?back").html
    for fact in ("host", "path", "site", "cookies", "unknown", "proxy", "direct", "cookies-kept"):
        assert f'data-for="{fact}"' in html


async def test_the_page_gives_a_browser_the_cookie_once_so_that_its_first_try_to_join_succeeds(app: App) -> None:
    for path in ("/", "/index.html"):
        cookie = Shown(app, path).headers["Set-Cookie"].partition(";")[0]
        assert Shown(app, path, Cookie=cookie).headers["Set-Cookie"] is None
    page = stranger(app)
    page.headers |= {"Origin": f"http://127.0.0.1:{app.port}", "Cookie": cookie}
    assert page.join(name="Ann", pin=app.admission.pin or "").status == 201


async def test_a_browser_shows_that_it_keeps_cookies_before_a_person_is_made(app: App) -> None:
    page = stranger(app)
    page.headers["Origin"] = f"http://127.0.0.1:{app.port}"
    pin = app.admission.pin or ""
    known = len(app.admission.people())
    for proof in ({"pin": pin}, {"invitation": "none"}):
        refused = page.call("POST", "/join", {"name": "Ghost", **proof})
        assert (refused.status, refused.json["code"]) == (412, "no-cookies")
        assert "cookies" in refused.json["text"]
    assert len(app.admission.people()) == known
    page.headers["Cookie"] = refused.cookie
    assert page.join(name="Ann", pin=pin).status == 201
    assert [person.name for person in app.admission.people()[known:]] == ["Ann"]
