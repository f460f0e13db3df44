"""Every problem of a project, letters made for trial included, before anything is published."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from letters.approvals import unproved_problems
from letters.build.record import STOPPED
from letters.build.round import try_letters
from letters.document import passages
from letters.errors import Place, Problem, ProblemsFound, in_order
from letters.merge import letters_of
from letters.project import Project, ProjectRound

MOST = 100
"""Letters of a round that are all made for trial; of larger rounds specimens are."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in rounds: their problems, and how many of their letters were made."""

    problems: tuple[Problem, ...] = ()
    tried: int = 0
    letters: int = 0


def check_project(
    project: Project, rounds: Collection[ProjectRound] | None = None
) -> tuple[Problem, ...]:
    """All problems of `project` (or of some of its rounds), in the order of their places.

    Inputs, wording, both layouts, and letters made for trial; see `check_rounds`.
    """
    return check_rounds(project, rounds).problems


def check_rounds(
    project: Project,
    rounds: Collection[ProjectRound] | None = None,
    digests: Mapping[str, str] | None = None,
) -> Checked:
    """The same, and how many letters were made for it.

    Each letter of a round is made, and passes every rule that a build, a publication and `verify`
    ask for. Of more than `MOST` letters, those are made that together show every branch of the
    wording that any letter shows, the longest and the shortest. What is made is kept for the next
    build. `digests` are the `project_digest` of each round, by its id, from before it was loaded:
    with it the next build need not load what has not changed.
    """
    problems = list(project.problems) if rounds is None else []
    tried = letters = 0
    for project_round in project.rounds if rounds is None else rounds:
        now = (digests or {}).get(project_round.round.id, "")
        found, specimens = _found(project, project_round, now)
        problems += [*found, *unproved_problems(project_round)]
        finished = sum(bool(letter.outcome) for letter in letters_of(project_round))
        letters += finished
        tried += len(specimens) or finished
    return Checked(in_order(problems), tried, letters)


def _found(
    project: Project, project_round: ProjectRound, now: str
) -> tuple[list[Problem], list[str]]:
    """The problems of a round, and the ids of its specimens where not every letter is made."""
    specimens: list[str] = []
    try:
        if sum(bool(letter.outcome) for letter in letters_of(project_round)) > MOST:
            specimens = _specimens(project_round)
        made = try_letters(project, project_round, specimens, project_digest=now)
    except ProblemsFound as found:
        return list(found.problems), specimens
    stopped = (letter.problem for letter in made if letter.state in STOPPED)
    return [_as_problem(text, project_round) for text in stopped], specimens


def _specimens(project_round: ProjectRound) -> list[str]:
    """Letters that show every branch that any shows, the longest and the shortest.

    Raises ProblemsFound for what is wrong with any letter.
    """
    from letters.approvals import Approvals  # starting engines takes a while
    from letters.build.letter import letter_problems
    from letters.changes.diff import branches, smallest_set, typeset_all
    from letters.render.round_templates import RoundTemplates

    round_templates, approvals = RoundTemplates.load(project_round), Approvals.load(project_round)
    finished = [letter for letter in letters_of(project_round) if letter.outcome]
    if problems := letter_problems(round_templates, finished, fonts=True):
        raise ProblemsFound(problems)
    shown, lengths = {}, {}
    for document in typeset_all(round_templates, approvals, finished):
        shown[document.id] = branches(document)
        lengths[document.id] = sum(len(passage.text) for passage in passages(document))
    ends = (max(lengths, key=lengths.__getitem__), min(lengths, key=lengths.__getitem__))
    chosen = {*smallest_set(shown), *ends}
    return [letter.recipients[0].id for letter in finished if letter.id in chosen]


def _as_problem(text: str, project_round: ProjectRound) -> Problem:
    """What stopped a letter, as a problem at its place: in a source, or in the round's output."""
    place, _, what = text.partition(": ")
    is_file = place.startswith("letters/")
    return Problem(Place(f"out/{project_round.round.id}/{place}" if is_file else place), what, "")
