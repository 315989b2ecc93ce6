"""Scenes of a hub: stored, changed, deleted and listed; the moments that are kept by themselves; the safes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from remote_mixer.desk import laws, paths
from remote_mixer.desk.change import Change
from remote_mixer.desk.laws import Laws
from remote_mixer.desk.moments import EVERY_SECONDS, beyond_the_bin, thinned
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.scenes import (
    MOMENT,
    MOST_SCENES,
    MOST_VALUES,
    SCENE,
    Captured,
    Content,
    Head,
    Safes,
    Scene,
    Scope,
    capture,
    checked_safe,
    checked_values,
)
from remote_mixer.desk.sections import is_part_of_a_mix
from remote_mixer.desk.sources import CLIENT, THE_SERVER, Source
from remote_mixer.hub import own_scenes
from remote_mixer.hub.fields import flag, is_number, line, typed, whole
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.messages import Scenes
from remote_mixer.hub.surroundings import SceneStore
from remote_mixer.people.caller import CREW

KEEP_SECONDS = 2.0
"""Time for which a recall waits for its moment; a disk that hangs keeps nobody waiting."""
MOST_TEXT = 1000
MOST_CONSOLES = 100
GONE_TEXT = "There is no such scene: perhaps somebody has deleted it."
NO_CONSOLE_TEXT = "There is no such console here: name one that is, or none for all of them."
EMPTY_TEXT = "Nothing is known of these consoles now, so there is nothing to store: wait until they are online."
TOO_MANY_TEXT = f"There are {MOST_SCENES} scenes, with those of “Earlier”: that is the most. Delete one first."
BEFORE, PERIODIC, END = "Before “{}”", "By itself", "At the end"

log = logging.getLogger(__name__)


@dataclass
class Kept:
    """Scenes and safes as they were found on the disk.

    heads    of all scenes
    last_id  the highest number ever given
    place    number of the scene where the set list stood, 0 before the first
    """

    heads: Sequence[Head] = ()
    last_id: int = 0
    safes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    place: int = 0


class SceneHandler:
    """Keeps the list of scenes, and shares it with the crew.

    safes    strip → sections that no recall sets
    current  number of the scene where the set list stands, 0 before the first
    """

    def __init__(self, hub: Hub, store: SceneStore, kept: Kept, lived: Callable[[], float] = time.time) -> None:
        """Take what was kept; `lived` gives seconds since 1970 by which scenes lie in the bin."""
        self._lived = lived
        self._hub, self._desk, self._store = hub, hub.desk, store
        self._heads = {head.id: head for head in kept.heads}
        self._last_id = kept.last_id
        self._last_read: tuple[int, Content] = (0, Content({}, {}))
        self._is_moved = False
        self._placed = asyncio.Event()
        self.safes: Safes = dict(kept.safes)
        self.current = kept.place
        hub.desk.change_listeners.append(self._changed)

    def _changed(self, change: Change) -> None:
        if not self._is_moved:
            self._is_moved = change.source.kind == CLIENT or any(map(partial(self._is_move, change), change.after))

    def _is_move(self, change: Change, path: str) -> bool:
        """Whether a change of a console's own is somebody's move there: not what is read of it, nor a reading."""
        is_known = change.before[path] is not None and change.after[path] is not None
        return is_known and self._desk.is_setting(path) and is_part_of_a_mix(path)

    # Reading

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept: no scene, no moment, nothing in the bin."""
        return not self._heads

    def head(self, number: int, source: Source = THE_SERVER) -> Head:
        """Return a scene's head, of a moment and one in the bin too; Refusal where there is none for this source."""
        if number not in self._heads or not own_scenes.is_for(self._heads[number], source):
            raise Refusal(Code.UNKNOWN, GONE_TEXT)
        return self._heads[number]

    def set_list(self) -> list[Head]:
        """Return the crew's scenes in playing order; those without a number come last."""
        scenes = (head for head in self._scenes() if not head.owner)
        return sorted(scenes, key=lambda head: (head.number or MOST_SCENES * MOST_SCENES, head.id))

    def _scenes(self) -> list[Head]:
        return [head for head in self._heads.values() if head.kind == SCENE and head.deleted is None]

    def _moments(self) -> list[Head]:
        return [head for head in self._heads.values() if head.kind == MOMENT and head.deleted is None]

    def _bin(self) -> list[Head]:
        return [head for head in self._heads.values() if head.deleted is not None]

    def begun(self) -> list[Head]:
        """Return the moments whose recall has begun and not ended, the newest first."""
        return sorted((head for head in self._moments() if head.begun), key=lambda head: -head.id)

    async def content(self, number: int) -> Content:
        """Return the values of a scene and their laws; those read last are at hand for the recall."""
        last = self._last_read
        if last[0] == number:
            return last[1]
        content = await self._store.content(number)
        if self._last_read is last:  # no scene was changed meanwhile, as by an update
            self._last_read = number, content
        return content

    def message(self, id: int | str | None = None, source: Source = THE_SERVER) -> Scenes:  # noqa: A002 the wire's word
        """Return the list for a source, by default for the crew."""
        own = [head for head in self._scenes() if head.owner]
        listed, moments, deleted, of_people = (
            [head.as_json() for head in heads if own_scenes.is_for(head, source)]
            for heads in (self.set_list(), self._moments(), self._bin(), own)
        )
        if source.role not in CREW:
            return Scenes([], [], deleted, 0, {}, id, own=of_people)
        safes = {strip: sorted(sections) for strip, sections in self.safes.items()}
        return Scenes(listed, moments, deleted, self.current, safes, id, own=of_people)

    def share(self, owner: str = "") -> None:
        """Send the list to the crew, and an owner theirs."""
        message = self.message()
        for client in self._hub.clients:
            if client.caller.role in CREW:
                client.send(message)
            elif owner and client.source.identity == owner:
                client.send(self.message(None, client.source))

    # Changing

    async def store(self, source: Source, wanted: Mapping[str, Any]) -> tuple[Head, list[str]]:
        """Store the present values as a new scene; return its head, and the paths whose value is not known.

        Of a musician it is the own mix (see `own_scenes`).
        """
        if source.role not in CREW:
            own = own_scenes.new_head(source, self._heads.values())
            captured = self._captured(own.scope.consoles, own.scope.mix)
            own = _with_fields(own, own_scenes.changes_of(wanted, source))
            return await self._keep(own, captured, source), captured.unknown
        captured = self._captured(_texts(wanted, "consoles"))
        head = Head(0, SCENE, self._next_number(), f"Scene {self._next_number()}", "grey", "", "", 0.0)
        kept = await self._keep(_with_fields(head, wanted), captured, source)
        return kept, captured.unknown

    async def load(self, source: Source, wanted: Mapping[str, Any]) -> tuple[Head, list[str]]:
        """Keep the values of a file as a new scene; return its head, and the paths that have no value."""
        head, content = self._of_file(source, wanted)
        kept = await self._keep(head, content, source)
        return kept, [path for path, value in content.values.items() if value is None]

    def check(self, source: Source, wanted: Mapping[str, Any]) -> None:
        """Raise Refusal where `load` would, of one scene of a file that has `of`; nothing is kept."""
        self._of_file(source, wanted)
        self._check_room(whole(wanted, "of") or 1)

    def _of_file(self, source: Source, wanted: Mapping[str, Any]) -> tuple[Head, Content]:
        own_scenes.check_crew(source)
        values = checked_values(typed(wanted, "values", dict, MOST_VALUES))
        head = Head(0, SCENE, self._next_number(), f"Scene {self._next_number()}", "grey", "", "", 0.0)
        return _with_fields(head, wanted), Content(values, _laws(wanted))

    async def update(self, source: Source, number: int, wanted: Mapping[str, Any]) -> tuple[Head, list[str]]:
        """Change a scene's head, and with `values` its values to the present ones; the former ones go into the bin.

        What is not known now, as of a console that is offline, keeps its former value.
        """
        former, wanted = self.head(number, source), own_scenes.changes_of(wanted, source)
        changed = _with_fields(former, wanted)
        if not flag(wanted, "values", missing=False):
            await self._change([changed])
            return changed, []
        content = await self.content(number)
        captured = self._captured(set(map(paths.console_of, content.values)), former.scope.mix)
        values = {**content.values, **captured.values}
        kept = replace(changed, by=_name(source), at=time.time(), count=len(values))
        scene = _scene(kept, Content(values, {**content.laws, **captured.laws}))
        old = self._new(replace(former, deleted=self._lived()))
        await self._store.keep(Scene(old, *content))
        self._heads[old.id] = old
        await self._store.keep(scene)
        await self._tidy_bin(kept.owner)
        self._take(kept)
        return kept, captured.unknown

    async def delete(self, source: Source, number: int) -> Head:
        """Put a scene into the bin, for thirty days."""
        gone = replace(self.head(number, source), deleted=self._lived())
        await self._change([gone])
        await self._tidy_bin(gone.owner)
        return gone

    async def restore(self, source: Source, number: int) -> Head:
        """Take a scene out of the bin; a moment becomes a scene."""
        former = self.head(number, source)
        if former.deleted is not None:
            self._check_room()
            if former.owner:
                own_scenes.check_count(former.owner, self._heads.values())
        back = replace(former, deleted=None, kind=SCENE)
        await self._change([back])
        return back

    async def set_safe(self, strip: str, sections: object) -> None:
        """Set a strip's safe: its sections, true for all, an empty list for none."""
        checked = checked_safe(strip, sections)
        await self._store.keep_safe(strip, checked)
        others = {one: safe for one, safe in self.safes.items() if one != strip}
        self.safes = others | ({strip: checked} if checked else {})
        self.share()

    def mark(self, number: int) -> None:
        """Set where the set list stands."""
        self.stand_at(self.head(number).id)

    def stand_at(self, number: int) -> None:
        """Set where the set list stands, 0 before its first scene, also where that scene is gone."""
        self.current = number
        self._placed.set()
        self.share()

    async def tend_place(self) -> None:
        """Keep where the set list stands each time it moves, until cancelled."""
        while True:
            await self._placed.wait()
            await self._keep_place()

    async def _keep_place(self) -> None:
        self._placed.clear()
        try:
            await self._store.keep_place(self.current)
        except Refusal as fault:
            log.warning("it is not kept where the set list stands: %s", fault)
        except asyncio.CancelledError:  # the program stops meanwhile: its close keeps it
            self._placed.set()
            raise

    async def _keep(self, head: Head, content: Content | Captured, source: Source) -> Head:
        self._check_room()
        scene = _scene(replace(head, by=_name(source), at=time.time(), count=len(content.values)), content)
        kept = replace(scene, head=self._new(scene.head))
        await self._store.keep(kept)
        self._take(kept.head)
        return kept.head

    def _check_room(self, more: int = 1) -> None:
        if len(self._heads) - len(self._bin()) + more > MOST_SCENES:
            raise Refusal(Code.TOO_MANY, TOO_MANY_TEXT)

    async def _change(self, heads: Sequence[Head]) -> None:
        await self._store.change(heads)
        for head in heads:
            self._take(head)

    def _take(self, head: Head) -> None:
        self._heads[head.id] = head
        self._last_read = 0, Content({}, {})
        self.share(head.owner)

    def _new(self, head: Head) -> Head:
        """Return a head under a new number, which is never given again."""
        self._last_id += 1
        return replace(head, id=self._last_id)

    def _next_number(self) -> int:
        return max((head.number for head in self.set_list()), default=0) + 1

    def _captured(self, consoles: Collection[str] | None, mix: str = "") -> Captured:
        if consoles is not None and not any(console in self._desk.layouts for console in consoles):
            raise Refusal(Code.BAD_VALUE, NO_CONSOLE_TEXT)
        captured = capture(self._desk, consoles, mix)
        if not captured.values:
            raise Refusal(Code.OFFLINE, EMPTY_TEXT)
        return captured

    # Moments

    async def keep_moment(self, name: str) -> int:
        """Keep all present values by itself, and thin the older moments; return its number.

        0 where there is none: nothing is known, or the disk refuses, which is logged.
        """
        captured, self._is_moved = capture(self._desk), False
        if not captured.values:
            return 0
        count = len(captured.values)
        head = self._new(Head(0, MOMENT, 0, name[:60], "grey", "", _name(THE_SERVER), time.time(), count=count))
        try:
            async with asyncio.timeout(KEEP_SECONDS):
                await self._store.keep(Scene(head, captured.values, captured.laws))
                self._heads[head.id] = head
                await self._thin()
        except (Refusal, TimeoutError, ValueError) as fault:
            log.warning("the moment “%s” is not kept: %s", name, fault)
        self.share()
        return head.id if head.id in self._heads else 0

    async def note_begun(self, number: int, *, begun: bool) -> None:
        """Note on the disk that the recall of a moment has begun, or ended; where that fails, it is logged."""
        if number not in self._heads:
            return
        self._heads[number] = head = replace(self._heads[number], begun=begun)
        try:
            async with asyncio.timeout(KEEP_SECONDS):
                await self._store.change([head])
        except (Refusal, TimeoutError) as fault:
            log.warning("it is not noted whether the recall after “%s” is under way: %s", head.name, fault)

    async def _thin(self) -> None:
        await self._delete([head.id for head in thinned(self._moments(), time.time())])

    async def _delete(self, gone: Sequence[int]) -> None:
        """Delete scenes for good."""
        if gone:
            await self._store.delete(gone)
            for number in gone:
                self._heads.pop(number, None)

    async def _tidy_bin(self, owner: str = "") -> None:
        """Delete for good what the bin has no room for, or has kept for thirty days; where that fails, it is logged."""
        beyond = {head.id for head in beyond_the_bin(self._bin(), self._lived())}
        try:
            await self._delete(sorted(beyond.union(own_scenes.beyond_the_bin(owner, self._heads.values()))))
        except Refusal as fault:
            log.warning("the bin is not tidied: %s", fault)

    async def tend(self) -> None:
        """Keep a moment every five minutes in which somebody has moved something, and tidy the bin, until cancelled."""
        while True:
            count = len(self._heads)
            await self._tidy_bin()
            if len(self._heads) < count:
                self.share()
            await asyncio.sleep(EVERY_SECONDS)
            if self._is_moved:
                await self.keep_moment(PERIODIC)

    async def close(self) -> None:
        """Keep where the set list stands, and a last moment, if somebody has moved something since the one before."""
        if self._placed.is_set():
            await self._keep_place()
        if self._is_moved:
            await self.keep_moment(END)


def _scene(head: Head, content: Content | Captured) -> Scene:
    """Return a scene; Refusal for more values than one keeps."""
    try:
        return Scene(head, content.values, content.laws)
    except ValueError as fault:
        raise Refusal(Code.BAD_VALUE, str(fault)) from fault


def _with_fields(head: Head, wanted: Mapping[str, Any]) -> Head:
    """Return a head with the fields that a frame or body has; Refusal for one that does not fit."""
    fields: dict[str, Any] = {key: line(wanted, key, MOST_TEXT) for key in ("name", "note", "color") if key in wanted}
    if (number := whole(wanted, "number")) is not None:
        fields["number"] = number
    if "fade" in wanted:
        fields["fade"] = fade_of(wanted)
    try:
        if "scope" in wanted:
            fields["scope"] = replace(Scope.of_json(wanted["scope"]), mix=head.scope.mix)
        return replace(head, **fields)
    except ValueError as fault:
        raise Refusal(Code.BAD_VALUE, str(fault)) from fault


def _laws(wanted: Mapping[str, Any]) -> Laws:
    """Return the laws of a file's scene, none where it has none; Refusal for anything else."""
    try:
        return laws.of_json(wanted.get("laws") or [])
    except ValueError as fault:
        raise Refusal(Code.BAD_VALUE, str(fault)) from fault


def fade_of(wanted: Mapping[str, Any]) -> float:
    """Return the seconds of a fade; Refusal for anything but a number."""
    fade = wanted.get("fade")
    if not is_number(fade):
        raise Refusal(Code.BAD_FRAME, "“fade” has to be a number of seconds.")
    return float(fade)


def _texts(wanted: Mapping[str, Any], key: str) -> set[str] | None:
    """Return a list of texts of a frame, None without it."""
    if wanted.get(key) is None:
        return None
    found = typed(wanted, key, list, MOST_CONSOLES)
    if not all(isinstance(one, str) for one in found):
        raise Refusal(Code.BAD_FRAME, f"“{key}” has to be a list of texts.")
    return set(found)


def _name(source: Source) -> str:
    return source.name or source.id
