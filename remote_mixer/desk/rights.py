"""Who may move what, and how far: asked by the desk's one door for every hand, whichever way it came in.

What a hand may do with a control is looked up once and remembered, so that a set costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from math import inf

from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Param, Position, Value
from remote_mixer.desk.policy import ASK, ENGINEER, GUEST, HOST, LOOK, MOVE, MUSICIAN, ROLES, Policy, Rail
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import Source
from remote_mixer.desk.tapers import Taper

FLOOR_DB = -60.0
"""Below this a rise is not counted: from silence the way up would be endless."""
REST_SECONDS = 1.0
"""A control that rested so long may rise by a whole second's worth at once."""
OWN_SENDS = ("level", "mute", "pan")
"""What of a send is a musician's."""

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
    """What one hand may do with one control. `most` is a position, `rise_db` a second's rise along `taper`."""

    refusal: str = ""
    most: float = inf
    most_db: float = inf
    rise_db: float = inf
    taper: Taper | None = None
    only_mute: bool = False


FREE = Rule()


class Rights:
    """The rules of one desk. `policy` may be replaced at any time."""

    def __init__(self, layouts: dict[str, Layout], clock: Callable[[], float]) -> None:
        self._layouts = layouts
        self._clock = clock
        self._policy = Policy()
        self._rules: dict[tuple[str, str, str], Rule] = {}
        self._risen: dict[str, float] = {}

    @property
    def policy(self) -> Policy:
        """What the host has decided."""
        return self._policy

    @policy.setter
    def policy(self, policy: Policy) -> None:
        self._policy = policy
        self.forget()

    def forget(self) -> None:
        """Look everything up anew: the consoles or the policy are others now."""
        self._rules.clear()
        self._risen.clear()

    # Asked by the desk

    def check(self, path: str, param: Param, value: Value, standing: Value, source: Source) -> None:
        """Raise Refusal `forbidden` or `limit` where this hand may not put the control there."""
        rule = self._rule(path, param, source)
        if rule is FREE:
            return
        if rule.refusal:
            raise Refusal(Code.FORBIDDEN, rule.refusal, path)
        if rule.only_mute and value is False and standing is not False:
            raise Refusal(Code.FORBIDDEN, UNMUTE_TEXT, path)
        if isinstance(value, float):
            self._check_level(rule, path, value, standing)

    def check_hold(self, path: str, param: Param, source: Source) -> None:
        """Raise Refusal `forbidden` where this hand may not touch the control at all."""
        rule = self._rule(path, param, source)
        if rule.refusal:
            raise Refusal(Code.FORBIDDEN, rule.refusal, path)

    def note(self, path: str) -> None:
        """Remember that a control was moved by a hand just now, if its rise is limited."""
        if path in self._risen:
            self._risen[path] = self._clock()

    def check_act(self, console: str, action: str, source: Source) -> None:
        """Raise Refusal `forbidden` where this hand may not have a console do this."""
        if source.role not in (HOST, ENGINEER):
            raise Refusal(Code.FORBIDDEN, CREW_TEXT, console)
        if source.role != HOST and console in self._layouts and action in self._layouts[console].setup:
            raise Refusal(Code.FORBIDDEN, SETUP_TEXT, console)

    def may(self, path: str, param: Param, source: Source) -> str:
        """Return move, ask or look: what this hand may do with a control."""
        refusal = self._rule(path, param, source).refusal
        if not refusal:
            return MOVE
        return ASK if refusal is ASK_TEXT else LOOK

    # Found once

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

    def _is_bus(self, mix: str) -> bool:
        """Tell a mix from any other strip that somebody was given for one: of a channel or main nobody hears a mix."""
        console, _, strip = mix.partition("/")
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
        taper = self._layouts[path.partition("/")[0]].tapers[param.taper]
        return taper if taper.unit == "dB" else None

    # How far

    def _check_level(self, rule: Rule, path: str, value: float, standing: Value) -> None:
        """Going down is always free."""
        before = standing if isinstance(standing, float) else 0.0
        if value <= before:
            return
        if value > rule.most:
            raise Refusal(Code.LIMIT, f"The limit here is {rule.most_db:+.1f} dB: it goes no higher.", path)
        if rule.taper is not None and rule.rise_db < inf:
            rested = min(self._clock() - self._risen.get(path, -inf), REST_SECONDS)
            reach = max(rule.taper.to_unit(before), FLOOR_DB) + rule.rise_db * rested
            if rule.taper.to_unit(value) > reach:
                raise Refusal(Code.LIMIT, f"This may rise by {rule.rise_db:g} dB a second: go more slowly.", path)


_OUTSIDE = {MUSICIAN: OTHERS_TEXT}
_HOMELESS = {MUSICIAN: HOMELESS_TEXT}
_REFUSALS = {MOVE: "", ASK: ASK_TEXT, LOOK: KEPT_TEXT}


def rank(role: str) -> int:
    """Return how much a role may, as a number: 0 for who may most."""
    return ROLES.index(role) if role in ROLES else len(ROLES)


def granted(policy: Policy, path: str, mix: str, role: str) -> str:
    """Return move, ask or look: what a policy lets a role do with a control, as part of a mix."""
    part = part_of(path, mix)
    return str(getattr(policy.grant(mix, role), part)) if part else LOOK


def part_of(path: str, mix: str) -> str:
    """Return which part of a mix (`band/bus2`) a control is: sends, fader, mute, or "" for none of it."""
    console, _, bus = mix.partition("/")
    if not bus or not path.startswith(f"{console}/"):
        return ""
    segments = path.split("/")
    if segments[1] == bus:
        return segments[2] if len(segments) == 3 and segments[2] in {"fader", "mute"} else ""
    is_send = len(segments) == 5 and segments[2] == "send" and segments[3] == bus
    return "sends" if is_send and segments[4] in OWN_SENDS else ""


def _rule(taper: Taper | None, most_db: float, rise_db: float, *, only_mute: bool) -> Rule:
    if taper is None:
        return Rule(only_mute=True) if only_mute else FREE
    if most_db >= taper.points[-1][1] and rise_db == inf:
        return FREE
    most = taper.to_position(most_db) + 1e-5  # a wire's rounding is no trespass
    return Rule(most=most, most_db=most_db, rise_db=rise_db, taper=taper)


def _only_mute(path: str, rails: list[Rail]) -> bool:
    return path.endswith("/mute") and any(rail.only_mute for rail in rails)


def _or_inf(limit: float | None) -> float:
    return inf if limit is None else limit
