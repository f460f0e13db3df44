"""The workbook of a round that analysts fill in: a row for each force, a column for each field."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from letters.document import without_accents
from letters.errors import UsageError, did_you_mean, some
from letters.files import write_whole
from letters.model import FieldType, RecordField, Round
from letters.project import ProjectRound
from letters.project.raw_records import (
    IGNORED,
    JOINT,
    every_rounds_columns,
    lists_of,
    table_columns,
)
from letters.project.rounds import RECORD_FILES
from letters.sources.tables import column_name, header_at

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

FILE = "assessments.xlsx"
LISTS = "letters-lists"
"""The hidden sheet that the drop-downs take their words from."""

MORE_ROWS = 100  # rows below the last one that drop-downs and formats reach too
WIDE, NARROW = 60, 18  # characters that a column of rich text is wide, and any other
HEAD, LOCKED = "DCE3EC", "F1F3F5"  # fills of the header, and of cells that are not to be changed
DAY, AS_TEXT = "d mmmm yyyy", "@"  # number formats of Excel
NOT_KEPT = ("xl/charts/", "xl/pivotTables/", "xl/slicers/", "xl/vbaProject", "xl/embeddings/")
"""Parts of a workbook that would be lost, since openpyxl does not write them again."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was written: the file, the columns and rows that are new in it, and what is no more.

    `columns`, `rows` and `lists` are names and ids, a list having a sheet of its own. `unknown` are
    columns that are no field of the round, `strangers` rows of no force of it; both are kept.
    """

    path: Path
    is_new: bool
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    unknown: tuple[str, ...]
    strangers: tuple[str, ...]
    lists: tuple[str, ...] = ()


def write_sheet(project_round: ProjectRound) -> Sheet:
    """Write a round's workbook, ready to be filled in; what is filled in already is kept.

    Columns and rows that are missing are added at the end. Raises UsageError where the round keeps
    its records in another file, where the workbook is open in Excel or cannot be read, and where it
    holds charts or other things that would be lost.
    """
    path = project_round.folder / FILE
    _refuse_others(project_round, path)
    is_new = not path.exists()
    book, table = _new(project_round.round) if is_new else _opened(path, project_round.round)
    made = _Filled(project_round, book, table)
    lists = [
        _Filled(project_round, book, *each) for each in _list_tables(project_round.round, book)
    ]
    ranges = _write_words(project_round, book)
    for each in (made, *lists):
        each.fill(ranges)
    out = io.BytesIO()
    book.save(out)
    write_whole(path, out.getvalue())
    return Sheet(
        path,
        is_new,
        tuple(made.new_columns),
        tuple(made.new_rows),
        tuple(made.unknown()),
        tuple(made.strangers()),
        tuple(each.name for each in lists if not each.known),
    )


def _list_tables(round_: Round, book: Workbook) -> Iterator[tuple[Worksheet, str]]:
    """The sheet of each list of the records, new where there is none."""
    for name in lists_of(round_):
        there = [each for each in book.worksheets if column_name(each.title) == name]
        yield (there[0] if there else book.create_sheet(name)), name


def _write_words(project_round: ProjectRound, book: Workbook) -> dict[tuple[str, str], str]:
    """Write the words of each drop-down on the hidden sheet; return their ranges by list and field.

    The list is nothing for a field of the records themselves.
    """
    round_ = project_round.round
    words: dict[tuple[str, str], Sequence[str]] = {("", "outcome"): _titles(round_.outcomes)}
    words |= {("", name): each.choices for name, each in round_.fields.items() if each.choices}
    for name, declared in lists_of(round_).items():
        words[name, round_.nouns.one] = [each.id for each in project_round.recipients] or [""]
        words |= {(name, n): each.choices for n, each in declared.fields.items() if each.choices}
    if LISTS in book.sheetnames:
        del book[LISTS]
    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    found = dict[tuple[str, str], str]()
    for column, (key, texts) in enumerate(words.items(), 1):
        for row, text in enumerate(texts, 1):
            sheet.cell(row, column, text).number_format = AS_TEXT
        letter = sheet.cell(1, column).column_letter
        found[key] = f"'{LISTS}'!${letter}$1:${letter}${len(texts)}"
    return found


def _refuse_others(project_round: ProjectRound, path: Path) -> None:
    others = [name for name in RECORD_FILES if name != FILE and (path.parent / name).exists()]
    if others:
        raise UsageError(
            f"Round {project_round.round.id} keeps its records in {others[0]}. Go on with that"
            " file, or move it out of the round's folder first."
        )
    if (path.parent / f"~${FILE}").exists():
        raise UsageError(f"{FILE} is open in Excel. Save it and close it there first.")


def _new(round_: Round) -> tuple[Workbook, Worksheet]:
    from openpyxl import Workbook  # only this command needs it

    book = Workbook()
    table = book.worksheets[0]
    table.title = round_.sheet or "Assessments"
    table.protection.sheet = True  # without a password: a slip is stopped, a decision is not
    for name in ("formatColumns", "formatRows", "formatCells", "sort", "autoFilter", "insertRows"):
        setattr(table.protection, name, False)  # openpyxl's and Excel's word for "not forbidden"
    return book, table


def _opened(path: Path, round_: Round) -> tuple[Workbook, Worksheet]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as package:
            lost = [name for name in package.namelist() if name.startswith(NOT_KEPT)]
        book = load_workbook(path, rich_text=True)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise UsageError(f"{FILE} cannot be read: {error}. See 'letters check'.") from error
    if lost:
        kind = lost[0].split("/")[1].removesuffix(".bin")
        raise UsageError(
            f"{FILE} holds {kind}, which would be lost. Move them to a workbook of their own first."
        )
    visible = [each for each in book.worksheets if each.sheet_state == "visible"]
    named = [each for each in visible if round_.sheet in (None, each.title)]
    if not named:
        known = [each.title for each in visible]
        hint = did_you_mean(round_.sheet or "", known)
        raise UsageError(f"{FILE} has no sheet '{round_.sheet}'. {hint}".rstrip())
    return book, named[0]


class _Filled:
    """A sheet on its way: where its header is, which columns it has, and what is new in it.

    `name` is that of the list whose entries it holds; nothing for the records themselves.
    """

    def __init__(
        self, project_round: ProjectRound, book: Workbook, table: Worksheet, name: str = ""
    ) -> None:
        self.round, self.book, self.table, self.name = project_round.round, book, table, name
        self.forces = {each.id: each for each in project_round.recipients}
        rows = [[str(value or "") for value in row] for row in table.iter_rows(values_only=True)]
        self.head = header_at(rows, self.round.nouns.one) + 1
        header = rows[self.head - 1] if rows else []
        self.columns = {column_name(text): n for n, text in enumerate(header, 1) if text}
        self.known = dict(self.columns)
        self.new_columns, self.new_rows = list[str](), list[str]()
        self.written = self._written()

    def _written(self) -> dict[int, tuple[str, ...]]:
        """The forces that each row names, as they are written."""
        column = self.columns.get(self.round.nouns.one)
        if column is None:
            return {}
        cells = ((row, self.table.cell(row, column).value) for row in self._rows())
        return {
            row: tuple(each.strip() for each in str(value).split(JOINT))
            for row, value in cells
            if value
        }

    def _rows(self) -> range:
        return range(self.head + 1, (self.table.max_row or 0) + 1)

    def fill(self, ranges: Mapping[tuple[str, str], str]) -> None:
        """Add what is missing, then drop-downs with the words of `ranges`, formats and notes."""
        for name in self._wanted():
            if column_name(name) not in self.columns:
                self._add_column(name)
        for id_, name in self._missing().items() if not self.name else ():
            self._add_row(id_, name)
        self.table.data_validations.dataValidation = [
            each
            for each in self.table.data_validations.dataValidation
            if LISTS not in str(each.formula1)
        ]
        for name, declared in self._declared().items():
            self._shape(name, declared, ranges.get((self.name, name), ""))
        if not self.known:
            self.table.freeze_panes = f"B{self.head + 1}"

    def _wanted(self) -> list[str]:
        """Columns in their order; who signs is asked only where a record may decide it."""
        if self.name:
            return [self.round.nouns.one, *self.round.fields[self.name].fields]
        common = every_rounds_columns(self.round)
        names = [
            n
            for n in table_columns(self.round)
            if n not in common and (n != "signatory" or len(self.round.signatories) > 1)
        ]
        return [names[0], f"{IGNORED} name", *names[1:]] if not self.known else names

    def _declared(self) -> dict[str, RecordField]:
        lists = lists_of(self.round)
        if self.name:
            whose = RecordField(type=FieldType.CHOICE, help="A row for each entry: whose it is.")
            return {self.round.nouns.one: whose, **lists[self.name].fields}
        outcome = RecordField(type=FieldType.CHOICE, help="Leave it empty until it is decided.")
        fields = {name: each for name, each in self.round.fields.items() if name not in lists}
        return {"outcome": outcome, **fields}

    def _add_column(self, name: str) -> None:
        from openpyxl.styles import Font, PatternFill

        at = max(self.columns.values(), default=0) + 1
        cell = self.table.cell(self.head, at, name)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=HEAD)
        self.columns[column_name(name)] = at
        self.new_columns.append(name)

    def _missing(self) -> dict[str, str]:
        said = {_plain(each) for names in self.written.values() for each in names}
        return {
            id_: each.name
            for id_, each in self.forces.items()
            if not {_plain(id_), _plain(each.name)} & said
        }

    def _add_row(self, id_: str, name: str) -> None:
        from openpyxl.styles import PatternFill

        row = max((self.head, *self.written)) + 1
        self.written[row] = (id_,)
        texts = {self.round.nouns.one: id_, column_name(f"{IGNORED} name"): name}
        for column in texts.keys() & self.columns.keys():
            cell = self.table.cell(row, self.columns[column], texts[column])
            cell.number_format, cell.fill = AS_TEXT, PatternFill("solid", fgColor=LOCKED)
        self.new_rows.append(id_)

    def _shape(self, name: str, declared: RecordField, words: str) -> None:
        """A column's drop-down, the format of its cells, and the note on its head."""
        from openpyxl.comments import Comment
        from openpyxl.styles import Alignment, Protection
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        column = self.columns[name]
        letter, last = get_column_letter(column), max((self.head, *self.written)) + MORE_ROWS
        area = f"{letter}{self.head + 1}:{letter}{last}"
        listed = '"yes,no"' if declared.type is FieldType.YES_NO else f"={words}" if words else ""
        if listed:
            drop = DataValidation(type="list", formula1=listed, allow_blank=True)
            drop.error = "Choose one of the list, or leave the cell empty."
            self.table.add_data_validation(drop)
            drop.add(area)
        head = self.table.cell(self.head, column)
        if name in map(column_name, self.new_columns) or head.comment is None:
            head.comment = Comment(_note(declared), "letters")
        is_long = declared.type is FieldType.RICH_TEXT
        if name in map(column_name, self.new_columns):
            self.table.column_dimensions[letter].width = WIDE if is_long else NARROW
        for row in range(self.head + 1, last + 1):
            cell = self.table.cell(row, column)
            if cell.value is None:
                cell.number_format = _format(declared.type)
                cell.protection = Protection(locked=False)
                cell.alignment = Alignment(wrap_text=is_long, vertical="top")

    def unknown(self) -> Iterable[str]:
        """Columns that are no field of the round, and not set aside."""
        own = {*table_columns(self.round), *map(column_name, self.round.ignored_columns)}
        return (n for n in self.known if n not in own and not n.startswith(IGNORED))

    def strangers(self) -> Iterable[str]:
        """What rows name that is no force of the round."""
        known = {_plain(each) for id_, force in self.forces.items() for each in (id_, force.name)}
        return (n for names in self.written.values() for n in names if _plain(n) not in known)


def slug(text: str) -> str:
    """Return the id that a name makes: `Dun & Hollow Police` is dun-and-hollow-police."""
    plain = without_accents(text.replace("&", " and ").replace("’", "").replace("'", ""))
    return "-".join(re.findall("[a-z0-9]+", plain.casefold()))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _titles(outcomes: Mapping[str, str]) -> tuple[str, ...]:
    """The titles of outcomes, which a record may hold; their ids where two titles are alike."""
    is_clear = len({_plain(title) for title in outcomes.values()}) == len(outcomes)
    return tuple(outcomes.values() if is_clear else outcomes)


def _note(declared: RecordField) -> str:
    """What the note on a column's head says: the field's help, and how values are written."""
    how = {
        FieldType.DATE: "A date, such as 2 October 2017.",
        FieldType.NUMBER: "A number in figures, without a unit.",
        FieldType.YES_NO: "yes or no.",
        FieldType.CHOICE: "One of the list.",
        FieldType.RICH_TEXT: "Text; an empty line begins a paragraph, '- ' an item of a list.",
        FieldType.TEXT: "Text, printed as it is typed.",
    }[declared.type]
    needed = "Needed once there is an outcome." if declared.required else ""
    return "\n".join(filter(None, (declared.help, how, needed)))


def _format(type_: FieldType) -> str:
    return {FieldType.DATE: DAY, FieldType.NUMBER: "General"}.get(type_, AS_TEXT)


def told(sheet: Sheet, root: Path) -> list[str]:
    """Return what is worth saying of a sheet that was written, a line each."""
    path = sheet.path.relative_to(root).as_posix()
    forces, columns = (
        len(sheet.rows),
        [each for each in sheet.columns if not each.startswith(IGNORED)],
    )
    if sheet.is_new:
        lists = f"; sheets {', '.join(sheet.lists)}" if sheet.lists else ""
        rows = f"{forces} row{'s' if forces != 1 else ''}"
        return [f"{path}: {rows}, columns {', '.join(columns)}{lists}"]
    news = [f"new rows: {some(sheet.rows)}"] if sheet.rows else []
    news += [f"new columns: {', '.join(columns)}"] if columns else []
    news += [f"new sheets: {', '.join(sheet.lists)}"] if sheet.lists else []
    lines = [f"{path}: {'; '.join(news) or 'nothing is missing'}"]
    if sheet.unknown:
        lines.append(
            f"Kept, though no field of the round: {', '.join(sheet.unknown)}."
            " Delete the columns, or list them under 'ignored_columns' in round.yaml."
        )
    if sheet.strangers:
        lines.append(f"Kept, though not of the round: {some(sheet.strangers)}. Delete the rows.")
    return lines
