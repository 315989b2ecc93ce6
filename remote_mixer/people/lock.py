"""The lock that the PIN opens: who may try, what is right, and how it gets another PIN."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from math import ceil
from pathlib import Path

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people import pin, secrets_file
from remote_mixer.people.person import Setting
from remote_mixer.people.records import Book
from remote_mixer.people.secrets_file import Secrets
from remote_mixer.people.tries import Tries

SETTING = "pin"
CROWDED_SECONDS = 5.0

log = logging.getLogger(__name__)


class Lock:
    """The PIN of one data folder. Its hash is in the database; to be shown again it stands in `secrets.json`."""

    def __init__(self, folder: Path, book: Book, known: Secrets, clock: Callable[[], float]) -> None:
        """Find the PIN, or make one. Raises Refusal `not-kept` when the disk refuses."""
        self.notices: list[str] = []
        self._folder, self._book, self._secrets = folder, book, known
        self._tries, self._checks = Tries(clock), pin.Checks()
        self._renewing = asyncio.Lock()
        self._hash = _kept_hash(book)
        if not self._hash:
            self._begin()
        elif known.pin is None or not pin.is_of(self._hash, known.pin):
            self._secrets = replace(known, pin=None)
            self.notices.append("The PIN still opens, but cannot be shown: the host can make a new one under People.")

    def _begin(self) -> None:
        self._secrets = replace(self._secrets, pin=self._secrets.pin or pin.new_pin())
        secrets_file.write(self._folder, self._secrets)
        self._hash = pin.hashed(str(self._secrets.pin))

    @property
    def pin(self) -> str | None:
        """The PIN, None when it cannot be shown."""
        return self._secrets.pin

    async def keep(self) -> None:
        """See that the hash of the PIN is on the disk; Refusal `not-kept`."""
        if _kept_hash(self._book) != self._hash:
            await self._keep(self._hash)

    async def _keep(self, hash_: str) -> None:
        setting = Setting(SETTING, json.dumps({"hash": hash_}))
        self._book.set(setting)
        await self._book.keep(setting)

    async def renew(self) -> str:
        """Make another PIN; the former one opens no more. Refusal `not-kept`."""
        made = pin.new_pin()
        async with self._renewing:
            hash_ = await self._checks.hashed(made)
            self._hash, self._secrets = hash_, replace(self._secrets, pin=made)
            await self._keep(hash_)
            await asyncio.to_thread(secrets_file.write, self._folder, self._secrets)
        return made

    async def open(self, tried: str, address: str) -> None:
        """Raise Refusal wrong-pin, or tries (with `retry_after`) where this address has to wait first."""
        if self._checks.crowded:
            raise _too_many(CROWDED_SECONDS)
        self._refuse_before(self._tries.wait(address))
        self._tries.begin(address)
        if not await self._is_right(tried):
            self._tries.wrong()
            log.warning("somebody at %s tried a wrong PIN", address)
            raise Refusal(Code.WRONG_PIN, "That is not the PIN: ask the sound crew for it.")
        self._tries.right(address)

    async def _is_right(self, tried: str) -> bool:
        if not pin.is_pin(tried):
            return False
        if self.pin is not None:  # known here in any case: to hash it would cost the mixer's cores, and guard nothing
            return hmac.compare_digest(self.pin, tried)
        async with self._checks.turn():
            self._refuse_before(self._tries.common_wait())  # of those before in the queue many may have been wrong
            return await self._checks.is_of(self._hash, tried)

    def _refuse_before(self, seconds: float) -> None:
        if seconds > 0:
            raise _too_many(seconds)


def _too_many(seconds: float) -> Refusal:
    wait = ceil(seconds)
    text = f"Too many tries: wait {wait} s, or scan an invitation, which is never kept waiting."
    return Refusal(Code.TRIES, text, retry_after=float(wait))


def _kept_hash(book: Book) -> str:
    """Return the hash of the PIN that the database has, "" for none."""
    try:
        return str(json.loads(book.settings[SETTING].value)["hash"])
    except (LookupError, ValueError, TypeError):
        return ""
