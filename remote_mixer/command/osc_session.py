"""Session file for Open Stage Control: faders, keys, names and sends of a console, at their OSC addresses."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any

from remote_mixer.command.server_client import ServerClient
from remote_mixer.command.terminal import DONE, CommandError, say
from remote_mixer.desk.layout import Layout, Strip
from remote_mixer.desk.layout_reader import read
from remote_mixer.resources import default_data_folder

VERSION = "1.25.0"
"""Version of the file's form: every Open Stage Control since then reads it."""
WIDTH, GAP = 90, 10
ROWS = {"name": (0, 40), "level": (40, 30), "mute": (80, 50), "solo": (140, 50), "fader": (200, 360)}
"""Row of a strip → its top and height, in pixels."""
PATTERNS = ("*/*", "*/*/text", "*/send/*/*", "*/send/*/*/text")
"""Patterns of the paths that the session follows, behind the console's name."""
RENEW_MILLISECONDS, LAST_SECONDS = 30_000, 60

Widget = dict[str, Any]


def write_session(arguments: argparse.Namespace) -> int:
    """Write the session of one console to a file; CommandError where there is no such console, or it cannot be."""
    server = ServerClient(arguments.url, token=arguments.token, data=arguments.data or default_data_folder())
    consoles = {one["name"]: one for one in server.call("GET", "/desk")["consoles"]}
    if arguments.console not in consoles:
        raise CommandError(f"There is no console “{arguments.console}”: write one of {', '.join(consoles)}.")
    target = f"{arguments.host}:{arguments.port}"
    made = session(read(consoles[arguments.console], arguments.console), target, arguments.token or "")
    try:
        arguments.file.write_text(json.dumps(made, indent=1), "utf-8")
    except OSError as error:
        raise CommandError(f"Cannot write {arguments.file} ({error.strerror or error}).") from error
    say(f"Open {arguments.file} in Open Stage Control, started with “send” {target} and an OSC port of its own.")
    return DONE


def session(layout: Layout, target: str, token: str = "") -> Widget:
    """Return the session of a console: a tab with all strips, and one for the sends into each of its buses.

    target  address and port of the mixer's OSC, as 127.0.0.1:9000
    token   sent first, for a mixer on another computer; "" for none
    """
    buses = [strip for strip in layout.strips if strip.kind == "bus"]
    tabs = [_tab(layout, layout.title, layout.strips, "", target)]
    tabs += [_tab(layout, bus.label, _sending(layout, bus), f"send/{bus.id}/", target) for bus in buses]
    root = {"type": "root", "id": "root", "tabs": tabs, "widgets": [], "onCreate": _script(layout.name, target, token)}
    return {"createdWith": "Open Stage Control", "version": VERSION, "type": "session", "content": root}


def _sending(layout: Layout, bus: Strip) -> Sequence[Strip]:
    own = f"send/{bus.id}/level"
    return [strip for strip in layout.strips if own in strip.params or strip is bus]


def _script(console: str, target: str, token: str) -> str:
    """Return the script that says who it is, and follows all values for as long as it is open."""
    first = f"send({json.dumps(target)}, '/token', {json.dumps(token)})\n" if token else ""
    follow = "".join(
        f"  send({json.dumps(target)}, '/subscribe', '/{console}/{pattern}', {{type: 'i', value: {LAST_SECONDS}}})\n"
        for pattern in PATTERNS
    )
    return f"{first}var follow = () => {{\n{follow}}}\nfollow()\nsetInterval(follow, {RENEW_MILLISECONDS})\n"


def _tab(layout: Layout, label: str, strips: Sequence[Strip], prefix: str, target: str) -> Widget:
    """Return a tab of strips; with a prefix of their sends, but for the bus itself, which has its own fader."""
    widgets: list[Widget] = []
    for place, strip in enumerate(strips):
        is_send = f"{prefix}level" in strip.params and bool(prefix)
        for widget in _strip(layout.name, strip, prefix if is_send else ""):
            top, height = ROWS[widget.pop("row")]
            left = place * (WIDTH + GAP)
            frame = {"left": left, "top": top, "width": WIDTH, "height": height}
            widgets.append({**widget, "id": f"{prefix}{widget['address']}", **frame, "target": target})
    return {
        "type": "tab",
        "id": prefix or layout.name,
        "label": label,
        "layout": "default",
        "widgets": widgets,
    }


def _strip(console: str, strip: Strip, prefix: str) -> Iterator[Widget]:
    """Yield the widgets of a strip, each with its row, as far as it has such params."""
    at = f"/{console}/{strip.id}/"
    fader = f"{prefix}level" if prefix else "fader"
    if "name" in strip.params:
        yield {"row": "name", "type": "text", "address": f"{at}name", "default": strip.label}
    if fader in strip.params:
        yield {"row": "level", "type": "text", "address": f"{at}{fader}/text", "default": ""}
        yield {
            "row": "fader",
            "type": "fader",
            "address": f"{at}{fader}",
            "range": {"min": 0, "max": 1},
            "decimals": 5,
            "typeTags": "f",
            "design": "default",
            "snap": False,
        }
    for local in ("mute", "solo"):
        if f"{prefix}{local}" in strip.params:
            yield {
                "row": local,
                "type": "button",
                "mode": "toggle",
                "label": local.upper(),
                "address": f"{at}{prefix}{local}",
                "on": True,
                "off": False,
            }


COMMANDS = {"osc-session": write_session}
