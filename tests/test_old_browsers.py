"""The page runs in Safari 15.4 and in Firefox ESR: what came later stands only where the page does without it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from remote_mixer.resources import resource_path

UI = resource_path()
SCRIPTS = sorted(UI.rglob("*.js"))
SHEETS = sorted(UI.rglob("*.css"))

# Pattern, first Safari that has it, and files that may use it because they do without it too.
LATER_SCRIPT: dict[str, tuple[str, set[str]]] = {
    r"\.at\(-?\d": ("15.4, and no need", set()),
    r"\.findLast(Index)?\(": ("15.4, and no need", set()),
    r"\bstructuredClone\(": ("15.4, and no need", set()),
    r"\bObject\.hasOwn\(": ("15.4, and no need", set()),
    r"\.(with|toSorted|toReversed|toSpliced)\(": ("16.0", set()),
    r"\bstatic \{": ("16.4", set()),
    r"\(\?<[=!]": ("16.4", set()),
    r"/v\.(test|exec)": ("17.0", set()),
    r"\b(Object|Map)\.groupBy\(": ("17.4", set()),
    r"\bPromise\.(withResolvers|try)\(": ("17.4", set()),
    r"\bArray\.fromAsync\(": ("16.4", set()),
    r"\bAbortSignal\.(timeout|any)\b(?!\?\.)": ("16.0", set()),
    r"\bURL\.(canParse|parse)\(": ("17.0", set()),
    r"\brequestIdleCallback\(": ("none yet", set()),
    r"\.checkVisibility\(": ("17.4", set()),
    r"\b(showPopover|hidePopover|togglePopover)\(": ("17.0", set()),
    r"\bstartViewTransition\(": ("18.0", set()),
    r"\.(union|intersection|difference|isSubsetOf)\(": ("17.0", set()),
    r"\.roundRect\(": ("16.0", set()),
    r"\bOffscreenCanvas\(": ("16.4", set()),
    r"\bnavigator\.wakeLock\.": ("16.4", {"views/awake.js"}),  # asks for it first
    r"\.inert = ": ("15.5", {"views/lock.js"}),  # the screen above covers what stays live
    r"\bcrypto\.randomUUID\(": ("15.4, https alone", set()),
    r"\bimport\.meta\.resolve\(": ("16.4", set()),
}
LATER_STYLE: dict[str, tuple[str, set[str]]] = {
    r"\dcq(w|h|i|b|min|max)\b": (
        "16.0",
        {"fader.css", "panel.css", "musician.css", "show.css", "older.css"},
    ),  # older.css
    r"\bcolor-mix\(": (
        "16.2",
        {
            *("base.css", "musician.css", "panel.css", "details.css", "channel.css", "strip.css", "mixbar.css"),
            *("fader.css", "show.css", "takes.css", "older.css"),
        },
    ),  # same
    r"@container|\bcontainer(-type|-name)?:": ("16.0", {"fader.css", "details.css"}),  # spares words and lines alone
    r"@property": ("16.4", {"tokens.css"}),  # spares inheritance alone
    r"\bfield-sizing:": ("26.2", {"panel.css"}),  # the box scrolls
    r"\bsafe center": ("17.6", {"joining.css"}),  # stretches
    r"@media[^{]*[<>]": ("16.4", set()),
    r"(?m)^\s*&|[{;]\s*&": ("16.5", set()),
    r"@starting-style|@scope|\blight-dark\(|\boklch\(|\boklab\(": ("17.5 and later", set()),
    r"\btext-wrap:|\bsubgrid\b|\banchor-name:": ("16.0 and later", set()),
    r"\boverflow(-[xy])?: clip": ("16.0", set()),
    r"(?<!-webkit-)\bbackdrop-filter:": ("18.0", set()),
}
HAS = re.compile(r":has\(")
WITH_HAS = {"fader.css", "moves.css", "details.css", "musician.css", "card.css"}
"""Sheets with `:has`, which Firefox ESR 115 lacks: there rules drop out that only tidy up what is shown."""


def uses(files: list[Path], table: dict[str, tuple[str, set[str]]]) -> set[tuple[str, str]]:
    """Return the files and patterns of all uses that the table does not allow."""
    return {
        (place, pattern)
        for file in files
        for place in [file.relative_to(UI).as_posix()]
        for pattern, (_, allowed) in table.items()
        if re.search(pattern, file.read_text(encoding="utf-8")) and not allowed & {place, file.name}
    }


def unguarded_heights(sheet: str) -> set[str]:
    """Return the declarations in units of the shown height that have none in `vh` before them."""
    lines = re.split(r"[;{]\s*", sheet)
    return {
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if re.search(r"\d[dsl]v[hw]", line)
        and not re.fullmatch(re.sub(r"([dsl])(v[hw])", r"\2", re.escape(line)), before)
    }


@pytest.mark.parametrize(("files", "table"), [(SCRIPTS, LATER_SCRIPT), (SHEETS, LATER_STYLE)], ids=["js", "css"])
def test_nothing_younger_than_safari_15_4_stands_where_the_page_needs_it(
    files: list[Path], table: dict[str, tuple[str, set[str]]]
) -> None:
    assert uses(files, table) == set()


@pytest.mark.parametrize("table", [LATER_SCRIPT, LATER_STYLE], ids=["js", "css"])
def test_no_permission_outlives_its_use(table: dict[str, tuple[str, set[str]]]) -> None:
    files = {file.relative_to(UI).as_posix(): file for file in (*SCRIPTS, *SHEETS)}
    files |= {file.name: file for file in SHEETS}
    for pattern, (_, allowed) in table.items():
        assert all(re.search(pattern, files[place].read_text(encoding="utf-8")) for place in allowed), pattern


def test_has_stands_only_in_sheets_that_read_without_it() -> None:
    assert {file.name for file in SHEETS if HAS.search(file.read_text(encoding="utf-8"))} == WITH_HAS


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda file: file.name)
def test_a_height_in_dvh_has_one_in_vh_before_it(sheet: Path) -> None:
    assert unguarded_heights(sheet.read_text(encoding="utf-8")) == set()


def test_the_checks_find_what_they_are_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_old_browsers.UI", tmp_path)
    script, sheet = tmp_path / "a.js", tmp_path / "a.css"
    script.write_text("list.at(-1); list.toSorted(); AbortSignal.timeout?.(4000)")
    sheet.write_text("a { color: color-mix(in srgb, red, blue); &:hover { color: red } }")
    assert len(uses([script], LATER_SCRIPT)) == 2
    assert len(uses([sheet], LATER_STYLE)) == 2
    assert unguarded_heights("a { height: 100dvh; }") == {"height: 100dvh"}
    assert unguarded_heights("a { height: 100vh; height: 100dvh; }") == set()


def test_every_mixed_color_and_every_moving_cap_has_a_plainer_one() -> None:
    older = (UI / "styles" / "older.css").read_text(encoding="utf-8")
    assert "@supports not (height: 1cqh)" in older
    sheets = "".join(file.read_text(encoding="utf-8") for file in SHEETS if file.name != "older.css")
    rules = re.findall(r"([^{}]+)\{[^{}]*color-mix\([^{}]*\}", re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL))
    for rule in rules:
        last = rule.strip().split()[-1]
        assert last in older, f"{rule.strip()} has no background without color-mix"
