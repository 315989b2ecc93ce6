"""Addresses that other people's clients know.

They are read from behringer-mixer's tables and from what xair-api asks for; three more have told theirs
(`other_tables`).
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any
from unittest.mock import patch

from behringer_mixer import mixer_api
from behringer_mixer.mappings import build_mappings
from xair_api import xair
from xair_api.xair import XAirRemote

from remote_mixer.drivers.behringer import x32
from remote_mixer.drivers.osc import node_of
from tests.drivers.behringer import other_tables


class _NotAskedError(Exception):
    """Stands for the answer of a console."""


def addresses(word: str) -> set[str]:
    """Return the addresses that a client has for a model: X32 or XR18."""
    others = _of_an_x32 if word == "X32" else other_tables.companion_xair
    return set(_of_behringer_mixer(word)) | _of_xair_api(word) | set(others())


def _of_an_x32() -> set[str]:
    nodes = {node_of(leaf.address) for leaf in x32.FAMILY.leaves()} | {f"/headamp/{n:03}" for n in range(128)}
    return {f"{node}/{name}" for node in nodes for name in other_tables.line(node)} | set(other_tables.companion())


def _of_behringer_mixer(word: str) -> dict[str, object]:
    mixer = mixer_api.create(word, ip="127.0.0.1", logger=logging.getLogger("stranger"))
    mapped: dict[str, object] = build_mappings(mixer)[0]
    return mapped


def _of_xair_api(word: str) -> set[str]:
    """Have it ask for all that it can, without a network; the first strip of each kind is enough."""
    asked: set[str] = set()

    def query(_: object, address: str) -> None:
        asked.add(address)
        raise _NotAskedError

    with patch.multiple(XAirRemote, __init__=lambda *_, **__: None, query=query):
        for part in vars(xair._remotes[word]()).values():
            _ask_for_all(part[0] if isinstance(part, tuple) else part)
    return asked


def _ask_for_all(part: Any) -> None:
    if not hasattr(part, "getter"):
        return
    for name in dir(part):
        if not name.startswith("_"):
            with suppress(_NotAskedError, AttributeError):
                inner = getattr(part, name)
                for one in inner if isinstance(inner, tuple) else (inner,):
                    _ask_for_all(one)
