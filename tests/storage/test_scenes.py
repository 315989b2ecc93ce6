"""Scenes on the disk: back as they were after a restart, and damaged ones set aside."""

from __future__ import annotations

import base64
import json
import sqlite3
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.scenes import MOMENT, MOST_VALUES, SCENE, Head, Scene, Scope
from remote_mixer.desk.tapers import FADER, PAN
from remote_mixer.storage import scenes as module
from remote_mixer.storage.database import Database
from remote_mixer.storage.files import FILE_NAME
from remote_mixer.storage.rows import FILE_NAME as DAMAGED_ROWS
from remote_mixer.storage.scenes import SceneTable, packed, unpacked
from remote_mixer.storage.schema import MIGRATIONS
from tests.storage.test_kill import killed, number, writer

VALUES: dict[str, Value] = {
    "band/ch1/fader": 0.5,
    "band/ch1/mute": True,
    "band/ch1/name": "Großer Gong 🥁",
    "band/ch2/fader": None,
}
HEAD = Head(1, SCENE, 3, "Ballad – тихо 静か", "cyan", "capo 2", "Anne 🎸", 1e9, fade=4.5, count=4)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[SceneTable]:
    database = Database.open(folder)
    try:
        yield SceneTable(database)
    finally:
        await database.close()


async def test_scenes_come_back_as_they_were(tmp_path: Path) -> None:
    limited = replace(
        HEAD, id=7, kind=MOMENT, scope=Scope(frozenset({"band"}), None, frozenset({"mutes"})), deleted=1.5e9, begun=True
    )
    limited = replace(limited, owner="ann", scope=replace(limited.scope, mix="band/bus2"))
    async with opened(tmp_path) as table:
        assert table.heads() == ([], 0)
        await table.keep(Scene(HEAD, VALUES))
        await table.keep(Scene(limited, {}))
        assert table.place() == 0
        await table.keep_place(7)
        await table.keep_place(1)
        await table.keep_safe("band/ch1", frozenset({"levels"}))
        await table.keep_safe("band/ch2", frozenset({"levels"}))
        await table.keep_safe("band/ch2", frozenset())
    async with opened(tmp_path) as table:
        assert table.heads() == ([HEAD, limited], 7)
        assert (await table.content(1)).values == VALUES
        assert table.safes() == {"band/ch1": frozenset({"levels"})}
        assert table.place() == 1


async def test_laws_come_back_and_a_scene_from_before_they_were_kept_has_none(tmp_path: Path) -> None:
    former = base64.b64encode(zlib.compress(json.dumps(VALUES).encode())).decode()
    async with opened(tmp_path) as table:
        await table.keep(Scene(HEAD, VALUES, {"band/ch*/fader": FADER, "band/ch7/fader": PAN}))
        await table.keep(Scene(replace(HEAD, id=2), VALUES))
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.execute("UPDATE scenes SET packed = ? WHERE id = 2", (former,))
    async with opened(tmp_path) as table:
        assert await table.content(1) == (VALUES, {"band/ch*/fader": FADER, "band/ch7/fader": PAN})
        assert await table.content(2) == (VALUES, {})


async def test_a_head_changes_without_its_values(tmp_path: Path) -> None:
    async with opened(tmp_path) as table:
        await table.keep(Scene(HEAD, VALUES))
        await table.change([replace(HEAD, name="Chorus", deleted=1e9)])
        assert table.heads()[0] == [replace(HEAD, name="Chorus", deleted=1e9)]
        assert (await table.content(1)).values == VALUES


async def test_a_number_is_not_given_again_and_a_scene_that_is_gone_is_said(tmp_path: Path) -> None:
    async with opened(tmp_path) as table:
        await table.keep(Scene(replace(HEAD, id=41), VALUES))
        await table.delete([41])
        assert table.heads() == ([], 41)
        with pytest.raises(Refusal, match="gone"):
            await table.content(41)


async def test_a_damaged_head_is_set_aside_with_its_values_and_all_others_are_used(tmp_path: Path) -> None:
    async with opened(tmp_path) as table:
        await table.keep(Scene(HEAD, VALUES))
        await table.keep(Scene(replace(HEAD, id=2), VALUES))
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.execute("UPDATE scenes SET scope = '{' WHERE id = 1")
        db.execute("INSERT INTO safes VALUES ('band/ch1', '[\"gains\"]')")
    async with opened(tmp_path) as table:
        assert [head.id for head in table.heads()[0]] == [2]
        assert table.safes() == {}
    aside = [json.loads(line) for line in (tmp_path / DAMAGED_ROWS).read_text().splitlines()]
    assert [(one["table"], one["row"][0]) for one in aside] == [("scenes", 1), ("safes", "band/ch1")]
    assert unpacked(aside[0]["row"][-1]).values == VALUES


@pytest.mark.parametrize(
    "text",
    [
        *("", "?", "AAAA", b"\xff", packed(VALUES, {})[:-8]),
        base64.b64encode(zlib.compress(b'{"values": [1], "laws": []}')).decode(),
        packed({"a": [1]}, {}),  # type: ignore[dict-item] # damaged on purpose
    ],
)
async def test_damaged_values_are_a_sentence(tmp_path: Path, text: str) -> None:
    async with opened(tmp_path) as table:
        await table.keep(Scene(HEAD, VALUES))
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.execute("UPDATE scenes SET packed = ?", (text,))
    async with opened(tmp_path) as table:
        with pytest.raises(Refusal, match="store it again"):
            await table.content(1)


def test_a_scene_of_a_hundred_thousand_values_is_kept_and_a_larger_one_is_not_read() -> None:
    most = {f"band/ch{n}/fader": n / MOST_VALUES for n in range(MOST_VALUES)}
    text = packed(most, {})
    assert unpacked(text).values == most
    with pytest.raises(ValueError, match="not the values"):
        unpacked(packed(most | {"band/one/more": 1.0}, {}))


def test_a_text_that_would_unpack_to_more_than_allowed_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 1000)
    with pytest.raises(ValueError, match=r"."):
        unpacked(packed({"a/b/c": " " * 100_000}, {}))


async def test_a_database_of_the_third_version_keeps_what_it_has_and_gets_scenes(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as db:
        db.executescript(f"{''.join(MIGRATIONS[:3])} PRAGMA user_version=3;")
        db.execute("INSERT INTO kept_values VALUES ('builtin:|band/ch1/fader', '0.5')")
    async with opened(tmp_path) as table:
        assert table.heads() == ([], 0)
        await table.keep(Scene(HEAD, VALUES))
        assert table._database.kept("builtin:|") == {"builtin:|band/ch1/fader": 0.5}


async def test_every_acknowledged_scene_outlives_kill_9(tmp_path: Path) -> None:
    async with writer(tmp_path, "scene") as process:
        numbers = [await number(process) for _ in range(20)]
        numbers += await killed(process)
    async with opened(tmp_path) as table:
        assert set(numbers) <= {head.id for head in table.heads()[0]}
        for one in numbers:
            assert (await table.content(one)).values["band/ch1/fader"] == one / 1000
