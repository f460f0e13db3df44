"""A round's letters, made and written to `out/<round>/letters/`: those that changed, no other."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from letters.build.executors import (
    Executor,
    LetterBuilderFactory,
    WorkerFailed,
    without_records,
)
from letters.build.fingerprints import LetterDigests
from letters.build.options import USUAL, BuildOptions, BuildTask, CheckTask
from letters.build.processes import local_executor
from letters.build.record import (
    PART,
    STOPPED,
    BuildRecord,
    BuiltFile,
    BuiltLetter,
    Journal,
    LocalFolder,
    OutputFolder,
    State,
    not_writable,
    output_folder,
    sole_build,
    trial_folder,
)
from letters.errors import LettersError, Problem, ProblemsFound, in_order
from letters.files import digest
from letters.merge import letters_of, merge_letter
from letters.model import Letter
from letters.project import Project, ProjectRound

if TYPE_CHECKING:
    from letters.build.letter import Answer, Task

TOGETHER = 50
"""Letters looked through by one task, before any is made."""


def build_round(
    project: Project,
    project_round: ProjectRound,
    options: BuildOptions = USUAL,
    *,
    on_letter: Callable[[BuiltLetter], None] = lambda _: None,
    on_wait: Callable[[], None] = lambda: None,
) -> tuple[BuiltLetter, ...]:
    """Make the letters of a round and write them and `build.json`; see `BuildOptions`.

    A letter whose files are as they should be is left alone ("unchanged"). Every input and template
    is checked first: ProblemsFound is raised before anything is written (with drafts, only for
    faults of templates). After that one letter's failure stops no other: it is in the letters
    returned, and `on_letter` is called with each letter as it is done, in order. `on_wait` is
    called where another build of the round must end first.
    """
    folder = output_folder(project_round, options.out)
    is_usual = not (options.out or options.fresh or options.cluster)
    tried = trial_folder(project_round) if is_usual else None
    return _build(project, project_round, options, folder, tried, on_letter, on_wait)


def try_letters(
    project: Project,
    project_round: ProjectRound,
    forces: Collection[str],
    jobs: int = 0,
    project_digest: str = "",
) -> tuple[BuiltLetter, ...]:
    """Make letters for trial, in a hidden folder from which the next build takes them.

    Letters that the last build left as they should be are not made again. What is wrong is raised
    and returned as by `build_round`; `project_digest` is that of `BuildOptions`.
    """
    options = BuildOptions(forces=forces, jobs=jobs, project_digest=project_digest)
    built = output_folder(project_round, None)
    trial = trial_folder(project_round)
    return _build(project, project_round, options, trial, built, lambda _: None, lambda: None)


def _build(
    project: Project,
    project_round: ProjectRound,
    options: BuildOptions,
    folder: OutputFolder,
    elsewhere: OutputFolder | None,
    on_letter: Callable[[BuiltLetter], None],
    on_wait: Callable[[], None],
) -> tuple[BuiltLetter, ...]:
    """Make letters in `folder`; those that are `elsewhere` as they should be need no making."""
    every = letters_of(project_round)
    letters = _asked_for(project_round, every, options.forces)
    problems = () if options.drafts else project.problems_of(project_round)
    digests, record = LetterDigests(project_round), BuildRecord.read(folder)
    other = _Elsewhere(elsewhere, BuildRecord.read(elsewhere)) if elsewhere else None
    plan = _Plan(project_round, letters, options, folder, digests, record, other)
    with _executor(plan) as executor:
        if found := _stopping(plan, executor, problems):
            raise ProblemsFound(in_order(found))
        _require_room(folder, len(plan.tasks))
        with sole_build(folder, on_wait):
            plan = plan.renewed()
            made = _make(plan, executor, on_letter)
            ids = [letter.id for letter in every]
            _remove_others(plan, ids)
            is_here = not (plan.is_trial and plan.taken)
            is_whole = len(letters) == len(every) and not problems and is_here
            _write_record(plan, ids, made, options.project_digest if is_whole else "")
    return made


ROOM = 20_000_000
"""Bytes of room that a build needs, whatever it makes."""

ROOM_EACH = 1_000_000
"""Bytes of room for each letter: its files, and those that they take the place of."""


def _require_room(folder: OutputFolder, count: int) -> None:
    """Raise LettersError where `count` letters cannot be written to a folder of this machine."""
    if not isinstance(folder, LocalFolder) or not count:
        return
    try:
        folder.path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder.path):
            pass
        free, needed = shutil.disk_usage(folder.path).free, ROOM + count * ROOM_EACH
    except OSError as error:
        what = f"{folder.path}: nothing can be written in this folder: {error.strerror}."
        raise LettersError(f"{what} {_writable(error, folder.path)}") from error
    if free < needed:
        what = f"{folder.path}: the disk has {free // 1_000_000:,} MB of room"
        what = f"{what}; {count:,} letters need {needed // 1_000_000:,} MB."
        raise LettersError(f"{what} Delete what is not needed, or build elsewhere with --out.")


def _writable(error: OSError, folder: Path) -> str:
    if error.errno in (errno.EACCES, errno.EPERM) and os.name == "posix":
        return f"Run: chmod u+rwx '{folder}', or build elsewhere with --out."
    return "Make room there, or build elsewhere with --out."


def _asked_for(
    project_round: ProjectRound, letters: tuple[Letter, ...], forces: Iterable[str]
) -> tuple[Letter, ...]:
    """The letters of `forces`, each once; all unless some are asked for."""
    by_force = {letter.id: letter for letter in letters}
    by_force |= {recipient.id: letter for letter in letters for recipient in letter.recipients}
    chosen = {
        letter.id: letter
        for letter in (by_force.get(f) or merge_letter(project_round, f) for f in forces)
    }
    return tuple(chosen.values()) or letters


@dataclass(frozen=True)
class _Plan:
    """What a build makes: the `tasks` for letters of which a file is not as it should be."""

    project_round: ProjectRound
    letters: tuple[Letter, ...]
    options: BuildOptions
    folder: OutputFolder
    digests: LetterDigests
    record: BuildRecord
    other: _Elsewhere | None = None

    @cached_property
    def tasks(self) -> Mapping[str, BuildTask]:
        """What is to be made, by the letters' ids."""
        return {id_: task for id_, task in self._due.items() if id_ not in self.taken}

    @cached_property
    def taken(self) -> Mapping[str, BuiltLetter]:
        """Letters that another folder holds as they should be, with the files wanted of them."""
        if self.other is None:
            return {}
        found = {id_: self.other.holds(task, self.folder) for id_, task in self._due.items()}
        return {id_: letter for id_, letter in found.items() if letter}

    @cached_property
    def _due(self) -> Mapping[str, BuildTask]:
        found = (self._task(letter) for letter in self.letters if self.wants(letter))
        return {task.letter.id: task for task in found if task.inputs}

    @property
    def is_trial(self) -> bool:
        """Whether letters are made for trial, where nothing is lost if they are made in vain."""
        return self.folder == trial_folder(self.project_round)

    @cached_property
    def drawn(self) -> frozenset[str]:
        """The letters to make, by id, whose records say most and least: those to be drawn."""
        if self.is_seen or "pdf" not in self.options.formats:
            return frozenset()
        letters = [task.letter for task in self.tasks.values()]
        by_length = sorted(letters, key=lambda each: sum(map(len, map(str, each.values.values()))))
        return frozenset(letter.id for letter in (*by_length[:1], *by_length[-1:]))

    @property
    def is_checked(self) -> bool:
        """Whether the templates are known to be sound, so that letters at hand need no look."""
        now = self.digests.templates()
        return any(each.templates_digest == now and each.is_sealed for each in self._records)

    @property
    def _records(self) -> list[BuildRecord]:
        return [self.record, *([self.other.record] if self.other else [])]

    @cached_property
    def is_seen(self) -> bool:
        """Whether all words are known to show on pages of this layout."""
        now = self.digests.layout()
        return any(each.layout_digest == now and each.is_sealed for each in self._records)

    def renewed(self) -> _Plan:
        """The plan once nobody else writes: another build may have made letters meanwhile."""
        record = BuildRecord.read(self.folder)
        return self if record == self.record else replace(self, record=record)

    def wants(self, letter: Letter) -> bool:
        """Whether the letter is one that can be made: finished, or a draft."""
        return bool(letter.outcome) or self.options.drafts

    def _task(self, letter: Letter) -> BuildTask:
        options, earlier = self.options, self.record.letters.get(letter.id)
        files = earlier.files if earlier else {}
        inputs = {f: self.digests.of(letter, f, drafts=options.drafts) for f in options.formats}
        if earlier and earlier.state not in STOPPED and not options.fresh:
            inputs = {f: i for f, i in inputs.items() if not self._is_current(files.get(f), i)}
        return BuildTask(letter, inputs, files["docx"].sha256 if "docx" in files else "")

    def _is_current(self, file: BuiltFile | None, inputs: str) -> bool:
        """Whether a file is there, whole, and made of what it would be made of now."""
        return file is not None and file.inputs == inputs and file.is_in(self.folder)


@dataclass(frozen=True)
class _Elsewhere:
    """Another folder that may hold letters: what a trial made, for a build, and the other way."""

    folder: OutputFolder
    record: BuildRecord

    def holds(self, task: BuildTask, wanted_in: OutputFolder) -> BuiltLetter | None:
        """The letter with the files that are wanted, if all are here and none would be lost there.

        A Word letter that somebody has edited there is left to the build, which refuses it.
        """
        letter = self.record.letters.get(task.letter.id)
        if letter is None or letter.state in STOPPED:
            return None
        files = {f: letter.files.get(f) for f in task.inputs}
        for format_, file in files.items():
            if not (file and file.inputs == task.inputs[format_] and file.is_in(self.folder)):
                return None
        word = files.get("docx")
        there = wanted_in.read(word.path) if word else None
        if word and there is not None and digest(there) not in (word.sha256, task.written):
            return None
        return replace(letter, files={f: file for f, file in files.items() if file})

    def give(self, letter: BuiltLetter, folder: OutputFolder) -> BuiltLetter:
        """Hand a letter's files over to `folder`."""
        for file in letter.files.values():
            folder.write(file.path, self.folder.read(file.path) or b"")
            self.folder.remove(file.path)
        return letter


def _executor(plan: _Plan) -> Executor[Task, Answer]:
    """What makes the letters: a cluster if one is named, processes where they save time."""
    options = plan.options
    factory = LetterBuilderFactory(without_records(plan.project_round), plan.folder, options)
    if options.cluster and plan.tasks:
        from letters.build.cluster import DaskExecutor

        return DaskExecutor(options.cluster, factory, options.limit)
    pdf = "pdf" in options.formats
    return local_executor(factory, options.jobs, options.limit, len(plan.tasks), pdf=pdf)


def _stopping(
    plan: _Plan, executor: Executor[Task, Answer], problems: Collection[Problem]
) -> Collection[Problem]:
    """What a round is stopped by before any letter is made.

    Letters for trial are looked through as they are made, where that is worth while.
    """
    if not plan.tasks and plan.is_checked:
        return problems
    if plan.is_trial and not problems and not _problems_found(plan, executor, ()):
        return ()
    letters = [task.letter for task in plan.tasks.values()]
    return [*problems, *_problems_found(plan, executor, letters)]


def _problems_found(
    plan: _Plan, executor: Executor[Task, Answer], letters: Sequence[Letter]
) -> Collection[Problem]:
    """What is wrong with the templates, and with letters to be made of them."""
    batches = [tuple(letters[n : n + TOGETHER]) for n in range(0, len(letters), TOGETHER)]
    try:
        answers = list(executor.run(CheckTask(each, plan.drawn) for each in batches or [()]))
        if any(isinstance(answer, WorkerFailed) for answer in answers):
            # Its engines take a while to start; here nobody else may have looked at the page.
            from letters.render.round_templates import RoundTemplates

            RoundTemplates.load(plan.project_round)
    except ProblemsFound as found:
        return found.problems
    return [problem for answer in answers if isinstance(answer, tuple) for problem in answer]


def _make(
    plan: _Plan, executor: Executor[Task, Answer], on_letter: Callable[[BuiltLetter], None]
) -> tuple[BuiltLetter, ...]:
    """Make what there is to make; what became of each letter, in order.

    Raises ProblemsFound where a trial shows that the round would be stopped.
    """
    earlier, journal, made = plan.record.letters, Journal(plan.folder), []
    found: list[Problem] = []
    answers = executor.run(_tried(plan, found) if plan.is_trial else plan.tasks.values())
    try:
        for letter in plan.letters:
            if letter.id in plan.tasks:
                answer = next(answers)
                if isinstance(answer, tuple):
                    found += answer
                    continue
                built = _reported(letter, answer).sealed().with_files(earlier.get(letter.id))
                journal.add(built)
            else:
                built = _not_made(plan, letter)
            made.append(built)
            on_letter(built)
    except BaseException:
        for answer in executor.finish():
            if isinstance(answer, BuiltLetter):
                journal.add(answer.sealed().with_files(earlier.get(answer.id)))
        raise
    finally:
        journal.close()
    if found:
        raise ProblemsFound(in_order(found))
    return tuple(made)


def _tried(plan: _Plan, found: Collection[Problem]) -> Iterator[Task]:
    """Letters to make for trial; once problems are `found`, the others are only looked through."""
    for task in plan.tasks.values():
        if found:
            yield CheckTask((task.letter,), is_sound=True)
        else:
            yield replace(task, is_trial=True, is_drawn=task.letter.id in plan.drawn)


def _taken(plan: _Plan, other: _Elsewhere, id_: str) -> BuiltLetter:
    """A letter that needs no making: a trial leaves it where it is, a build takes it over."""
    if plan.is_trial:
        return replace(plan.taken[id_], state=State.UNCHANGED)
    try:
        given = other.give(plan.taken[id_], plan.folder)
    except OSError as error:
        given = BuiltLetter(id_, State.FAILED, problem=not_writable(error))
    return given.with_files(plan.record.letters.get(id_))


def _reported(letter: Letter, answer: BuiltLetter | WorkerFailed) -> BuiltLetter:
    if isinstance(answer, BuiltLetter):
        return answer
    why = answer.why if isinstance(answer, WorkerFailed) else "was not made"
    problem = f"This letter {why} and was skipped. Build it by itself: letters build {letter.id}."
    return BuiltLetter(letter.id, State.FAILED, problem=problem)


def _not_made(plan: _Plan, letter: Letter) -> BuiltLetter:
    """A letter that is as it should be, or awaits its outcome: then no file of it stays behind."""
    if plan.other and letter.id in plan.taken:
        return _taken(plan, plan.other, letter.id)
    earlier = plan.record.letters.get(letter.id)
    if earlier and plan.wants(letter):
        return replace(earlier, state=State.UNCHANGED)
    try:
        _remove(plan.folder, earlier)
    except OSError as error:
        failed = BuiltLetter(letter.id, State.FAILED, problem=not_writable(error))
        return failed.with_files(earlier)
    return BuiltLetter(letter.id, State.AWAITING)


def _remove(folder: OutputFolder, earlier: BuiltLetter | None) -> None:
    """Take away an earlier build's files, but none that somebody has changed since."""
    for file in earlier.files.values() if earlier else ():
        if file.is_in(folder):
            folder.remove(file.path)


def _remove_others(plan: _Plan, ids: Collection[str]) -> None:
    """Take away the files of letters the round no longer has: joined, renamed, withdrawn."""
    for earlier in plan.record.letters.values():
        if earlier.id not in ids:
            with suppress(OSError):  # open in Word, perhaps: it is not in build.json any more
                _remove(plan.folder, earlier)


def _write_record(
    plan: _Plan, ids: Iterable[str], made: Collection[BuiltLetter], project_digest: str
) -> None:
    """Write `build.json` of the letters with `ids`, if it is not what is there already."""
    earlier = plan.record.letters
    now = {**earlier, **{each.id: each for each in made if each.state != State.UNCHANGED}}
    letters = {id_: now[id_] for id_ in ids if id_ in now}
    if any(letter.state in STOPPED for letter in letters.values()):
        project_digest = ""
    stopped = {each.id for each in made if each.state in STOPPED}
    is_drawn = plan.tasks and "pdf" in plan.options.formats and not plan.drawn & stopped
    seen = plan.digests.layout() if plan.is_seen or is_drawn else ""
    is_looked_at = "pdf" in plan.options.formats or plan.is_checked  # the print style too
    sound = plan.digests.templates() if is_looked_at else ""
    record = BuildRecord(letters, sound, project_digest, seen, is_sealed=True)
    if record != plan.record or plan.folder.read(PART) is not None:
        try:
            record.write(plan.folder, plan.project_round.round.id)
        except OSError as error:
            raise LettersError(not_writable(error)) from error
