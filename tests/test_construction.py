"""Construction of objects: all attributes from the start, and calls that name their arguments."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.house import FILES, place_of

OF_A_LIBRARY = {"web/http_patches.py", "web/websocket_patches.py"}
"""Their classes set attributes that their bases, Hypercorn's and wsproto's, have made."""
MOST_ARGUMENTS = 9  # by position; more need names
CONSTRUCTORS = {"__init__", "__post_init__"}
CHECKED_FILES = [file for file in FILES if place_of(file) not in OF_A_LIBRARY]

Function = ast.FunctionDef | ast.AsyncFunctionDef


def set_on_self(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the names of all attributes that some code sets on `self`."""
    inner = (node for outer in nodes for node in ast.walk(outer))
    return {
        node.attr
        for node in inner
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }


def declared(body: ast.ClassDef) -> set[str]:
    """Return the names of a class's fields and class attributes."""
    plain = [target for node in body.body if isinstance(node, ast.Assign) for target in node.targets]
    typed = [node.target for node in body.body if isinstance(node, ast.AnnAssign)]
    return {target.id for target in [*plain, *typed] if isinstance(target, ast.Name)}


def classes_in(tree: ast.AST) -> dict[str, ast.ClassDef]:
    """Return the classes of a file by name."""
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


@cache
def parsed(file: Path) -> ast.Module:
    """Return a file's syntax; parsed when a test asks, since each worker of a run loads this module."""
    return ast.parse(file.read_text())


@cache
def all_classes() -> dict[str, ast.ClassDef]:
    """Return the classes of the package by name."""
    return {name: body for file in FILES for name, body in classes_in(parsed(file)).items()}


def inherited(body: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> list[ast.ClassDef]:
    """Return a class and those of its bases that are ours."""
    bases = [classes[base.id] for base in body.bases if isinstance(base, ast.Name) and base.id in classes]
    return [body, *(found for base in bases for found in inherited(base, classes))]


def late_attributes(tree: ast.AST) -> list[str]:
    """Return `Class.attribute` for each attribute that is first set outside a constructor."""
    classes = classes_in(tree)
    found = []
    for name, body in classes.items():
        family = inherited(body, all_classes() | classes)
        methods = [node for one in family for node in one.body if isinstance(node, Function)]
        early = set_on_self(method for method in methods if method.name in CONSTRUCTORS)
        late = set_on_self(node for node in body.body if isinstance(node, Function)) - early
        found += [f"{name}.{attribute}" for attribute in late.difference(*map(declared, family))]
    return sorted(found)


def questions_about_self(tree: ast.AST) -> list[str]:
    """Return each `hasattr(self, …)`."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    asked = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "hasattr"]
    return [text for text in map(ast.unparse, asked) if text.startswith("hasattr(self")]


def long_calls(tree: ast.AST) -> list[str]:
    """Return calls with, and functions that take, more than MOST_ARGUMENTS by position."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    return [
        *(ast.unparse(node.func) for node in calls if len(node.args) > MOST_ARGUMENTS),
        *(node.name for node in functions if len(node.args.posonlyargs + node.args.args) > MOST_ARGUMENTS),
    ]


OFFENCES = [
    (late_attributes, "class A:\n def start(self) -> None:\n  self.x = 1", "A.x"),
    (late_attributes, "class A:\n def __init__(self): ...\nclass B(A):\n def go(self): self.x: int = 1", "B.x"),
    (late_attributes, "class A:\n async def go(self):\n  async with f() as self.x: ...", "A.x"),
    (questions_about_self, "hasattr(self, 'x')", "hasattr(self, 'x')"),
    (long_calls, "f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)", "f"),
    (long_calls, "def f(a, b, c, d, e, f, g, h, i, j): ...", "f"),
]
ALLOWED = [
    (late_attributes, "class A:\n def __init__(self): self.x = 0\nclass B(A):\n def go(self): self.x = 1"),
    (late_attributes, "class A:\n x: int = 0\n def go(self): self.x += 1"),
    (questions_about_self, "hasattr(other, 'x')"),
    (long_calls, "f(1, 2, 3, 4, 5, 6, 7, 8, 9, x=10)"),
]


@pytest.mark.parametrize(("check", "code", "offence"), OFFENCES)
def test_the_checks_find_what_they_are_for(check: Callable[[ast.AST], list[str]], code: str, offence: str) -> None:
    assert check(ast.parse(code)) == [offence]


@pytest.mark.parametrize(("check", "code"), ALLOWED)
def test_the_checks_leave_other_code_alone(check: Callable[[ast.AST], list[str]], code: str) -> None:
    assert check(ast.parse(code)) == []


@pytest.mark.parametrize("check", [late_attributes, questions_about_self, long_calls])
def test_an_object_has_all_its_attributes_from_the_start_and_no_call_is_long(
    check: Callable[[ast.AST], list[str]],
) -> None:
    found = {place_of(file): check(parsed(file)) for file in CHECKED_FILES}
    assert {file: offences for file, offences in found.items() if offences} == {}
