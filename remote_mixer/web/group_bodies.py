"""Types of the groups' bodies and answers, of which msgspec makes the schemas in `openapi.json`."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from remote_mixer.desk.groups import MUTE_GROUP
from remote_mixer.desk.layout import STRIP_COLORS
from remote_mixer.web.bodies import one_of

Kind = Annotated[str, one_of(("dca", MUTE_GROUP))]
Color = Annotated[str, one_of(STRIP_COLORS)]
Strips = list[Annotated[str, Meta(description="console/strip, or a mute group of a console", examples=["band/ch1"])]]


class NewGroup(Struct):
    """Group to make."""

    kind: Kind
    name: Annotated[str, Meta(max_length=32)] | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    client: Annotated[str, Meta(description="Id of the caller's own page, whose undo takes this back")] | UnsetType = (
        UNSET
    )


class Group(Struct):
    """DCA or mute group over consoles. Its name, color, members, mute and fader are params below its path."""

    path: str
    kind: Kind
    name: str
    color: Color
    mute: bool
    fader: Annotated[float | None, Meta(description="Position of a DCA's fader, 0 to 1")]
    members: Strips
    missing: Annotated[Strips, Meta(description="Members that no console here has")]
    behind: Annotated[Strips, Meta(description="Members that stood still while their console was offline")]
    by_position: Annotated[Strips, Meta(description="Members whose console gives no dB: moved by a usual fader's law")]


class Groups(Struct):
    """Groups, the DCAs first."""

    groups: list[Group]
