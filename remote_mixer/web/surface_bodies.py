"""Types of the surfaces' bodies and answers, of which msgspec makes the schemas in `openapi.json`."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType


class Control(Struct):
    """Control of a MIDI controller, and what it moves: a param, one of a place in the bank, or nothing but an order."""

    id: str
    message: Annotated[str, Meta(description="Its MIDI messages", examples=["cc 16, channel 2"])]
    kind: Annotated[str, Meta(examples=["pick-up"])]
    kinds: Annotated[list[str], Meta(description="Kinds that it can be changed to; none where there is no choice")]
    path: Annotated[str, Meta(description="Param that it moves, else empty")]
    strip: Annotated[int, Meta(ge=0, description="Place in the bank, 0 for none")]
    what: Annotated[str, Meta(description="Param of that place", examples=["fader"])]
    do: Annotated[str, Meta(description="Order, else empty", examples=["go", "layer 2"])]


class Surface(Struct):
    """Control surface."""

    name: str
    spec: Annotated[str, Meta(examples=["midi:nano.toml"])]
    state: Annotated[str, Meta(description="Whether it is connected, in words")]
    file: Annotated[str | None, Meta(description="File of its map; null where it has none")]
    can_undo: Annotated[bool, Meta(description="Whether there is a change of the map to take back")]
    controls: list[Control]


class Order(Struct):
    """Order that a key can give."""

    word: str
    takes: Annotated[list[str], Meta(description="Names that may follow; empty where a number follows")]
    example: str


class Surfaces(Struct):
    """All surfaces, and the orders that keys can give."""

    surfaces: list[Surface]
    orders: list[Order]


class Wanted(Struct, forbid_unknown_fields=True):
    """Target of a control to learn: `path`, `strip` with `what`, or `do` (for `tap` with `path`)."""

    path: str | UnsetType = UNSET
    strip: Annotated[int, Meta(ge=1, le=64)] | UnsetType = UNSET
    what: str | UnsetType = UNSET
    do: str | UnsetType = UNSET


class Kind(Struct):
    """Kind of a control."""

    kind: str
