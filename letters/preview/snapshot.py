"""One reading of a project, whole, until a save in its folder makes the next one: what everybody
sees."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ParamSpec, TypeVar

import anyio
from anyio import CancelScope
from anyio.lowlevel import checkpoint
from anyio.to_thread import run_sync
from watchfiles import Change, awatch

from letters.approvals import Approvals
from letters.build.fingerprints import letter_digest
from letters.changes.diff import branches, reached, smallest_set, typeset_all
from letters.document import Origin
from letters.errors import Place, Problem, ProblemsFound, UsageError
from letters.files import FILE, digest, is_ignored, own_files, relative
from letters.merge import letters_of, published_edition
from letters.model import Letter
from letters.project import Project, ProjectRound
from letters.project.records import GAP
from letters.render.round_templates import RoundTemplates
from letters.wording import text_names

FOLDERS = ("rounds", "templates")
"""What is watched with all it holds; `out/`, `.git` and whatever else stands beside is not."""

QUIET, LONGEST = 5, 100
"""Milliseconds without a write that end a save, and the longest that writes are waited for."""

Told = Callable[[], Awaitable[None]]
Filter = Callable[[Change, str], bool]
Saves = AsyncIterator[set[tuple[Change, str]]]


class Follower:
    """Calls `changed` once watching has begun, and then after each save."""

    def __init__(self, root: Path, changed: Told) -> None:
        self._root = root
        self._changed = changed
        self._is_over = False
        self._watching = anyio.Event()

    async def run(self) -> None:
        """Follow the project until `stop`; a folder deleted and made again is followed again."""
        while not self._is_over:
            self._watching = anyio.Event()  # set, it ends the watching of both
            async with anyio.create_task_group() as group:
                group.start_soon(self._follow_folders)
                group.start_soon(self._follow_root)
                await checkpoint()  # both begin to watch before the first reading
                await self._changed()

    def stop(self) -> None:
        """End following; to cancel `run` would take seconds, for the system waits in a thread."""
        self._is_over = True
        self._watching.set()

    async def _follow_folders(self) -> None:
        folders = [self._root / name for name in FOLDERS if (self._root / name).is_dir()]
        if folders:
            async for _ in self._saves(*folders, is_ours=is_input):
                await self._changed()

    async def _follow_root(self) -> None:
        async for saves in self._saves(self._root, is_ours=self._is_listed, recursive=False):
            if any(Path(path).name in FOLDERS for _, path in saves):
                self._watching.set()
            else:
                await self._changed()

    def _is_listed(self, change: Change, path: str) -> bool:
        if Path(path).parent != self._root:
            return False
        name = Path(path).name
        return name == FILE or (name in FOLDERS and change is not Change.modified)

    def _saves(self, *paths: Path, is_ours: Filter, recursive: bool = True) -> Saves:
        return awatch(
            *paths,
            watch_filter=is_ours,
            step=QUIET,
            debounce=LONGEST,
            stop_event=self._watching,
            recursive=recursive,
        )


def is_input(_: Change, path: str) -> bool:
    """Whether a file may be part of a letter: not a program's lock, hidden or temporary file."""
    return not is_ignored(Path(path).name)


P = ParamSpec("P")
T = TypeVar("T")


class Ended(Exception):  # noqa: N818  (no error: nobody waits for the result any more)
    """The preview has ended, so that a result is no more waited for."""


class Work:
    """Threads at work; once it ends nothing waits for them, however long they take."""

    def __init__(self) -> None:
        self._waiting: set[CancelScope] = set()
        self._is_over = False

    async def result(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` gives, worked out in a thread. Raises Ended."""
        with CancelScope() as scope:
            if self._is_over:
                raise Ended
            self._waiting.add(scope)
            try:
                return await run_sync(lambda: work(*args, **kwargs), abandon_on_cancel=True)
            finally:
                self._waiting.discard(scope)
        raise Ended

    def end(self) -> None:
        """Give up what is waited for."""
        self._is_over = True
        for scope in tuple(self._waiting):
            scope.cancel()


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


Digests = Mapping[str, str]


@dataclass(frozen=True)
class Snapshot:
    """What a project said when it was read last, and what of it is still good.

    `round`, `round_templates` and each of `letters` are the last that were sound; `held` names the
    letters whose record, recipient or round is at fault now. `problems` are those of records,
    recipients and round, `template_problems` those of wording and layout. `templates` are the
    digests of templates as they are, `sound` as they were when `round_templates` was read.
    """

    number: int = 0
    round: ProjectRound | None = None
    round_templates: RoundTemplates | None = None
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


def next_epoch(
    root: Path, round_id: str, earlier: Snapshot, *, published: bool = False
) -> Snapshot:
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
    return _with_templates(now, earlier)


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


def _with_templates(now: Snapshot, earlier: Snapshot) -> Snapshot:
    if now.round is None:
        return now
    templates = template_digests(now.round)
    if templates == earlier.templates and _same_demands(now, earlier):
        return now
    try:
        round_templates = RoundTemplates.load(
            now.round, earlier=_with_same_layout(now, earlier, templates)
        )
    except ProblemsFound as found:
        return replace(now, templates=templates, template_problems=found.problems)
    except OSError as error:
        gone = Problem(Place("templates"), f"It cannot be read: {error}.", "Save it once more.")
        return replace(now, templates={}, template_problems=(gone,))
    return replace(
        now,
        templates=templates,
        sound=templates,
        template_problems=(),
        round_templates=round_templates,
    )


def _same_demands(now: Snapshot, earlier: Snapshot) -> bool:
    """Whether the round asks of its templates what it asked before."""
    if now.round is None or earlier.round is None:
        return False
    return now.round.round is earlier.round.round and _in_use(now.round) == _in_use(earlier.round)


def _in_use(project_round: ProjectRound) -> set[str | None]:
    return {assessment.outcome for assessment in project_round.assessments}


def _with_same_layout(
    now: Snapshot, earlier: Snapshot, templates: Digests
) -> RoundTemplates | None:
    """The templates read before, where its layout would be read and checked the same now."""
    if now.round is None or earlier.round is None:
        return None
    layout, before = now.round.round.layout, earlier.round.round.layout
    is_other = layout != before or _names(now.round) != _names(earlier.round)
    is_other |= now.round.round.answers != earlier.round.round.answers
    changed = changed_files(templates, earlier.sound)
    if is_other or any(name.startswith(f"templates/{layout}/") for name in changed):
        return None
    return earlier.round_templates


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
    for path in (path for folder in folders for path in own_files(folder, project_round.root)):
        try:
            found[relative(path, project_round.root)] = digest(path.read_bytes())
        except OSError:  # just being replaced
            continue
    return found


@dataclass(frozen=True)
class ChangeImpact:
    """What is known of all letters of an epoch.

    `files` are the templates changed last and `reached` the letters that this changed; `set` is the
    smallest set of finished letters that together show every branch of the wording.
    """

    files: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    said: Mapping[str, _WordedLetter] = field(default_factory=dict)
    epoch: Snapshot = field(default_factory=Snapshot)


@dataclass(frozen=True)
class _WordedLetter:
    """One letter as it was typeset: what it was made of, what it says, what it shows."""

    letter: Letter
    round_templates: RoundTemplates
    digest: str
    branches: frozenset[Origin]


def next_scope(
    earlier: ChangeImpact, epoch: Snapshot, is_over: Callable[[], bool]
) -> ChangeImpact | None:
    """What is known of all letters of `epoch`; None where `is_over` says that nobody wants it.

    Letters whose record and templates are as they were are not typeset again.
    """
    said: dict[str, _WordedLetter] = {}
    for id_, letter in epoch.letters.items():
        if is_over():
            return None
        known = earlier.said.get(id_)
        now = known if known and _is_same(known, letter, epoch) else _said(epoch, letter)
        if now:
            said[id_] = now
    shown = {id_: each.branches for id_, each in said.items() if not each.letter.missing}
    files, changed = earlier.files, earlier.reached
    if _is_news(earlier.epoch, epoch):
        files = changed_files(epoch.templates, earlier.epoch.templates)
        changed = _reached(earlier, epoch, said, files)
    return ChangeImpact(files, changed, smallest_set(shown), said, epoch)


def _is_same(known: _WordedLetter, letter: Letter, epoch: Snapshot) -> bool:
    return known.round_templates is epoch.round_templates and known.letter == letter


def _said(epoch: Snapshot, letter: Letter) -> _WordedLetter | None:
    if epoch.round_templates is None or epoch.round is None:
        return None
    for document in typeset_all(epoch.round_templates, Approvals.load(epoch.round), [letter]):
        return _WordedLetter(
            letter, epoch.round_templates, letter_digest(document), branches(document)
        )
    return None


def _is_news(earlier: Snapshot, now: Snapshot) -> bool:
    """Whether templates changed, and are sound."""
    is_first = not earlier.templates
    return not is_first and not now.template_problems and now.templates != earlier.templates


def _reached(
    earlier: ChangeImpact,
    epoch: Snapshot,
    said: Mapping[str, _WordedLetter],
    files: tuple[str, ...],
) -> tuple[str, ...]:
    if epoch.round and any(f.startswith(f"templates/{epoch.round.round.layout}/") for f in files):
        return tuple(epoch.letters)  # looks are shared by all
    before, after = (
        {id_: each.digest for id_, each in known.items()} for known in (earlier.said, said)
    )
    return reached(before, after)
