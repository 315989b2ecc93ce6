"""Types of the history's bodies and answers, of which msgspec makes the schemas in `openapi.json`."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from remote_mixer.desk.change import Cause
from remote_mixer.web.bodies import Rev, Time, Value, one_of

MOST_MOVES = 10_000
Number = Annotated[int, Meta(ge=0, description="Number of a move")]


class Author(Struct):
    """Person, console or program that made a move."""

    kind: Annotated[str, one_of(("client", "console", "server"))]
    id: str
    name: str


class Move(Struct):
    """One gesture's effect."""

    id: int
    at: Time
    by: Author
    cause: Annotated[str, one_of(cause.value for cause in Cause)]
    values: Annotated[dict[str, list[Value]], Meta(description="Path → [value before, value after]")]
    of: Annotated[list[int], Meta(description="Moves that an undo took back, or a redo gave back")]
    mine: Annotated[bool, Meta(description="Whether the caller made it")]
    undone: Annotated[bool, Meta(description="Whether it was taken back, and not given back since")]


class Moves(Struct):
    """Moves, the newest last."""

    moves: list[Move]


class MovesQuery(Struct):
    """Query for older moves."""

    before: Annotated[int, Meta(ge=0, description="Only moves with a smaller number")] | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=0, description="Most moves to return; more than 10000 count as 10000")] = 50
    path: Annotated[str, Meta(description="Only moves of this control, strip or console")] = ""
    by: Annotated[str, Meta(description="Only moves of the person or console with this name")] = ""
    last: Annotated[int, Meta(ge=0, description="Only moves of the last so many seconds")] | UnsetType = UNSET


class TakeBack(Struct):
    """Undo or redo."""

    force: Annotated[bool, Meta(description="Also where others have moved it since")] = False
    move: Annotated[Number | None, Meta(description="This move, instead of the caller's newest")] = None
    since: Annotated[Number | None, Meta(description="This move and all that followed")] = None
    preview: Annotated[bool, Meta(description="Only return what would change")] = False


class Skipped(Struct):
    """Control that stays as it is."""

    path: str
    by: Annotated[str | None, Meta(description="Who moved it since")]
    at: Time | None
    text: str


class TakenBack(Struct):
    """Result of an undo or redo, or of its preview."""

    rev: Rev
    move: Annotated[Move | None, Meta(description="The undo or redo itself, as a move; null for a preview")]
    values: Annotated[dict[str, list[Value]], Meta(description="Path → [value before, value after]")]
    skipped: list[Skipped]
