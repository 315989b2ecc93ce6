"""The house: arrows between rooms point inward, rooms side by side do not know each other, and words are plain."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house import FILES, HOUSE, imports, place_of, room_of, rooms_known

FACE = {"command", "__main__"}
MAY_KNOW: dict[str, set[str]] = {
    "desk": set(),
    "engine": set(),
    "people": {"desk", "private"},
    "storage": {"desk", "people", "private"},
    "hub": {"desk", "people"},
    "web": {"desk", "people", "hub", "lan", "supervisor"},
    "doctor": {"desk", "people", "hub"},
    "bridges": {"desk", "people", "hub", "lan", "mqtt"},
    "surfaces": {"desk", "people", "hub", "midi", "maps"},
    "midi": set(),
    "drivers": {"desk", "midi", "mqtt", "maps"},
    "maps": set(),
    "simulator": set(),
    "lan": set(),
    "mdns": set(),
    "mqtt": set(),
    "tls": {"private"},
    "private": set(),
    "supervisor": set(),
    "resources": set(),
    "sockets": {"lan", "tls", "web"},
    "bridging": {"bridges", "surfaces", "drivers", "hub", "people"},
    "app": {
        *(
            "desk",
            "bridging",
            "sockets",
            "drivers",
            "people",
            "storage",
            "hub",
            "web",
            "bridges",
            "surfaces",
            "lan",
            "mdns",
            "resources",
            "supervisor",
        ),
        "doctor",
    },
}
# Outside the standard library each room knows these alone; `window` alone knows the web view.
LIBRARIES: dict[str, set[str]] = {
    "desk": set(),
    "people": {"argon2", "itsdangerous"},
    "storage": set(),
    "drivers": {"rtmidi", "websockets"},
    "maps": {"tomlkit"},
    "engine": {"numpy", "numba", "llvmlite", "sounddevice", "soundfile", "soxr"},
    "simulator": {"pythonosc"},
    "hub": {"msgspec"},
    "bridges": {"msgspec", "pythonosc"},
    "web": {"quart", "hypercorn", "wsproto", "h11", "werkzeug", "msgspec"},
    "app": set(),
    "lan": {"ifaddr", "segno"},
    "doctor": {"ifaddr"},
    "resources": {"platformdirs"},
    "mdns": {"zeroconf"},
    "mqtt": {"paho"},
    "tls": {"cryptography"},
    "command": {"webview", "websockets"},
}

DRIVER_OF_THE_ENGINE = "builtin"

BANNED = re.compile(
    r"(^|_)(door|doors|reach|reached|told|hear|heard|put|puts|book|together|asking|playing|folk)(_|$)", re.IGNORECASE
)
"""Words that each meant several things, or none of the field."""
ALLOWED = {"address_book", "AddressBook", "put", "app_put", "AppPut", "put_param"}
"""A book of addresses; a queue's and HTTP's own word."""
PRONOUNS = re.compile(
    r"(What|Who|Whose|Whom|How|It|They|That|So|Those|These|Told|Tell|Where|When|Which|Here|There|All that)\b"
)
"""Beginnings of a docstring that leave open what the thing is."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def strangers(file: Path) -> set[str]:
    """Return the rooms that a file knows and should not."""
    known = rooms_known(file) - {room_of(file)}
    if file.parent.name == DRIVER_OF_THE_ENGINE:
        known -= {"engine"}
    return set() if room_of(file) in FACE else known - MAY_KNOW.get(room_of(file), set())


def strange_libraries(file: Path) -> set[str]:
    """Return the libraries that a file uses and that are not for its room."""
    first_parts = {name.split(".")[0] for name in imports(file)} - {"remote_mixer", "__future__"}
    return first_parts - sys.stdlib_module_names - LIBRARIES.get(room_of(file), set())


def names(tree: ast.AST) -> Iterator[str]:
    """Give the names that a file's code makes: of functions, classes, arguments, variables and attributes."""
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def snake(name: str) -> str:
    """Return a name in small letters, its words parted by underscores."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)


def banned_names(file: Path) -> set[str]:
    """Return the names in a file, its own among them, that hold a banned word."""
    made = {file.stem, *names(ast.parse(file.read_text()))} - ALLOWED
    return {name for name in made if BANNED.search(snake(name))}


def riddles(file: Path) -> set[str]:
    """Return the first lines of docstrings that begin with a pronoun."""
    nodes = ast.walk(ast.parse(file.read_text()))
    found = [ast.get_docstring(node) for node in nodes if isinstance(node, Function | ast.ClassDef | ast.Module)]
    return {text.splitlines()[0] for text in found if text and PRONOUNS.match(text)}


def offenders(check: Callable[[Path], set[str]]) -> dict[str, set[str]]:
    """Return what a check finds, by file."""
    found = {place_of(file): check(file) for file in FILES}
    return {place: offences for place, offences in found.items() if offences}


@pytest.mark.parametrize("check", [strangers, strange_libraries])
def test_a_room_knows_rooms_further_in_and_the_libraries_that_it_is_for(check: Callable[[Path], set[str]]) -> None:
    assert offenders(check) == {}


@pytest.mark.parametrize("check", [banned_names, riddles])
def test_names_and_docstrings_are_plain(check: Callable[[Path], set[str]]) -> None:
    assert offenders(check) == {}


@pytest.mark.parametrize(
    ("check", "code", "offence"),
    [
        (strangers, "from remote_mixer.app import App\n", "app"),
        (strange_libraries, "import quart\n", "quart"),
        (banned_names, "def is_told() -> None: ...\n", "is_told"),
        (banned_names, "class OwnDoor: ...\n", "OwnDoor"),
        (riddles, '"""What a page says."""\n', "What a page says."),
    ],
)
def test_the_checks_find_what_they_are_for(
    check: Callable[[Path], set[str]], code: str, offence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "desk" / "a_file.py"
    file.parent.mkdir()
    file.write_text(code)
    monkeypatch.setattr("tests.house.HOUSE", tmp_path)
    assert check(file) == {offence}


def test_no_room_but_the_face_knows_the_app() -> None:
    assert {room_of(file) for file in FILES if "app" in rooms_known(file)} <= FACE


def test_the_servers_process_stays_small_because_the_engines_libraries_stay_out_of_it() -> None:
    """Only the engine's own process may load numpy and its kin; the driver uses `controls`, `shared` and `link`."""
    for file in (HOUSE / "engine" / name for name in ("controls.py", "shared.py", "pictures.py", "link.py")):
        assert {name.split(".")[0] for name in imports(file)} <= sys.stdlib_module_names | {"remote_mixer"}


def test_a_package_names_itself_and_holds_no_logic() -> None:
    for file in HOUSE.rglob("__init__.py"):
        body = ast.parse(file.read_text()).body
        assert all(isinstance(node, (ast.Expr, ast.Assign, ast.ImportFrom)) for node in body), file


ASKED_ONCE = re.compile(r"assert\b.*\bawait\b.*\.(all_)?(inner_texts?|text_contents?|get_attribute)\(")


def test_what_a_page_shows_is_waited_for_and_not_asked_once() -> None:
    """A page is drawn in its own time: a test of it uses `expect`, which asks until it is so."""
    tests = (Path(__file__).parent / "page").glob("*.py")
    assert [file.name for file in tests if ASKED_ONCE.search(file.read_text())] == []
