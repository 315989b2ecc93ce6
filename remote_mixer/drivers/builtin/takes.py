"""Takes of the built-in engine: recording and virtual soundcheck as actions and params of the console, and the files.

A take is a file in the folder `takes` of the data folder; what anybody lays there is listed too.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from remote_mixer.desk.actions import Action
from remote_mixer.desk.params import Number, Param, Text, Toggle, Value
from remote_mixer.drivers.base import DriverError
from remote_mixer.engine.link import EngineGone, EngineLink, EngineRefused

FILE_NAME = Text(255, read_only=True)
NOTE = Text(500, read_only=True)
DAY_SECONDS = 86_400.0
MOST_LEFT_SECONDS = 1e7
SECONDS = Number(0, DAY_SECONDS, "s", read_only=True)
COUNT = Number(0, 1e9, "", read_only=True, whole=True)

PARAMS: dict[str, Param] = {
    "recorder/file": FILE_NAME,
    "recorder/seconds": SECONDS,
    "recorder/left": Number(0, MOST_LEFT_SECONDS, "s", read_only=True),
    "recorder/fill": Number(0, 100, "%", read_only=True),
    "recorder/marks": COUNT,
    "recorder/note": NOTE,
    "recorder/list": COUNT,
    "soundcheck/file": FILE_NAME,
    "soundcheck/position": SECONDS,
    "soundcheck/seconds": SECONDS,
    "soundcheck/runs": Toggle(read_only=True),
    "soundcheck/loop": Toggle(read_only=True),
    "soundcheck/from": SECONDS,
    "soundcheck/to": SECONDS,
    "soundcheck/note": NOTE,
}
"""Readings; `recorder/list` counts the changes of the list of takes, `recorder/left` is the room on the disk.

What is repeated is between `from` and `to`; both are 0 where nothing is.
"""

_TAKE, _PLACE = Text(255), Number(0, DAY_SECONDS, "s")
_WHERE: dict[str, Param] = {"take": _TAKE, "at": _PLACE, "loop": Toggle(), "from": _PLACE, "to": _PLACE}
ACTIONS = (
    Action("record", "Record", {"name": Text(80)}, {"name": ""}),
    Action("stop_recording", "Stop recording"),
    Action("mark", "Set a marker", {"name": Text(64)}, {"name": ""}),
    Action("play_take", "Virtual soundcheck", _WHERE, {"at": 0.0, "loop": True, "from": 0.0, "to": 0.0}),
    Action("halt_take", "Pause the take"),
    Action("run_take", "Go on with the take"),
    Action("live", "Live again"),
    Action("rename_take", "Rename a take", {"take": _TAKE, "name": Text(80)}),
    Action("delete_take", "Delete a take", {"take": _TAKE}),
)

NOT_RUNNING = "The engine is not running: it starts again by itself."
NO_TAKE = "There is no take “{}”."
IN_USE = "“{}” is being recorded or played: end that first."
CUT_OFF = "The engine ended while it recorded: the take {} is there, up to then."
LIVE_AGAIN = "The engine has started again: virtual soundcheck has ended, and the inputs are live."


class TakeShelf:
    """Takes of one console.

    report  called with the readings that have changed, by local path
    names   returns the name of each strip
    """

    def __init__(
        self,
        folder: Path,
        report: Callable[[Mapping[str, Value]], None],
        names: Callable[[], Mapping[str, str]],
    ) -> None:
        self._folder, self._report, self._names = folder, report, names
        self._link: EngineLink | None = None
        self._notes: dict[str, str] = {}  # about the engine before this one
        self.readings: dict[str, Value] = {local: param.default for local, param in PARAMS.items()}
        self._actions: dict[str, Callable[[Mapping[str, Any]], Awaitable[None]]] = {
            "record": self._record,
            "stop_recording": self._stop_recording,
            "mark": self._mark,
            "play_take": self._play,
            "halt_take": self._halt,
            "run_take": self._run,
            "live": self._live,
            "rename_take": self._rename,
            "delete_take": self._delete,
        }

    def begin(self, link: EngineLink) -> None:
        """Take a new engine, on which nothing is recorded or played; what the one before did is said."""
        cut, played = self.readings["recorder/file"], self.readings["soundcheck/file"]
        kept = {"recorder/list": self._next_list()}
        self.readings = {local: param.default for local, param in PARAMS.items()} | kept
        self._notes = {"recorder/note": CUT_OFF.format(cut)} if cut else {}
        self._notes |= {"soundcheck/note": LIVE_AGAIN} if played else {}
        self.readings |= self._notes
        self._link = link
        link.send("list-takes", folder=str(self._folder))  # from now on it looks at that disk

    def end(self) -> None:
        """Let go of the engine."""
        self._link = None

    def follow(self, line: Mapping[str, Any]) -> None:
        """Take news of the engine."""
        news: dict[str, Value] = {}
        for part in ("recorder", "soundcheck"):
            readings = dict(line.get(part) or {})
            if "loop" in readings:
                readings["from"], readings["to"] = readings["loop"] or (0, 0)
            for key, value in readings.items():
                if f"{part}/{key}" in PARAMS:
                    news[f"{part}/{key}"] = _fitted(f"{part}/{key}", value)
        if "recorder/file" in news and news["recorder/file"] != self.readings["recorder/file"]:
            news["recorder/list"] = self._next_list()
        self._take({local: value or self._notes.get(local, value) for local, value in news.items()})

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Run one of ACTIONS. Raises DriverError."""
        await self._actions[action](arguments)

    async def takes(self) -> list[dict[str, Any]]:
        """Return a row for each take, as `line` of the engine has it, the newest first. Raises DriverError."""
        rows: list[dict[str, Any]] = (await self._ask("list-takes", folder=str(self._folder)))["takes"]
        return sorted(rows, key=lambda row: -float(row["at"]))

    def file(self, take: str) -> Path:
        """Return the path of a take. Raises DriverError where there is none of this name."""
        path = self._folder / take
        if not take or Path(take).name != take or take.startswith(".") or not path.is_file():
            raise DriverError(NO_TAKE.format(take[:80]))
        return path

    # Actions

    async def _record(self, arguments: Mapping[str, Any]) -> None:
        name = str(arguments["name"]).strip() or time.strftime("%Y-%m-%d %H-%M-%S")
        self._notes.clear()
        self._take({"recorder/note": "", "soundcheck/note": ""})
        await self._ask("record", folder=str(self._folder), name=name, names=dict(self._names()))

    async def _stop_recording(self, _: Mapping[str, Any]) -> None:
        await self._ask("stop-recording")

    async def _mark(self, arguments: Mapping[str, Any]) -> None:
        await self._ask("mark", name=str(arguments["name"]))

    async def _play(self, arguments: Mapping[str, Any]) -> None:
        file = self.file(str(arguments["take"])).name
        self._notes.pop("soundcheck/note", None)
        place = {key: float(arguments[key]) for key in ("at", "from", "to")}
        await self._ask("play-take", folder=str(self._folder), file=file, loop=arguments["loop"], **place)

    async def _halt(self, _: Mapping[str, Any]) -> None:
        await self._ask("run-take", on=False)

    async def _run(self, _: Mapping[str, Any]) -> None:
        await self._ask("run-take", on=True)

    async def _live(self, _: Mapping[str, Any]) -> None:
        self._notes.pop("soundcheck/note", None)
        await self._ask("live")

    async def _rename(self, arguments: Mapping[str, Any]) -> None:
        path = self._free(str(arguments["take"]))
        name = " ".join("".join(" " if sign in '/\\:*?"<>|' else sign for sign in str(arguments["name"])).split())
        goal = path.with_name(f"{name.strip('. ')}{path.suffix}")
        if not name.strip(". "):
            raise DriverError("A take needs a name of letters or numbers.")
        if goal.exists():
            raise DriverError(f"There is a take “{goal.name}” already: choose another name.")
        self._change(lambda: path.rename(goal))

    async def _delete(self, arguments: Mapping[str, Any]) -> None:
        self._change(self._free(str(arguments["take"])).unlink)

    def _free(self, take: str) -> Path:
        path = self.file(take)
        if path.name in {self.readings["recorder/file"], self.readings["soundcheck/file"]}:
            raise DriverError(IN_USE.format(path.name))
        return path

    def _change(self, do: Callable[[], object]) -> None:
        try:
            do()
        except OSError as error:
            raise DriverError(f"The take cannot be changed: {error.strerror}.") from error
        self._take({"recorder/list": self._next_list()})

    async def _ask(self, do: str, **fields: object) -> dict[str, Any]:
        if not self._link:
            raise DriverError(NOT_RUNNING)
        try:
            return await self._link.request(do, **fields)
        except EngineRefused as refused:
            raise DriverError(str(refused)) from refused
        except EngineGone as gone:
            raise DriverError(NOT_RUNNING) from gone

    def _next_list(self) -> int:
        return int(self.readings["recorder/list"] or 0) + 1

    def _take(self, news: Mapping[str, Value]) -> None:
        changed = {local: value for local, value in news.items() if self.readings[local] != value}
        self.readings |= changed
        if changed:
            self._report(changed)


def _fitted(local: str, value: object) -> Value:
    """Return the engine's number or text as the param keeps it."""
    param = PARAMS[local]
    if isinstance(param, Text):
        return param.fit(str(value))
    if isinstance(param, Number) and isinstance(value, int | float):
        scaled = value * 100 if param.unit == "%" else value
        return param.check(min(max(scaled, param.low), param.high))
    return bool(value)
