"""Report for a bug, on this computer's server or another's; without a server, on this computer alone."""

from __future__ import annotations

import argparse
import os

from remote_mixer.command.arguments import TOKEN_VARIABLE
from remote_mixer.command.server_client import ServerClient
from remote_mixer.command.terminal import DONE, CommandError, say
from remote_mixer.resources import default_data_folder

REPORT_SECONDS = 25.0
"""Longest wait for a server's report: longer than it waits for the slowest of its own facts."""


def doctor(arguments: argparse.Namespace) -> int:
    """Print the report of the server, or that of this computer where none answers."""
    data = arguments.data or default_data_folder()
    server = ServerClient(arguments.url, timeout=REPORT_SECONDS, token=arguments.token, data=data)
    try:
        report = str(server.call("GET", "/doctor")["text"])
    except CommandError as error:
        from remote_mixer.doctor.alone import report_alone

        tokens = [arguments.token or "", os.environ.get(TOKEN_VARIABLE, "")]
        report = report_alone(data, f"{error}", tokens)
    say(report.rstrip())
    return DONE
