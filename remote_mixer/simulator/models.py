"""Which consoles can be played, by the word a person asks for them with."""

from __future__ import annotations

from remote_mixer.simulator.table import Model
from remote_mixer.simulator.x32 import x32
from remote_mixer.simulator.xair import SIZES, xair

X32_WORDS = ("x32", "m32")
WORDS = (*X32_WORDS, *SIZES)


def model(word: str) -> Model:
    """Return a model by its word; KeyError for one that is not in WORDS."""
    return x32(word) if word in X32_WORDS else xair(word)
