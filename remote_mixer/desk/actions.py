"""Actions: what a console can do beside setting params, each declared with its arguments as Params."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from remote_mixer.desk.params import Param, Value


@dataclass(frozen=True, slots=True)
class Action:
    """One action of a console.

    name      its name on the wire, as `recall`
    label     its name for people, as `Recall scene`
    params    Param of each argument, by the argument's name
    defaults  value of each argument that may be left out; None leaves the choice to the console
    setup     whether it changes how a console is set up, and so is for the host alone
    """

    name: str
    label: str
    params: Mapping[str, Param] = field(default_factory=dict)
    defaults: Mapping[str, Value] = field(default_factory=dict)
    setup: bool = False

    def check(self, arguments: Mapping[str, object]) -> dict[str, Value]:
        """Return all arguments as their Params keep them, with the defaults of those left out.

        None counts as left out. Raise ValueError with a sentence that names the wrong argument.
        """
        for name in arguments:
            if name not in self.params:
                known = ", ".join(f"“{known}”" for known in self.params) or "none"
                raise ValueError(f"“{self.name}” takes no argument “{name[:40]}”: it takes {known}.")
        return {name: self._check(name, param, arguments.get(name)) for name, param in self.params.items()}

    def _check(self, name: str, param: Param, value: object) -> Value:
        if value is None:
            if name not in self.defaults:
                raise ValueError(f"“{self.name}” needs the argument “{name}”.")
            return self.defaults[name]
        try:
            return param.check(value)
        except ValueError as fault:
            raise ValueError(f"The argument “{name}” of “{self.name}” does not fit: {fault}.") from fault

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object for a Layout: label, params by argument, and defaults."""
        params = {name: param.as_json() for name, param in self.params.items()}
        return {"label": self.label, "params": params, "defaults": dict(self.defaults)}
