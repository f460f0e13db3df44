"""What a command tells: lines for a person at a terminal, or all of it as JSON for a program."""

from __future__ import annotations

import json
import logging
import shutil
import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import click

from letters.errors import Problem

log = logging.getLogger(__name__)


@dataclass
class RunAnswer:
    """One run's answer, as it comes together: how it is told, and what a program is told.

    `round_id` is the round asked for, before the command or after it; `handlers` are the logs.
    """

    as_json: bool = False
    is_quiet: bool = False
    command: str = ""
    round_id: str | None = None
    error: str = ""
    problems: list[Problem] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=dict)
    handlers: list[logging.Handler] = field(default_factory=list)

    def print(self, code: int) -> None:
        """Print all of it as JSON, as `docs/output.schema.json` says."""
        told = {
            "command": self.command,
            "exit": code,
            "error": self.error,
            "problems": [asdict(each) for each in self.problems],
            "result": self.result or None,
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))


def answer() -> RunAnswer:
    """The answer of the command that runs."""
    context = click.get_current_context(silent=True)
    if context is None:
        return RunAnswer()
    found: RunAnswer = context.meta.setdefault(__name__, RunAnswer())
    return found


def say(line: object) -> None:
    """Print a line for a person; neither with --json nor with --quiet."""
    if not (answer().as_json or answer().is_quiet):
        click.echo(line)


def complain(line: object) -> None:
    """Print what went wrong, or what is waited for; with --json a program is told in its answer."""
    if not answer().as_json:
        click.echo(line, err=True)


def give(**facts: object) -> None:
    """Tell a program facts; a list goes on where it was begun before."""
    result = answer().result
    for name, fact in facts.items():
        before = result.get(name)
        result[name] = [*before, *fact] if before and isinstance(fact, list) else fact


def print_problems(problems: Sequence[Problem]) -> None:
    """Each problem on a line, then how many there are."""
    answer().problems += problems
    for problem in problems:
        log.info("problem: %s", problem)
        where, what = str(problem).split(": ", 1)
        complain(f"{click.style(where, bold=True)}: {what}")
    if problems:
        complain("1 problem." if len(problems) == 1 else f"{len(problems)} problems.")


NARROWEST = 10
"""Characters to which a column of a table may shrink: a name or a state still reads as one."""
COLOURS: Mapping[str, str] = {
    **dict.fromkeys(("approved", "built", "ok", "published", "yes"), "green"),
    **dict.fromkeys(("awaiting", "draft", "not built", "not yet", "out of date"), "yellow"),
    **dict.fromkeys(("LACKS", "changed", "changed on disk", "edited", "failed", "no"), "red"),
}
"""Words of tables that a colour helps to find."""


def print_table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table with columns as wide as their contents, or as a terminal has room for."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for line in table_lines(heads, rows, width):
        say(line)


def table_lines(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], width: int) -> list[str]:
    """The lines of a table; where `width` is not 0, cells go on below so that it fits."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    while width and sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    lines = []
    for row in [heads, tuple("-" * each for each in widths), *rows]:
        cells = [textwrap.wrap(c, w) or [""] for c, w in zip(row, widths, strict=True)]
        for n in range(max(map(len, cells))):
            parts = [(cell[n] if n < len(cell) else "") for cell in cells]
            lines.append(_line(row, parts, widths))
    return lines


def _line(row: tuple[str, ...], parts: Sequence[str], widths: Sequence[int]) -> str:
    """A line of a row, its known words coloured, without spaces at its end."""
    ends = max((n for n, part in enumerate(parts, 1) if part), default=0)
    styled = []
    for n, (cell, part, width) in enumerate(zip(row, parts, widths, strict=True), 1):
        space = " " * (width - len(part)) if n < ends else ""
        colour = COLOURS.get(cell)
        styled.append((click.style(part, fg=colour) if colour and part else part) + space)
    return "  ".join(styled[:ends])
