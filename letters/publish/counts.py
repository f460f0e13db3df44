"""How many forces had each outcome: one count, for tables, charts, overview and summary alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from letters.errors import Place, Problem, did_you_mean
from letters.project import ProjectRound
from letters.publish.facts import Facts, Outcome
from letters.publish.groups import Groups

_COUNT = re.compile(r"\{\{\s*(.*?)\s*\}\}")
ALL = "all"


def outcome_counts(project_round: ProjectRound) -> dict[str, int]:
    """Forces (not letters: a joint letter is of two) by outcome, in the order of round.yaml."""
    groups = Groups.of(project_round)
    found = Counter(groups.outcome_of(force) for force in groups.records)
    return {outcome: found[outcome] for outcome in project_round.round.outcomes}


def outcomes_of(project_round: ProjectRound) -> tuple[Outcome, ...]:
    """Every outcome of a round with its count; those that no force had are among them."""
    counts = outcome_counts(project_round)
    titles = project_round.round.outcomes
    return tuple(Outcome(id=id_, title=titles[id_], forces=n) for id_, n in counts.items())


def percentage(part: int, whole: int) -> str:
    """A share as tables print it: "34%"; "under 1%" where it rounds to nothing."""
    if not part or not whole:
        return "0%"
    rounded = (200 * part + whole) // (2 * whole)
    return f"{rounded}%" if rounded else "under 1%"


def overview(facts: Facts) -> str:
    """The counts as one sentence; the table, the chart and the summary say the same numbers."""
    phrases = [
        f"{_of(outcome.forces)} in the group ‘{outcome.title}’"
        for outcome in facts.outcomes
        if outcome.forces
    ]
    of = f"Of the {facts.forces} {facts.nouns} assessed" if facts.forces > 1 else "Assessed"
    return f"{of}, {listed(phrases)}."


def _of(number: int) -> str:
    return f"{number} is" if number == 1 else f"{number} are"


def listed(phrases: Iterable[str]) -> str:
    """Phrases as one: "a", "a and b", "a, b and c"."""
    several = list(phrases)
    if len(several) < 2:
        return "".join(several)
    return f"{', '.join(several[:-1])} and {several[-1]}"


def with_counts(text: str, counts: Mapping[str, int]) -> str:
    """`text` with `{{ started + in-place }}` as the number of forces with one of these outcomes.

    `{{ all }}` is every force assessed. KeyError for what is no outcome.
    """
    known = {**counts, ALL: sum(counts.values())}
    return _COUNT.sub(lambda match: str(sum(known[name] for name in _names(match[1]))), text)


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
