"""A round's records, typed, and checked against the round and its recipients."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from letters.document import as_read
from letters.errors import Place, Problem, Refused, did_you_mean, shortened, until_too_many
from letters.files import name_fault
from letters.model import (
    Assessment,
    Entry,
    FieldType,
    RecordField,
    Round,
    Value,
    letter_id,
)
from letters.people import Recipient
from letters.project.raw_records import (
    JOINT,
    RawRecord,
    a_noun,
    every_rounds_columns,
    lists_of,
    with_article,
)
from letters.project.recipients import Recipients
from letters.project.shapes import Steps
from letters.project.values import listed, read_value, words_of
from letters.sources.tables import Cell

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
    entries: Mapping[str, Sequence[tuple[Cell, RawRecord]]] = field(default_factory=dict)
    seen: dict[str, Place] = field(default_factory=dict)

    def read(self, records: Sequence[RawRecord]) -> tuple[Assessment, ...]:
        """Every record that concerns a force of the round, each force once."""
        file = records[0].place.file if records else ""
        sound = until_too_many(records, self.problems, file)
        assessments = [read for record in sound if (read := self._assessment(record))]
        self._report_lost_entries()
        return self._apart(assessments)

    def _assessment(self, record: RawRecord) -> Assessment | None:
        reading = _RecordReader(record, self.problems)
        forces = self._forces(reading)
        outcome = self._one_of(self.round.outcomes, "outcome", "outcomes", reading)
        people = {id_: each.name for id_, each in self.round.signatories.items()}
        signatory = self._several_of(people, "signatory", "signatories", reading)
        values = {
            name: self._list(name, each, record, forces, reading, is_finished=bool(outcome))
            if each.type is FieldType.LIST
            else reading.value(name, each)
            for name, each in self.round.fields.items()
        }
        common = every_rounds_columns(self.round).items()
        values |= {name: value for name, each in common if (value := reading.value(name, each))}
        if outcome:
            self._refuse_gaps(reading, values)
        if not forces:
            return None
        places = {name: cell.place for name, cell in record.cells.items()}
        places |= {name: place for name, value in values.items() if (place := _first_place(value))}
        refused = reading.refused
        return Assessment(forces, outcome, signatory, values, record.place, places, refused)

    def _list(
        self,
        name: str,
        declared: RecordField,
        record: RawRecord,
        forces: Sequence[str],
        reading: _RecordReader,
        *,
        is_finished: bool,
    ) -> tuple[Entry, ...] | None:
        """The entries of a list: those of the record itself, and those of its forces elsewhere."""
        own, elsewhere = record.lists.get(name, ()), self._rows[name]
        raw = [*own, *(entry for force in forces for entry in elsewhere.get(force, ()))]
        read = []
        for each in raw:
            entry = _RecordReader(each, self.problems)
            values = {key: entry.value(key, part) for key, part in declared.fields.items()}
            for key, part in declared.fields.items() if is_finished else ():
                if part.required and values[key] is None and key not in entry.refused:
                    what = f"{key} is empty, but each entry of '{name}' needs it."
                    entry.refuse(key, what, "Fill it in, or delete the entry.")
            read.append(Entry(values, each.place))
            if entry.refused:
                reading.refused[name] = next(iter(entry.refused.values()))
        return tuple(read) or None

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, Sequence[RawRecord]]]:
        """The entries of tables of their own, by list and force."""
        found = {name: dict[str, list[RawRecord]]() for name in lists_of(self.round)}
        for name, rows in self.entries.items():
            for force, entry in rows:
                for written in (each.strip() for each in force.text.split(JOINT)):
                    found[name].setdefault(self._force(written), []).append(entry)
        return found

    def _report_lost_entries(self) -> None:
        """Entries whose force has no record: they would be in no letter."""
        for name, rows in self._rows.items():
            for force, entries in rows.items():
                if force in self.seen:
                    continue
                noun, place = self.round.nouns.one, entries[0].place
                if not force:
                    what, fix = f"The entry names no {noun}.", "Write its id from recipients.yaml."
                elif force in self.concerned:
                    what = f"'{force}' has no record, so this entry of '{name}' is in no letter."
                    fix = f"Add a record for it, or correct the {noun}."
                else:
                    self._report_stranger(force, place)
                    continue
                self.problems.append(Problem(place, what, fix))

    def _forces(self, reading: _RecordReader) -> tuple[str, ...]:
        noun = self.round.nouns.one
        written = reading.of(noun, words_of)
        if not written:
            if noun not in reading.refused:
                what = f"The record does not name {a_noun(self.round)}."
                reading.refuse(noun, what, "Write its id from recipients.yaml.")
            return ()
        parts = (name for each in written.split(JOINT) if (name := each.strip()))
        names = Counter(self._force(each) for each in parts)
        for name, count in names.items():
            if count > 1:
                what = f"'{shortened(name)}' is named twice in this record."
                reading.refuse(noun, what, "Delete one of them.")
        return tuple(name for name in names if self._is_free(name, reading.place(noun)))

    @cached_property
    def _forces_meant(self) -> Mapping[str, str]:
        return _meanings({id_: each.name for id_, each in self.concerned.items()})

    def _force(self, written: str) -> str:
        """The id of a force by what a record calls it; what is written, where none is meant."""
        is_id = written in self.concerned
        return written if is_id else self._forces_meant.get(_plainly(written), written)

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
        self, known: Mapping[str, str], name: str, section: str, reading: _RecordReader
    ) -> str | None:
        """The outcome a record names, by its id or what it is called, if the round has it."""
        written = reading.of(name, words_of)
        return self._named(written, known, name, section, reading) if written else None

    def _several_of(
        self, known: Mapping[str, str], name: str, section: str, reading: _RecordReader
    ) -> tuple[str, ...]:
        """The signatories that a record names, in order, each if the round has it."""
        written = reading.of(name, words_of) or ""
        parts = [part for each in written.split(JOINT) if (part := each.strip())]
        found = [self._named(each, known, name, section, reading) for each in parts]
        return tuple(dict.fromkeys(each for each in found if each))

    def _named(
        self,
        written: str,
        known: Mapping[str, str],
        name: str,
        section: str,
        reading: _RecordReader,
    ) -> str | None:
        """What a record names, by its id or what it is called, if the round has it in `section`."""
        if written in known:
            return written
        if meant := _meanings(known).get(_plainly(written)):
            return meant
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


def _first_place(value: Value) -> Place | None:
    """Where a list's first entry is."""
    first = value[0] if isinstance(value, tuple) else None
    return first.place if isinstance(first, Entry) else None


def _meanings(called: Mapping[str, str]) -> dict[str, str]:
    """What people may write for ids, in any case: the ids, and what they stand for, where exactly
    one is meant.
    """
    found: dict[str, set[str]] = {}
    for id_, name in called.items():
        for said in (id_, name):
            found.setdefault(_plainly(said), set()).add(id_)
    return {said: next(iter(ids)) for said, ids in found.items() if len(ids) == 1}


def _plainly(text: str) -> str:
    return as_read(text.replace("’", "'").replace("&", "and")).casefold()


def _several(force: str, known: Collection[str]) -> str:
    """What to write for names of forces that something else than JOINT parts."""
    names = [name for each in _PARTED.split(force) if (name := each.strip())]
    is_joint = len(names) > 1 and all(name in known for name in names)
    return f"Write '{f'{JOINT} '.join(names)}' for a joint letter." if is_joint else ""


def _nearest(force: str, known: Mapping[str, Recipient]) -> str:
    by_name = {recipient.name.casefold(): id_ for id_, recipient in known.items()}
    named = by_name.get(force.casefold())
    return f"Did you mean '{named}'?" if named else did_you_mean(force.casefold(), known)
