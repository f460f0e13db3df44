"""Records as they are written, in YAML, CSV or a workbook: which column is which field."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from letters.errors import Place, Problem, did_you_mean, nearest, shortened
from letters.model import RECORD_COLUMNS, FieldType, RecordField, Round
from letters.sources.tables import Cell, SourceTable, column_name
from letters.sources.yamls import Node

JOINT = ";"
"""Parts the forces of a joint letter in one value: `devon; cornwall`."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as written: its place and its values by field name.

    `refused` are the names of values that it cannot have, each with the problem that says why;
    `lists` the entries of its fields of type list.
    """

    place: Place
    cells: Mapping[str, Cell]
    refused: Mapping[str, Problem] = field(default_factory=dict)
    lists: Mapping[str, Sequence[RawRecord]] = field(default_factory=dict)


def column_names(round_: Round) -> tuple[str, ...]:
    """The columns a record of `round_` may have: its force (by the round's noun) first."""
    own = (round_.nouns.one, "outcome", "signatory", *round_.fields)
    return tuple(dict.fromkeys((*own, *RECORD_COLUMNS)))


def every_rounds_columns(round_: Round) -> dict[str, RecordField]:
    """The columns beside a round's fields that no field of its own takes the place of."""
    types = {"sent": FieldType.DATE}
    return {
        name: RecordField(type=types.get(name, FieldType.TEXT))
        for name in RECORD_COLUMNS
        if name not in round_.fields
    }


def lists_of(round_: Round) -> dict[str, RecordField]:
    """The fields of type list, which have a sheet or a CSV file of their own."""
    return {name: f for name, f in round_.fields.items() if f.type is FieldType.LIST}


def table_columns(round_: Round) -> tuple[str, ...]:
    """The columns that the table of records may have: all but lists."""
    lists = lists_of(round_)
    return tuple(name for name in column_names(round_) if name not in lists)


def a_noun(round_: Round) -> str:
    """What the round calls one it assesses, with its article: `a force`, `an audit office`."""
    return with_article(round_.nouns.one.replace("_", " "))


def with_article(noun: str) -> str:
    """`noun` with `a` or `an`."""
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def from_table(
    table: SourceTable, round_: Round, declared: Collection[str], problems: list[Problem]
) -> tuple[RawRecord, ...]:
    """The records of a CSV file or a sheet. Column names may differ in case, and use spaces.

    A column that is unknown, unnamed or named twice is a problem, and so is one that is missing
    though the round requires it. Columns of fields `declared` but too faulty to use are passed by.
    """
    columns, misspelt = _columns(table, round_, declared, problems)
    refused = misspelt | _missing(columns, misspelt, table, round_)
    problems += (refused[name] for name in refused if name not in misspelt)
    return tuple(_record(row, columns, refused) for row in table.rows)


def from_yaml(
    node: Node, round_: Round, declared: Collection[str], problems: list[Problem]
) -> tuple[RawRecord, ...]:
    """The records of a YAML list; a joint letter's forces may be a list of their own."""
    if not isinstance(node.value, list):
        what = "The file must be a list of records."
        fix = f"Begin each record with '- {round_.nouns.one}: '."
        problems.append(Problem(node.place.at(""), what, fix))
    return tuple(
        record for each in node.items if (record := _yaml_record(each, round_, declared, problems))
    )


IGNORED = "#"
"""What the name of a column begins with that is for those who fill the sheet in."""


def _columns(
    table: SourceTable, round_: Round, declared: Collection[str], problems: list[Problem]
) -> tuple[dict[str, int], dict[str, Problem]]:
    """The number of each column, and the problems of misspelt ones by what they probably mean."""
    columns: dict[str, int] = {}
    misspelt: dict[str, Problem] = {}
    ignored = {column_name(each) for each in round_.ignored_columns}
    for n, cell in enumerate(table.header):
        name = column_name(cell.text)
        if cell.text.startswith(IGNORED) or name in ignored:
            continue
        if cell.refused:
            misspelt[name] = cell.refused
        elif not name:
            _refuse_unnamed(cell.place, (row[n] for row in table.rows), problems)
        elif name not in table_columns(round_):
            if name not in declared or name in round_.fields:
                problem = _unknown(cell.text.strip(), "column", cell.place, round_)
                problems.append(problem)
                misspelt[_meant(name, round_)] = problem
        elif name in columns:
            problems.append(_twice(cell, table.header[columns[name]]))
        else:
            columns[name] = n
    return columns, misspelt


def _refuse_unnamed(place: Place, cells: Iterable[Cell], problems: list[Problem]) -> None:
    first = next((cell for cell in cells if not cell.is_empty), None)
    if first:
        what = f"A column without a name holds '{shortened(first.text)}'."
        problems.append(Problem(place, what, "Name it in the header, or clear it."))


def _unknown(name: str, kind: str, place: Place, round_: Round) -> Problem:
    names = (each for each in column_names(round_) if each not in every_rounds_columns(round_))
    fix = f"Use {', '.join(names)}, or declare it under 'fields' in round.yaml."
    if meant := _meant(name, round_):
        fix = f"Did you mean '{meant}'?"
    return Problem(place, f"'{shortened(name)}' is not a {kind} of this round's records.", fix)


def _twice(cell: Cell, first: Cell) -> Problem:
    here, there = (each.place.cell.split("!")[-1] for each in (cell, first))
    where = f", in {there} and {here}" if here else ""
    what = f"The column '{shortened(cell.text)}' is there twice{where}."
    return Problem(cell.place, what, "Delete one of them.")


def _missing(
    columns: Collection[str], misspelt: Collection[str], table: SourceTable, round_: Round
) -> dict[str, Problem]:
    """The problem of each column that the round requires and the table lacks."""
    columns_ = table_columns(round_)
    required = [n for n, each in round_.fields.items() if each.required and n in columns_]
    names = (round_.nouns.one, "outcome", *required)
    fix = "Add it, with this name in the header."
    return {
        name: Problem(table.place, f"There is no column '{name}'.", fix)
        for name in names
        if name not in columns and name not in misspelt
    }


def _meant(name: str, round_: Round) -> str:
    """The column that `name` probably means."""
    return nearest(column_name(name), column_names(round_))


def _record(
    row: tuple[Cell, ...], columns: Mapping[str, int], refused: Mapping[str, Problem]
) -> RawRecord:
    cells = {name: row[n].at(row[n].place.at(name)) for name, n in columns.items()}
    place = next(iter(cells.values())).place if cells else row[0].place
    lost = {name: cell.refused for name, cell in cells.items() if cell.refused}
    return RawRecord(place.at(""), cells, {**refused, **lost})


def _yaml_record(
    node: Node, round_: Round, declared: Collection[str], problems: list[Problem]
) -> RawRecord | None:
    if not isinstance(node.value, dict):
        what = "A record must hold keys, each with its value."
        fix = f"Begin it with '- {round_.nouns.one}: '."
        problems.append(Problem(node.place.at(""), what, fix))
        return None
    cells: dict[str, Cell] = {}
    refused: dict[str, Problem] = {}
    lists: dict[str, list[RawRecord]] = {}
    for name, value in node.value.items():
        if name in declared and name not in round_.fields:
            continue
        if name in lists_of(round_):
            lists[name] = list(_yaml_entries(name, value, round_.fields[name], problems))
            continue
        if name not in column_names(round_):
            problem = _unknown(name, "key", node.keys[name].at(""), round_)
            problems.append(problem)
            refused[_meant(name, round_)] = problem
        elif (text := _text(name, value, round_)) is None:
            refused[name] = _no_text(name, value)
            problems.append(refused[name])
        else:
            cells[name] = Cell(text, value.place.at(name), value.place.line)
    return RawRecord(node.place.at(""), cells, refused, lists)


def _yaml_entries(
    name: str, node: Node, declared: RecordField, problems: list[Problem]
) -> Iterator[RawRecord]:
    """The entries of a list in a YAML record: each holds keys with their values."""
    if not isinstance(node.value, list) and node.text != "":
        what = f"'{name}' is a list: each of its entries holds {', '.join(declared.fields)}."
        fix = f"Begin each with '- {next(iter(declared.fields))}: ', indented under it."
        problems.append(Problem(node.place.at(name), what, fix))
    for each in node.items:
        keys = each.value if isinstance(each.value, dict) else {}
        cells: dict[str, Cell] = {}
        for key, value in keys.items():
            if key not in declared.fields:
                problems.append(_no_part(key, each.keys[key].at(""), name, declared))
            elif value.text is None:
                problems.append(_no_text(f"{name}.{key}", value))
            else:
                cells[key] = Cell(value.text, value.place.at(f"{name}.{key}"), value.place.line)
        if not isinstance(each.value, dict):
            what = f"An entry of '{name}' must hold keys, each with its value."
            fix = f"Begin it with '- {next(iter(declared.fields))}: '."
            problems.append(Problem(each.place.at(name), what, fix))
        yield RawRecord(each.place.at(name), cells)


def _no_part(key: str, place: Place, name: str, declared: RecordField) -> Problem:
    fix = did_you_mean(key, declared.fields) or f"Use {', '.join(declared.fields)}."
    return Problem(place, f"'{shortened(key)}' is not a field of '{name}'.", fix)


def entries_from_table(
    table: SourceTable, name: str, round_: Round, problems: list[Problem]
) -> Iterator[tuple[Cell, RawRecord]]:
    """The entries of a list in a table of its own: what names the force, and the entry."""
    noun = round_.nouns.one
    columns = _entry_columns(table, name, round_, problems)
    for row in table.rows if noun in columns else ():
        cells = {c: row[n].at(row[n].place.at(f"{name}.{c}")) for c, n in columns.items()}
        force = cells.pop(noun)
        if not (force.is_empty and all(cell.is_empty for cell in cells.values())):
            yield force, RawRecord(force.place.at(name), cells)


def _entry_columns(
    table: SourceTable, name: str, round_: Round, problems: list[Problem]
) -> dict[str, int]:
    """The number of each column of a list's own table."""
    declared, noun = round_.fields[name], round_.nouns.one
    columns: dict[str, int] = {}
    for n, cell in enumerate(table.header):
        column = column_name(cell.text)
        if not column or cell.text.startswith(IGNORED):
            continue
        if column in columns:
            problems.append(_twice(cell, table.header[columns[column]]))
        elif column != noun and column not in declared.fields:
            problems.append(_no_part(cell.text.strip(), cell.place, name, declared))
        else:
            columns[column] = n
    for column in (noun, *(n for n, f in declared.fields.items() if f.required)):
        if column not in columns:
            what = f"There is no column '{column}'."
            problems.append(Problem(table.place, what, "Add it, with this name in the header."))
    return columns


def _text(name: str, node: Node, round_: Round) -> str | None:
    if node.text is not None:
        return node.text
    texts = [each.text for each in node.items if each.text]
    may_be_list = name in (round_.nouns.one, "signatory")
    is_joint = may_be_list and texts and len(texts) == len(node.items)
    return f"{JOINT} ".join(texts) if is_joint else None


def _no_text(name: str, node: Node) -> Problem:
    fix = "Write it after the colon, or as a block that begins with '|'."
    return Problem(node.place.at(name), f"{name} must be text.", fix)
