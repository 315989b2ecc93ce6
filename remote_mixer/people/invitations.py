"""Credentials that are handed out: invitations for people, tokens for programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from remote_mixer.desk.policy import GUEST, HOST, MUSICIAN
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people import identifiers
from remote_mixer.people.lived import LivedClock
from remote_mixer.people.person import ENDED, OPEN, PLACES, REVOKED, USED, Invitation, Token
from remote_mixer.people.records import Records

MOST_INVITATIONS, MOST_TOKENS = 200, 100
"""Highest counts of open invitations and of tokens."""
MOST_ENDED = 1000
"""Highest count of used, expired and revoked invitations that are remembered; the oldest go first."""
TOKEN_PREFIX = "rm_"  # noqa: S105 the start of every token, not a secret
MORNING_HOUR = 6
SHORTEST = timedelta(hours=4)
"""Shortest validity of an invitation."""

_WHY_NOT = {
    USED: "This invitation has let in as many as it was for: ask the sound crew for another.",
    ENDED: "This invitation has ended: ask the sound crew for one of today.",
    REVOKED: "This invitation was withdrawn: ask the sound crew for another.",
}
_UNKNOWN = "This invitation is not known here: ask the sound crew for another."


class Credentials:
    """Invitations and tokens: create, look up, revoke. Base class of `Admission`, which admits people by them."""

    def __init__(self, records: Records, now: LivedClock) -> None:
        self.changed: list[Callable[[str], None]] = []
        """Called with the id of a person or token whose role, mix or name changed, or who was removed."""
        self._records, self._now = records, now

    def invitations(self) -> list[Invitation]:
        """Return the open invitations, oldest first."""
        now = self._now()
        return [one for one in self._records.invitations.values() if one.state(now) == OPEN]

    async def invite(self, role: str, mix: str, kind: str, *, by: str, by_role: str = HOST) -> tuple[Invitation, str]:
        """Create an invitation for one person (`once`) or for the `day`; return it and its secret.

        Only the SHA-256 of the secret is kept: it cannot be shown again. `by` is the name of the inviting person,
        `by_role` their role.

        Raises:
            Refusal: forbidden, bad-value, limit or not-kept.
        """
        _refuse_inviter(by_role, identifiers.checked_role(role))
        if len(self.invitations()) >= MOST_INVITATIONS:
            raise Refusal(Code.TOO_MANY, f"{MOST_INVITATIONS} invitations are open already: withdraw some first.")
        made, secret = _new_invitation(role, mix, kind, by, self._now)
        old = self._closed_invitations()[:-MOST_ENDED]
        self._records.remove(*old)
        await self._records.save(*old)
        await self._records.save_new(made)
        return made, secret

    async def revoke(self, invitation_id: str, *, by_role: str = HOST) -> None:
        """Revoke an invitation at once, also where the disk fails; people who joined by it stay.

        Raises:
            Refusal: unknown, forbidden or not-kept.
        """
        invitation = self._records.invitations.get(invitation_id)
        if invitation is None:
            raise Refusal(Code.UNKNOWN, "There is no such invitation any more.")
        _refuse_inviter(by_role, invitation.role)
        revoked = replace(invitation, revoked=True)
        self._records.upsert(revoked)
        await self._records.save(revoked)

    def tokens(self) -> list[Token]:
        """Return all tokens, oldest first."""
        return list(self._records.tokens.values())

    def of_token(self, bearer: str) -> Token | None:
        """Return the token with this secret, `rm_` and 22 characters; None if it is unknown."""
        found = self._records.by_digest(identifiers.digest(bearer)) if bearer.startswith(TOKEN_PREFIX) else None
        return found if isinstance(found, Token) else None

    async def make_token(self, name: str, role: str, mix: str = "") -> tuple[Token, str]:
        """Create a token; return it and its secret, of which only the SHA-256 is kept.

        Raises:
            Refusal: bad-value, limit or not-kept.
        """
        if len(self._records.tokens) >= MOST_TOKENS:
            raise Refusal(Code.TOO_MANY, f"There are {MOST_TOKENS} tokens already: remove some first.")
        role, mix = identifiers.checked_role(role), identifiers.checked_mix(role, mix)
        secret = TOKEN_PREFIX + identifiers.new_secret()
        if role == MUSICIAN and not mix:
            raise Refusal(Code.BAD_VALUE, "A musician has a mix: say which one.")
        id_, name = identifiers.new_id(), identifiers.clean_name(name)
        made = Token(id_, identifiers.digest(secret), name, role, mix, self._now())
        await self._records.save_new(made)
        return made, secret

    async def remove_token(self, token_id: str) -> None:
        """Remove a token at once, also where the disk fails. Raises Refusal: unknown or not-kept."""
        token = self._records.tokens.get(token_id)
        if token is None:
            raise Refusal(Code.UNKNOWN, "There is no such token any more.")
        self._records.remove(token)
        self._notify_changed(token_id)
        await self._records.save(token)

    def _open_invitation(self, secret: str) -> Invitation:
        """Return the open invitation with this secret; Refusal `gone`, with the reason, if there is none."""
        invitation = self._records.by_digest(identifiers.digest(secret))
        if not isinstance(invitation, Invitation):
            raise Refusal(Code.GONE, _UNKNOWN)
        state = invitation.state(self._now())
        if state != OPEN:
            raise Refusal(Code.GONE, _WHY_NOT[state])
        return invitation

    def _closed_invitations(self) -> list[Invitation]:
        now = self._now()
        return [one for one in self._records.invitations.values() if one.state(now) != OPEN]

    def _notify_changed(self, *ids: str) -> None:
        for id_ in ids:
            for listener in self.changed:
                listener(id_)


def next_morning(now: float) -> float:
    """Return the first 6:00 local time that is at least four hours away. Both times are in seconds since 1970."""
    here = datetime.fromtimestamp(now)
    morning = here.replace(hour=MORNING_HOUR, minute=0, second=0, microsecond=0)
    while morning - here < SHORTEST:
        morning += timedelta(days=1)
    return morning.timestamp()


def _new_invitation(role: str, mix: str, kind: str, by: str, now: LivedClock) -> tuple[Invitation, str]:
    if kind not in PLACES:
        raise Refusal(Code.BAD_VALUE, f"An invitation is for {' or '.join(PLACES)}.")
    role, mix = identifiers.checked_role(role), identifiers.checked_mix(role, mix)
    if role == MUSICIAN and not mix:
        raise Refusal(Code.BAD_VALUE, "A musician is invited to a mix: say to which one.")
    secret = identifiers.new_secret()
    id_, ends = identifiers.new_id(), now.lasting(next_morning)
    return Invitation(id_, identifiers.digest(secret), role, mix, kind, by, now(), ends), secret


def _refuse_inviter(by_role: str, role: str) -> None:
    """Raise Refusal `forbidden` unless people of role `by_role` may invite, and revoke invitations, for `role`."""
    if by_role != HOST and role not in (MUSICIAN, GUEST):
        raise Refusal(Code.FORBIDDEN, "Engineers invite musicians and guests; the host, on the computer, everybody.")
