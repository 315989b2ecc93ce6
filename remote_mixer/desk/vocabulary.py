"""Labels of kinds of strips, of roles and of sections, and the usual rights: one table for the server and the page.

The page gets it with `welcome`, so it needs no copy of its own.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from remote_mixer.desk import sections
from remote_mixer.desk.layout import STRIP_COLORS
from remote_mixer.desk.policy import (
    ENGINEER,
    GUEST,
    HIGHEST_DB,
    HOST,
    LOWEST_DB,
    MUSICIAN,
    USUAL_GRANTS,
    Ceiling,
)
from remote_mixer.desk.sections import OF_CONSOLES, OF_STRIPS, USUAL_SECTIONS

KINDS = {
    "channel": {"short": "Ch", "plural": "Channels"},
    "return": {"short": "Rtn", "plural": "Returns"},
    "bus": {"short": "Mix", "plural": "Mixes"},
    "matrix": {"short": "Mtx", "plural": "Matrices"},
    "dca": {"short": "DCA", "plural": "DCAs"},
    "main": {"short": "Main", "plural": "Mains"},
}
"""Kind of strip → its short label, and the name of a layer of such strips."""

ROLES = {
    HOST: {"name": "Host", "plural": "Hosts"},
    ENGINEER: {"name": "Engineer", "plural": "Engineers"},
    MUSICIAN: {"name": "Musician", "plural": "Musicians"},
    GUEST: {"name": "Guest", "plural": "Guests"},
}

SECTIONS = {
    sections.LEVELS: "Levels",
    sections.MUTES: "Mutes",
    sections.SENDS: "Sends",
    sections.PAN: "Pan",
    sections.EQ: "EQ",
    sections.DYNAMICS: "Dynamics",
    sections.INPUT: "Input",
    sections.NAMES: "Names",
    sections.GROUPS: "Groups",
    sections.OTHER: "Other",
}


def as_json() -> dict[str, Any]:
    """Return the JSON object for `welcome`; ceilings are in dB."""
    return {
        "kinds": KINDS,
        "roles": ROLES,
        "grants": {role: asdict(grant) for role, grant in USUAL_GRANTS.items()},
        "ceiling": asdict(Ceiling()),
        "ceiling_range": [LOWEST_DB, HIGHEST_DB],
        "colors": STRIP_COLORS,
        "sections": {
            "names": SECTIONS,
            "usual": sorted(USUAL_SECTIONS),
            "strips": OF_STRIPS,
            "consoles": OF_CONSOLES,
        },
    }
