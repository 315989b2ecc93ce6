"""Callers: senders of requests and frames, with role and rights; and sets of roles, one per permission."""

from __future__ import annotations

from dataclasses import dataclass

from remote_mixer.desk.policy import ENGINEER, GUEST, HOST, ROLES
from remote_mixer.desk.rights import CREW_TEXT, LOOK_TEXT, SETUP_TEXT
from remote_mixer.desk.sources import CLIENT, Source

STRANGER = "stranger"
"""Role of a caller who has not joined."""
JOIN_TEXT = "Join first: open the mixer's page and give your name with the PIN, or scan an invitation."

API_ID = "api"
"""Prefix of the ids of callers without a page; no page has such an id."""

EVERYBODY = frozenset({STRANGER, *ROLES})
INSIDE = frozenset(ROLES)
SPEAKERS = INSIDE - {GUEST}
CREW = frozenset({HOST, ENGINEER})
HOSTS = frozenset({HOST})
_REFUSALS = {SPEAKERS: LOOK_TEXT, CREW: CREW_TEXT, HOSTS: SETUP_TEXT}


@dataclass(frozen=True, slots=True)
class Caller:
    """Sender of a request or frame.

    role     host, engineer, musician, guest or stranger
    mix      path of the bus that is the caller's mix, as `band/bus2`; "" for none
    name     name shown to people; "" for a caller who gave none, as a page on this computer
    person   id of the person whose cookie came with the request
    token    id of the token that came with the request
    local    whether the request comes from this computer, and this computer is trusted
    address  IP address of the connection
    """

    role: str = STRANGER
    mix: str = ""
    name: str = ""
    person: str | None = None
    token: str | None = None
    local: bool = False
    address: str = ""

    @property
    def key(self) -> str:
        """Identity of the caller: pages with the same one may replace each other."""
        return self.person or self.token or self.role

    @property
    def payer(self) -> str:
        """Rate-limit key: person, token, or address for strangers."""
        return self.person or self.token or self.address

    @property
    def source(self) -> Source:
        """The caller as the desk's source, for requests without a page."""
        id_ = self.person or self.token or ""
        return Source(CLIENT, f"{API_ID}-{id_}" if id_ else API_ID, self.name or "API", self.role, self.mix, id_)


def refusal_text(role: str, allowed: frozenset[str]) -> str:
    """Return a sentence: the action is for the roles in `allowed` only, and what to do about it."""
    return JOIN_TEXT if role == STRANGER else _REFUSALS[allowed]
