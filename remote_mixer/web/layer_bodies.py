"""Types of the layers' bodies and answers, of which msgspec makes the schemas in `openapi.json`."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from remote_mixer.desk.policy import ROLES
from remote_mixer.people.layer import MOST_ITEMS, MOST_NAME
from remote_mixer.web.bodies import one_of

Name = Annotated[str, Meta(min_length=1, max_length=MOST_NAME)]
Roles = Annotated[
    list[Annotated[str, one_of(ROLES)]], Meta(description="Roles whose pages have it by default; of a shared layer")
]
Shared = Annotated[bool, Meta(description="Whether it is the whole sound crew's, for others to see")]
Rev = Annotated[int, Meta(description="Number of its version")]


class Separator(Struct, forbid_unknown_fields=True):
    """Separator before the strips that follow."""

    separator: Annotated[str, Meta(max_length=MOST_NAME, description="Its title, empty for none")]


Items = Annotated[
    list[Annotated[str, Meta(description="A strip", examples=["foh/ch1"])] | Separator],
    Meta(max_length=MOST_ITEMS, description="Strips of any consoles, in their order, and separators"),
]


class NewLayer(Struct):
    """Layer to make."""

    name: Name
    items: Items
    shared: Shared | UnsetType = UNSET
    roles: Roles | UnsetType = UNSET


class ChangedLayer(Struct):
    """Changes of a layer."""

    name: Name | UnsetType = UNSET
    items: Items | UnsetType = UNSET
    shared: Shared | UnsetType = UNSET
    roles: Roles | UnsetType = UNSET
    rev: Annotated[int, Meta(description="Version that is changed; refused where it is another by now")] | UnsetType = (
        UNSET
    )


class Layer(Struct):
    """Layer: strips of any consoles in an order of its own. Strips whose console is gone stay in it."""

    id: str
    name: Name
    shared: Shared
    roles: Roles
    rev: Rev
    items: Items


class Layers(Struct):
    """Layers, one's own first."""

    layers: list[Layer]
