"""The PIN: six digits made on this computer and no other, and the check of those that are tried."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise
from math import ceil
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people import secrets_file
from remote_mixer.people.identifiers import PIN_DIGITS, is_pin
from remote_mixer.people.person import Setting
from remote_mixer.people.records import Records
from remote_mixer.people.secrets_file import Secrets
from remote_mixer.people.tries import Tries

SETTING = "pin"
CROWDED_SECONDS = 5.0
AT_ONCE = 2
"""Checks that run at one time: each takes 19 MiB and some 30 ms of a core that the mixer may need."""
WAITING = 200
"""Checks that may wait for their turn."""

# The least that OWASP's Password Storage Cheat Sheet asks for: 19 MiB, 2 passes, 1 lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

log = logging.getLogger(__name__)


def new_pin() -> str:
    """Return a PIN that nobody tries first."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
        if not is_easy(pin):
            return pin


def is_easy(pin: str) -> bool:
    """Tell a PIN of one digit, or of digits in a row, from the others."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps in ({0}, {1}, {9})


def hashed(pin: str) -> str:
    """Return the argon2 hash of a PIN; takes some 30 ms."""
    return _HASHER.hash(pin)


def is_of(hash_: str, pin: str) -> bool:
    """Tell whether this hash was made of this PIN; takes some 30 ms."""
    try:
        return _HASHER.verify(hash_, pin)
    except (VerificationError, InvalidHashError):
        return False


class Hashing:
    """argon2 beside the loop, a few at a time."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pin")
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    @property
    def crowded(self) -> bool:
        """Whether too many wait already."""
        return self._waiting >= WAITING

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until one of the threads is free, and keep it."""
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turn.release()

    async def is_of(self, hash_: str, pin: str) -> bool:
        """Tell whether this hash was made of this PIN."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, is_of, hash_, pin)

    async def hashed(self, pin: str) -> str:
        """Return the argon2 hash of a PIN."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, hashed, pin)


class PinCheck:
    """The PIN of one data folder. Its hash is in the database; to be shown again it stands in `secrets.json`."""

    def __init__(self, folder: Path, records: Records, known: Secrets, clock: Callable[[], float]) -> None:
        """Find the PIN, or make one. Raises Refusal `not-kept` when the disk refuses."""
        self.notices: list[str] = []
        self._folder, self._records, self._secrets = folder, records, known
        self._tries, self._hashing = Tries(clock), Hashing()
        self._renewing = asyncio.Lock()
        self._hash = _kept_hash(records)
        if not self._hash:
            self._begin()
        elif known.pin is None or not is_of(self._hash, known.pin):
            self._secrets = replace(known, pin=None)
            self.notices.append("The PIN still opens, but cannot be shown: the host can make a new one under People.")

    def _begin(self) -> None:
        self._secrets = replace(self._secrets, pin=self._secrets.pin or new_pin())
        secrets_file.write(self._folder, self._secrets)
        self._hash = hashed(str(self._secrets.pin))

    @property
    def pin(self) -> str | None:
        """The PIN, None when it cannot be shown."""
        return self._secrets.pin

    async def keep(self) -> None:
        """See that the hash of the PIN is on the disk; Refusal `not-kept`."""
        if _kept_hash(self._records) != self._hash:
            await self._keep(self._hash)

    async def _keep(self, hash_: str) -> None:
        setting = Setting(SETTING, json.dumps({"hash": hash_}))
        self._records.set(setting)
        await self._records.keep(setting)

    async def renew(self) -> str:
        """Make another PIN; the former one opens no more. Refusal `not-kept`."""
        made = new_pin()
        async with self._renewing:
            hash_ = await self._hashing.hashed(made)
            self._hash, self._secrets = hash_, replace(self._secrets, pin=made)
            await self._keep(hash_)
            await asyncio.to_thread(secrets_file.write, self._folder, self._secrets)
        return made

    async def open(self, tried: str, address: str) -> None:
        """Raise Refusal wrong-pin, or tries (with `retry_after`) where this address has to wait first."""
        if self._hashing.crowded:
            raise _too_many(CROWDED_SECONDS)
        self._refuse_before(self._tries.wait(address))
        self._tries.begin(address)
        if not await self._is_right(tried):
            self._tries.wrong()
            log.warning("somebody at %s tried a wrong PIN", address)
            raise Refusal(Code.WRONG_PIN, "That is not the PIN: ask the sound crew for it.")
        self._tries.right(address)

    async def _is_right(self, tried: str) -> bool:
        if not is_pin(tried):
            return False
        if self.pin is not None:  # known here in any case: to hash it would cost the mixer's cores, and guard nothing
            return hmac.compare_digest(self.pin, tried)
        async with self._hashing.turn():
            self._refuse_before(self._tries.common_wait())  # of those before in the queue many may have been wrong
            return await self._hashing.is_of(self._hash, tried)

    def _refuse_before(self, seconds: float) -> None:
        if seconds > 0:
            raise _too_many(seconds)


def _too_many(seconds: float) -> Refusal:
    wait = ceil(seconds)
    text = f"Too many tries: wait {wait} s, or scan an invitation, which is never kept waiting."
    return Refusal(Code.TRIES, text, retry_after=float(wait))


def _kept_hash(records: Records) -> str:
    """Return the hash of the PIN that the database has, "" for none."""
    try:
        return str(json.loads(records.settings[SETTING].value)["hash"])
    except (LookupError, ValueError, TypeError):
        return ""
