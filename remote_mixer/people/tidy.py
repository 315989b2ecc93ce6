"""What has ended and may go."""

from __future__ import annotations

from remote_mixer.people.cookies import COOKIE_SECONDS
from remote_mixer.people.keeper import Record
from remote_mixer.people.person import OPEN
from remote_mixer.people.records import Book

TOLD_SECONDS = 7 * 24 * 3600.0
"""So long an invitation that lets nobody in any more can still say why."""


def ended(book: Book, now: float) -> list[Record]:
    """Return sessions that ran out, people who have none left, and invitations that have ended long ago."""
    sessions = [one for one in book.sessions.values() if now - one.at > COOKIE_SECONDS or one.person not in book.people]
    out = {session.digest for session in sessions}
    here = {session.person for session in book.sessions.values() if session.digest not in out}
    people = [person for person in book.people.values() if person.id not in here]
    invitations = [one for one in book.invitations.values() if one.state(now) != OPEN and now - one.ends > TOLD_SECONDS]
    return [*sessions, *people, *invitations]
