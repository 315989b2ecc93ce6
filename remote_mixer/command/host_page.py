"""Host's page on this computer: its address, with an invitation where the server does not trust the computer.

The invitation stands in no command line, which every program on the computer can read: the window gets it in its own
process, a browser in a file that only its owner can read. It lets in one page.
"""

from __future__ import annotations

import html
import os
import sys
import webbrowser
from pathlib import Path

from remote_mixer.app import App
from remote_mixer.command.server_client import ServerClient
from remote_mixer.command.terminal import CommandError, say
from remote_mixer.desk.policy import HOST
from remote_mixer.desk.refusal import Refusal
from remote_mixer.private import write_private

INVITED = "#join="
LINK_FILE = "open.html"
LINK = """<!doctype html><meta charset="utf-8"><title>Remote Mixer</title>
<meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url={url}">
<a href="{url}">Open Remote Mixer</a>
"""


def of_new_server(app: App, url: str) -> str:
    """Return the address of a host's page at this process's server; without an invitation where none can be made."""
    try:
        return f"{url}{INVITED}{app.invite_host()}"
    except Refusal as error:
        say(f"There is no invitation for the host: {error} (`remote-mixer invite host` makes one.)")
        return url


def of_running_server(url: str, data: Path) -> str:
    """Return the address of a host's page at a server that runs already on this computer.

    data  folder whose key proves that this process may be the host's; at a server with another one the page has to
          join like any other
    """
    owner = ServerClient(url, data=data)
    try:
        if ServerClient(url).call("GET", "/me")["role"] == HOST:
            return url
        if owner.call("GET", "/me")["role"] == HOST:
            return f"{url}{INVITED}{owner.call('POST', '/invitations', {'role': HOST})['token']}"
        say("It does not trust this computer and has another data folder (see --data): the page has to join.")
    except CommandError as error:
        say(str(error))
    return url


def browse(url: str, data: Path) -> bool:
    """Open the default browser, if there is a screen; without one a text browser would take the terminal."""
    screen = sys.platform in {"win32", "darwin"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(screen) and webbrowser.open(_link_file(url, data) if INVITED in url else url)


def _link_file(url: str, data: Path) -> str:
    """Return the address of a file that leads to this one."""
    file = data.absolute() / LINK_FILE
    write_private(file, LINK.format(url=html.escape(url)).encode())
    return file.as_uri()
