"""Tables of scenes and safes: a scene is acknowledged once it is on the disk."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import sqlite3
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from remote_mixer.desk import laws, paths
from remote_mixer.desk.laws import Laws
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.scenes import MOST_VALUES, Content, Head, Scene, Scope, checked_safe
from remote_mixer.desk.times import LATEST
from remote_mixer.storage import rows
from remote_mixer.storage.database import Database, StorageError
from remote_mixer.storage.files import Closing
from remote_mixer.storage.rows import Row, Table

MOST_BYTES = 100_000_000
"""Most bytes of one scene's values as JSON."""
VALUES_AT_ONCE = 500
HEAD_COLUMNS = (
    *("id", "kind", "number", "name", "color", "note", "by", "at", "scope", "fade", "count"),
    *("deleted", "begun", "owner"),
)
HEADS, SCENES = Table("scenes", HEAD_COLUMNS), Table("scenes", (*HEAD_COLUMNS, "packed"))
SAFES = Table("safes", ("strip", "sections"))
PLACE_KEY, MOST_DIGITS = "set_list_place", 18
PLACE = "SELECT value FROM settings WHERE key = ?"
LAST_ID = "SELECT seq FROM sqlite_sequence WHERE name = 'scenes'"

GONE_TEXT = "This scene is gone: perhaps somebody has deleted it."
DAMAGED_TEXT = "This scene's values are damaged and cannot be read: store it again."


class SceneTable:
    """Scenes and safes on the disk; Refusal `not-kept` where the disk refuses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def heads(self) -> tuple[list[Head], int]:
        """Return all scenes without their values, and the highest number ever given. Blocks: for the start.

        Damaged rows are set aside. Raises StorageError.
        """
        last = self._database.query(lambda db, _: (db.execute(LAST_ID).fetchall(), ""))
        return self._database.query(_read_heads), last[0][0] if last else 0

    def safes(self) -> dict[str, frozenset[str]]:
        """Return strip → its safe sections. Blocks: for the start. Raises StorageError."""
        return dict(self._database.read(SAFES, parse_safe))

    def place(self) -> int:
        """Return the number of the scene where the set list stands, 0 before the first. Blocks: see `safes`."""
        found = self._database.query(lambda db, _: (db.execute(PLACE, (PLACE_KEY,)).fetchall(), ""))
        text = str(found[0][0]) if found else ""
        return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else 0

    async def content(self, number: int) -> Content:
        """Return the values of a scene and their laws; Refusal where it is gone, damaged, or the disk refuses."""
        try:
            found = await self._database.look_up(partial(_read_packed, number))
        except StorageError as fault:
            raise Refusal(Code.NOT_KEPT, f"The scene cannot be read: {fault}") from fault
        if not found:
            raise Refusal(Code.UNKNOWN, GONE_TEXT)
        try:
            return await asyncio.to_thread(unpacked, found[0])
        except (ValueError, RecursionError) as fault:
            raise Refusal(Code.BAD_VALUE, DAMAGED_TEXT) from fault

    async def keep(self, scene: Scene) -> None:
        """Keep a scene, a new one or another version of one; it is on the disk when this returns."""
        packed_content = await asyncio.to_thread(packed, scene.values, scene.laws)
        await self._commit(partial(_insert, (*_row(scene.head), packed_content)))

    async def change(self, heads: Sequence[Head]) -> None:
        """Change the heads of kept scenes, all or none."""
        await self._commit(partial(_update, [_row(head) for head in heads]))

    async def delete(self, numbers: Sequence[int]) -> None:
        """Delete scenes for good."""
        await self._commit(partial(_delete, numbers))

    async def keep_safe(self, strip: str, sections: frozenset[str]) -> None:
        """Keep a strip's safe; none for no sections."""
        await self._commit(partial(_replace_safe, strip, json.dumps(sorted(sections)) if sections else None))

    async def keep_place(self, number: int) -> None:
        """Keep the number of the scene where the set list stands."""
        await self._commit(partial(_replace_place, number))

    async def _commit(self, job: Callable[[sqlite3.Connection], None]) -> None:
        try:
            await self._database.commit(job)
        except StorageError as fault:
            code = Code.OFFLINE if isinstance(fault, Closing) else Code.NOT_KEPT
            raise Refusal(code, str(fault)) from fault


# Rows


def parse(row: Row) -> Head:
    """Return the head in a row of HEAD_COLUMNS; ValueError where it is damaged."""
    id_, kind, number, name, color, note, by, at, scope, fade, count, deleted, begun, owner = row
    texts, numbers = (kind, name, color, note, by, scope, owner), (id_, number, count, begun)
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(n, int) for n in numbers):
        raise ValueError("a field is damaged")
    for moment in (at, 0.0 if deleted is None else deleted):
        if not isinstance(moment, float) or not 0 <= moment <= LATEST:
            raise ValueError("a time is damaged")
    written = Scope.of_json(json.loads(scope))
    form = Head(id_, kind, number, name, color, note, by, at, scope=written, fade=fade, count=max(count, 0))
    return replace(form, deleted=deleted, begun=bool(begun), owner=owner)


def parse_safe(row: Row) -> tuple[str, frozenset[str]]:
    """Return strip and sections of a row; ValueError where it is damaged."""
    strip, sections = row
    if not isinstance(strip, str) or not isinstance(sections, str):
        raise ValueError("not a text")
    try:
        return strip, checked_safe(strip, json.loads(sections))
    except Refusal as fault:
        raise ValueError(fault.text) from fault


def packed(values: Mapping[str, Value], kept_laws: Laws) -> str:
    """Return values and laws as text for the database: JSON, deflated, base64; a third of a console's JSON or less.

    Written in parts, between which the loop's thread goes first: one call for all holds the interpreter 5 ms and more.
    """
    left, parts = iter(values.items()), list[str]()
    while some := dict(islice(left, VALUES_AT_ONCE)):
        parts.append(_json(some)[1:-1])
        time.sleep(0)  # no wait: the interpreter is free for a moment
    plain = f'{{"values":{{{",".join(parts)}}},"laws":{_json(laws.as_json(kept_laws))}}}'.encode("utf-8", "replace")
    return base64.b64encode(zlib.compress(plain)).decode()


def _json(form: object) -> str:
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"))


def unpacked(text: str | bytes) -> Content:
    """Return what `packed` wrote, or its former form, the values alone; ValueError for what is damaged or too much."""
    try:
        inflate = zlib.decompressobj()
        plain = inflate.decompress(base64.b64decode(text, validate=True), MOST_BYTES)
    except (binascii.Error, zlib.error) as fault:
        raise ValueError("not a packed text") from fault
    if not inflate.eof:
        raise ValueError("it has no end, or is too much")
    form = json.loads(plain)
    is_whole = isinstance(form, dict) and form.keys() == {"values", "laws"}
    values, kept_laws = (form["values"], laws.of_json(form["laws"])) if is_whole else (form, {})
    if (
        not isinstance(values, dict)
        or len(values) > MOST_VALUES
        or max(map(len, values), default=0) > paths.MOST_LENGTH
    ):
        raise ValueError("not the values of a scene")
    return Content({path: rows.checked_value(value) for path, value in values.items()}, kept_laws)


def _row(head: Head) -> Row:
    """Return the row of a head; a lone surrogate, which UTF-8 cannot encode, becomes a question mark."""
    name, note, by = (text.encode("utf-8", "replace").decode() for text in (head.name, head.note, head.by))
    scope = json.dumps(head.scope.as_json())
    front = head.id, head.kind, head.number, name, head.color, note, by, head.at
    return *front, scope, float(head.fade), head.count, head.deleted, int(head.begun), head.owner


# In the database's thread


def _read_heads(db: sqlite3.Connection, folder: Path) -> tuple[list[Head], str]:
    good, bad = rows.sorted_out(rows.select(db, HEADS, "ORDER BY id").fetchall(), parse)
    whole = [row for one in bad for row in rows.select(db, SCENES, "WHERE id = ?", (one[0],)).fetchall()]
    _, notice = rows.sort_out(db, folder, SCENES, whole, lambda row: parse(row[:-1]))
    return good, notice


def _read_packed(number: int, db: sqlite3.Connection, _: Path) -> tuple[list[str], str]:
    return [text for (text,) in rows.select(db, Table("scenes", ("packed",)), "WHERE id = ?", (number,))], ""


def _insert(row: Row, db: sqlite3.Connection) -> None:
    names, places = ", ".join(f'"{name}"' for name in SCENES.columns), ", ".join("?" * len(row))
    db.execute(f"REPLACE INTO scenes ({names}) VALUES ({places})", row)  # noqa: S608 our own words alone


def _update(changed: Sequence[Row], db: sqlite3.Connection) -> None:
    columns = ", ".join(f'"{name}" = ?' for name in HEAD_COLUMNS[1:])
    db.executemany(f"UPDATE scenes SET {columns} WHERE id = ?", [(*row[1:], row[0]) for row in changed])  # noqa: S608 our own names


def _delete(numbers: Sequence[int], db: sqlite3.Connection) -> None:
    db.executemany("DELETE FROM scenes WHERE id = ?", [(number,) for number in numbers])


def _replace_safe(strip: str, sections: str | None, db: sqlite3.Connection) -> None:
    if sections is None:
        db.execute("DELETE FROM safes WHERE strip = ?", (strip,))
    else:
        db.execute("REPLACE INTO safes VALUES (?, ?)", (strip, sections))


def _replace_place(number: int, db: sqlite3.Connection) -> None:
    db.execute("REPLACE INTO settings VALUES (?, ?)", (PLACE_KEY, str(number)))
