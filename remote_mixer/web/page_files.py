"""Files of the page: read once at the start, packed for the network, with their media types and cache rules."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

INDEX = "index.html"
WITH_COMMENTS = (".css", ".js")
COMMENT = re.compile(rb"^[ \t]*(?:/\*.*?\*/|//(?!#)[^\n]*)[ \t]*$", re.DOTALL | re.MULTILINE)
"""Comment on lines of its own, no hint to the browser (`//#`). Comments beside code stay: only a parser could tell them
from strings."""
INDENT = re.compile(rb"^[ \t]+", re.MULTILINE)
"""Indent of a line, which nothing needs: no text of the page spans lines, but HTML."""
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}
"""Media types of all the page's files. A system's own table may call a script plain text, which no browser runs."""
TEXT_FILES = (".css", ".html", ".js", ".svg", ".webmanifest")
"""Endings of files that are worth compressing."""
KEPT = "kept/"
"""Folder of files whose path holds a hash of their content, so that a browser never asks for them again."""
FOREVER, EACH_TIME, A_DAY = "public, max-age=31536000, immutable", "no-cache", "public, max-age=86400"
DECORATION = (".png", ".svg", ".webmanifest")
"""Endings of files that no page needs in order to work: an old one does for a day."""
INLINE = re.compile(rb"<(style|script)>(.*?)</\1>", re.DOTALL)

Page = Mapping[str, bytes]
"""Path, as `desk/link.js` → content. Read once at the start, so that no other file can be served."""


def read_page(folder: Path) -> Page:
    """Return all files of the page's folder, which are those with a media type."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in MEDIA_TYPES and path.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def media_type(name: str) -> str:
    """Return the media type of a file of the page; KeyError for an ending that is none of the page's."""
    return MEDIA_TYPES[PurePosixPath(name).suffix]


def cache_rule(name: str) -> str:
    """Return how long a browser may use a file of the page without asking, as Cache-Control has it."""
    if name.startswith(KEPT):
        return FOREVER
    return A_DAY if name.endswith(DECORATION) else EACH_TIME


def fingerprint(page: Page) -> str:
    """Return a short hash of the page's files; an open page reloads when the server has another one."""
    digest = hashlib.sha256()
    for name, data in page.items():
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:16]


def pack(page: Page) -> Page:
    """Return the page's text files without comments and indents, compressed by gzip, for phones on a crowded Wi-Fi.

    Comments are a sixth of the page. Their lines stay as empty lines, so that line numbers in errors are the source's.
    """
    return {name: gzip.compress(_bare(name, page[name]), mtime=0) for name in page if name.endswith(TEXT_FILES)}


class Inline(NamedTuple):
    """Hashes by which a Content-Security-Policy allows the scripts and styles inside a file of the page."""

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


NO_INLINE = Inline()


def inline_hashes(html: bytes) -> Inline:
    """Return the hashes of a file's own scripts and styles."""
    found = [(tag, hashlib.sha256(text).digest()) for tag, text in INLINE.findall(html)]
    kinds = ([digest for tag, digest in found if tag == kind] for kind in (b"script", b"style"))
    return Inline(*(tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in kind) for kind in kinds))


def _bare(name: str, data: bytes) -> bytes:
    """Return a script or style sheet with its comment lines emptied and no indents, any other file as it is."""
    if not name.endswith(WITH_COMMENTS):
        return data
    return INDENT.sub(b"", COMMENT.sub(lambda comment: b"\n" * comment[0].count(b"\n"), data))
