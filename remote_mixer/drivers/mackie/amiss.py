"""What a person is told is amiss with a surface."""

from __future__ import annotations

from remote_mixer.drivers.mackie.rack import Rack
from remote_mixer.drivers.mackie.surface import Surface
from remote_mixer.drivers.mackie.view import View
from remote_mixer.drivers.mackie.wishes import Wishes

NOTHING_PAINTED = (
    "The DAW has painted no tracks yet. Choose the ports called “Remote Mixer” (or those you named) as a Mackie "
    "Control surface in its settings; nothing needs to be started again."
)
ALIKE = (
    "The DAW's first tracks all have the same name, so that those behind them cannot be told apart and are left out: "
    "give the tracks names in the DAW."
)
DROPPED = (
    "The DAW's tracks have become others, so that something set just before was not sent to it: look at the channels "
    "as they are now, and set it again where it is still wanted."
)


def amiss(surface: Surface, rack: Rack, view: View, wishes: Wishes) -> str:
    """Return it in plain words, or an empty text when nothing is."""
    if not surface.painted():
        return NOTHING_PAINTED
    if rack.dropped:
        return f"{rack.dropped} messages from the DAW were lost: some controls may stand elsewhere than shown."
    if wishes.dropped:
        return DROPPED
    return ALIKE if view.alike else rack.notice
