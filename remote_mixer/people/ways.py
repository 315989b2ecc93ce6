"""The ways in that are handed out: invitations for people, tokens for programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from remote_mixer.desk.policy import HOST, MUSICIAN
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people import identifiers, invitations
from remote_mixer.people.person import OPEN, Invitation, Token
from remote_mixer.people.records import Book

MOST_INVITATIONS, MOST_TOKENS = 200, 100
MOST_ENDED = 1000
"""Invitations of the week that let nobody in any more and can still say why: the newest."""
TOKEN_MARK = "rm_"  # noqa: S105 what a token begins with, and no token


class Ways:
    """Half of Admission: who may come in, before anybody does. Errors are Refusal."""

    def __init__(self, book: Book, now: Callable[[], float]) -> None:
        self.changed: list[Callable[[str], None]] = []
        """Told the id of a person or token whose role, mix or name is another now, or who is no longer known."""
        self._book, self._now = book, now

    def invitations(self) -> list[Invitation]:
        """Return the invitations that still let somebody in, the oldest first."""
        now = self._now()
        return [one for one in self._book.invitations.values() if one.state(now) == OPEN]

    async def invite(self, role: str, mix: str, kind: str, *, by: str, by_role: str = HOST) -> tuple[Invitation, str]:
        """Make an invitation, `once` or for the `day`; return it and its secret, which is told this one time.

        `by` is the name of who makes it. Raises Refusal forbidden, bad-value, limit or not-kept.
        """
        invitations.refuse_inviter(by_role, identifiers.checked_role(role))
        if len(self.invitations()) >= MOST_INVITATIONS:
            raise Refusal(Code.TOO_MANY, f"{MOST_INVITATIONS} invitations are open already: withdraw some first.")
        made, secret = invitations.make(role, mix, kind, by, self._now())
        old = self._ended()[:-MOST_ENDED]
        self._book.forget(*old)
        await self._book.keep(*old)
        await self._book.add(made)
        return made, secret

    def _ended(self) -> list[Invitation]:
        now = self._now()
        return [one for one in self._book.invitations.values() if one.state(now) != OPEN]

    async def revoke(self, invitation_id: str, *, by_role: str = HOST) -> None:
        """Withdraw an invitation at once; who came in by it stays. Refusal unknown, forbidden or not-kept."""
        invitation = self._book.invitations.get(invitation_id)
        if invitation is None:
            raise Refusal(Code.UNKNOWN, "There is no such invitation any more.")
        invitations.refuse_inviter(by_role, invitation.role)
        revoked = replace(invitation, revoked=True)
        self._book.set(revoked)
        await self._book.keep(revoked)

    def tokens(self) -> list[Token]:
        """Return all tokens, the oldest first."""
        return list(self._book.tokens.values())

    def of_token(self, bearer: str) -> Token | None:
        """Return which token this is, `rm_` and 22 characters; None for none of ours."""
        found = self._book.of_secret(identifiers.digest(bearer)) if bearer.startswith(TOKEN_MARK) else None
        return found if isinstance(found, Token) else None

    async def make_token(self, name: str, role: str, mix: str = "") -> tuple[Token, str]:
        """Make a token; return it and what it is in full, which is told this one time.

        Raises:
            Refusal: bad-value, limit or not-kept.
        """
        if len(self._book.tokens) >= MOST_TOKENS:
            raise Refusal(Code.TOO_MANY, f"There are {MOST_TOKENS} tokens already: remove some first.")
        role, mix = identifiers.checked_role(role), identifiers.checked_mix(role, mix)
        secret = TOKEN_MARK + identifiers.new_secret()
        if role == MUSICIAN and not mix:
            raise Refusal(Code.BAD_VALUE, "A musician has a mix: say which one.")
        id_, name = identifiers.new_id(), identifiers.clean_name(name)
        made = Token(id_, identifiers.digest(secret), name, role, mix, self._now())
        await self._book.add(made)
        return made, secret

    async def remove_token(self, token_id: str) -> None:
        """Let a token open nothing any more, at once; Refusal unknown or not-kept."""
        token = self._book.tokens.get(token_id)
        if token is None:
            raise Refusal(Code.UNKNOWN, "There is no such token any more.")
        self._book.forget(token)
        self._tell(token_id)
        await self._book.keep(token)

    def _tell(self, *ids: str) -> None:
        for one in ids:
            for listener in self.changed:
                listener(one)
