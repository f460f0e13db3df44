"""A round's records: which column is which field and which is none; typed, checked against the
round and its recipients."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from letters.errors import Place, Problem, Refused, did_you_mean, nearest, shortened, until_too_many
from letters.files import FILE as FILE
from letters.files import name_fault
from letters.model import Assessment, Recipient, RecordField, Round, Value, letter_id
from letters.project.approvals_file import SignedLetter
from letters.project.shapes import Steps, fit
from letters.project.values import listed, read_value, words_of
from letters.sources.tables import Cell, SourceTable
from letters.sources.yamls import Node, read_yaml

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
    what = f"The column '{shortened(cell.text)}' is there twice{where}."
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


@dataclass(frozen=True, slots=True)
class Recipients:
    """The sound recipients by id, where each stands, and whether the file could be read."""

    by_id: Mapping[str, Recipient]
    places: Mapping[str, Place]
    is_known: bool

    def as_signed(self, signed: Mapping[str, SignedLetter]) -> Recipients:
        """The same, but those of approved letters as they were then, also if they are gone now."""
        then = {id_: each for entry in signed.values() for id_, each in entry.recipients.items()}
        places = {id_: e.place for e in signed.values() for id_ in e.recipients}
        return Recipients({**self.by_id, **then}, {**places, **self.places}, self.is_known)


def read_recipients(root: Path, problems: list[Problem]) -> Recipients:
    """Every recipient that is sound enough for a letter; all that is wrong is a problem."""
    node = read_yaml(root / FILE, root, problems)
    if node is None:
        return Recipients({}, {}, is_known=False)
    if not isinstance(node.value, dict):
        what = "The file must hold each recipient under its id."
        problems.append(Problem(node.place, what, "Write 'kent:', and its keys indented under it."))
        return Recipients({}, {}, is_known=False)
    by_id: dict[str, Recipient] = {}
    for id_, entry in until_too_many(node.value.items(), problems, FILE):
        if fault := name_fault(id_):
            problems.append(Problem(node.keys[id_].at(id_), *fault))
            continue
        recipient = _recipient(id_, entry, node, problems)
        if recipient:
            by_id[id_] = recipient
    places = {id_: place.at(id_) for id_, place in node.keys.items()}
    return Recipients(by_id, places, is_known=True)


def _recipient(id_: str, entry: Node, node: Node, problems: list[Problem]) -> Recipient | None:
    return fit(entry, Recipient, id_, node.keys[id_].at(id_), problems)[0]


T = TypeVar("T")

GAP = "is empty, but a record with an outcome needs it."
"""How the problem of a required field that holds nothing ends."""

_ADD = "Add it there, or correct the id."
_PARTED = re.compile(r"[,/&+\n]|\band\b")


@dataclass
class _RecordReader:
    """One record being read: which of its values are refused, and why."""

    record: RawRecord
    problems: list[Problem]
    refused: dict[str, Problem] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.refused |= self.record.refused

    def of(self, name: str, read: Callable[[Cell], T]) -> T | None:
        """What `read` makes of a value; None where it is not there, empty or refused."""
        cell = self.record.cells.get(name)
        if cell is None or cell.is_empty:
            return None
        try:
            return read(cell)
        except Refused as why:
            self.refuse(name, why.what, why.fix)
        return None

    def value(self, name: str, declared: RecordField) -> Value:
        """The value of a field."""
        return self.of(name, lambda cell: read_value(cell, declared))

    def place(self, name: str) -> Place:
        """Where a value stands, or should."""
        cell = self.record.cells.get(name)
        return cell.place if cell else self.record.place.at(name)

    def refuse(self, name: str, what: str, fix: str) -> None:
        """Note what is wrong with a value, which then counts as missing."""
        self.refused[name] = Problem(self.place(name), what, fix)
        self.problems.append(self.refused[name])


@dataclass
class Records:
    """The records of one round as they are read, and the problems found on the way.

    `recipients` are all of the project, `concerned` those of the round. `declared` are the places
    of what round.yaml names, faulty parts included: what is faulty there is no problem here.
    """

    round: Round
    recipients: Recipients
    concerned: Mapping[str, Recipient]
    declared: Mapping[Steps, Place]
    problems: list[Problem]
    seen: dict[str, Place] = field(default_factory=dict)

    def read(self, records: Sequence[RawRecord]) -> tuple[Assessment, ...]:
        """Every record that concerns a force of the round, each force once."""
        file = records[0].place.file if records else ""
        sound = until_too_many(records, self.problems, file)
        assessments = [read for record in sound if (read := self._assessment(record))]
        return self._apart(assessments)

    def _assessment(self, record: RawRecord) -> Assessment | None:
        reading = _RecordReader(record, self.problems)
        forces = self._forces(reading)
        outcome = self._one_of(self.round.outcomes, "outcome", "outcomes", reading)
        signatory = self._one_of(self.round.signatories, "signatory", "signatories", reading)
        values = {name: reading.value(name, each) for name, each in self.round.fields.items()}
        if outcome:
            self._refuse_gaps(reading, values)
        if not forces:
            return None
        places = {name: cell.place for name, cell in record.cells.items()}
        refused = reading.refused
        return Assessment(forces, outcome, signatory, values, record.place, places, refused)

    def _forces(self, reading: _RecordReader) -> tuple[str, ...]:
        noun = self.round.nouns.one
        written = reading.of(noun, words_of)
        if not written:
            if noun not in reading.refused:
                what = f"The record does not name {a_noun(self.round)}."
                reading.refuse(noun, what, "Write its id from recipients.yaml.")
            return ()
        names = Counter(name for each in written.split(JOINT) if (name := each.strip()))
        for name, count in names.items():
            if count > 1:
                what = f"'{shortened(name)}' is named twice in this record."
                reading.refuse(noun, what, "Delete one of them.")
        return tuple(name for name in names if self._is_free(name, reading.place(noun)))

    def _is_free(self, force: str, place: Place) -> bool:
        if force in self.seen:
            self.problems.append(self._second(force, place))
            return False
        if force not in self.concerned:
            self._report_stranger(force, place)
            return False
        self.seen[force] = place
        return True

    def _second(self, force: str, place: Place) -> Problem:
        first = self.seen[force]
        where = first.cell or f"line {first.line}"
        what = f"'{force}' has a record already, at {where}."
        return Problem(place, what, "Delete one of them.")

    def _report_stranger(self, force: str, place: Place) -> None:
        known = self.recipients.by_id
        if force in known:
            what = f"'{force}' is not {a_noun(self.round)} of this round."
            fix = "Add it to 'recipients' in round.yaml, or delete the record."
            self.problems.append(Problem(place, what, fix))
        elif self.recipients.is_known and force not in self.recipients.places:
            what = f"'{shortened(force)}' is not {a_noun(self.round)} of recipients.yaml."
            fix = _several(force, known) or _nearest(force, known) or _ADD
            self.problems.append(Problem(place, what, fix))

    def _one_of(
        self, known: Mapping[str, object], name: str, section: str, reading: _RecordReader
    ) -> str | None:
        """The outcome or signatory a record names, if the round has it in its `section`."""
        written = reading.of(name, words_of)
        if not written or written in known:
            return written
        if (section, written) not in self.declared:
            what = f"'{shortened(written)}' is not {with_article(name)} of this round."
            reading.refuse(name, what, listed(tuple(known), written))
        return None

    def _refuse_gaps(self, reading: _RecordReader, values: Mapping[str, Value]) -> None:
        for name, each in self.round.fields.items():
            if each.required and values[name] is None and name not in reading.refused:
                fix = "Fill it in, or clear the outcome until it is known."
                reading.refuse(name, f"{name} {GAP}", fix)

    def _apart(self, assessments: list[Assessment]) -> tuple[Assessment, ...]:
        """Without joint letters whose files would bear the name of another letter."""
        ids = Counter(dict.fromkeys(self.concerned, 1))
        ids.update(letter_id(each.forces) for each in assessments if len(each.forces) > 1)
        sound = []
        for each in assessments:
            id_ = letter_id(each.forces)
            if fault := name_fault(id_):
                self.problems.append(Problem(each.places[self.round.nouns.one], *fault))
            elif len(each.forces) > 1 and ids[id_] > 1:
                self.problems.append(self._collision(each, id_))
            else:
                sound.append(each)
        return tuple(sound)

    def _collision(self, joint: Assessment, id_: str) -> Problem:
        noun = self.round.nouns.one
        names = " and ".join(f"'{force}'" for force in joint.forces)
        what = f"The joint letter of {names} would be named '{id_}', as another letter is."
        return Problem(joint.places[noun], what, "Give one of them another id in recipients.yaml.")


def _several(force: str, known: Collection[str]) -> str:
    """What to write for names of forces that something else than JOINT parts."""
    names = [name for each in _PARTED.split(force) if (name := each.strip())]
    is_joint = len(names) > 1 and all(name in known for name in names)
    return f"Write '{f'{JOINT} '.join(names)}' for a joint letter." if is_joint else ""


def _nearest(force: str, known: Mapping[str, Recipient]) -> str:
    by_name = {recipient.name.casefold(): id_ for id_, recipient in known.items()}
    named = by_name.get(force.casefold())
    return f"Did you mean '{named}'?" if named else did_you_mean(force.casefold(), known)


def disagreements(
    assessments: Iterable[Assessment], recipients: Mapping[str, Recipient], noun: str
) -> Iterator[Problem]:
    """A problem, at the record, for each joint letter with two signatories or delivery lines.

    A signatory the record names stands for all. `noun` is the field that names the recipients.
    """
    for each in assessments:
        together = [recipients[force] for force in each.forces]
        place = each.places[noun]
        is_open = not each.signatory and "signatory" not in each.refused
        if is_open and (choices := _choices((r.id, r.signatory) for r in together)):
            what = f"The recipients of this joint letter name different signatories: {choices}."
            yield Problem(place, what, "Name the one who signs in the record's 'signatory'.")
        if choices := _choices((r.id, r.delivery) for r in together):
            what = f"The recipients of this joint letter have different delivery lines: {choices}."
            yield Problem(place, what, "Make them equal in recipients.yaml.")


def _choices(chosen: Iterable[tuple[str, str | None]]) -> str:
    """Who chose what, if two chose differently."""
    told = [(id_, choice) for id_, choice in chosen if choice]
    if len({choice for _, choice in told}) < 2:
        return ""
    return ", ".join(f"'{choice}' for {id_}" for id_, choice in told)
