"""Types of the scenes' bodies and answers, of which msgspec makes the schemas in `openapi.json`."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from remote_mixer.desk.layout import STRIP_COLORS
from remote_mixer.desk.scenes import KINDS, LONGEST_FADE_SECONDS
from remote_mixer.desk.sections import SECTIONS
from remote_mixer.web.bodies import Rev, Time, Value, one_of
from remote_mixer.web.history_bodies import Move, Skipped

SceneNumber = Annotated[int, Meta(description="Number of a scene, given once")]
Section = Annotated[str, one_of(SECTIONS)]
Seconds = Annotated[float, Meta(ge=0, le=LONGEST_FADE_SECONDS, description="Duration of the fade in seconds")]
Color = Annotated[str, one_of(STRIP_COLORS)]


class Scope(Struct):
    """Limits of a recall; null stands for all, and for the sections for all but input and names."""

    consoles: list[str] | None = None
    strips: Annotated[list[str] | None, Meta(description="As band/ch1")] = None
    sections: list[Section] | None = None
    mix: Annotated[str | None, Meta(description="A bus as band/bus1: only the sends into it")] = None


class Scene(Struct):
    """Scene without its values."""

    id: SceneNumber
    kind: Annotated[str, one_of(KINDS)]
    number: Annotated[int, Meta(description="Place in the set list, 0 for none")]
    name: str
    color: Color
    note: str
    by: Annotated[str, Meta(description="Name of its author")]
    fade: Seconds
    count: Annotated[int, Meta(description="Number of its values")]
    at: Time
    deleted: Annotated[Time | None, Meta(description="When it went into the bin")]
    scope: Scope


class Scenes(Struct):
    """All scenes."""

    scenes: Annotated[list[Scene], Meta(description="The set list, in playing order")]
    moments: Annotated[list[Scene], Meta(description="Scenes kept by themselves")]
    bin: Annotated[list[Scene], Meta(description="Deleted ones, kept for thirty days")]
    current: Annotated[int, Meta(description="Scene where the set list stands, 0 before the first")]
    safes: Annotated[dict[str, list[Section]], Meta(description="Strip → sections that no recall sets")]
    own: Annotated[list[Scene], Meta(description="Saved mixes of musicians; a musician gets the own ones")]


class Law(Struct):
    """Law of positions: straight pieces between points."""

    unit: str
    points: Annotated[list[list[float]], Meta(description="[position, value in the unit], both rising")]
    off_at_zero: Annotated[bool, Meta(description="Position 0 is −∞")]
    of: Annotated[list[str], Meta(description="Paths, with a star for each number where all have this law")]


class WholeScene(Scene):
    """Scene with its values."""

    values: Annotated[dict[str, Value], Meta(description="Path → value")]
    laws: Annotated[list[Law], Meta(description="What the positions among them mean")]


class SceneBody(Struct):
    """Fields of a scene."""

    name: Annotated[str, Meta(max_length=60)] | UnsetType = UNSET
    number: Annotated[int, Meta(ge=0)] | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    note: Annotated[str, Meta(max_length=400)] | UnsetType = UNSET
    fade: Seconds | UnsetType = UNSET
    scope: Scope | UnsetType = UNSET


class NewScene(SceneBody):
    """New scene."""

    consoles: Annotated[list[str] | None, Meta(description="Consoles to keep, null for all")] = None
    values: Annotated[
        dict[str, Value] | UnsetType, Meta(description="Path → value, of a file; without them the present ones")
    ] = UNSET
    laws: Annotated[list[Law] | UnsetType, Meta(description="Of a file: what the positions in it mean")] = UNSET


class CheckedScene(NewScene):
    """Scene of a file."""

    of: Annotated[int, Meta(ge=1, description="Number of scenes in the file")] = 1


class ChangedScene(SceneBody):
    """Other fields of a scene."""

    values: Annotated[bool, Meta(description="Also keep the present values in place of its own")] = False


class Stored(Struct):
    """A stored scene."""

    scene: Scene
    unknown: Annotated[list[str], Meta(description="Params that it does not keep, as they are not known")]


class ConsoleFile(Struct):
    """Scene or snippet file of a console."""

    text: Annotated[str, Meta(description="The file's lines, as the console wrote them")]


class LeftOut(Struct):
    """Kind of line or value of a console's file that the mixer does not know."""

    kind: Annotated[str, Meta(description="Address with a star for numbers, and the text of a value")]
    count: int
    first: Annotated[list[str], Meta(description="The first few addresses")]


class Loaded(Struct):
    """Scene of a console's file."""

    scene: Scene
    console: Annotated[str, Meta(description="Nickname of the console that it is for, else its family's word")]
    left: list[LeftOut]


MATCH_WORDS = (
    "Corrections: strip of the scene → strip here, null to leave it out; or console of the scene → console here, for "
    "all its strips. Without them, strips that are not here are matched by name, then by number"
)


class RecallBody(Struct):
    """Recall, or its preview."""

    match: Annotated[dict[str, str | None] | None, Meta(description=MATCH_WORDS)] = None
    scope: Annotated[Scope | None, Meta(description="Null for the scene's own")] = None
    fade: Annotated[Seconds | None, Meta(description="Null for the scene's own")] = None


class Matched(Struct):
    """Strip of a scene that does not stand here."""

    name: Annotated[str, Meta(description="Its name in the scene")]
    to: Annotated[str | None, Meta(description="The strip here that is meant, null for none")]


class Preview(Struct):
    """Changes that a recall would make."""

    counts: Annotated[dict[str, int], Meta(description="Number of params of each verdict")]
    values: Annotated[dict[str, list[Value]], Meta(description="Path → [present value, new value]")]
    stays: Annotated[dict[str, Any], Meta(description="Path → verdict and reason of what stays")]
    match: Annotated[dict[str, Matched], Meta(description="Strip of the scene → the strip here, where that is another")]


class Recall(Struct):
    """State of a recall."""

    recall: Annotated[int, Meta(description="Number of the recall since the start of the server")]
    scene: SceneNumber
    name: str
    by: str
    left: Annotated[float, Meta(description="Seconds that it still takes")]
    done: int
    of: Annotated[int, Meta(description="Number of params that it was to change")]
    paused: bool
    over: bool
    lost: Annotated[dict[str, str], Meta(description="Path → reason why it did not come to its value")]
    move: Annotated[int | None, Meta(description="The recall as a move, once it is over")]
    ago: Annotated[float, Meta(description="Seconds since it was over")]


class Back(Struct):
    """Way back from a recall."""

    rev: Rev
    move: Move
    skipped: list[Skipped]


class BackBody(Struct):
    """Way back from a recall."""

    force: Annotated[bool, Meta(description="Also where others have moved it since")] = False


class SafeBody(Struct):
    """Safe of a strip."""

    sections: Annotated[list[Section] | bool, Meta(description="True for all, an empty list for none")]
