"""The PIN: created on this computer, stored as an argon2 hash, checked with a limit on wrong tries."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from itertools import pairwise
from math import ceil
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import HashingError, InvalidHashError, VerificationError

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people import secrets_file
from remote_mixer.people.identifiers import PIN_DIGITS, is_pin, typed_digits
from remote_mixer.people.person import Setting
from remote_mixer.people.records import Records
from remote_mixer.people.secrets_file import Secrets
from remote_mixer.people.tries import DEVICE_PREFIX, Tries

PIN_SETTING = "pin"
NO_MEMORY = "Memory allocation error"
"""Text of argon2's error."""
FULL_QUEUE_SECONDS = 5.0
"""`retry_after` of a try that finds the queue of hashes full."""
HASHES_AT_ONCE = 2
"""Hashes computed at the same time: each takes 19 MiB and some 30 ms of a core that the mixer may need."""
MOST_WAITING = 200
"""Longest queue of hashes."""

BLOCKED_TEXT = "The host has blocked PINs from this address for now: ask them, or scan an invitation."

# The minimum of OWASP's Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

log = logging.getLogger(__name__)


def new_pin() -> str:
    """Return a random PIN that is not easy to guess."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
        if not is_easy(pin):
            return pin


def is_easy(pin: str) -> bool:
    """Whether a PIN is one digit repeated, or digits counting up or down."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps in ({0}, {1}, {9})


def hash_pin(pin: str) -> str:
    """Return the argon2id hash of a PIN; takes some 30 ms. MemoryError where there is no room for it."""
    with _shortage_named():
        return _HASHER.hash(pin)


def verify(hash_: str, pin: str) -> bool:
    """Whether a hash is of this PIN; takes some 30 ms. False for an invalid hash, MemoryError as above."""
    try:
        with _shortage_named():
            return _HASHER.verify(hash_, pin)
    except (VerificationError, InvalidHashError):
        return False


@contextmanager
def _shortage_named() -> Iterator[None]:
    """Raise MemoryError where argon2 had no memory: by its own error a right PIN would count as a wrong one."""
    try:
        yield
    except (HashingError, VerificationError) as fault:
        if NO_MEMORY in str(fault):
            raise MemoryError(NO_MEMORY) from fault
        raise


class PinHasher:
    """Hashing in threads beside the event loop, with a bounded queue."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(HASHES_AT_ONCE, thread_name_prefix="pin")
        self._slots = asyncio.Semaphore(HASHES_AT_ONCE)
        self._waiting = 0

    @property
    def is_full(self) -> bool:
        """Whether the queue is full."""
        return self._waiting >= MOST_WAITING

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Wait in the queue for a free thread, and reserve it."""
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()

    async def verify(self, hash_: str, pin: str) -> bool:
        """Whether a hash is of this PIN."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, verify, hash_, pin)

    async def hash_pin(self, pin: str) -> str:
        """Return the argon2id hash of a PIN."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, hash_pin, pin)


class PinCheck:
    """The PIN of a data folder, and the check of tries against it.

    The hash is in the database; the PIN itself is in `secrets.json`, so that it can be shown.
    """

    def __init__(self, folder: Path, records: Records, found: Secrets, clock: Callable[[], float]) -> None:
        """Load the PIN, or create one. `clock` gives seconds that never go back. Raises Refusal: not-kept."""
        self.notices: list[str] = []
        """Sentences for the host about a PIN that cannot be shown."""
        self._folder, self._records, self._secrets = folder, records, found
        self.tries, self._hasher, self.clock = Tries(clock), PinHasher(), clock
        self._renewing = asyncio.Lock()
        self._hash = _saved_hash(records)
        if not self._hash:
            self._create()
        elif found.pin is None or not verify(self._hash, found.pin):
            self._secrets = replace(found, pin=None)
            self.notices.append("The PIN still opens, but cannot be shown: the host can make a new one under People.")

    def _create(self) -> None:
        self._secrets = replace(self._secrets, pin=self._secrets.pin or new_pin())
        secrets_file.write(self._folder, self._secrets)
        self._hash = hash_pin(str(self._secrets.pin))

    @property
    def pin(self) -> str | None:
        """The PIN; None when it cannot be shown."""
        return self._secrets.pin

    async def save(self) -> None:
        """Save the hash of a newly created PIN. Raises Refusal: not-kept."""
        if _saved_hash(self._records) != self._hash:
            await self._save(self._hash)

    async def _save(self, hash_: str) -> None:
        setting = _setting(hash_)
        self._records.upsert(setting)
        await self._records.save(setting)

    async def renew(self) -> str:
        """Replace the PIN and return the new one. Raises Refusal: not-kept; the old PIN stays, on the disk too.

        A change that has begun ends, whole or refused, though the page that asked for it has left.
        """
        return await asyncio.shield(asyncio.create_task(self._renew()))

    async def _renew(self) -> str:
        pin = new_pin()
        async with self._renewing:
            hash_, renewed = await self._hasher.hash_pin(pin), replace(self._secrets, pin=pin)
            await asyncio.to_thread(secrets_file.write, self._folder, renewed)
            try:
                await self._save(hash_)
            except Refusal:
                self._restore()
                raise
            self._hash, self._secrets = hash_, renewed
        return pin

    def _restore(self) -> None:
        """Put the present PIN back where a new one stands already; a disk that refuses hides it after a restart."""
        self._records.upsert(_setting(self._hash))
        with suppress(Refusal):
            secrets_file.write(self._folder, self._secrets)

    async def check(self, tried: str, address: str, device: str | None = None) -> None:
        """Check a PIN that somebody typed; return only if it is right.

        A `device` that the sound crew used before is counted by itself: guesses from elsewhere never keep it waiting.

        Raises:
            Refusal: wrong-pin, or tries (with `retry_after`) while this address or all addresses have to wait.
        """
        known, payer = device is not None, f"{DEVICE_PREFIX}{device}" if device else address
        if (blocked := self.tries.block_wait(address)) > 0:
            raise Refusal(Code.TRIES, BLOCKED_TEXT, retry_after=blocked)
        if self._hasher.is_full:
            raise _too_many(FULL_QUEUE_SECONDS)
        self._refuse_early(self.tries.wait(payer, known=known))
        self.tries.begin(payer)
        if not await self._is_right(typed_digits(tried), known=known):
            self.tries.wrong()
            log.warning("somebody at %s tried a wrong PIN", address)
            raise Refusal(Code.WRONG_PIN, "That is not the PIN: ask the sound crew for it.")
        self.tries.right(payer)

    async def _is_right(self, tried: str, *, known: bool) -> bool:
        if not is_pin(tried):
            return False
        if self.pin is not None:  # in memory already: hashing would cost the mixer's cores and protect nothing
            return hmac.compare_digest(self.pin, tried)
        async with self._hasher.slot():
            if not known:
                self._refuse_early(self.tries.common_wait())  # tries that were ahead in the queue may have been wrong
            return await self._hasher.verify(self._hash, tried)

    def _refuse_early(self, wait_seconds: float) -> None:
        if wait_seconds > 0:
            raise _too_many(wait_seconds)


def _too_many(seconds: float) -> Refusal:
    wait = ceil(seconds)
    text = f"Too many tries: wait {wait} s, or scan an invitation, which is never kept waiting."
    return Refusal(Code.TRIES, text, retry_after=float(wait))


def _setting(hash_: str) -> Setting:
    return Setting(PIN_SETTING, json.dumps({"hash": hash_}))


def _saved_hash(records: Records) -> str:
    """Return the hash in the database, "" for none."""
    try:
        return str(json.loads(records.settings[PIN_SETTING].value)["hash"])
    except (LookupError, ValueError, TypeError):
        return ""
