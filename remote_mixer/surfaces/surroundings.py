"""Surroundings of a surface: its hand, what it shows, its ports and its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from remote_mixer.surfaces.hand import Hand
from remote_mixer.surfaces.view import View


@dataclass(frozen=True)
class Surroundings:
    """Parts and functions that a surface needs.

    send     sends a message to one of its ports, from 0 on
    clock    seconds
    cue      carries out what may wait for the disk (see `orders`)
    name_of  returns the name of a client
    select   shows a strip that was selected on the person's own pages
    ghost    shows people where a fader stands that has to pick up a param first; None for nowhere
    """

    hand: Hand
    view: View
    send: Callable[[int, bytes], None]
    clock: Callable[[], float]
    cue: Callable[[str, str], None] = lambda *_: None
    name_of: Callable[[str], str] = lambda client: client
    select: Callable[[str], None] = lambda _: None
    ghost: Callable[[str, float | None], None] = lambda *_: None
