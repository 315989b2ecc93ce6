"""Ways in without the PIN: made, found open, and told why they are not."""

from __future__ import annotations

from datetime import datetime, timedelta

from remote_mixer.desk.policy import GUEST, HOST, MUSICIAN
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people import identifiers
from remote_mixer.people.person import ENDED, OPEN, PLACES, REVOKED, USED, Invitation, Token

MORNING_HOUR = 6
SHORTEST = timedelta(hours=4)

_WHY_NOT = {
    USED: "This invitation has let in as many as it was for: ask the sound crew for another.",
    ENDED: "This invitation has ended: ask the sound crew for one of today.",
    REVOKED: "This invitation was withdrawn: ask the sound crew for another.",
}
_UNKNOWN = "This invitation is not known here: ask the sound crew for another."


def open_one(invitation: Invitation | Token | None, now: float) -> Invitation:
    """Return an invitation that lets somebody in; Refusal `gone` with the reason where it does not."""
    if not isinstance(invitation, Invitation):
        raise Refusal(Code.GONE, _UNKNOWN)
    state = invitation.state(now)
    if state != OPEN:
        raise Refusal(Code.GONE, _WHY_NOT[state])
    return invitation


def make(role: str, mix: str, kind: str, by: str, now: float) -> tuple[Invitation, str]:
    """Return a new invitation and its secret; Refusal `bad-value` for what cannot be meant."""
    if kind not in PLACES:
        raise Refusal(Code.BAD_VALUE, f"An invitation is for {' or '.join(PLACES)}.")
    role, mix = identifiers.checked_role(role), identifiers.checked_mix(role, mix)
    if role == MUSICIAN and not mix:
        raise Refusal(Code.BAD_VALUE, "A musician is invited to a mix: say to which one.")
    secret = identifiers.new_secret()
    made = Invitation(identifiers.new_id(), identifiers.digest(secret), role, mix, kind, by, now, next_morning(now))
    return made, secret


def refuse_inviter(inviter: str, role: str) -> None:
    """Raise Refusal `forbidden` where somebody of one role may not invite, or withdraw an invitation, for another."""
    if inviter != HOST and role not in (MUSICIAN, GUEST):
        raise Refusal(Code.FORBIDDEN, "Engineers invite musicians and guests; the host, on the computer, everybody.")


def next_morning(now: float) -> float:
    """Return when the day ends, in seconds since 1970: at the first six o'clock, local, that is four hours away."""
    here = datetime.fromtimestamp(now)
    six = here.replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0)
    while six - here < SHORTEST:
        six += timedelta(days=1)
    return six.timestamp()
