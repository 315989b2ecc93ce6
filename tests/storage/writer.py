"""A server's storage in a process of its own, to be killed: prints each number when it is safe, or on its way."""

import asyncio
import sys
from itertools import count
from pathlib import Path

from remote_mixer.desk.change import Cause
from remote_mixer.desk.moves import Author, Move
from remote_mixer.desk.scenes import SCENE, Head, Scene
from remote_mixer.people.admission import Admission
from remote_mixer.storage.database import Database
from remote_mixer.storage.moves import MoveTable
from remote_mixer.storage.people import PeopleTables
from remote_mixer.storage.scenes import SceneTable


async def say_for_ever(database: Database) -> None:
    while True:
        print(await database.say("2026-01-01T00:00:00Z", "c1", "Anna", "red", "more vocals"), flush=True)


async def keep_for_ever(database: Database) -> None:
    number = 0
    while True:
        number += 1
        database.keep({"band/ch1/fader": number})
        print(number, flush=True)
        await asyncio.sleep(0.01)


async def enter_for_ever(folder: Path, database: Database) -> None:
    door = Admission.open(folder, PeopleTables(database))
    _, token = await door.invite("guest", "", "day", by="Anna")
    for number in count(1):
        await door.enter_by_invitation(f"n{number}", token, "192.168.1.20")
        print(number, flush=True)


async def move_for_ever(database: Database) -> None:
    table, anne = MoveTable(database), Author("client", "p1", "Anne")
    for number in count(1):
        await table.append([Move(number, 1e9, anne, Cause.HAND, {"band/ch1/fader": (0.5, 0.25)})])
        print(number, flush=True)


async def store_for_ever(database: Database) -> None:
    table = SceneTable(database)
    for number in count(1):
        await table.keep(Scene(Head(number, SCENE, 0, "", "grey", "", "Anne", 1e9), {"band/ch1/fader": number / 1000}))
        print(number, flush=True)


WRITERS = {"say": say_for_ever, "keep": keep_for_ever, "move": move_for_ever, "scene": store_for_ever}


async def main(folder: str, what: str) -> None:
    database = Database.open(Path(folder))
    if what == "enter":
        await enter_for_ever(Path(folder), database)
    await WRITERS[what](database)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
