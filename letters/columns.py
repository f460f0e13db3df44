"""Records by the names of their fields: which column is which, and which is none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from letters.errors import Place, Problem
from letters.model import Round
from letters.sources.tables import Cell, Table
from letters.sources.yamls import Node

JOINT = ";"
"""Parts the forces of a joint letter in one value: `devon; cornwall`."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as written: its place and its values by field name.

    `reported` are names it lacks, for which a problem has been given already.
    """

    place: Place
    cells: Mapping[str, Cell]
    reported: frozenset[str] = frozenset()


def column_names(round_: Round) -> tuple[str, ...]:
    """The columns a record of `round_` may have: its force (by the round's noun) first."""
    return tuple(dict.fromkeys((round_.nouns.one, "outcome", "signatory", *round_.fields)))


def a_noun(round_: Round) -> str:
    """What the round calls one it assesses, with its article: `a force`, `an audit office`."""
    noun = round_.nouns.one.replace("_", " ")
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def from_table(
    table: Table, round_: Round, declared: Collection[str], problems: list[Problem]
) -> tuple[Record, ...]:
    """The records of a CSV file or a sheet. Column names may differ in case, and use spaces.

    A column that is unknown, unnamed or named twice is a problem, and so is one that is missing
    though the round requires it. Columns of fields `declared` but too faulty to use are passed by.
    """
    columns = _columns(table, round_, declared, problems)
    _refuse_missing(columns, table, round_, problems)
    return tuple(_record(row, columns, round_) for row in table.rows)


def from_yaml(
    node: Node, round_: Round, declared: Collection[str], problems: list[Problem]
) -> tuple[Record, ...]:
    """The records of a YAML list; a joint letter's forces may be a list of their own."""
    if not isinstance(node.value, list):
        what = "The file must be a list of records."
        fix = f"Begin each record with '- {round_.nouns.one}: '."
        problems.append(Problem(node.place.at(""), what, fix))
    return tuple(
        record for each in node.items if (record := _yaml_record(each, round_, declared, problems))
    )


def _columns(
    table: Table, round_: Round, declared: Collection[str], problems: list[Problem]
) -> dict[str, int]:
    columns: dict[str, int] = {}
    for n, cell in enumerate(table.header):
        name = _column_name(cell.text)
        if not name:
            _refuse_unnamed(cell.place, (row[n] for row in table.rows), problems)
        elif name not in column_names(round_):
            if name not in declared:
                problems.append(_unknown(cell.text.strip(), "column", cell.place, round_))
        elif name in columns:
            problems.append(_twice(cell, table.header[columns[name]]))
        else:
            columns[name] = n
    return columns


def _column_name(written: str) -> str:
    return "_".join(written.casefold().replace("_", " ").split())


def _refuse_unnamed(place: Place, cells: Iterable[Cell], problems: list[Problem]) -> None:
    first = next((cell for cell in cells if not cell.is_empty), None)
    if first:
        what = f"A column without a name holds '{first.text}'."
        problems.append(Problem(place, what, "Name it in the header, or clear it."))


def _unknown(name: str, kind: str, place: Place, round_: Round) -> Problem:
    fix = f"Use {', '.join(column_names(round_))}, or declare it under 'fields' in round.yaml."
    if meant := _meant(name, round_):
        fix = f"Did you mean '{meant}'?"
    return Problem(place, f"'{name}' is not a {kind} of this round's records.", fix)


def _twice(cell: Cell, first: Cell) -> Problem:
    here, there = (each.place.cell.split("!")[-1] for each in (cell, first))
    where = f", in {there} and {here}" if here else ""
    what = f"The column '{cell.text.strip()}' stands twice{where}."
    return Problem(cell.place, what, "Delete one of them.")


def _refuse_missing(
    columns: Mapping[str, int], table: Table, round_: Round, problems: list[Problem]
) -> None:
    required = [name for name, field in round_.fields.items() if field.required]
    unknown = (cell.text for n, cell in enumerate(table.header) if n not in columns.values())
    misspelt = {_meant(name, round_) for name in unknown}
    for name in (round_.nouns.one, "outcome", *required):
        if name not in columns and name not in misspelt:
            what = f"There is no column '{name}'."
            problems.append(Problem(table.place, what, "Add it, with this name in the header."))


def _meant(name: str, round_: Round) -> str:
    """The column that `name` probably means."""
    close = get_close_matches(_column_name(name), column_names(round_), n=1)
    return close[0] if close else ""


def _record(row: tuple[Cell, ...], columns: Mapping[str, int], round_: Round) -> Record:
    cells = {name: replace(row[n], place=row[n].place.at(name)) for name, n in columns.items()}
    place = next(iter(cells.values())).place if cells else row[0].place
    return Record(place.at(""), cells, frozenset(column_names(round_)) - columns.keys())


def _yaml_record(
    node: Node, round_: Round, declared: Collection[str], problems: list[Problem]
) -> Record | None:
    if not isinstance(node.value, dict):
        what = "A record must hold keys, each with its value."
        fix = f"Begin it with '- {round_.nouns.one}: '."
        problems.append(Problem(node.place.at(""), what, fix))
        return None
    cells, reported = {}, set()
    for name, value in node.value.items():
        if name in declared and name not in round_.fields:
            continue
        if name not in column_names(round_):
            reported.add(_meant(name, round_))
            problems.append(_unknown(name, "key", node.keys[name].at(""), round_))
        elif (text := _text(name, value, round_, problems)) is None:
            reported.add(name)
        else:
            cells[name] = Cell(text, value.place.at(name), value.place.line)
    return Record(node.place.at(""), cells, frozenset(reported))


def _text(name: str, node: Node, round_: Round, problems: list[Problem]) -> str | None:
    if node.text is not None:
        return node.text
    texts = [each.text for each in node.items if each.text]
    if name == round_.nouns.one and texts and len(texts) == len(node.items):
        return f"{JOINT} ".join(texts)
    what = f"{name} must be text."
    fix = "Write it after the colon, or as a block that begins with '|'."
    problems.append(Problem(node.place.at(name), what, fix))
    return None
