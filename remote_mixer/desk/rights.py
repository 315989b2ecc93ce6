"""Rights: which role may move which param, and how far. The desk checks them at its one door, for every client.

The rule of a role for a param is found once and cached, so that a set is cheap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import inf

from remote_mixer.desk import paths
from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Param, Position, Value
from remote_mixer.desk.policy import ASK, ENGINEER, GUEST, HOST, LOOK, MOVE, MUSICIAN, ROLES, Policy, Rail
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import Source
from remote_mixer.desk.tapers import Taper

FLOOR_DB = -60.0
"""Lowest level from which a rise is measured: a rise from silence (−∞) would be infinite."""
REST_SECONDS = 1.0
"""Time without a move after which a control may rise at once by as much as in one second."""
OWN_SENDS = ("level", "mute", "pan")
"""Params of a send that a musician may be allowed to move."""

LOOK_TEXT = "You are here to look. Ask the sound crew if you want to move something."
OTHERS_TEXT = "This is not part of your mix: the sends into it and its own fader and mute are yours."
HOMELESS_TEXT = "You have no mix yet: ask the sound crew for one."
ASK_TEXT = "In your mix the sound crew moves this: ask for more or less of it."
KEPT_TEXT = "In your mix the sound crew moves this, and you can look."
UNMUTE_TEXT = "You can mute this, and not un-mute it: ask the sound crew."
SETUP_TEXT = "This is setup: only the host, on the computer itself, can do it."
CREW_TEXT = "Only the sound crew can do this."


@dataclass(frozen=True, slots=True)
class Rule:
    """Rule of one role for one param.

    refusal    text of the refusal, "" where the role may move it
    most       highest position
    most_db    the same in dB
    rise_db    largest rise in one second, in dB along `taper`
    only_mute  may be muted, not un-muted
    """

    refusal: str = ""
    most: float = inf
    most_db: float = inf
    rise_db: float = inf
    taper: Taper | None = None
    only_mute: bool = False


FREE = Rule()


class Rights:
    """Rules of one desk. `policy` may be replaced at any time."""

    def __init__(self, layouts: dict[str, Layout], clock: Callable[[], float]) -> None:
        self._layouts = layouts
        self._clock = clock
        self._policy = Policy()
        self._rules: dict[tuple[str, str, str], Rule] = {}
        self._risen: dict[str, float] = {}

    @property
    def policy(self) -> Policy:
        """The host's policy."""
        return self._policy

    @policy.setter
    def policy(self, policy: Policy) -> None:
        self._policy = policy
        self.forget()

    def forget(self) -> None:
        """Drop the cached rules: the consoles or the policy have changed."""
        self._rules.clear()
        self._risen.clear()

    # Checks

    def check(self, path: str, param: Param, value: Value, present: Value, source: Source) -> None:
        """Raise Refusal `forbidden` or `limit` where this source may not set a param to this value.

        present  the value that the param has now
        """
        rule = self._rule(path, param, source)
        if rule is FREE:
            return
        self._check_end(rule, path, value, present)
        if isinstance(value, float) and rule.taper is not None and rule.rise_db < inf:
            self._check_rise(rule, rule.taper, path, value, present)

    def check_end(self, path: str, param: Param, value: Value, present: Value, source: Source) -> None:
        """Raise the refusals of `check`, but none for a rise too fast: the source will rise as slowly as it has to."""
        self._check_end(self._rule(path, param, source), path, value, present)

    def highest(self, path: str, param: Param, present: Value, source: Source) -> float:
        """Return the highest position to which this source may raise a param now."""
        rule = self._rule(path, param, source)
        if rule.taper is None or rule.rise_db == inf:
            return min(rule.most, 1.0)
        highest_db = self._highest_db(rule, rule.taper, path, _position(present))
        return min(rule.most, 1.0, rule.taper.to_position(highest_db))

    def check_hold(self, path: str, param: Param, source: Source) -> None:
        """Raise Refusal `forbidden` where this source may not move a param at all."""
        rule = self._rule(path, param, source)
        if rule.refusal:
            raise Refusal(Code.FORBIDDEN, rule.refusal, path)

    def note(self, path: str) -> None:
        """Record that a client moved a param just now, if its rise is limited."""
        if path in self._risen:
            self._risen[path] = self._clock()

    def check_act(self, console: str, action: str, source: Source) -> None:
        """Raise Refusal `forbidden` where this source may not start a console's action."""
        if source.role not in (HOST, ENGINEER):
            raise Refusal(Code.FORBIDDEN, CREW_TEXT, console)
        if source.role != HOST and console in self._layouts and action in self._layouts[console].setup:
            raise Refusal(Code.FORBIDDEN, SETUP_TEXT, console)

    def may(self, path: str, param: Param, source: Source) -> str:
        """Return move, ask or look: the right of this source to a param."""
        refusal = self._rule(path, param, source).refusal
        if not refusal:
            return MOVE
        return ASK if refusal is ASK_TEXT else LOOK

    # Rules, found once

    def _rule(self, path: str, param: Param, source: Source) -> Rule:
        key = (source.role, source.mix, path)
        rule = self._rules.get(key)
        if rule is None:
            rule = self._rules[key] = self._found(path, param, source)
            if rule.rise_db < inf:
                self._risen.setdefault(path, -inf)
        return rule

    def _found(self, path: str, param: Param, source: Source) -> Rule:
        refusal = self._refusal(path, source)
        if refusal:
            return Rule(refusal)
        rails = [rail for rail in self._policy.rails if source.role in rail.roles and fnmatchcase(path, rail.paths)]
        taper = self._taper(path, param)
        most_db = min([self._ceiling_db(path, source), *(_or_inf(rail.most_db) for rail in rails)])
        rise_db = min([inf, *(_or_inf(rail.rise_db) for rail in rails)])
        return _rule(taper, most_db, rise_db, only_mute=_only_mute(path, rails))

    def _refusal(self, path: str, source: Source) -> str:
        if source.role in (HOST, ENGINEER):
            return ""
        part, has_mix = part_of(path, source.mix), self._is_bus(source.mix)
        if source.role not in (MUSICIAN, GUEST) or not part or not has_mix:
            return _OUTSIDE.get(source.role, LOOK_TEXT) if has_mix else _HOMELESS.get(source.role, LOOK_TEXT)
        granted = getattr(self._policy.grant(source.mix, source.role), part)
        return _REFUSALS[granted] if granted != LOOK or source.role != GUEST else LOOK_TEXT

    def _is_bus(self, path: str) -> bool:
        """Whether this path is a bus."""
        console, strip = paths.console_of(path), paths.local_of(path)
        strips = self._layouts[console].strips if console in self._layouts else ()
        return any(one.id == strip and one.kind == "bus" for one in strips)

    def _ceiling_db(self, path: str, source: Source) -> float:
        if source.role in (HOST, ENGINEER):
            return inf
        ceiling = self._policy.ceiling(source.mix)
        return _or_inf(ceiling.send_db if part_of(path, source.mix) == "sends" else ceiling.bus_db)

    def _taper(self, path: str, param: Param) -> Taper | None:
        if not isinstance(param, Position):
            return None
        taper = self._layouts[paths.console_of(path)].tapers[param.taper]
        return taper if taper.unit == "dB" else None

    # Limits

    def _check_end(self, rule: Rule, path: str, value: Value, present: Value) -> None:
        """Raise Refusal for a value that this rule never allows; going down is always allowed."""
        if rule.refusal:
            raise Refusal(Code.FORBIDDEN, rule.refusal, path)
        if rule.only_mute and value is False and present is not False:
            raise Refusal(Code.FORBIDDEN, UNMUTE_TEXT, path)
        if isinstance(value, float) and value > rule.most and value > _position(present):
            raise Refusal(Code.LIMIT, f"The limit here is {rule.most_db:+.1f} dB: it goes no higher.", path)

    def _check_rise(self, rule: Rule, taper: Taper, path: str, value: float, present: Value) -> None:
        """Raise Refusal `limit` for a rise too fast."""
        before = _position(present)
        if value > before and taper.to_unit(value) > self._highest_db(rule, taper, path, before):
            raise Refusal(Code.LIMIT, f"This may rise by {rule.rise_db:g} dB a second: go more slowly.", path)

    def _highest_db(self, rule: Rule, taper: Taper, path: str, before: float) -> float:
        """Return the level to which a control may rise now from a position, in dB."""
        rested = min(self._clock() - self._risen.get(path, -inf), REST_SECONDS)
        return max(taper.to_unit(before), FLOOR_DB) + rule.rise_db * rested


_OUTSIDE = {MUSICIAN: OTHERS_TEXT}
_HOMELESS = {MUSICIAN: HOMELESS_TEXT}
_REFUSALS = {MOVE: "", ASK: ASK_TEXT, LOOK: KEPT_TEXT}


def rank(role: str) -> int:
    """Return the rank of a role, 0 for the one with the most rights."""
    return ROLES.index(role) if role in ROLES else len(ROLES)


def granted(policy: Policy, path: str, mix: str, role: str) -> str:
    """Return move, ask or look: the right that a policy grants a role to a param of a mix."""
    part = part_of(path, mix)
    return str(getattr(policy.grant(mix, role), part)) if part else LOOK


def part_of(path: str, mix: str) -> str:
    """Return which part of a mix (`band/bus2`) a param is: sends, fader or mute; "" where it is none."""
    console, bus = paths.console_of(mix), paths.local_of(mix)
    param = paths.parse(path)
    if not bus or param.console != console:
        return ""
    if param.strip == bus:
        return param.param if param.param in {"fader", "mute"} else ""
    to, what = param.send or ("", "")
    return "sends" if to == bus and what in OWN_SENDS else ""


def _rule(taper: Taper | None, most_db: float, rise_db: float, *, only_mute: bool) -> Rule:
    if taper is None:
        return Rule(only_mute=True) if only_mute else FREE
    if most_db >= taper.points[-1][1] and rise_db == inf:
        return FREE
    most = taper.to_position(most_db) + 1e-5  # the wire rounds to 5 decimals
    return Rule(most=most, most_db=most_db, rise_db=rise_db, taper=taper)


def _position(value: Value) -> float:
    """Return a position; 0 for a value that is not known."""
    return value if isinstance(value, float) else 0.0


def _only_mute(path: str, rails: list[Rail]) -> bool:
    return paths.param_of(path) == "mute" and any(rail.only_mute for rail in rails)


def _or_inf(limit: float | None) -> float:
    return inf if limit is None else limit
