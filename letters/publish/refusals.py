"""Every reason not to publish, told at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from letters.errors import Place, Problem, ProblemsFound
from letters.project import Project, ProjectRound
from letters.publish.candidate import Candidate
from letters.publish.facts import Facts
from letters.publish.gate import EMBARGO, results_of
from letters.publish.manifest import read_facts
from letters.publish.readiness import count_problems

JUDGED = "judged"
"""The gate's condition on finished files. Publication judges those that it publishes itself."""

_LINK = re.compile(rb'<th scope="row"><a href="letters/([a-z0-9-]+)\.html">')


def refuse(
    project: Project, project_round: ProjectRound, *, now: datetime, out: Path, stage: bool
) -> tuple[str, ...]:
    """Raise ProblemsFound with every reason against publishing a round, or against staging it.

    Returns the names of conditions for which the round sets nothing. Staging waits for no embargo.
    The letters are judged for it only where something else is wrong
    already: else they are made, and judged, for the publication itself.
    """
    candidate = Candidate(project, project_round, now, out)
    later: Collection[str] = (EMBARGO,) if stage else ()
    quick = results_of(candidate, but=(*later, JUDGED))
    if any(not each.holds for each in quick):
        found = results_of(candidate, but=later)
        raise ProblemsFound(problem for each in found for problem in each.problems)
    return tuple(each.condition.name for each in quick if not each.is_set)


def refuse_faults(project_round: ProjectRound, facts: Facts, files: Mapping[str, bytes]) -> None:
    """Raise ProblemsFound where the files made are not what is to be published.

    Each must pass its judges, and letters, index and manifest must be those of the recipients.
    """
    place = Place(f"out/{project_round.round.id}/site")
    problems = [
        Problem(place, f"A judge of finished files found: {finding}", "Correct the layout.")
        for standard in facts.standards
        for finding in standard.findings
    ]
    manifest = read_facts(files)
    listed = [letter.id for letter in manifest.letters] if manifest else []
    problems += count_problems(project_round, listed, "The manifest")
    problems += count_problems(project_round, indexed(files), "The index")
    if problems:
        raise ProblemsFound(problems)


def indexed(files: Mapping[str, bytes]) -> list[str]:
    """The letters that the landing page leads to."""
    return [match.decode() for match in _LINK.findall(files["index.html"])]
