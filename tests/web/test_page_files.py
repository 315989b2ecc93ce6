"""Files of the page: their media types, how they are packed, and how long a browser may keep them."""

from __future__ import annotations

import gzip
import mimetypes
import re
from pathlib import Path

import pytest

from remote_mixer.app import App
from remote_mixer.resources import resource_path
from remote_mixer.web.page_files import COMMENT, inline_hashes, media_type, pack, read_page
from tests.web.test_api import call

UI = Path(__file__).parents[2] / "ui"


def script_of(app: App) -> str:
    """Return the path of the page's script, as its HTML names it."""
    found = re.search(r'<script type="module" src="([^"]+)"', call(app, "GET", "/").body.decode())
    assert found
    return f"/{found[1]}"


async def test_a_browser_keeps_script_and_style_for_good_and_asks_for_the_page_each_time(app: App) -> None:
    kept = call(app, "GET", script_of(app)).headers["Cache-Control"]
    assert ("immutable" in kept, "max-age=31536000" in kept) == (True, True)
    assert {call(app, "GET", path).headers["Cache-Control"] for path in ("/", "/sw.js", "/tls")} == {"no-cache"}
    assert "no-store" in call(app, "GET", "/kept/0123456789abcdef/main.js").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/sw.js"])
async def test_a_page_that_has_a_file_is_not_sent_it_again(app: App, path: str) -> None:
    first = call(app, "GET", path)
    again = call(app, "GET", path, None, {"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status, again.body) == (200, 304, b"")


async def test_the_page_travels_packed_where_a_browser_takes_it_and_whole_where_not(app: App) -> None:
    script = script_of(app)
    whole = call(app, "GET", script)
    packed = call(app, "GET", script, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in whole.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != whole.headers["ETag"]


async def test_styles_and_scripts_inside_a_file_are_allowed_by_their_hashes_and_no_others(app: App) -> None:
    answer = call(app, "GET", "/")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for kind, hashes in zip(("script", "style"), inline_hashes(answer.body), strict=True):
        assert hashes, kind
        assert f"{kind}-src 'self' {' '.join(hashes)};" in policy
    # The example of MDN on `script-src`.
    mdn = "'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='"
    assert inline_hashes(b"<script>doSomething();</script>") == ((mdn,), ())


def test_packed_a_page_is_what_it_was_without_the_comments_of_its_own_lines_and_without_indents() -> None:
    source = b"/** Two\n * lines. */\nconst a = 1 // beside\n\t// alone\n\t\tconst b = `/* a text */`\n"
    packed = pack({"a.js": source, "a.svg": b"<!-- // -->\n// kept\n", "a.png": source})
    assert gzip.decompress(packed["a.js"]) == b"\n\nconst a = 1 // beside\n\nconst b = `/* a text */`\n"
    assert gzip.decompress(packed["a.svg"]) == b"<!-- // -->\n// kept\n"
    assert "a.png" not in packed


def test_no_text_of_the_page_is_taken_for_a_comment() -> None:
    for file in UI.rglob("*.js"):
        for said in COMMENT.finditer(file.read_bytes()):
            assert said[0].count(b"`") % 2 == 0, (file, said[0])
            assert said[0].count(b"/*") <= 1, (file, said[0])


def test_no_text_of_the_page_spans_lines_where_its_indents_would_be_lost() -> None:
    html_of_its_own = UI / "sw.js"
    for file in {*UI.rglob("*.js"), *UI.rglob("*.css")} - {html_of_its_own}:
        for line in COMMENT.sub(b"", file.read_bytes()).splitlines():
            assert line.count(b"`") % 2 == 0, (file, line)
            assert not line.endswith(b"\\"), (file, line)


def test_each_file_of_the_page_has_a_media_type_of_our_own_whatever_the_system_says() -> None:
    page = read_page(resource_path())
    assert page.keys() == {
        file.relative_to(resource_path()).as_posix() for file in resource_path().rglob("*") if file.is_file()
    }
    mimetypes.add_type("text/plain", ".js")
    try:
        types = {name: media_type(name) for name in page}
    finally:
        mimetypes.add_type("text/javascript", ".js")
    assert {types[name].partition(";")[0] for name in types if name.endswith(".js")} == {"text/javascript"}
    assert types["index.html"].startswith("text/html")
