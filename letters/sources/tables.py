"""Rows and columns, whatever file they come from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from letters.errors import Place, Problem


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and its place: text as written, or the day of a real date cell.

    `text_line` is the line where the text itself begins, which in a record of several lines is
    not always that of its place; 0 in a workbook. `number_format` is the format of a number that
    may show otherwise than `value` is written. `refused` is the problem of a cell that could not
    be read, and counts as empty.
    """

    value: str | date
    place: Place
    text_line: int = 0
    number_format: str = ""
    refused: Problem | None = None

    @property
    def text(self) -> str:
        """The value as text; a day as `2017-10-02`."""
        return str(self.value)

    def at(self, place: Place) -> Cell:
        """The same cell, known by another place."""
        return Cell(self.value, place, self.text_line, self.number_format, self.refused)

    @property
    def is_empty(self) -> bool:
        """Whether nothing, or only space, is written here."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it, each as long as the header; blank rows are left out."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    place: Place
