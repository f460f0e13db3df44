"""Where the words stand that a person changed in a Word letter: lines of the wording and values of
the record that may have printed them, each with the change made.

What is found is the likeliest. Whoever takes a proposal renders the letter with it, and keeps only
one that says what the person wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import ParamSpec, TypeVar

import yaml

from letters.errors import Place, Refused
from letters.model import Entry, Letter, RichText, Value
from letters.project.values import read_date
from letters.sources.tables import Cell, column_name
from letters.word.alignment import VALUE, aligned
from letters.word.cells import set_cell
from letters.word.differences import END, Edit, PrintedPassage
from letters.word.written_values import csv_text, set_csv, set_yaml, yaml_value

P = ParamSpec("P")
T = TypeVar("T")

_TAGS = ("{{", "{%", "{#")
_MARKUP = re.compile(r"([\\*_\[\]<>`#|~]|&(?=#?\w+;))")
_PREFIX = re.compile(r"[ \t]*(?:>[ \t]?)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?")
"""What stands before the words of a line: indentation, signs of quotations, an item's label."""

WORDING, RECORD = "fixed wording", "the record"
"""In what words stand."""

_LABELS = "labels.yaml"
_NAMES = {"sent_date": "sent"}
"""Placeholders whose column in the records has another name."""


@dataclass(frozen=True, slots=True)
class SourceChange:
    """A file as it would be with a change: where the words stand in it, and in what."""

    file: str
    content: bytes
    place: Place
    kind: str


@dataclass
class Tracer:
    """Looks for the source of one change of one letter.

    `files` are the project's, by path; `root` is where they lie on disk. `refused` are the reasons
    why places that were found cannot take the change.
    """

    root: Path
    files: Mapping[str, bytes]
    wording: str
    letter: Letter
    pieces: Sequence[PrintedPassage]
    edit: Edit
    refused: list[Refused] = field(default_factory=list)

    def proposals(self) -> Iterator[SourceChange]:
        """What may be written, the likeliest first.

        A passage put in between two belongs to the one before it, or else to the one after.
        """
        asked = self.edit
        if asked.start == asked.end and asked.start and asked.text.endswith(END):
            at = asked.start - 1
            self.edit = replace(asked, start=at, end=at, text=END + asked.text[:-1])
            yield from self._in_order()
            self.edit = asked
        yield from self._in_order()

    def _in_order(self) -> Iterator[SourceChange]:
        fields = self._fields()
        if len(fields) == 1 and "" not in fields:
            yield from self._recorded(fields)
        origins = [self.pieces[n].origin for n in self._hit]
        if not all(each.file.startswith("templates/") for each in origins):
            yield from self._recorded(name for each in origins for name in each.fields)
        yield from self._worded()
        names = dict.fromkeys((*fields, *(name for each in origins for name in each.fields)))
        yield from self._recorded(names)

    @property
    def computed(self) -> str:
        """The placeholders of the changed words that no record holds, for a message."""
        names = [name for each in self._fields() for name in each.split(", ") if name]
        return ", ".join(f"{{{{ {name} }}}}" for name in names if not self._spots(name))

    @property
    def is_recorded(self) -> bool:
        """Whether the record printed the changed words."""
        return any(self._fields()) or not self.origin.startswith("templates/")

    @property
    def origin(self) -> str:
        """The file that the changed passage comes from; "" where it is not known."""
        return self.pieces[self._hit[0]].origin.file if self._hit else ""

    def _starts(self) -> list[int]:
        starts, at = [], 0
        for piece in self.pieces:
            starts.append(at)
            at += len(piece.text) + 1
        return starts

    @property
    def _hit(self) -> list[int]:
        """The passages that the change is in or between."""
        start, end = self.edit.start, max(self.edit.end, self.edit.start)
        spans = zip(self._starts(), self.pieces, strict=True)
        met = [n for n, (at, p) in enumerate(spans) if at <= end and at + len(p.text) >= start]
        if end > start and len(met) > 1 and self._starts()[met[-1]] == end:
            text = END.join(p.text for p in self.pieces)
            met = met if text[end - 1] == END and len(met) < 3 else met[:-1]
        return met

    def _fields(self) -> tuple[str, ...]:
        """The placeholders that printed the changed words, or those beside words put in."""
        fields = [f for piece in self.pieces for f in (*piece.fields, END)]
        start, end = self.edit.start, self.edit.end
        near = fields[start:end] if end > start else fields[max(start - 1, 0) : start + 1]
        found = [each for each in near if each != END]
        return tuple(dict.fromkeys(found))

    def _worded(self) -> Iterator[SourceChange]:
        """The lines of the wording."""
        origin = self.pieces[self._hit[0]].origin if self._hit else None
        own = origin.file if origin else ""
        others = [n for n in self.files if n.startswith(self.wording) and n.endswith(".md")]
        printed, start, end = self._printed(self._blocks())
        for name in dict.fromkeys((own, *sorted(others))):
            if name not in others:
                continue
            source = self.files[name].decode("utf-8")
            line = origin.line if origin and name == own else 0
            for first, last in _regions(source, line):
                region = source[first:last]
                for new, at in self._spliced(region, printed, start, end, markdown=True):
                    number = source.count("\n", 0, first + at) + 1
                    changed = source[:first] + new + source[last:]
                    yield SourceChange(name, changed.encode(), Place(name, number), WORDING)
        if not own.endswith(".md"):
            yield from self._labelled(printed, start, end)

    def _labelled(self, printed: str, start: int, end: int) -> Iterator[SourceChange]:
        """The labels of the wording, which letters print round their body."""
        name = f"{self.wording}{_LABELS}"
        root = yaml.compose(self.files[name].decode("utf-8"), Loader=yaml.SafeLoader)
        for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
            if not isinstance(value, yaml.ScalarNode):
                continue
            place = Place(name, value.start_mark.line + 1, field=key.value)
            for new, _ in self._spliced(value.value, printed, start, end, markdown=True):
                if content := self._tried(set_yaml, self.files[name], place, key.value, new):
                    yield SourceChange(name, content, place, WORDING)

    def _blocks(self) -> list[int]:
        """The passages of the blocks that the change is in: a table is read as one."""
        met = {self.pieces[n].block for n in self._hit}
        return [n for n, piece in enumerate(self.pieces) if piece.block in met]

    def _printed(self, passages: Sequence[int], *, values: bool = False) -> tuple[str, int, int]:
        """Passages as one text with a sign for each value, and where the change is in it.

        With `values` they are written out.
        """
        starts, out = self._starts(), list[str]()
        places: dict[int, int] = {}
        for n in passages:
            before = ""
            for at, (character, name) in enumerate(
                zip(self.pieces[n].text, self.pieces[n].fields, strict=True), starts[n]
            ):
                places[at] = len(out) - bool(name and name == before and not values)
                if values or not name:
                    out.append(character)
                elif name != before:
                    out.append(VALUE)
                before = name
            places[starts[n] + len(self.pieces[n].text)] = len(out)
            out.append(END)
        whole = "".join(out)
        return whole, places.get(self.edit.start, -1), places.get(self.edit.end, len(whole))

    def _spliced(
        self, source: str, printed: str, start: int, end: int, *, markdown: bool
    ) -> Iterator[tuple[str, int]]:
        """`source` with the change, in each way it may be made, and where it was made."""
        if start < 0:
            return
        places = aligned(printed, source, markdown=markdown)
        for first, last, text in _spans(source, printed, places, (start, end, self.edit.text)):
            for new in _forms(text, source, first, self.edit.label, markdown=markdown):
                yield source[:first] + new + source[last:], first

    def _recorded(self, names: Iterable[str]) -> Iterator[SourceChange]:
        """The values of the letter's record."""
        for name in dict.fromkeys(part for each in names for part in each.split(", ") if part):
            for place, column, value in self._spots(name):
                cell = self._tried(self._cell, place, column)
                if cell is None:
                    continue
                for new in self._values(name, cell, value):
                    content = self._tried(self._written, cell.place, column, new)
                    if content:
                        yield SourceChange(place.file, content, cell.place, RECORD)

    def _spots(self, name: str) -> list[tuple[Place, str, Value]]:
        """Where the record holds the value of a placeholder, or the values of a list's entries."""
        name = _NAMES.get(name, name)
        value, place = self.letter.values.get(name), self.letter.places.get(name)
        if name == "sent":
            value = self.letter.values.get("sent_date")
        if isinstance(value, tuple):
            entries = [each for each in value if isinstance(each, Entry)]
            return [(e.place, part, v) for e in entries for part, v in e.values.items()]
        is_kept = place is not None and place.file in self.files and value is not None
        return [(place, name, value)] if is_kept and place else []

    def _cell(self, place: Place, column: str) -> Cell:
        """A value as its file holds it."""
        content, key = self.files[place.file], self.letter.round.nouns.one
        if place.file.endswith(".csv"):
            return Cell(csv_text(content, place, column, key), place.at(column))
        if place.file.endswith(".yaml"):
            return Cell(yaml_value(content, place, column), place.at(column))
        return self._in_workbook(place, column, key)

    def _in_workbook(self, place: Place, column: str, key: str) -> Cell:
        from letters.sources.workbooks import read_workbook  # slow to start, and not always needed

        sheet, _, name = place.cell.rpartition("!")
        table = read_workbook(self.root / place.file, self.root, sheet, [], key)
        row = re.sub(r"\D", "", name)
        for cell in (cell for cells in table.rows for cell in cells) if table else ():
            is_here = re.sub(r"\D", "", cell.place.cell.rpartition("!")[2]) == row
            if is_here and column_name(cell.place.field) == column:
                return cell
        raise Refused(f"The sheet has no value '{column}' there.", "Change it by hand.")

    def _written(self, place: Place, column: str, new: str | date) -> bytes:
        content, key = self.files[place.file], self.letter.round.nouns.one
        if place.file.endswith(".csv"):
            return set_csv(content, place, column, key, str(new))
        if place.file.endswith(".yaml"):
            return set_yaml(content, place, column, str(new))
        sheet, _, name = place.cell.rpartition("!")
        return set_cell(content, sheet, name, new)

    def _values(self, name: str, cell: Cell, value: Value) -> Iterator[str | date]:
        """What the value may be once the change is made."""
        is_rich = isinstance(value, RichText)
        is_day = isinstance(cell.value, date)
        for passages in () if is_day else (self._of_value(cell.place, name), self._blocks()):
            printed, start, end = self._printed(passages, values=True)
            for new, _ in self._spliced(cell.text, printed, start, end, markdown=is_rich):
                yield new
        touched = {part for each in self._fields() for part in each.split(", ")}
        if name not in touched:
            return
        said = self._said_now(name)
        if isinstance(value, date):
            try:
                day = read_date(said)
            except Refused as why:
                if not isinstance(self.letter.values.get(name), tuple):
                    self.refused.append(why)
                return
            is_iso = cell.text[:4].isdecimal()
            yield day if is_day else day.isoformat() if is_iso else said
        elif not is_rich and said:
            yield said

    def _of_value(self, place: Place, name: str) -> list[int]:
        """The passages that the text of a rich-text field makes."""
        return [
            n
            for n, piece in enumerate(self.pieces)
            if piece.origin.file == place.file and name in piece.origin.fields
        ]

    def _said_now(self, name: str) -> str:
        """What would stand in the place of a printed value once the change is made."""
        fields = [f for piece in self.pieces for f in (*piece.fields, END)]
        text = END.join(piece.text for piece in self.pieces)
        first, last = self.edit.start, self.edit.end
        while first and name in fields[first - 1].split(", "):
            first -= 1
        while last < len(text) and name in fields[last].split(", "):
            last += 1
        return text[first : self.edit.start] + self.edit.text + text[self.edit.end : last]

    def _tried(self, make: Callable[P, T], *given: P.args, **more: P.kwargs) -> T | None:
        try:
            return make(*given, **more)
        except Refused as why:
            self.refused.append(why)
            return None


def _regions(source: str, line: int) -> Iterator[tuple[int, int]]:
    """Parts of a file in which a block may stand: from its line on, at last the whole of it."""
    if line:
        first = sum(len(row) + 1 for row in source.split("\n")[: line - 1])
        if blank := re.compile(r"\n[ \t\r]*\n").search(source, first):
            yield first, blank.start() + 1
        yield first, len(source)
    yield 0, len(source)


Change = tuple[int, int, str]


def _spans(
    source: str, printed: str, places: Sequence[tuple[int, int] | None], change: Change
) -> Iterator[tuple[int, int, str]]:
    """Where in the source a change of the printed text is to be made, and with which words."""
    start, end, text = change
    before = places[start - 1] if start else None
    here = places[start] if start < len(places) else None
    if end > start:
        first = before[1] if printed[start] == END and before else here and here[0]
        after = places[end] if end < len(places) else None
        near = places[end - 1]
        last = after[0] if printed[end - 1] == END and after else near and near[1]
        if first is not None and last is not None and first <= last:
            yield first, last, text
        if not text and END in (printed[start], printed[end - 1]):
            yield from _whole_lines(source, [each for each in places[start:end] if each])
        return
    if text.startswith(END) and before:
        spot = _line_end(source, before[1])
        yield spot, spot, text
        return
    if before:
        yield before[1], before[1], text
    if here:
        yield here[0], here[0], text


def _whole_lines(source: str, places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    """The lines of a passage that goes, with its marks and the blank ones after it."""
    if places:
        first = source.rfind("\n", 0, places[0][0]) + 1
        rest = re.compile(r"[^\n]*\n?(?:[ \t\r]*\n)*").match(source, places[-1][1])
        yield first, rest.end() if rest else len(source), ""


def _line_end(source: str, at: int) -> int:
    found = source.find("\n", at)
    end = len(source) if found < 0 else found
    return len(source[:end].rstrip())


def _forms(text: str, source: str, at: int, label: str, *, markdown: bool) -> Iterator[str]:
    """How words may be written there: as they are, or with signs of Markdown marked as text."""
    if not markdown:
        yield text
        return
    if any(tag in text for tag in _TAGS):
        return
    begin = source.rfind("\n", 0, at) + 1
    found = _PREFIX.match(source, begin)
    prefix = found[0] if found else ""
    quote = re.sub(r"(?:[-*+]|\d{1,9}[.)])[ \t]+$", "", prefix)
    apart = f"\n{quote.rstrip()}\n{quote}"
    items = [f"\n{prefix}"] if prefix != quote else []
    plain_first = [apart, *items] if not label else [*items, "\n\n- ", apart]
    escaped = _MARKUP.sub(r"\\\1", text)
    for between in dict.fromkeys(plain_first) if END in text else ("",):
        yield text.replace(END, between)
        if escaped != text:
            yield escaped.replace(END, between)
