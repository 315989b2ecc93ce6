"""A server's storage in a process of its own, to be killed: prints each number when it is safe, or on its way."""

import asyncio
import sys
from itertools import count
from pathlib import Path

from remote_mixer.people.admission import Admission
from remote_mixer.storage.database import Database
from remote_mixer.storage.people import PeopleTables


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


async def main(folder: str, what: str) -> None:
    database = Database.open(Path(folder))
    if what == "enter":
        await enter_for_ever(Path(folder), database)
    await (say_for_ever(database) if what == "say" else keep_for_ever(database))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
