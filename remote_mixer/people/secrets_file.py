"""`secrets.json` in the data folder: the key that signs cookies, and the PIN. Only the owner may read the file."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people.identifiers import is_pin
from remote_mixer.private import keep_private, write_private

FILE_NAME = "secrets.json"
KEY_BYTES = 32

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Content of the file: the 32-byte key, and the PIN, None when it cannot be shown."""

    key: bytes = field(repr=False)
    pin: str | None = field(repr=False)


def read_or_make(folder: Path) -> tuple[Secrets, list[str]]:
    """Return the secrets of a data folder, created the first time, and notices for the host.

    A file that cannot be read or parsed is renamed with the date, never overwritten, and a notice says so.

    Raises:
        Refusal: not-kept, the file can be neither read nor set aside nor written.
    """
    file = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _read_or_make(file)
    except OSError as fault:
        reason = fault.strerror or fault
        raise Refusal(Code.NOT_KEPT, f"{file} cannot be used ({reason}): see who owns it, and its disk.") from fault


def key_of(folder: Path) -> bytes | None:
    """Return the key of a data folder, None where there is none or it cannot be read."""
    try:
        found = _read(folder / FILE_NAME)
    except OSError:
        return None
    return found.key if found else None


def write(folder: Path, content: Secrets) -> None:
    """Write the whole file or nothing. Raises Refusal: not-kept."""
    try:
        _write(folder / FILE_NAME, content)
    except OSError as fault:
        reason = fault.strerror or fault
        raise Refusal(Code.NOT_KEPT, f"{folder / FILE_NAME} cannot be written ({reason}): see its disk.") from fault


def _read_or_make(file: Path) -> tuple[Secrets, list[str]]:
    notices: list[str] = []
    with suppress(FileNotFoundError):
        content = _read(file)
        if content:
            keep_private(file)
            return content, []
        notices.append(_set_aside(file))
        log.warning(notices[-1])
    made = Secrets(secrets.token_bytes(KEY_BYTES), None)
    _write(file, made)
    return made, notices


def _read(file: Path) -> Secrets | None:
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # a pipe would be waited for
            return None
        found = json.loads(file.read_bytes())
        key = base64.b64decode(found["key"], validate=True)
        pin = found.get("pin")
    except PermissionError:
        return None
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError, binascii.Error):
        return None
    return Secrets(key, pin if is_pin(pin) else None) if len(key) == KEY_BYTES else None


def _write(file: Path, content: Secrets) -> None:
    text = json.dumps({"key": base64.b64encode(content.key).decode(), "pin": content.pin})
    write_private(file, text.encode())


def _set_aside(file: Path) -> str:
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    kept = file.with_name(f"{file.stem}-{stamp}{file.suffix}")
    while kept.exists():
        kept = kept.with_name(f"{kept.stem}+{kept.suffix}")
    file.rename(kept)
    return (
        f"{file.name} could not be understood. It was set aside as {kept.name} in {file.parent}, and a new one was "
        "begun: whoever was in has to come in again."
    )
