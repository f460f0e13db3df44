"""Which letters the mistakes in a project's inputs concern."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from letters.errors import Place, Problem
from letters.model import Letter
from letters.project.records import GAP


def faults_of(
    now: Mapping[str, Letter], earlier: Mapping[str, Letter], problems: Iterable[Problem]
) -> frozenset[str]:
    """The letters that mistakes in the inputs have harmed since they were last sound, by id.

    They are gone, their record is gone, or a mistake stands in it. A required value that
    is merely empty is no harm: a draft shows the gap.
    """
    harmful = [problem for problem in problems if not problem.what.endswith(GAP)]
    if not harmful:
        return frozenset()
    lost = {id_ for id_ in earlier if id_ not in now or _lost_record(now[id_], earlier[id_])}
    return frozenset(lost | {id_ for id_, each in now.items() if problems_in(each, harmful)})


def _lost_record(now: Letter, earlier: Letter) -> bool:
    return bool(earlier.places) and not now.places


def problems_in(letter: Letter, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those of `problems` that stand in the letter's record, or name its recipient."""
    spots = {_spot(place) for place in letter.places.values()}
    names = {recipient.id for recipient in letter.recipients}
    return tuple(
        problem
        for problem in problems
        if _spot(problem.place) in spots or problem.place.field.split(".")[0] in names
    )


def _spot(place: Place) -> tuple[str, int, str]:
    return place.file, place.line, place.cell
