"""Messages, console values and people in the database, in the form that hub, drivers and app use."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from remote_mixer.desk import paths
from remote_mixer.desk.change import Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.message import Message
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people.admission import Admission
from remote_mixer.people.layers import Layers
from remote_mixer.people.requests import Requests
from remote_mixer.storage.database import Database, StorageError
from remote_mixer.storage.people import PeopleTables

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MessageStore:
    """Messages of the database for the hub; StorageError becomes Refusal."""

    database: Database

    async def say(self, at: str, client: str, name: str, color: str, text: str) -> int:
        """Keep a message; return its number once it is on the disk. Refusal `not-kept` where it is not."""
        try:
            return await self.database.say(at, client, name, color, text)
        except StorageError as fault:
            raise Refusal(Code.NOT_KEPT, f"The message was not sent: {fault}") from fault

    async def read(self, before: int | None, limit: int) -> Sequence[Message]:
        """Return up to `limit` messages older than number `before`, the newest last; none where the disk refuses."""
        try:
            return await self.database.messages(before, limit)
        except StorageError:
            log.exception("the messages cannot be read")
            return ()


class ValueStore:
    """Values of consoles without a memory of their own.

    Their key is the console's spec and nickname: other files under the same nickname have values of their own.
    """

    def __init__(self, database: Database, desk: Desk, specs: Mapping[str, str]) -> None:
        """Keep the values of the consoles in `specs`: nickname → spec, as `builtin:`."""
        self._database, self._desk = database, desk
        self._prefixes = {name: _key_prefix(spec) for name, spec in specs.items()}

    def keep(self, change: Change) -> None:
        """Save the changed values that are settings; a change listener of the desk."""
        settings = {path: value for path, value in change.after.items() if self._desk.is_setting(path)}
        prefixes = {path: self._prefixes.get(paths.console_of(path)) for path in settings}
        kept = {prefix + path: settings[path] for path, prefix in prefixes.items() if prefix}
        if kept:
            self._database.keep(kept)


def stored_values(database: Database, name: str, spec: str) -> dict[str, Value]:
    """Return the values kept of the console `name`, by path. Waits for the disk; StorageError where it fails."""
    prefix = _key_prefix(spec)
    return {path.removeprefix(prefix): value for path, value in database.kept(f"{prefix}{name}/").items()}


def keep_values(database: Database, spec: str, values: Mapping[str, Value]) -> None:
    """Keep values of a console by path, to be read by `stored_values` at the next start."""
    prefix = _key_prefix(spec)
    database.keep({prefix + path: value for path, value in values.items()})


def open_people(data: Path, database: Database) -> tuple[Admission, Requests, Layers]:
    """Return admission, requests and layers as the database and the data folder hold them; StorageError on failure."""
    tables = PeopleTables(database)
    try:
        admission = Admission.open(data, tables)
        return admission, Requests.open(tables, admission), Layers(tables, admission)
    except Refusal as fault:
        raise StorageError(str(fault)) from fault


def _key_prefix(spec: str) -> str:
    return spec.encode("utf-8", "replace").decode() + "|"
