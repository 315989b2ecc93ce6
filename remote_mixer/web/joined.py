"""Joiner: makes one script and one style sheet of each page's modules and sheets, for the subset that we write.

A module imports names from relative paths, each import on a line of its own, and exports functions, classes, constants
and lists of names; imports make no circle. So a module can stand in a function that returns what it exports, after the
modules that it imports. Nothing but import and export lines is touched: a line that begins with either word is one, and
strings, templates and patterns stay as they are. Each module that is fetched later, by `import("…")`, becomes a script
of its own with what it imports; a module that another script has already is taken from there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial

from remote_mixer.web.page_files import KEPT, Page, fingerprint

PATH = r'"(\.{1,2}/[\w./-]+\.js)"'
IMPORT = re.compile(rf"import \{{ ([\w, ]+) \}} from {PATH};?")
EXPORT_LIST = re.compile(r"export \{ ([\w, ]+) \};?")
EXPORT = re.compile(r"export (?=(?:(?:async )?function\*?|class|const) (\w+))")
LATER_IMPORT = re.compile(rf"\bimport\({PATH}\)")
UNJOINABLE = re.compile(r"^(?:import|export)\b|\bimport\.meta\b|^await\b", re.MULTILINE)
OURS = re.compile(r"\$[A-Za-z_]")
AS = re.compile(r"(\w+) as (\w+)")
MODULE, SHEET = '<script type="module" src="', '<link rel="stylesheet" href="'
TAG = re.compile(f'({MODULE}|{SHEET})([^"]+)')
COMPILED_AT_ONCE = "//# allFunctionsCalledOnLoad\n"
"""Explicit compile hint of V8: all functions are compiled while the script comes, on a thread beside the page's own,
which else reads each of them once more at its first call. Other browsers see a comment."""
SHEET_IMPORT = re.compile(r'^@import url\("([\w./-]+)"\) layer\((\w+)\);$', re.MULTILINE)


class JoinError(Exception):
    """A module or style sheet is outside the subset; the text names file and reason."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module that has been read.

    body     its text, with imports taken from the other modules' constants, without `export`
    exports  what its constant holds, as an object's text
    imports  names of the files that it imports
    later    names of the files that it fetches later
    """

    name: str
    body: str
    exports: str
    imports: tuple[str, ...]
    later: tuple[str, ...]

    def __str__(self) -> str:
        head = f"// {self.name}\nconst {constant(self.name)} = (() => {{"
        return f"{head}\n{self.body}\nreturn {{ {self.exports} }}\n}})()\n"


Read = Callable[[str], Module]
"""Reader of a page's module by its name; JoinError outside the subset."""


def join(page: Page) -> Page:
    """Return the page with one script and one sheet in place of each that its HTML names; JoinError outside the subset.

    They stand in a folder named after a hash of the page. Modules and sheets that were joined are left out.
    """
    html = {name: page[name].decode() for name in page if name.endswith(".html")}
    named = [(tag[1], _file(tag[2])) for text in html.values() for tag in TAG.finditer(text)]
    joined: dict[str, bytes] = {}
    used: set[str] = set()
    read = cache(partial(read_module, page))
    for kind, name in dict.fromkeys(named):
        files, parts = _scripts(read, name) if kind == MODULE else _sheet(page, name)
        joined |= {file: text.encode() for file, text in files.items()}
        used |= parts
    folder = KEPT + fingerprint(joined)
    html = {name: TAG.sub(lambda tag: f"{tag[1]}{folder}/{_file(tag[2])}", text) for name, text in html.items()}
    return {
        **{name: data for name, data in page.items() if name not in used},
        **{name: text.encode() for name, text in html.items()},
        **{f"{folder}/{name}": data for name, data in joined.items()},
    }


def constant(name: str) -> str:
    """Return the constant that holds a module's exports: `$desk_signal` for `desk/signal.js`."""
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))


def later_script(name: str) -> str:
    """Return the script of a module that is fetched later: `views-panels.later.js` for `views/panels.js`."""
    return f"{name.removesuffix('.js').replace('/', '-')}.later.js"


def read_module(page: Page, name: str) -> Module:
    """Return a module of the page, its later imports taken from their scripts; JoinError outside the subset."""
    if OURS.search(_text(page, name)):
        raise JoinError(f"{name}: “$” begins the names of joined modules only")
    imports: list[str] = []
    later: list[str] = []
    exports: list[str] = []

    def file(path: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))

    def later_import(found: re.Match[str]) -> str:
        later.append(file(found[1]))
        return f'import("./{later_script(later[-1])}").then((script) => script.{constant(later[-1])})'

    def line(text: str) -> str:
        if found := IMPORT.fullmatch(text):
            imports.append(file(found[2]))
            names = AS.sub(r"\1: \2", found[1])
            return f"const {{ {names} }} = {constant(imports[-1])}"
        if found := EXPORT_LIST.fullmatch(text):
            exports.append(AS.sub(r"\2: \1", found[1]))
            return ""
        if found := EXPORT.match(text):
            exports.append(found[1])
            return text[found.end() :]
        return text

    body = "\n".join(line(text) for text in LATER_IMPORT.sub(later_import, _text(page, name)).split("\n"))
    if stray := UNJOINABLE.search(body):
        raise JoinError(f"{name}: “{body[stray.start() :].splitlines()[0]}” cannot be joined")
    return Module(name, body, ", ".join(exports), tuple(imports), tuple(later))


def _scripts(read: Read, entry: str) -> tuple[dict[str, str], set[str]]:
    """Return the script of an entry, one for each module that is fetched later, and the names of the modules in them.

    Of what is fetched later the smallest is made first, so that no script takes anything from a larger one.
    """
    scripts = {entry: list(_closure(read, entry, ()))}
    homes = {module.name: entry for module in scripts[entry]}
    while roots := _fetched_later(scripts):
        if inside := roots & homes.keys():
            raise JoinError(f"{min(inside)}: imported both at once and later")
        root = min(sorted(roots), key=lambda name: len(list(_closure(read, name, homes))))
        scripts[later_script(root)] = list(_closure(read, root, homes))
        homes |= {module.name: later_script(root) for module in scripts[later_script(root)]}
    if len({constant(name) for name in homes}) < len(homes):
        raise JoinError(f"{entry}: two modules have names that differ only in “-”, “_” and “/”")
    given = {(homes[name], constant(name)) for modules in scripts.values() for one in modules for name in one.later}
    taken = set[tuple[str, str, str]]()
    for script, modules in scripts.items():
        names = {name for module in modules for name in module.imports if homes[name] != script}
        taken |= {(script, homes[name], constant(name)) for name in names}
    given |= {(home, name) for _, home, name in taken}
    texts = {}
    for script, modules in scripts.items():
        others = sorted({home for taker, home, _ in taken if taker == script})
        heads = [
            f'import {_names(name for *where, name in taken if where == [script, home])} from "./{home}"\n'
            for home in others
        ]
        own = [name for home, name in given if home == script]
        hint = COMPILED_AT_ONCE if script == entry else ""
        texts[script] = "".join((hint, *heads, *map(str, modules), f"export {_names(own)}\n" if own else ""))
    return texts, set(homes)


def _fetched_later(scripts: Mapping[str, Iterable[Module]]) -> set[str]:
    """Return the modules that are fetched later and have no script yet."""
    later = {name for modules in scripts.values() for module in modules for name in module.later}
    return {name for name in later if later_script(name) not in scripts}


def _names(constants: Iterable[str]) -> str:
    return f"{{ {', '.join(sorted(constants))} }}"


def _closure(read: Read, root: str, known: Iterable[str]) -> Iterator[Module]:
    """Yield a module and all that it imports but the known ones, imports first; JoinError where they make a circle."""
    done, open_ = set(known), list[str]()

    def visit(name: str) -> Iterator[Module]:
        if name in done:
            return
        if name in open_:
            raise JoinError(f"{name}: imports make a circle: {' → '.join([*open_, name])}")
        open_.append(name)
        module = read(name)
        for other in module.imports:
            yield from visit(other)
        open_.pop()
        done.add(name)
        yield module

    yield from visit(root)


def _sheet(page: Page, name: str) -> tuple[dict[str, str], set[str]]:
    """Return a style sheet with the sheets that it imports inside their layers, and the names of them all."""
    parts = {name}

    def layer(found: re.Match[str]) -> str:
        part = posixpath.normpath(posixpath.join(posixpath.dirname(name), found[1]))
        parts.add(part)
        return f"@layer {found[2]} {{\n{_text(page, part)}\n}}"

    text = SHEET_IMPORT.sub(layer, _text(page, name))
    if "@import" in text or "url(" in text:
        raise JoinError(f"{name}: a joined sheet has no other imports and no url()")
    return {name: text}, parts


def _text(page: Page, name: str) -> str:
    if name not in page:
        raise JoinError(f"{name}: the page has no such file")
    return page[name].decode()


def _file(path: str) -> str:
    return posixpath.normpath(path.lstrip("/"))
