"""Service managers of the systems: systemd, launchd and the tasks of Windows, and how each describes the mixer."""

from __future__ import annotations

import io
import os
import plistlib
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as Xml

from remote_mixer.command.terminal import MISUSED
from remote_mixer.resources import APP_NAME, UNIX_NAME, default_data_folder

Command = Sequence[str]
WATCHDOG_SECONDS = 20
TASKS = "http://schemas.microsoft.com/windows/2004/02/mit/task"
"""Namespace of the tasks of Windows."""


@dataclass(frozen=True, slots=True)
class Manager:
    """A service manager, and what it is asked to do.

    file     where the service's description stands
    text     makes the description from the command of the mixer, which runs in the folder of today
    install  commands that start the service now, with its present description, and at each start of the system
    remove   commands that stop it and forget it; those of `forget` follow when the file has gone
    status   command that reports it
    replace  commands that end a service with a former description, before `install`
    """

    file: Path
    text: Callable[[Command], bytes]
    install: Sequence[Command]
    remove: Sequence[Command]
    status: Command
    forget: Sequence[Command] = ()
    replace: Sequence[Command] = ()


def manager_of(platform: str, *, for_system: bool) -> Manager:
    """Return the manager of a platform (as `sys.platform` names it): systemd, launchd, or the tasks of Windows."""
    if platform == "darwin":
        return _launchd(for_system=for_system)
    if platform == "win32":
        return _windows_tasks()
    return _systemd(for_system=for_system)


# systemd


def _systemd(*, for_system: bool) -> Manager:
    folder = Path("/etc/systemd/system") if for_system else _config_folder() / "systemd/user"
    control = ["systemctl"] if for_system else ["systemctl", "--user"]
    name = f"{UNIX_NAME}.service"
    linger = [] if for_system else [["loginctl", "enable-linger"]]  # else it would run only while its user is here
    return Manager(
        file=folder / name,
        text=lambda program: _unit(program, for_system=for_system).encode(),
        install=[[*control, "daemon-reload"], [*control, "enable", name], [*control, "restart", name], *linger],
        remove=[[*control, "disable", "--now", name]],
        forget=[[*control, "daemon-reload"]],
        status=[*control, "--no-pager", "status", name],
    )


def _config_folder() -> Path:
    named = os.environ.get("XDG_CONFIG_HOME", "")
    return Path(named) if os.path.isabs(named) else Path.home() / ".config"


def _unit(program: Command, *, for_system: bool) -> str:
    """Return the unit's text; see systemd.service(5) and systemd.exec(5)."""
    person = os.environ.get("SUDO_USER") if for_system else None
    lines = [
        "[Unit]",
        f"Description={APP_NAME}",
        "After=network-online.target sound.target" if for_system else "After=sound.target",
        *(["Wants=network-online.target"] if for_system else []),
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        "Type=notify",
        f"ExecStart={' '.join(map(_quoted, program))}",
        f"WorkingDirectory={str(Path.cwd()).replace('%', '%%')}",
        *([f"User={person}"] if person else []),
        "Restart=on-failure",
        f"RestartPreventExitStatus={MISUSED}",
        "RestartSec=2",
        "TimeoutStopSec=10",
        f"WatchdogSec={WATCHDOG_SECONDS}",
        "LimitRTPRIO=95",
        "LimitMEMLOCK=infinity",
        "LimitNOFILE=65536",
        "",
        "[Install]",
        f"WantedBy={'multi-user.target' if for_system else 'default.target'}",
        "",
    ]
    return "\n".join(lines)


def _quoted(word: str) -> str:
    """Return a word as systemd reads it back: quoted, with its own signs doubled."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


# launchd


def _launchd(*, for_system: bool) -> Manager:
    folder = Path("/Library/LaunchDaemons") if for_system else Path.home() / "Library/LaunchAgents"
    domain = "system" if for_system else f"gui/{os.getuid()}"
    file = folder / f"{UNIX_NAME}.plist"
    return Manager(
        file=file,
        text=_property_list,
        install=[["launchctl", "bootstrap", domain, str(file)]],
        remove=[["launchctl", "bootout", f"{domain}/{UNIX_NAME}"]],
        status=["launchctl", "print", f"{domain}/{UNIX_NAME}"],
        replace=[["launchctl", "bootout", f"{domain}/{UNIX_NAME}"]],
    )


def _property_list(program: Command) -> bytes:
    """Return the job's description; see launchd.plist(5)."""
    return plistlib.dumps(
        {
            "Label": UNIX_NAME,
            "ProgramArguments": list(program),
            "WorkingDirectory": str(Path.cwd()),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 2,
            "ProcessType": "Interactive",  # else the system slows it down
        }
    )


# Windows


def _windows_tasks() -> Manager:
    file = default_data_folder() / "service.xml"
    return Manager(
        file=file,
        text=_task,
        install=[
            ["schtasks", "/Create", "/F", "/TN", APP_NAME, "/XML", str(file)],
            ["schtasks", "/Run", "/TN", APP_NAME],
        ],
        remove=[["schtasks", "/End", "/TN", APP_NAME], ["schtasks", "/Delete", "/F", "/TN", APP_NAME]],
        status=["schtasks", "/Query", "/TN", APP_NAME],
        replace=[["schtasks", "/End", "/TN", APP_NAME]],
    )


def _task(program: Command) -> bytes:
    """Return a task that starts when its person logs on; see Microsoft's "Task Scheduler Schema"."""
    task = Xml.Element("Task", {"version": "1.2", "xmlns": TASKS})
    Xml.SubElement(Xml.SubElement(Xml.SubElement(task, "Triggers"), "LogonTrigger"), "Enabled").text = "true"
    settings = Xml.SubElement(task, "Settings")
    again = Xml.SubElement(settings, "RestartOnFailure")
    for name, text in (("Interval", "PT1M"), ("Count", "999")):
        Xml.SubElement(again, name).text = text
    for name, text in _TASK_SETTINGS.items():
        Xml.SubElement(settings, name).text = text
    run = Xml.SubElement(Xml.SubElement(task, "Actions"), "Exec")
    Xml.SubElement(run, "Command").text = program[0]
    Xml.SubElement(run, "Arguments").text = subprocess.list2cmdline(program[1:])
    Xml.SubElement(run, "WorkingDirectory").text = str(Path.cwd())
    out = io.BytesIO()
    Xml.ElementTree(task).write(out, "utf-16", xml_declaration=True)
    return out.getvalue()


_TASK_SETTINGS = {
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "ExecutionTimeLimit": "PT0S",  # none
    "MultipleInstancesPolicy": "IgnoreNew",
    "Priority": "4",  # normal; a task's own is below
}
