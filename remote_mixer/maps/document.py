"""TOML text of a map, edited line by line so that all other lines stay as the person wrote them.

TOML libraries do not know to which table a comment belongs: deleting a channel with them deletes the comment above the
next one. Here a table owns the comment lines right above it. Values within a table are written by tomlkit, which keeps
the comments beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import tomlkit
from tomlkit.exceptions import TOMLKitError

from remote_mixer.maps.files import Keys, MapFault
from remote_mixer.maps.toml_text import (
    ASSIGNMENT,
    Block,
    assign,
    assign_each,
    find_blocks,
    names_of,
    nested,
    toml,
)

BY_HAND = "the file's form cannot be changed from here: change it by hand"


class Document:
    """The lines of one file; `text` joins them with their original line ends."""

    def __init__(self, text: str) -> None:
        self._end = "\r\n" if "\r\n" in text else "\n"
        self._lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
        self._known: dict[Keys, Block] | None = None

    @property
    def text(self) -> str:
        """The whole file."""
        return "".join(f"{line}{self._end}" for line in self._lines)

    def line(self, keys: Keys) -> int | None:
        """Return the line (1-based) of an item or of the table that holds it; None if unknown."""
        for block in sorted(self._blocks, key=lambda block: -len(block.keys)):
            if block.keys == keys[: len(block.keys)]:
                line = self._assignment(block, keys[len(block.keys) :])
                if line is not None or block.header >= 0:
                    return (block.header if line is None else line) + 1
        return None

    def set(self, keys: Keys, value: object) -> None:
        """Write a value, a table inline; None removes it. Raise MapFault where the file's form does not allow that.

        A control with a table of its own under a header stays there; a plain CC becomes its key `cc`.
        """
        own = self._block(keys)
        if own and value is None:
            self.delete(keys)
        elif own:
            self._rewrite(own, (), value if isinstance(value, dict) else {"cc": value})
        else:
            self._set_within(keys, value)

    def head(self, values: Mapping[Keys, str]) -> None:
        """Insert a line right below the headers of tables, by the tables' keys."""
        for keys in sorted(values, key=lambda keys: -self._found(keys).header):
            block = self._found(keys)
            # from the last block to the first, so that the line numbers of the others stay valid
            self._lines.insert(block.header + 1, f"{self._indent(block)}{values[keys]}")
        self._known = None

    def insert(self, keys: Keys, body: list[str]) -> None:
        """Insert a new table at these keys (…, list, place), before the present one."""
        names = ".".join(str(key) for key in keys if isinstance(key, str))
        indent = self._sibling_indent(keys)
        self._insert_lines(self._place_for(keys), [f"{indent}[[{names}]]", *(f"{indent}{line}" for line in body)])

    def delete(self, keys: Keys) -> list[str]:
        """Delete a table with its contents and the comments right above it; return its lines."""
        start, end = self._extent(keys)
        checked = self._lines[start:end]
        doubled = start < end < len(self._lines) and start > 0
        if doubled and not self._lines[start - 1].strip() and not self._lines[end].strip():
            end += 1
        self._replace(start, end, [])
        return checked

    def move(self, keys: Keys, to: Keys) -> None:
        """Move a table to other keys, counted without it."""
        checked = self.delete(keys)
        self._insert_lines(self._place_for(to), checked)

    # Look up

    @property
    def _index(self) -> dict[Keys, Block]:
        if self._known is None:
            self._known = {block.keys: block for block in find_blocks(self._lines)}
        return self._known

    @property
    def _blocks(self) -> Iterable[Block]:
        return self._index.values()

    def _block(self, keys: Keys) -> Block | None:
        return self._index.get(keys)

    def _found(self, keys: Keys) -> Block:
        block = self._block(keys)
        if block is None:
            raise MapFault(BY_HAND)
        return block

    def _assignment(self, block: Block, keys: Keys) -> int | None:
        """Return the index of the line that assigns these keys, or the first of them."""
        for n in range(block.header + 1, block.core):
            found = ASSIGNMENT.match(self._lines[n])
            if found:
                names = names_of(found[1])
                if keys[: len(names)] == names or names[: len(keys)] == keys != ():
                    return n
        return None

    def _extent(self, keys: Keys) -> tuple[int, int]:
        """Return the line range of a table and its contents, without trailing blank lines and comments."""
        first = self._found(keys)
        inner = [block for block in self._blocks if block.keys[: len(keys)] == keys]
        return first.start, inner[-1].core

    def _place_for(self, keys: Keys) -> int:
        there = self._block(keys)
        if there:
            return there.start
        *rest, place = keys
        if isinstance(place, int) and place > 0:
            return self._extent((*rest, place - 1))[1]
        holder = tuple(rest[:-1])
        return self._found(holder).core if holder else len(self._lines)

    # Edit

    def _set_within(self, keys: Keys, value: object) -> None:
        holders = [block for block in self._blocks if block.keys == keys[: len(block.keys)]]
        block = max(holders, key=lambda block: len(block.keys))
        names = keys[len(block.keys) :]
        if len(names) > 1 and not block.keys and self._assignment(block, names) is None:
            self._insert_lines(len(self._lines), [f"[{names[0]}]", f"{names[1]} = {toml(nested(names[2:], value))}"])
        else:
            self._rewrite(block, names, value)

    def _rewrite(self, block: Block, keys: Keys, value: object) -> None:
        """Write a value under keys of one block; without keys, all its values."""
        if not all(isinstance(key, str) for key in keys):
            raise MapFault(BY_HAND)
        first = block.header + 1
        try:
            table = tomlkit.parse("\n".join([*self._lines[first : block.core], ""]))
            new = assign_each(table, value) if not keys and isinstance(value, dict) else assign(table, keys, value)
            changed = tomlkit.dumps(table)
        except TOMLKitError as fault:
            raise MapFault(BY_HAND) from fault
        indent = self._indent(block)
        kept = changed.removesuffix("\n").split("\n") if changed.strip() else []
        self._replace(first, block.core, [*kept, *(f"{indent}{line}" for line in new)])

    def _indent(self, block: Block) -> str:
        """Return the indent of a block's keys."""
        keys = [line for line in self._lines[block.header + 1 : block.core] if ASSIGNMENT.match(line)]
        like = keys[0] if keys else self._lines[block.header] if block.header >= 0 else ""
        return like[: len(like) - len(like.lstrip())]

    def _sibling_indent(self, keys: Keys) -> str:
        """Return the indent of the list's other tables; nested lists default to two spaces a level."""
        names = keys[:-1:2]
        like = [block for block in self._blocks if block.keys[:-1:2] == names and isinstance(block.keys[-1], int)]
        if not like:
            return "  " * (len(names) - 1)
        header = self._lines[like[-1].header]
        return header[: len(header) - len(header.lstrip())]

    def _insert_lines(self, place: int, lines: list[str]) -> None:
        """Insert lines, separated by an empty line before and after."""
        before = [""] if place > 0 and self._lines[place - 1].strip() else []
        after = [""] if place < len(self._lines) and self._lines[place].strip() else []
        self._replace(place, place, [*before, *lines, *after])

    def _replace(self, start: int, end: int, lines: list[str]) -> None:
        self._lines[start:end] = lines
        self._known = None
