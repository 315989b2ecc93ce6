"""The ways in that are handed out: invitations for people, tokens for programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from remote_mixer.desk.policy import GUEST, HOST, MUSICIAN
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people import identifiers
from remote_mixer.people.person import ENDED, OPEN, PLACES, REVOKED, USED, Invitation, Token
from remote_mixer.people.records import Records

MOST_INVITATIONS, MOST_TOKENS = 200, 100
MOST_ENDED = 1000
"""Invitations of the week that let nobody in any more and can still say why: the newest."""
TOKEN_MARK = "rm_"  # noqa: S105 what a token begins with, and no token
MORNING_HOUR = 6
SHORTEST = timedelta(hours=4)

_WHY_NOT = {
    USED: "This invitation has let in as many as it was for: ask the sound crew for another.",
    ENDED: "This invitation has ended: ask the sound crew for one of today.",
    REVOKED: "This invitation was withdrawn: ask the sound crew for another.",
}
_UNKNOWN = "This invitation is not known here: ask the sound crew for another."


class Credentials:
    """Half of Admission: who may come in, before anybody does. Errors are Refusal."""

    def __init__(self, records: Records, now: Callable[[], float]) -> None:
        self.changed: list[Callable[[str], None]] = []
        """Told the id of a person or token whose role, mix or name is another now, or who is no longer known."""
        self._records, self._now = records, now

    def invitations(self) -> list[Invitation]:
        """Return the invitations that still let somebody in, the oldest first."""
        now = self._now()
        return [one for one in self._records.invitations.values() if one.state(now) == OPEN]

    async def invite(self, role: str, mix: str, kind: str, *, by: str, by_role: str = HOST) -> tuple[Invitation, str]:
        """Make an invitation, `once` or for the `day`; return it and its secret, which is told this one time.

        `by` is the name of who makes it. Raises Refusal forbidden, bad-value, limit or not-kept.
        """
        _refuse_inviter(by_role, identifiers.checked_role(role))
        if len(self.invitations()) >= MOST_INVITATIONS:
            raise Refusal(Code.TOO_MANY, f"{MOST_INVITATIONS} invitations are open already: withdraw some first.")
        made, secret = _make(role, mix, kind, by, self._now())
        old = self._ended()[:-MOST_ENDED]
        self._records.forget(*old)
        await self._records.keep(*old)
        await self._records.add(made)
        return made, secret

    def _ended(self) -> list[Invitation]:
        now = self._now()
        return [one for one in self._records.invitations.values() if one.state(now) != OPEN]

    async def revoke(self, invitation_id: str, *, by_role: str = HOST) -> None:
        """Withdraw an invitation at once; who came in by it stays. Refusal unknown, forbidden or not-kept."""
        invitation = self._records.invitations.get(invitation_id)
        if invitation is None:
            raise Refusal(Code.UNKNOWN, "There is no such invitation any more.")
        _refuse_inviter(by_role, invitation.role)
        revoked = replace(invitation, revoked=True)
        self._records.set(revoked)
        await self._records.keep(revoked)

    def tokens(self) -> list[Token]:
        """Return all tokens, the oldest first."""
        return list(self._records.tokens.values())

    def of_token(self, bearer: str) -> Token | None:
        """Return which token this is, `rm_` and 22 characters; None for none of ours."""
        found = self._records.of_secret(identifiers.digest(bearer)) if bearer.startswith(TOKEN_MARK) else None
        return found if isinstance(found, Token) else None

    async def make_token(self, name: str, role: str, mix: str = "") -> tuple[Token, str]:
        """Make a token; return it and what it is in full, which is told this one time.

        Raises:
            Refusal: bad-value, limit or not-kept.
        """
        if len(self._records.tokens) >= MOST_TOKENS:
            raise Refusal(Code.TOO_MANY, f"There are {MOST_TOKENS} tokens already: remove some first.")
        role, mix = identifiers.checked_role(role), identifiers.checked_mix(role, mix)
        secret = TOKEN_MARK + identifiers.new_secret()
        if role == MUSICIAN and not mix:
            raise Refusal(Code.BAD_VALUE, "A musician has a mix: say which one.")
        id_, name = identifiers.new_id(), identifiers.clean_name(name)
        made = Token(id_, identifiers.digest(secret), name, role, mix, self._now())
        await self._records.add(made)
        return made, secret

    async def remove_token(self, token_id: str) -> None:
        """Let a token open nothing any more, at once; Refusal unknown or not-kept."""
        token = self._records.tokens.get(token_id)
        if token is None:
            raise Refusal(Code.UNKNOWN, "There is no such token any more.")
        self._records.forget(token)
        self._tell(token_id)
        await self._records.keep(token)

    def _tell(self, *ids: str) -> None:
        for one in ids:
            for listener in self.changed:
                listener(one)


def open_one(invitation: Invitation | Token | None, now: float) -> Invitation:
    """Return an invitation that lets somebody in; Refusal `gone` with the reason where it does not."""
    if not isinstance(invitation, Invitation):
        raise Refusal(Code.GONE, _UNKNOWN)
    state = invitation.state(now)
    if state != OPEN:
        raise Refusal(Code.GONE, _WHY_NOT[state])
    return invitation


def _make(role: str, mix: str, kind: str, by: str, now: float) -> tuple[Invitation, str]:
    """Return a new invitation and its secret; Refusal `bad-value` for what cannot be meant."""
    if kind not in PLACES:
        raise Refusal(Code.BAD_VALUE, f"An invitation is for {' or '.join(PLACES)}.")
    role, mix = identifiers.checked_role(role), identifiers.checked_mix(role, mix)
    if role == MUSICIAN and not mix:
        raise Refusal(Code.BAD_VALUE, "A musician is invited to a mix: say to which one.")
    secret = identifiers.new_secret()
    made = Invitation(identifiers.new_id(), identifiers.digest(secret), role, mix, kind, by, now, next_morning(now))
    return made, secret


def _refuse_inviter(inviter: str, role: str) -> None:
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
