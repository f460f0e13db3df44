"""Writes docs/messages.md: every message that a person can meet, from the code that gives it.

A message is a sentence beside the sentence that says what to do, or a sentence alone. What stands
for a name or number of the reader's own is printed as `…`.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/messages.md"
AREAS = {
    "Files as they are saved": (
        "A file cannot be read, or a cell does not hold what it shows. Open the file at the line or"
        " cell that is named, in the program it was made with.",
        ("sources/", "files.py", "folders.py", "pictures.py"),
    ),
    "Recipients, rounds and records": (
        "A key, a column or a value is not what a round asks for. [Records](records.md) lists all.",
        ("project/", "model.py", "questions.py", "schema.py"),
    ),
    "Wording": (
        "A file of `templates/<wording>/` is named with its line."
        " [Templates](templates.md) tells what wording may hold.",
        ("wording/", "merge.py", "document.py"),
    ),
    "Layouts: Word, page and print style": (
        "A file of `templates/<layout>/` is named. A layout holds looks, and adds, hides or moves"
        " no words: [Styles](styles.md).",
        ("render/",),
    ),
    "Finished letters": (
        "A letter was made, and one of its files is not as it must be, or was changed since.",
        ("validators/", "build/", "check.py", "verify.py", "ledger.py"),
    ),
    "Approval and sign-off": (
        "A letter is a draft until it is approved: [Approving and sending](approving.md).",
        ("approvals/",),
    ),
    "Letters edited in Word": (
        "A letter was changed or commented on after it was made.",
        ("word/", "changes/"),
    ),
    "E-mails": (
        "An e-mail draft cannot be written: [Sending](approving.md#sending).",
        ("dispatch/",),
    ),
    "Claims, names and the national report": (
        "What is printed about the round, and what the records say: [Claims](claims.md).",
        ("gate/", "numbers.py", "compare.py"),
    ),
    "Publication": (
        "A condition of publication does not hold, or a published folder is not as it was:"
        " [Publishing](publishing.md).",
        ("publish/",),
    ),
    "Preview": ("The page that shows letters as you save: [Preview](preview.md).", ("preview/",)),
    "Commands and this machine": (
        "A command was given something that is not there, or the machine lacks something:"
        " `letters doctor` looks at it all.",
        (
            "cli/",
            "doctor.py",
            "new.py",
            "sheet.py",
            "recipients_sheet.py",
            "status.py",
            "errors.py",
        ),
    ),
}
"""What a reader is busy with: how they come there, and the rooms whose messages are met there."""
OPENING = """\
# What to do when it says …

Every message, grouped by what it is about, with what to do. Search this page for a few words of the
message; `…` is a name, a number or words of your own. A message begins with the place it is about:
a file with its line, a cell of a workbook, or a letter.

This page is written by `python -m tools.list_messages` from the program itself.
"""
Names = dict[str, list[tuple[int, ast.expr]]]

_WORDS = 3  # a label of one or two words is no message
_ENDS = re.compile(r"[.?…’”'\")]$")
_FILLED = re.compile(r"\{[a-z_]+\}")  # what a pattern's message puts in later
_DEPTH = 4  # names that stand for names: deeper than this no message is put together


def texts(node: ast.AST | None, names: Names, depth: int = 0) -> list[str]:
    """Return the texts that an expression can be, `…` for what is known at run time only."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        parts = (
            [str(p.value)] if isinstance(p, ast.Constant) else _field(p, names, depth)
            for p in node.values
        )
        return ["".join(each) for each in itertools.product(*parts)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = texts(node.left, names, depth), texts(node.right, names, depth)
        return [a + b for a in left or ["…"] for b in right or ["…"]] if left or right else []
    if isinstance(node, ast.IfExp):
        return texts(node.body, names, depth) + texts(node.orelse, names, depth)
    if isinstance(node, ast.Name) and node.id in names and depth < _DEPTH:
        before = [value for line, value in names[node.id] if line <= node.lineno]
        return texts((before or [names[node.id][0][1]])[-1], names, depth + 1)
    return []


def _field(part: ast.expr, names: Names, depth: int) -> list[str]:
    """Return what an f-string's field can be: the words of a constant, or `…`."""
    value = part.value if isinstance(part, ast.FormattedValue) else part
    if isinstance(value, ast.Name | ast.IfExp):
        found = texts(value, names, depth)
        return found if found and len(found) <= _WORDS else ["…"]
    return ["…"]


def is_message(text: str) -> bool:
    """Say whether a text is a whole sentence for a reader."""
    start = text.lstrip("'\"“‘… ")
    is_begun = not start or start[0].isupper() or text[0] in "'\"“‘…"
    return is_begun and len(text.split()) >= _WORDS and bool(_ENDS.search(text))


def _scopes(tree: ast.Module) -> Iterator[tuple[ast.AST, Names]]:
    """Yield each function or the module itself with the names that are given values there."""
    whole = _given(tree.body)
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for each in functions:
        yield each, {**whole, **_given(ast.walk(each))}
    inside = {id(node) for each in functions for node in ast.walk(each)}
    rest = [node for node in ast.walk(tree) if id(node) not in inside]
    for node in rest:
        if isinstance(node, ast.Call | ast.Tuple):
            yield node, whole


def _given(nodes: Iterable[ast.AST]) -> Names:
    """Return each name that is given a value, with the lines and the values in their order."""
    given: Names = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            given.setdefault(node.targets[0].id, []).append((node.lineno, node.value))
    return {name: sorted(values, key=itemgetter(0)) for name, values in given.items()}


def messages(source: str) -> dict[str, list[str]]:
    """Return what a module says: each message with the ways out of it, in the order of the code."""
    found = dict[str, list[str]]()
    for scope, names in _scopes(ast.parse(source)):
        for node in ast.walk(scope):
            if isinstance(node, ast.Call):
                given = [*node.args, *(each.value for each in node.keywords)]
                of = node.func.id if isinstance(node.func, ast.Name) else ""
                _pair(given, names, found, alone=of == "UsageError")
                if of == "Problem":  # what to do may be put together elsewhere
                    _pair(given[1:2], names, found, alone=True)
            elif isinstance(node, ast.Tuple):
                _pair(node.elts, names, found, alone=False)
    ways = {way for each in found.values() for way in each}
    return {what: each for what, each in found.items() if each or what not in ways}


def _pair(nodes: list[ast.expr], names: Names, found: dict[str, list[str]], *, alone: bool) -> None:
    """Note sentences that are beside one another in a call or a tuple, or alone in an error."""
    for what, fix in itertools.pairwise([*nodes, ast.Constant(value="")]):
        for said in filter(is_message, texts(what, names)):
            ways = [each for each in texts(fix, names) if is_message(each)]
            if ways or alone:
                known = found.setdefault(said, [])
                known += [each for each in ways if each not in known]


def page() -> str:
    """Return the page of all messages, each area in the order of its messages' words."""
    package = ROOT / "letters"
    parts = [OPENING]
    for area, (opening, rooms) in AREAS.items():
        said = dict[str, list[str]]()
        for path in sorted(package.rglob("*.py")):
            if path.relative_to(package).as_posix().startswith(rooms):
                for what, ways in messages(path.read_text(encoding="utf-8")).items():
                    said[what] = list(dict.fromkeys([*said.get(what, []), *ways]))
        parts.append(f"\n## {area}\n\n{opening}\n")
        parts += [_entry(what, said[what]) for what in sorted(said, key=_in_order)]
    return "\n".join(parts)


def _entry(what: str, ways: list[str]) -> str:
    return "\n".join([f"- **{_plain(what)}**", *(f"  {_plain(way)}" for way in ways)])


def _plain(text: str) -> str:
    """Return a message as Markdown that shows it letter by letter."""
    return re.sub(r"([\\`*_{}\[\]<>#|$~])", r"\\\1", " ".join(_FILLED.sub("…", text).split()))


def _in_order(what: str) -> str:
    return re.sub(r"[^a-z ]", "", what.lower()).strip()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
