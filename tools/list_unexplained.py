"""List places of the code that need a reason and give none, one a line.

Run from the project's folder: python -m tools.list_unexplained [FOLDER]

Such places are constants that hold a number, regular expressions of more than 60 characters, and
names of a library that the code replaces. A reason is a comment on the statement or just above it,
or a docstring below it.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

LONGEST = 60
"""Characters of a regular expression that its reader takes in without help."""

LIBRARIES = ("weasyprint", "pydyf", "pikepdf", "docxtpl", "fontTools", "openpyxl")
"""Libraries whose inner names might be replaced."""

REGEX_CALLS = {"compile", "fullmatch", "match", "search", "sub", "split", "findall", "finditer"}


def unexplained(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each place in a module that gives no reason."""
    tree, lines = ast.parse(source), source.splitlines()
    modules = _library_names(tree)
    for body in _bodies(tree):
        for n, statement in enumerate(body):
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if not _needs_reason(statement, modules):
                continue
            below = body[n + 1] if n + 1 < len(body) else None
            if not _has_reason(statement, below, lines):
                yield statement.lineno, lines[statement.lineno - 1].strip()


def _bodies(tree: ast.Module) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            found = getattr(node, name, None)
            if isinstance(found, list):
                yield found


def _library_names(tree: ast.Module) -> set[str]:
    """Names under which a module knows libraries and their parts."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {
                (alias.asname or alias.name).split(".")[0]
                for alias in node.names
                if alias.name.split(".")[0] in LIBRARIES
            }
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LIBRARIES:
            found |= {alias.asname or alias.name for alias in node.names}
    return found


def _needs_reason(statement: ast.stmt, modules: set[str]) -> bool:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return (any(map(_is_constant, targets)) and _has_number(getattr(statement, "value", None))) or (
        any(_root(target) in modules for target in targets if isinstance(target, ast.Attribute))
        or any(len(pattern) > LONGEST for pattern in _patterns(statement))
    )


def _is_constant(target: ast.expr) -> bool:
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    return all(isinstance(name, ast.Name) and re.fullmatch("_?[A-Z][A-Z0-9_]*", name.id)
               for name in names)  # fmt: skip


def _has_number(value: ast.expr | None) -> bool:
    """Whether a value is a number, a sum of numbers or a tuple of them."""
    if isinstance(value, ast.Constant):
        return isinstance(value.value, int | float) and not isinstance(value.value, bool)
    if isinstance(value, ast.Tuple):
        return bool(value.elts) and all(map(_has_number, value.elts))
    if isinstance(value, ast.UnaryOp):
        return _has_number(value.operand)
    return isinstance(value, ast.BinOp) and _has_number(value.left) and _has_number(value.right)


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _patterns(statement: ast.stmt) -> Iterator[str]:
    """The regular expressions of a statement itself, not of the statements in it."""
    if hasattr(statement, "body"):
        return
    for node in ast.walk(statement):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if _root(node.func) == "re" and node.func.attr in REGEX_CALLS and node.args:
            yield "".join(
                part.value
                for part in ast.walk(node.args[0])
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            )


def _has_reason(statement: ast.stmt, below: ast.stmt | None, lines: list[str]) -> bool:
    if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
        return isinstance(below.value.value, str)
    own = lines[statement.lineno - 1 : statement.end_lineno]
    above = lines[statement.lineno - 2].strip() if statement.lineno > 1 else ""
    skips = re.compile(r"# (fmt|noqa|type):")
    return above.startswith("#") or any(
        "#" in re.sub(r"(['\"]).*?\1", "", line) and not skips.search(line) for line in own
    )


def main(folder: str = "letters") -> None:
    """Print each place, and how many there are."""
    found = [
        f"{path}:{line}: {text}"
        for path in sorted(Path(folder).rglob("*.py"))
        for line, text in unexplained(path.read_text("utf-8"))
    ]
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(found)} without a reason")


if __name__ == "__main__":
    main(*sys.argv[1:])
