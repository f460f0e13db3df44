"""A round's records: typed, checked against the round and its recipients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from letters.columns import JOINT, Record, a_noun
from letters.errors import Place, Problem, did_you_mean
from letters.model import Assessment, Recipient, Round, Value, letter_id
from letters.recipients import Recipients
from letters.shape_faults import Steps
from letters.values import listed, read_value

GAP = "is empty, but a record with an outcome needs it."
"""How the problem of a required field that holds nothing ends."""


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

    def read(self, records: Iterable[Record]) -> tuple[Assessment, ...]:
        """Every record that concerns a force of the round, each force once."""
        assessments = [read for record in records if (read := self._assessment(record))]
        return self._apart(assessments)

    def _assessment(self, record: Record) -> Assessment | None:
        forces = self._forces(record)
        outcome = self._outcome(record)
        values = self._values(record)
        if outcome:
            self._refuse_gaps(record, values)
        signatory = self._signatory(record)
        if not forces:
            return None
        places = {name: cell.place for name, cell in record.cells.items()}
        return Assessment(forces, outcome, signatory, values, record.place, places)

    def _forces(self, record: Record) -> tuple[str, ...]:
        noun = self.round.nouns.one
        cell = record.cells.get(noun)
        if cell is None or cell.is_empty:
            if noun not in record.reported:
                what, fix = (
                    f"The record does not name {a_noun(self.round)}.",
                    "Write its id from recipients.yaml.",
                )
                self.problems.append(Problem(record.place.at(noun), what, fix))
            return ()
        names = [name.strip() for name in cell.text.split(JOINT)]
        return tuple(name for name in names if name and self._is_free(name, cell.place))

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
            what = f"'{force}' is not {a_noun(self.round)} of recipients.yaml."
            fix = _nearest(force, known) or "Add it there, or correct the id."
            self.problems.append(Problem(place, what, fix))

    def _outcome(self, record: Record) -> str | None:
        cell = record.cells.get("outcome")
        if cell is None or cell.is_empty:
            return None
        outcome = cell.text.strip()
        if outcome in self.round.outcomes:
            return outcome
        if ("outcomes", outcome) in self.declared:
            return None
        what = f"'{outcome}' is not an outcome of this round."
        self.problems.append(Problem(cell.place, what, listed(self.round.outcomes, outcome)))
        return None

    def _signatory(self, record: Record) -> str | None:
        cell = record.cells.get("signatory")
        if cell is None or cell.is_empty:
            return None
        signatory = cell.text.strip()
        if signatory in self.round.signatories:
            return signatory
        if ("signatories", signatory) in self.declared:
            return None
        what = f"'{signatory}' is not a signatory of this round."
        self.problems.append(Problem(cell.place, what, listed(self.round.signatories, signatory)))
        return None

    def _values(self, record: Record) -> dict[str, Value]:
        cells = record.cells
        return {
            name: read_value(cells[name], each, self.problems) if name in cells else None
            for name, each in self.round.fields.items()
        }

    def _refuse_gaps(self, record: Record, values: Mapping[str, Value]) -> None:
        for name, each in self.round.fields.items():
            cell = record.cells.get(name)
            place = cell.place if cell else record.place.at(name)
            if not each.required or values[name] is not None or name in record.reported:
                continue
            if not self._is_reported(place):
                what = f"{name} {GAP}"
                fix = "Fill it in, or clear the outcome until it is known."
                self.problems.append(Problem(place, what, fix))

    def _is_reported(self, place: Place) -> bool:
        """Whether a problem stands at this very value."""
        spots = {(p.place.file, p.place.line, p.place.cell, p.place.field) for p in self.problems}
        unnamed = (place.file, place.line, place.cell, "")
        return (*unnamed[:3], place.field) in spots or (bool(place.cell) and unnamed in spots)

    def _apart(self, assessments: list[Assessment]) -> tuple[Assessment, ...]:
        """Without joint letters whose files would bear the name of another letter."""
        ids = Counter(dict.fromkeys(self.concerned, 1))
        ids.update(letter_id(each.forces) for each in assessments if len(each.forces) > 1)
        sound = []
        for each in assessments:
            id_ = letter_id(each.forces)
            if len(each.forces) > 1 and ids[id_] > 1:
                self.problems.append(self._collision(each, id_))
            else:
                sound.append(each)
        return tuple(sound)

    def _collision(self, joint: Assessment, id_: str) -> Problem:
        noun = self.round.nouns.one
        names = " and ".join(f"'{force}'" for force in joint.forces)
        what = f"The joint letter of {names} would be named '{id_}', as another letter is."
        return Problem(joint.places[noun], what, "Give one of them another id in recipients.yaml.")


def _nearest(force: str, known: Mapping[str, Recipient]) -> str:
    by_name = {recipient.name.casefold(): id_ for id_, recipient in known.items()}
    named = by_name.get(force.casefold())
    return f"Did you mean '{named}'?" if named else did_you_mean(force.casefold(), known)
