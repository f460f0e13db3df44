"""Change the code in small ways, one at a time, and see whether a test notices.

Run from the project's folder: python -m tools.mutants [--room gate] [--count 200] [--write]

A mutant is one changed place: `<` for `<=`, `and` for `or`, a number more by one, a condition
turned round. The tests of the room run against it, those of the same name first, until one fails.
No file is changed: a finder of modules gives the tests the changed module in its place, so that
other tests can run meanwhile. `pytest -p tools.mutants` with `LETTERS_MUTANT` set runs one by hand.
"""

import ast
import os
import random
import re
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import NamedTuple

ROOMS = {
    "gate": ("tests/gate",),
    "approvals": ("tests/approvals",),
    "changes": (
        "tests/changes",
        "tests/approvals/test_approvals.py",
        "tests/approvals/test_review.py",
    ),
    "project": ("tests/project", "tests/approvals/test_rule.py", "tests/approvals/test_proofs.py"),
    "sources": ("tests/sources", "tests/project", "tests/cli/test_mutations.py"),
    "merge": ("tests/project", "tests/wording", "tests/publish/test_private.py"),
}
"""The rooms that are tried, and the tests that hold them to account."""

SEED, COUNT, JOBS = 14, 200, 2
PATIENCE = 240
"""Seconds for the tests of one mutant: the longest room takes a minute; more is an endless loop."""

PAGE = Path("docs/testing.md")
VARIABLE = "LETTERS_MUTANT"


class Mutant(NamedTuple):
    """One changed place: the file, which of its places, its line and what is changed there."""

    file: str
    number: int
    line: int
    what: str

    @property
    def room(self) -> str:
        """The room of the file, or the file itself."""
        return Path(self.file).parts[1].removesuffix(".py")


_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip


class _Change(ast.NodeTransformer):
    """Walks a module, notes each place that can be changed, and changes the one of a number."""

    def __init__(self, number: int = -1) -> None:
        self.found: list[tuple[int, str]] = []
        self._number = number

    def _is_it(self, node: ast.expr | ast.stmt, what: str) -> bool:
        self.found.append((node.lineno, what))
        return len(self.found) - 1 == self._number

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        for n, each in enumerate(node.ops):
            other = _COMPARED[type(each)]
            if self._is_it(node, f"{type(each).__name__} for {other.__name__}"):
                node.ops[n] = other()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        if self._is_it(node, f"{type(node.op).__name__} for {other.__name__}"):
            node.op = other()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        is_not = isinstance(node.op, ast.Not)
        return node.operand if is_not and self._is_it(node, "no 'not'") else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        other = _COUNTED.get(type(node.op))
        if other and self._is_it(node, f"{type(node.op).__name__} for {other.__name__}"):
            node.op = other()
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, bool):
            if self._is_it(node, f"{node.value} turned round"):
                return ast.copy_location(ast.Constant(not node.value), node)
        elif isinstance(node.value, int) and self._is_it(node, f"{node.value} and one more"):
            return ast.copy_location(ast.Constant(node.value + 1), node)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        if "TYPE_CHECKING" in ast.dump(node.test):
            return node
        self.generic_visit(node)
        if self._is_it(node, "'if' turned round"):
            node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        if self._is_it(node, "'if' turned round"):
            node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        for n, each in enumerate(node.ifs):
            if self._is_it(each, "'if' of a list taken out"):
                node.ifs[n] = ast.copy_location(ast.Constant(True), each)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Constant):
            return node  # a docstring
        self.generic_visit(node)
        return ast.copy_location(ast.Pass(), node) if self._is_it(node, "line taken out") else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [self.visit(each) for each in node.body]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = [self.visit(each) for each in node.body]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        return node  # what a field is by default is held by the tests of schemas


def mutants_of(file: Path) -> list[Mutant]:
    """Every mutant of a module."""
    change = _Change()
    change.visit(ast.parse(file.read_text("utf-8")))
    return [Mutant(file.as_posix(), n, line, what) for n, (line, what) in enumerate(change.found)]


def chosen(rooms: Sequence[str], count: int, seed: int) -> list[Mutant]:
    """As many mutants as asked for, the same for one seed, each place as likely as any other."""
    files = [f for room in rooms for f in sorted([*Path(f"letters/{room}").rglob("*.py")])]
    files += [path for room in rooms if (path := Path(f"letters/{room}.py")).exists()]
    every = [mutant for file in files for mutant in mutants_of(file)]
    found = random.Random(seed).sample(every, min(count, len(every)))  # noqa: S311
    return sorted(found)


# The tests' side: the changed module in the place of the file's.


class _Loader(SourceFileLoader):
    number = -1

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002  (the importer's signature)
        source = Path(self.path).read_text("utf-8")
        tree = _Change(self.number).visit(ast.parse(source))
        return compile(ast.fix_missing_locations(tree), self.path, "exec")


class _Finder(MetaPathFinder):
    def __init__(self, file: str, number: int) -> None:
        self._module = ".".join(Path(file).with_suffix("").parts).removesuffix(".__init__")
        self._number = number

    def find_spec(
        self, name: str, path: Sequence[str] | None, _: object = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path) if name == self._module else None
        if spec and spec.origin:
            spec.loader = _Loader(name, spec.origin)
            spec.loader.number = self._number
        return spec


if VARIABLE in os.environ:
    _file, _, _number = os.environ[VARIABLE].rpartition(":")
    sys.meta_path.insert(0, _Finder(_file, int(_number)))


# The other side: one run of tests for each mutant.


def tests_for(mutant: Mutant) -> list[str]:
    """The files of tests for a mutant, those that name its module first."""
    stem = Path(mutant.file).stem
    paths = [Path(each) for each in ROOMS[mutant.room]]
    files = [f for p in paths for f in (sorted(p.glob("test_*.py")) if p.is_dir() else [p])]
    module = ".".join(Path(mutant.file).with_suffix("").parts)

    def rank(path: Path) -> tuple[bool, bool, int]:
        own = stem in path.stem or path.stem.removeprefix("test_") in stem
        return not own, module not in path.read_text("utf-8"), path.stat().st_size

    return [str(each) for each in sorted(files, key=rank)]


def is_killed(mutant: Mutant) -> bool:
    """Whether a test fails, or does not end, with the mutant."""
    return fails(tests_for(mutant), f"{mutant.file}:{mutant.number}")


def fails(tests: Sequence[str], mutant: str = "") -> bool:
    """Whether one of the tests fails, or does not end; with a mutant, where one is named."""
    command = [sys.executable, "-m", "pytest", "-p", "tools.mutants", "-n", "0", "-xq"]
    command += ["-m", "not long", *tests]
    environment = {**os.environ, VARIABLE: mutant} if mutant else dict(os.environ)
    try:
        run = subprocess.run(  # noqa: S603
            command, env=environment, capture_output=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    return run.returncode != 0


def report(results: Sequence[tuple[Mutant, bool]], seed: int) -> Iterator[str]:
    """Lines of Markdown: the score of each room, and what no test noticed."""
    every, killed = Counter(m.room for m, _ in results), Counter(m.room for m, k in results if k)
    yield f"{len(results)} mutants, seed {seed}:"
    yield ""
    yield "| room | mutants | noticed | share |"
    yield "| --- | --- | --- | --- |"
    for room in (*sorted(every), "together"):
        of = every[room] or every.total()
        noticed = killed[room] if room in every else killed.total()
        yield f"| {room} | {of} | {noticed} | {noticed / of:.0%} |"
    left = [mutant for mutant, is_noticed in results if not is_noticed]
    if left:
        yield ""
        yield "Not noticed:"
        yield ""
        yield from (f"- `{m.file}:{m.line}`: {m.what}" for m in left)


def main(arguments: Sequence[str] | None = None) -> None:
    """Try mutants; print the report, and write it into the page with --write."""
    parser = ArgumentParser(description="See whether tests notice small changes of the code.")
    parser.add_argument("--room", choices=ROOMS, help="one room alone")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--jobs", type=int, default=JOBS)
    parser.add_argument("--write", action="store_true", help=f"write the report into {PAGE}")
    options = parser.parse_args(arguments)
    mutants = chosen([options.room] if options.room else [*ROOMS], options.count, options.seed)
    begun = time.monotonic()
    for room in sorted({mutant.room for mutant in mutants}):
        if fails(ROOMS[room]):
            sys.exit(f"The tests of {room} fail without any change. See: pytest {ROOMS[room][0]}")
    results = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for mutant, killed in zip(mutants, pool.map(is_killed, mutants), strict=True):
            results.append((mutant, killed))
            where = f"{mutant.file}:{mutant.line}"
            print(f"{'noticed' if killed else 'NOT NOTICED'}  {where} {mutant.what}", flush=True)
    lines = "\n".join(report(results, options.seed))
    print(f"\n{lines}\n\n{(time.monotonic() - begun) / 60:.0f} minutes")
    if options.write:
        page = PAGE.read_text("utf-8")
        marks = r"(?s)(<!-- mutants -->\n).*?(<!-- end -->)"
        PAGE.write_text(re.sub(marks, lambda m: f"{m[1]}{lines}\n{m[2]}", page), "utf-8")


if __name__ == "__main__":
    main()
