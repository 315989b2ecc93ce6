"""Layers of each person of the sound crew, by the person's name, and those that the crew shares. Kept on disk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from remote_mixer.desk.policy import GUEST
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people import identifiers
from remote_mixer.people.admission import Admission
from remote_mixer.people.caller import CREW, Caller
from remote_mixer.people.layer import Layer, lines_of, name_of, roles_of
from remote_mixer.people.records import Batch, RecordStore

MOST_OWN, MOST_SHARED, MOST_LAYERS = 24, 48, 2000
"""Most layers of one person, of the crew, and of all together."""
SHARED = ""
"""Owner of a shared layer."""
UNKNOWN_TEXT = "There is no such layer any more."
CHANGED_TEXT = "Somebody has changed this layer since it was opened here: open it again, and change that one."
FULL_TEXT = f"The server keeps {MOST_LAYERS} layers, and has them: delete some first."
ROLES_TEXT = "Share a layer first: only shared ones are there for a whole role."

Form = Mapping[str, Any]

log = logging.getLogger(__name__)


def owner_of(caller: Caller) -> str:
    """Return the owner of a caller's layers: the same name has the same on any device; callers without one by role."""
    return caller.name.casefold() or caller.role


class Layers:
    """All layers, in the order in which they were made. A change is on the disk when its method returns."""

    def __init__(self, store: RecordStore, admission: Admission) -> None:
        """Load the layers. Blocks on the disk: for the start. Raises Refusal: not-kept."""
        self.changed: list[Callable[[Collection[str]], None]] = []
        """Called with the owners whose layers have changed, SHARED among them where those have."""
        self._store, self._admission = store, admission
        self._layers = {layer.id: layer for layer in store.read(Layer)}
        self._owners = {person.id: person.name.casefold() for person in admission.people()}
        self._writing = asyncio.Lock()
        self._renamed: dict[str, Layer] = {}
        self._save_soon = asyncio.Event()
        admission.changed.append(self._follow_name)

    def of(self, caller: Caller) -> list[Layer]:
        """Return the layers that a caller may see.

        The crew has its own and those that are shared, a guest all that are shared, a musician those for musicians.
        """
        shared = self._of(SHARED)
        if caller.role in CREW:
            return [*self._of(self._owner(caller)), *shared]
        return [layer for layer in shared if caller.role == GUEST or layer.is_for(caller.role)]

    def shared(self) -> list[Layer]:
        """Return the layers that the crew shares."""
        return self._of(SHARED)

    # Changes, for the crew

    async def make(self, caller: Caller, form: Form) -> Layer:
        """Make a layer of a form: `name`, `items`, and where it is shared `shared` and `roles`.

        Raises:
            Refusal: bad-frame, bad-value, limit or not-kept.
        """
        if missing := [key for key in ("name", "items") if key not in form]:
            raise Refusal(Code.BAD_FRAME, f"“{missing[0]}” is missing: a layer has a name and items.")
        blank = Layer(identifiers.new_id(), self._owner(caller), "", "", "", 0, self._admission.now())
        async with self._writing:
            return await self._keep(blank, form, caller)

    async def change(self, caller: Caller, id_: str, form: Form) -> Layer:
        """Change what a form has of a layer; with `rev` only where that is its version still.

        A layer that is shared belongs to nobody; one that is shared no more becomes the caller's own.

        Raises:
            Refusal: unknown, bad-value, changed, limit or not-kept.
        """
        async with self._writing:
            former = self._known(caller, id_)
            if form.get("rev") not in (None, former.rev):
                raise Refusal(Code.CHANGED, CHANGED_TEXT)
            return await self._keep(former, form, caller)

    async def delete(self, caller: Caller, id_: str) -> None:
        """Delete a layer of the caller's own, or a shared one. Raises Refusal: unknown or not-kept."""
        async with self._writing:
            layer = self._known(caller, id_)
            await self._write(deletes=[layer])
            del self._layers[id_]
            self._notify({layer.owner})

    async def tend(self) -> None:
        """Save layers that have followed a person to another name, until cancelled."""
        while True:
            await self._save_soon.wait()
            self._save_soon.clear()
            try:
                async with self._writing:
                    await self._write()
            except Refusal as fault:
                log.warning("layers do not follow a new name over a restart yet: %s", fault)

    async def _keep(self, former: Layer, form: Form, caller: Caller) -> Layer:
        layer = replace(_changed(former, form, owner_of(caller)), rev=former.rev + 1)
        self._check(layer)
        await self._write([layer])
        self._layers[layer.id] = layer
        self._notify({former.owner, layer.owner})
        return layer

    def _check(self, layer: Layer) -> None:
        """Refuse a layer for which there is no room, and one whose name another one has."""
        others = [one for one in self._of(layer.owner) if one.id != layer.id]
        most = MOST_SHARED if layer.is_shared else MOST_OWN
        if any(one.name.casefold() == layer.name.casefold() for one in others):
            whose = "The crew shares a layer" if layer.is_shared else "You have a layer"
            raise Refusal(Code.BAD_VALUE, f"{whose} called “{layer.name}” already: choose another name.")
        if len(others) >= most:
            whose = "The crew shares" if layer.is_shared else "You have"
            raise Refusal(Code.TOO_MANY, f"{whose} {most} layers, which is the most: delete one first.")
        if layer.id not in self._layers and len(self._layers) >= MOST_LAYERS:
            raise Refusal(Code.TOO_MANY, FULL_TEXT)

    def _known(self, caller: Caller, id_: str) -> Layer:
        layer = self._layers.get(id_)
        if layer is None or layer.owner not in (SHARED, owner_of(caller)):
            raise Refusal(Code.UNKNOWN, UNKNOWN_TEXT)
        return layer

    def _owner(self, caller: Caller) -> str:
        """Return the owner of a caller's layers, and note it: another name of this person is a new one."""
        owner = owner_of(caller)
        if caller.person:
            self._owners[caller.person] = owner
        return owner

    def _of(self, owner: str) -> list[Layer]:
        return [layer for layer in self._layers.values() if layer.owner == owner]

    async def _write(self, upserts: Iterable[Layer] = (), deletes: Iterable[Layer] = ()) -> None:
        """Write layers, and with them those that have followed a name."""
        due, self._renamed = self._renamed, {}
        records = due | {layer.id: layer for layer in upserts}
        gone = list(deletes)
        for layer in gone:
            records.pop(layer.id, None)
        try:
            await self._store.write(Batch(list(records.values()), gone))
        except BaseException:
            self._renamed = due | self._renamed
            raise

    def _follow_name(self, person_id: str) -> None:
        """Let layers follow a person to another name, where nobody else is called by the former one."""
        person, former = self._admission.person(person_id), self._owners.pop(person_id, None)
        if person is None:
            return
        name = self._owners[person_id] = person.name.casefold()
        if former is None or former in {one.name.casefold() for one in self._admission.people()}:
            return
        moved = {layer.id: replace(layer, owner=name) for layer in self._of(former)}
        self._layers |= moved
        self._renamed |= moved
        self._save_soon.set()
        self._notify({name})

    def _notify(self, owners: Collection[str]) -> None:
        for listener in self.changed:
            listener(owners)


def _changed(layer: Layer, form: Form, owner: str) -> Layer:
    """Return a layer with what a form has. Raises Refusal: bad-value."""
    checks = {"name": ("name", name_of), "items": ("lines", lines_of), "roles": ("roles", roles_of)}
    values: dict[str, Any] = {field: check(form[key]) for key, (field, check) in checks.items() if key in form}
    shared = form.get("shared", layer.is_shared)
    if not isinstance(shared, bool):
        raise Refusal(Code.BAD_VALUE, "“shared” is true or false.")
    if shared:
        values["owner"] = SHARED
    elif form.get("roles"):
        raise Refusal(Code.BAD_VALUE, ROLES_TEXT)
    elif layer.is_shared:
        values |= {"owner": owner, "roles": ""}
    return replace(layer, **values)
