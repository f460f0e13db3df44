"""One reading of a project, whole: what everybody sees until the next one is complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from letters.errors import Place, Problem, ProblemsFound, UsageError
from letters.files import digest, relative
from letters.merge import letters_of, published_edition
from letters.model import Letter
from letters.preview.faults import faults_of
from letters.project import Project, ProjectRound
from letters.project.recipients import FILE
from letters.render.stationery import Stationery
from letters.wording import text_names

Digests = Mapping[str, str]


@dataclass(frozen=True)
class Epoch:
    """What a project said when it was read last, and what of it is still good.

    `round`, `stationery` and each of `letters` are the last that were sound; `held` names the
    letters whose record, recipient or round is at fault now. `problems` are those of records,
    recipients and round, `template_problems` those of wording and layout. `templates` are the
    digests of templates as they are, `sound` as they were when `stationery` was read.
    """

    number: int = 0
    round: ProjectRound | None = None
    stationery: Stationery | None = None
    letters: Mapping[str, Letter] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    template_problems: tuple[Problem, ...] = ()
    templates: Digests = field(default_factory=dict)
    sound: Digests = field(default_factory=dict)

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong in files, templates last."""
        return self.problems + self.template_problems


def next_epoch(root: Path, round_id: str, earlier: Epoch, *, published: bool = False) -> Epoch:
    """Read the project again. What is at fault stays as it was in `earlier`.

    With `published` the letters are those of the edition that is published.
    """
    number = earlier.number + 1
    try:
        project = Project.load(root)
        project_round = project.round(round_id)
    except ProblemsFound as found:
        return replace(earlier, number=number, problems=found.problems)
    except (UsageError, OSError) as error:
        return replace(earlier, number=number, problems=(_gone(root, error),))
    problems = project.problems_of(project_round)
    project_round = _same_round(project_round, earlier.round)
    edition = published_edition if published else (lambda letter: letter)
    letters = {letter.id: edition(letter) for letter in letters_of(project_round)}
    held = faults_of(letters, earlier.letters, problems)
    kept = {id_: earlier.letters[id_] for id_ in held if id_ in earlier.letters}
    now = replace(
        earlier,
        number=number,
        round=project_round,
        letters=letters | kept,
        held=frozenset(kept),
        problems=problems,
    )
    return _with_stationery(now, earlier)


def _gone(root: Path, error: Exception) -> Problem:
    """A file that is not there just now: deleted, or being replaced."""
    what = str(error) if isinstance(error, UsageError) else f"It cannot be read: {error}."
    fix = "The page shows what was read last."
    return Problem(Place(FILE if not (root / FILE).is_file() else "rounds"), what, fix)


def _same_round(now: ProjectRound, earlier: ProjectRound | None) -> ProjectRound:
    """The round, itself the object it was where it is equal: checks of wordings are kept for it."""
    if earlier and earlier.round == now.round:
        return replace(now, round=earlier.round)
    return now


def _with_stationery(now: Epoch, earlier: Epoch) -> Epoch:
    if now.round is None:
        return now
    templates = template_digests(now.round)
    if templates == earlier.templates and _same_demands(now, earlier):
        return now
    try:
        stationery = Stationery.load(now.round, earlier=_with_same_layout(now, earlier, templates))
    except ProblemsFound as found:
        return replace(now, templates=templates, template_problems=found.problems)
    except OSError as error:
        gone = Problem(Place("templates"), f"It cannot be read: {error}.", "Save it once more.")
        return replace(now, templates={}, template_problems=(gone,))
    return replace(
        now, templates=templates, sound=templates, template_problems=(), stationery=stationery
    )


def _same_demands(now: Epoch, earlier: Epoch) -> bool:
    """Whether the round asks of its templates what it asked before."""
    if now.round is None or earlier.round is None:
        return False
    return now.round.round is earlier.round.round and _in_use(now.round) == _in_use(earlier.round)


def _in_use(project_round: ProjectRound) -> set[str | None]:
    return {assessment.outcome for assessment in project_round.assessments}


def _with_same_layout(now: Epoch, earlier: Epoch, templates: Digests) -> Stationery | None:
    """The stationery read before, where its layout would be read and judged the same now."""
    if now.round is None or earlier.round is None:
        return None
    layout, before = now.round.round.layout, earlier.round.round.layout
    is_other = layout != before or _names(now.round) != _names(earlier.round)
    changed = changed_files(templates, earlier.sound)
    if is_other or any(name.startswith(f"templates/{layout}/") for name in changed):
        return None
    return earlier.stationery


def _names(project_round: ProjectRound) -> frozenset[str]:
    """The placeholders that a layout may print."""
    return text_names(project_round.round)


def changed_files(now: Digests, earlier: Digests) -> tuple[str, ...]:
    """The files that differ between two readings of the templates."""
    return tuple(name for name in {**now, **earlier} if now.get(name) != earlier.get(name))


def template_digests(project_round: ProjectRound) -> Digests:
    """The digest of every file in the round's wording and layout."""
    templates = project_round.root / "templates"
    folders = {templates / project_round.round.wording, templates / project_round.round.layout}
    found = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        try:
            found[relative(path, project_round.root)] = digest(path.read_bytes())
        except OSError:  # a folder, or a file just being replaced
            continue
    return found
