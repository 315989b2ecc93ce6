"""The PIN: six digits made on this computer and no other."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

DIGITS = 6
AT_ONCE = 2
"""Checks that run at one time: each takes 19 MiB and some 30 ms of a core that the mixer may need."""
WAITING = 200
"""Checks that may wait for their turn."""

# The least that OWASP's Password Storage Cheat Sheet asks for: 19 MiB, 2 passes, 1 lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def new_pin() -> str:
    """Return a PIN that nobody tries first."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        if not is_easy(pin):
            return pin


def is_easy(pin: str) -> bool:
    """Tell a PIN of one digit, or of digits in a row, from the others."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps in ({0}, {1}, {9})


def is_pin(text: object) -> bool:
    """Tell whether this could be a PIN at all."""
    return isinstance(text, str) and len(text) == DIGITS and text.isascii() and text.isdigit()


def hashed(pin: str) -> str:
    """Return the argon2 hash of a PIN; takes some 30 ms."""
    return _HASHER.hash(pin)


def is_of(hash_: str, pin: str) -> bool:
    """Tell whether this hash was made of this PIN; takes some 30 ms."""
    try:
        return _HASHER.verify(hash_, pin)
    except (VerificationError, InvalidHashError):
        return False


class Checks:
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
