"""The forces a number counts, and how many: one count, for claims, tables, charts and summary."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from letters.errors import Place, Problem, did_you_mean
from letters.model import Assessment, Claim, Recipient, Value
from letters.project import ProjectRound

_COUNT = re.compile(r"\{\{\s*(.*?)\s*\}\}")
ALL = "all"


@dataclass(frozen=True)
class Groups:
    """The forces of a round, and the record of each that has one with an outcome."""

    recipients: tuple[Recipient, ...]
    records: Mapping[str, Assessment] = field(default_factory=dict)

    @classmethod
    def of(cls, project_round: ProjectRound) -> Groups:
        """The forces a round concerns; both forces of a joint letter are among them."""
        records = {
            force: record
            for record in project_round.assessments
            if record.outcome
            for force in record.forces
        }
        return cls(project_round.recipients, records)

    @property
    def awaiting(self) -> tuple[Recipient, ...]:
        """Those without an outcome."""
        return tuple(each for each in self.recipients if each.id not in self.records)

    def outcome_of(self, force: str) -> str | None:
        """A force's outcome; None while it awaits one."""
        record = self.records.get(force)
        return record.outcome if record else None

    def counted(self, claim: Claim) -> tuple[Recipient, ...]:
        """The forces that `claim` counts, in the order of recipients.yaml."""
        among = self.whole(claim) if claim.of else self.recipients
        return tuple(each for each in among if self._is_counted(claim, each.id))

    def whole(self, claim: Claim) -> tuple[Recipient, ...]:
        """The forces a share is taken of."""
        return tuple(self._with_outcome(claim.of)) if claim.of else self.recipients

    def _is_counted(self, claim: Claim, force: str) -> bool:
        record = self.records.get(force)
        if record is None or (claim.counts and record.outcome not in claim.counts):
            return False
        return all(as_written(record.values.get(name)) == v for name, v in claim.where.items())

    def _with_outcome(self, outcomes: Collection[str]) -> Iterator[Recipient]:
        return (each for each in self.recipients if self.outcome_of(each.id) in outcomes)


def as_written(value: Value) -> str:
    """A value of a yes-no or choice field as `round.yaml` writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def outcome_counts(project_round: ProjectRound) -> dict[str, int]:
    """Forces (not letters: a joint letter is of two) by outcome, in the order of round.yaml."""
    groups = Groups.of(project_round)
    found = Counter(groups.outcome_of(force) for force in groups.records)
    return {outcome: found[outcome] for outcome in project_round.round.outcomes}


def with_counts(text: str, counts: Mapping[str, int]) -> str:
    """`text` with `{{ started + in-place }}` as the number of forces with one of these outcomes.

    `{{ all }}` is every force assessed. KeyError for what is no outcome.
    """
    known = {**counts, ALL: sum(counts.values())}
    return _COUNT.sub(lambda match: str(sum(known[name] for name in _names(match[1]))), text)


def without_counts(text: str) -> str:
    """`text` with a sign in place of each count, which the records make."""
    return _COUNT.sub("~", text)


def summary_problems(project_round: ProjectRound) -> tuple[Problem, ...]:
    """Counts in the summary that name no outcome of the round."""
    round_ = project_round.round
    known = [*round_.outcomes, ALL]
    place = project_round.places.get("summary", Place(f"rounds/{round_.id}/round.yaml"))
    return tuple(
        Problem(place.at("summary"), f"'{name}' is not an outcome that can be counted.", fix)
        for text in round_.summary
        for match in _COUNT.finditer(text)
        for name in _names(match[1])
        if name not in known
        for fix in [did_you_mean(name, known) or f"Use one of {', '.join(known)}."]
    )


def _names(expression: str) -> list[str]:
    return [name.strip() for name in expression.split("+")]
