"""Removal of secrets from text: those that are known, and whatever has the form of one.

A report is read by strangers, so a word too many that is left out is better than one too few.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

SECRET, DIGITS, NAME, HOME = "[secret]", "[digits]", "[name]", "~"

_BLOCKS = re.compile(r"-----BEGIN .*?(?:-----END [^-\n]*-----|\Z)", re.DOTALL)
"""Keys and certificates in PEM."""
_NAMED = re.compile(
    r"""(?ix)
    (?P<before> \b (?: authorization | cookie | set-cookie ) ["']? \s* [:=] \s* ) [^\r\n]+
    | (?P<scheme> \b bearer \s+ ) [\w.~+/=-]{8,}
    | (?P<name> \b [\w-]* (?: password | passwd | secret | token | remote-mixer-[\w-]* ) ["']? \s* [:=] \s* ["']? )
      [^\s"',;]+
    """
)
"""Headers, cookies and settings by their names; the name stays."""
_ADDRESS = re.compile(
    r"(?P<scheme>\b[a-z][a-z\d+.-]*://)(?:[^\s/@]*@)?(?P<place>[^\s?#\"'<>]*)(?P<rest>[?#][^\s\"'<>]*)?"
)
"""An address: user and password before @, query and fragment behind it may be secrets."""
_FRAGMENT = re.compile(r"(?P<name>\bjoin=)[^\s&\"'<>]+")
_TOKEN = re.compile(r"\brm_[\w-]{4,}")
_RUN = re.compile(r"[A-Za-z0-9_+-]{20,}=*")
_HEX = re.compile(r"\b[0-9a-fA-F]{32,}\b")
_SIX_DIGITS = re.compile(r"(?<![\d.,])\d{3}[ \u00a0]?\d{3}(?![\d]|[.,]\d)")
"""A PIN, the present one or a former, as it is typed or shown; so numbers of six digits go too."""
_HOMES = re.compile(r"(?i)(?:/home|/Users|[a-z]:\\Users|[a-z]:/Users)[/\\][^/\\\s:'\"]+")
LEAST_NAME = 2
"""Shortest name that is looked for; a letter stands everywhere."""


@dataclass(frozen=True)
class LeftOut:
    """Words that must not stand in a report.

    secrets  PIN, keys, tokens, as they are
    names    of people and of this computer; found as whole words, in any case
    homes    home folders; each becomes ~
    """

    secrets: Collection[str] = ()
    names: Collection[str] = ()
    homes: Collection[str] = ()

    def clean(self, text: str) -> str:
        """Return the text without any secret."""
        text = _BLOCKS.sub(SECRET, text)
        text = _replace(text, self.secrets, SECRET)
        text = _NAMED.sub(lambda found: f"{_kept(found)}{SECRET}", text)
        text = _ADDRESS.sub(_without_secrets, text)
        text = _FRAGMENT.sub(rf"\g<name>{SECRET}", text)
        text = _TOKEN.sub(SECRET, text)
        text = _HEX.sub(SECRET, text)
        text = _RUN.sub(lambda found: SECRET if _is_random(found[0]) else found[0], text)
        text = _replace(text, self.homes, HOME)
        text = _HOMES.sub(HOME, text)
        text = _SIX_DIGITS.sub(DIGITS, text)
        return self._names().sub(NAME, text) if any(self._long_names()) else text

    def _names(self) -> re.Pattern[str]:
        longest_first = sorted(self._long_names(), key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)

    def _long_names(self) -> Iterator[str]:
        return (name for name in self.names if len(name) >= LEAST_NAME)


def _replace(text: str, words: Iterable[str], by: str) -> str:
    for word in sorted(filter(None, words), key=len, reverse=True):
        text = text.replace(word, by)
    return text


def _kept(found: re.Match[str]) -> str:
    return str(next(filter(None, found.groups())))


def _without_secrets(found: re.Match[str]) -> str:
    rest = found["rest"]
    return f"{found['scheme']}{found['place']}{rest[0] + SECRET if rest else ''}"


def _is_random(run: str) -> bool:
    """Whether a long run mixes small letters, capitals and digits as chance does, not as words that are run together.

    By chance two neighbours are of different kinds in 64 of 100 cases (base64url); in names of Python, in 25.
    """
    kinds = [
        "lower" if one.islower() else "upper" if one.isupper() else "digit" if one.isdigit() else one for one in run
    ]
    changes = sum(one != other for one, other in pairwise(kinds))
    return {"lower", "upper"} <= {*kinds} and 3 * changes >= len(run) - 1
