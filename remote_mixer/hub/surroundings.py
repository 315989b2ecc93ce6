"""Surroundings of a hub: what other rooms hand it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from remote_mixer.desk.message import Message
from remote_mixer.desk.moves import Choice, Move
from remote_mixer.desk.scenes import Content, Head, Scene
from remote_mixer.desk.sources import Source


class MessageStore(Protocol):
    """Store of the messages between people. Each method raises Refusal when it fails."""

    async def say(self, at: str, client: str, name: str, color: str, text: str) -> int:
        """Keep a message and return its number once it is safe on the disk."""

    async def read(self, before: int | None, limit: int) -> Sequence[Message]:
        """Return up to `limit` messages older than `before`, the newest last."""


class MoveStore(Protocol):
    """Store of moves on the disk. No method raises where the disk fails."""

    async def append(self, moves: Sequence[Move]) -> bool:
        """Append moves; whether they are on the disk. What it refuses goes with the next ones."""

    async def read(
        self,
        before: int,
        limit: int,
        fragments: Sequence[str] = (),
        wanted: Callable[[Move], bool] = ...,
        choice: Choice = ...,
    ) -> list[Move]:
        """Return up to `limit` wanted moves with smaller numbers than `before`, the newest first.

        fragments  texts of which the paths of a wanted move hold at least one; none for any path
        choice     name and time that every wanted move has
        """


class SceneStore(Protocol):
    """Store of scenes and safes on the disk. Each method raises Refusal when it fails."""

    async def content(self, number: int) -> Content:
        """Return the values of a scene, and their laws."""

    async def keep(self, scene: Scene) -> None:
        """Keep a scene, a new one or another version of one; it is on the disk when this returns."""

    async def change(self, heads: Sequence[Head]) -> None:
        """Change the heads of kept scenes, all or none."""

    async def delete(self, numbers: Sequence[int]) -> None:
        """Delete scenes for good."""

    async def keep_safe(self, strip: str, sections: frozenset[str]) -> None:
        """Keep a strip's safe; none for no sections."""

    async def keep_place(self, number: int) -> None:
        """Keep the number of the scene where the set list stands."""


class RunAction(Protocol):
    """Starts an action of a console; Refusal where it cannot be done."""

    async def __call__(self, console: str, action: str, arguments: Mapping[str, Any], source: Source) -> None:
        """Run the action for a source; return when it is done."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Name and version of the server; `page` is a fingerprint of the page's files."""

    name: str
    version: str
    page: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Functions of other rooms that a hub needs.

    addresses   returns where phones find this server, likeliest first
    run_action  starts an action of a console
    find        returns the consoles that answer on the network, as `DRIVER:SPEC`
    qr_svg      returns the QR code of a text as SVG
    look        lets a console draw these of its pictures, by full path, the most important first, and no others; among
                them are strips that pages show whole
    under_way   returns how many values of a console wait to leave, the paths not confirmed yet, and how many
                more may leave now
    """

    addresses: Callable[[], list[dict[str, str]]]
    run_action: RunAction
    find: Callable[[], Awaitable[list[str]]]
    qr_svg: Callable[[str], str]
    under_way: Callable[[str], tuple[int, Collection[str], int]]
    look: Callable[[str, Sequence[str]], None]
