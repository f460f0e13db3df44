"""Records by the names of their fields: which column is which, and which is none."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from letters.errors import Place, Problem, nearest, shortened
from letters.model import Round
from letters.sources.tables import Cell, SourceTable
from letters.sources.yamls import Node

JOINT = ";"
"""Parts the forces of a joint letter in one value: `devon; cornwall`."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record as written: its place and its values by field name.

    `refused` are the names of values that it cannot have, each with the problem that says why.
    """

    place: Place
    cells: Mapping[str, Cell]
    refused: Mapping[str, Problem] = field(default_factory=dict)


def column_names(round_: Round) -> tuple[str, ...]:
    """The columns a record of `round_` may have: its force (by the round's noun) first."""
    return tuple(dict.fromkeys((round_.nouns.one, "outcome", "signatory", *round_.fields)))


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


def _columns(
    table: SourceTable, round_: Round, declared: Collection[str], problems: list[Problem]
) -> tuple[dict[str, int], dict[str, Problem]]:
    """The number of each column, and the problems of misspelt ones by what they probably mean."""
    columns: dict[str, int] = {}
    misspelt: dict[str, Problem] = {}
    for n, cell in enumerate(table.header):
        name = _column_name(cell.text)
        if cell.refused:
            misspelt[name] = cell.refused
        elif not name:
            _refuse_unnamed(cell.place, (row[n] for row in table.rows), problems)
        elif name not in column_names(round_):
            if name not in declared:
                problem = _unknown(cell.text.strip(), "column", cell.place, round_)
                problems.append(problem)
                misspelt[_meant(name, round_)] = problem
        elif name in columns:
            problems.append(_twice(cell, table.header[columns[name]]))
        else:
            columns[name] = n
    return columns, misspelt


def _column_name(written: str) -> str:
    return "_".join(written.casefold().replace("_", " ").split())


def _refuse_unnamed(place: Place, cells: Iterable[Cell], problems: list[Problem]) -> None:
    first = next((cell for cell in cells if not cell.is_empty), None)
    if first:
        what = f"A column without a name holds '{shortened(first.text)}'."
        problems.append(Problem(place, what, "Name it in the header, or clear it."))


def _unknown(name: str, kind: str, place: Place, round_: Round) -> Problem:
    fix = f"Use {', '.join(column_names(round_))}, or declare it under 'fields' in round.yaml."
    if meant := _meant(name, round_):
        fix = f"Did you mean '{meant}'?"
    return Problem(place, f"'{shortened(name)}' is not a {kind} of this round's records.", fix)


def _twice(cell: Cell, first: Cell) -> Problem:
    here, there = (each.place.cell.split("!")[-1] for each in (cell, first))
    where = f", in {there} and {here}" if here else ""
    what = f"The column '{shortened(cell.text)}' stands twice{where}."
    return Problem(cell.place, what, "Delete one of them.")


def _missing(
    columns: Collection[str], misspelt: Collection[str], table: SourceTable, round_: Round
) -> dict[str, Problem]:
    """The problem of each column that the round requires and the table lacks."""
    required = [name for name, each in round_.fields.items() if each.required]
    names = (round_.nouns.one, "outcome", *required)
    fix = "Add it, with this name in the header."
    return {
        name: Problem(table.place, f"There is no column '{name}'.", fix)
        for name in names
        if name not in columns and name not in misspelt
    }


def _meant(name: str, round_: Round) -> str:
    """The column that `name` probably means."""
    return nearest(_column_name(name), column_names(round_))


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
    for name, value in node.value.items():
        if name in declared and name not in round_.fields:
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
    return RawRecord(node.place.at(""), cells, refused)


def _text(name: str, node: Node, round_: Round) -> str | None:
    if node.text is not None:
        return node.text
    texts = [each.text for each in node.items if each.text]
    is_joint = name == round_.nouns.one and texts and len(texts) == len(node.items)
    return f"{JOINT} ".join(texts) if is_joint else None


def _no_text(name: str, node: Node) -> Problem:
    fix = "Write it after the colon, or as a block that begins with '|'."
    return Problem(node.place.at(name), f"{name} must be text.", fix)
