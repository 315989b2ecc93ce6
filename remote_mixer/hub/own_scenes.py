"""Scenes of a person's own: saved states of a musician's own mix, seen and recalled by its owner and the crew.

Such a scene has an owner, and a scope that is a mix: levels, mutes and pans of the sends into it. It is no part of the
set list, and its recall is no news to others: neither a moment nor a banner tells of it, and undo takes it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.rights import CREW_TEXT, HOMELESS_TEXT
from remote_mixer.desk.scenes import SCENE, Head, Scope
from remote_mixer.desk.sections import SENDS
from remote_mixer.desk.sources import Source
from remote_mixer.people.caller import CREW

MOST_OWN = 20
"""Own scenes of one person, and as many in the bin."""
FIELDS = ("name", "note", "color", "values")
"""Fields of an own scene that its owner may change."""
WORDS = frozenset({"list", "store", "update", "delete", "restore", "preview", "recall"})
"""Values of a frame's `do` that are open to the owner of a scene."""
TOO_MANY_TEXT = f"You have saved your mix {MOST_OWN} times, which is the most: delete one first."


def is_for(head: Head, source: Source) -> bool:
    """Whether a source may see and recall a scene: the crew all, others their own of the mix that is theirs now."""
    if source.role in CREW:
        return True
    return bool(head.owner) and (head.owner, head.scope.mix) == (source.identity, source.mix)


def check_crew(source: Source) -> None:
    """Raise Refusal for what only the crew may do with scenes."""
    if source.role not in CREW:
        raise Refusal(Code.FORBIDDEN, CREW_TEXT)


def changes_of(wanted: Mapping[str, Any], source: Source) -> Mapping[str, Any]:
    """Return those fields of a change that a source may change."""
    return wanted if source.role in CREW else {key: wanted[key] for key in FIELDS if key in wanted}


def new_head(source: Source, heads: Iterable[Head]) -> Head:
    """Return the head of one more own scene; Refusal without a mix, or where there are too many."""
    if not source.mix:
        raise Refusal(Code.FORBIDDEN, HOMELESS_TEXT)
    count = check_count(source.identity, heads)
    scope = Scope(frozenset({paths.console_of(source.mix)}), None, frozenset({SENDS}), source.mix)
    return Head(0, SCENE, 0, f"My mix {count + 1}", "grey", "", "", 0.0, scope, owner=source.identity)


def check_count(owner: str, heads: Iterable[Head]) -> int:
    """Return how many own scenes somebody has; Refusal where one more is too many."""
    count = sum(head.owner == owner and head.deleted is None for head in heads)
    if count >= MOST_OWN:
        raise Refusal(Code.TOO_MANY, TOO_MANY_TEXT)
    return count


def beyond_the_bin(owner: str, heads: Iterable[Head]) -> list[int]:
    """Return the numbers of an owner's deleted scenes that the bin has no place for, the oldest of them."""
    deleted = [head for head in heads if owner and head.owner == owner and head.deleted is not None]
    return [head.id for head in sorted(deleted, key=lambda head: (head.deleted or 0.0, head.id))[:-MOST_OWN]]
