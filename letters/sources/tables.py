"""Rows and columns, whatever file they come from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from letters.errors import Place, Problem
from letters.sources.numberformats import Shown


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and its place: text as written, or the day of a real date cell.

    `text_line` is the line where the text itself begins, which in a record of several lines is
    not always that of its place; 0 in a workbook. `shown` tells of a number that shows otherwise
    than `value` is written. `refused` is the problem of a cell that counts as empty, whatever it
    holds.
    """

    value: str | date
    place: Place
    text_line: int = 0
    shown: Shown | None = None
    refused: Problem | None = None

    @property
    def text(self) -> str:
        """The value as text; a day as `2017-10-02`."""
        return str(self.value)

    def at(self, place: Place) -> Cell:
        """The same cell, known by another place."""
        return replace(self, place=place)

    @property
    def is_empty(self) -> bool:
        """Whether nothing, or only space, is written here, or what is written is refused."""
        return self.refused is not None or not self.text.strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it, each as long as the header; blank rows are left out."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    place: Place
