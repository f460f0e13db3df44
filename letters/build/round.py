"""A round's letters, made and written to `out/<round>/letters/`: those that changed, no other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from letters.build.fingerprints import Inputs
from letters.build.options import Order, Wishes, not_writable, shelved
from letters.build.output import Shelf, shelf_of, shelved_digest, sole_build
from letters.build.record import STOPPED, BuildRecord, BuiltLetter, Journal, State
from letters.errors import LettersError, Problem, ProblemsFound, in_order
from letters.merge import letters_of, merge_letter
from letters.model import Letter
from letters.project import Project, ProjectRound
from letters.render import FORMATS

if TYPE_CHECKING:
    from letters.build.executors import Crew, Report


def build_round(
    project: Project,
    project_round: ProjectRound,
    *,
    out: Path | str | None = None,
    forces: Iterable[str] = (),
    formats: Collection[str] = tuple(FORMATS),
    drafts: bool = False,
    discard_edits: bool = False,
    fresh: bool = False,
    jobs: int = 1,
    cluster: str = "",
    limit: float = 120.0,
    stamp: str = "",
    on_letter: Callable[[BuiltLetter], None] = lambda _: None,
    on_wait: Callable[[], None] = lambda: None,
) -> tuple[BuiltLetter, ...]:
    """Make the letters of a round, or of some `forces`, and write them and `build.json`.

    `out` is the folder to write to (or an address of fsspec), `out/<round>` of the project unless
    given. `drafts` makes letters of unfinished records too, all marked as drafts; `discard_edits`
    overwrites Word letters that someone has edited by hand, which are refused otherwise. A letter
    whose files are as they should be is left alone ("unchanged") unless `fresh`.

    `jobs` processes share the work, at most one a core, each letter within `limit` seconds; a
    script that asks for more than one keeps its own start under `if __name__ == "__main__"`.
    `cluster` is the address of a Dask scheduler that does the work instead. The bytes are the same.

    Every input and template is checked first: ProblemsFound is raised before anything is written
    (with drafts, only for faults of templates). After that one letter's failure stops no other: it
    is in the letters returned, and `on_letter` hears of each letter as it is done, in order.
    `on_wait` is called where another build of the round must end first. `stamp` is kept in
    `build.json` (see `letters.build.fingerprints`).
    """
    wishes = Wishes(formats, drafts, discard_edits, fresh, jobs, cluster, limit)
    every = letters_of(project_round)
    build = _Build(project_round, every, shelf_of(project_round, out), wishes)
    problems = () if drafts else project.problems_of(project_round)
    letters = _asked_for(project_round, every, forces)
    whole = len(letters) == len(every) and not problems
    return build.run(letters, problems, stamp if whole else "", on_letter, on_wait)


class _Build:
    """One build under way: where it writes, and what it knows of the one before."""

    def __init__(
        self,
        project_round: ProjectRound,
        every: tuple[Letter, ...],
        shelf: Shelf,
        wishes: Wishes,
    ) -> None:
        self.round = project_round
        self.ids = dict.fromkeys(letter.id for letter in every)
        self.shelf = shelf
        self.wishes = wishes
        self.inputs = Inputs(project_round)
        self.record = BuildRecord.read(shelf)

    def run(
        self,
        letters: tuple[Letter, ...],
        problems: Iterable[Problem],
        stamp: str,
        on_letter: Callable[[BuiltLetter], None],
        on_wait: Callable[[], None],
    ) -> tuple[BuiltLetter, ...]:
        """Check everything, make what is due, and keep the record."""
        orders = self.orders(letters)
        with _crew(self, orders) as crew:
            sound = _checked(self, orders, problems, crew)
            with sole_build(self.shelf, on_wait):
                orders = self.again(letters, orders)
                made = _make(self, letters, orders, crew, on_letter)
                self.remove_strangers()
                _record(self, made, sound, stamp)
        return tuple(made)

    def orders(self, letters: Iterable[Letter]) -> dict[str, Order]:
        """What is to be made: the letters of which a file is not as it should be."""
        found = (self._order(letter) for letter in letters if self._is_due(letter))
        return {order.letter.id: order for order in found if order.inputs}

    def again(self, letters: Iterable[Letter], orders: dict[str, Order]) -> dict[str, Order]:
        """The same once nobody else writes: another build may have made them meanwhile."""
        record = BuildRecord.read(self.shelf)
        if record == self.record:
            return orders
        self.record = record
        return self.orders(letters)

    def _is_due(self, letter: Letter) -> bool:
        return bool(letter.outcome) or self.wishes.drafts

    def _order(self, letter: Letter) -> Order:
        drafts = self.wishes.drafts
        inputs = {f: self.inputs.of(letter, f, drafts=drafts) for f in self.wishes.formats}
        earlier = self.record.letters.get(letter.id)
        word = earlier.files.get("docx") if earlier else None
        if earlier and earlier.state not in STOPPED and not self.wishes.fresh:
            inputs = {f: made for f, made in inputs.items() if not self._stands(earlier, f, made)}
        return Order(letter, inputs, word.sha256 if word else "")

    def _stands(self, earlier: BuiltLetter, format_: str, inputs: str) -> bool:
        """Whether a file is there, whole, and made of what it would be made of now."""
        file = earlier.files.get(format_)
        if file is None or file.inputs != inputs:
            return False
        return shelved_digest(self.shelf, shelved(file.name)) == file.sha256

    def result(self, letter: Letter, report: Report | None) -> BuiltLetter:
        """What became of a letter, as it is told; `report` is a crew's, where it was made."""
        earlier = self.record.letters.get(letter.id)
        if isinstance(report, BuiltLetter):
            return report.with_files(earlier)
        if report is not None:
            problem = f"This letter was given up: {report.why}. Build it again, alone."
            return BuiltLetter(letter.id, State.FAILED, problem=problem).with_files(earlier)
        if self._is_due(letter) and earlier:
            return replace(earlier, state=State.UNCHANGED)
        return self._await(letter.id, earlier)

    def _await(self, id_: str, earlier: BuiltLetter | None) -> BuiltLetter:
        """A letter without an outcome: what an earlier build made of it must not stay behind."""
        try:
            self._remove(earlier)
        except OSError as error:
            failed = BuiltLetter(id_, State.FAILED, problem=not_writable(error))
            return failed.with_files(earlier)
        return BuiltLetter(id_, State.AWAITING)

    def _remove(self, earlier: BuiltLetter | None) -> None:
        """Take away an earlier build's files, but none that somebody has changed since."""
        for file in earlier.files.values() if earlier else ():
            if shelved_digest(self.shelf, shelved(file.name)) == file.sha256:
                self.shelf.remove(shelved(file.name))

    def remove_strangers(self) -> None:
        """Take away the files of letters the round no longer has: joined, renamed, withdrawn."""
        for earlier in self.record.letters.values():
            if earlier.id not in self.ids:
                with suppress(OSError):  # open in Word, perhaps: it is not in build.json any more
                    self._remove(earlier)


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


@contextmanager
def _crew(build: _Build, orders: dict[str, Order]) -> Iterator[Crew | None]:
    """Those who do the work; nobody, and no engine, where there is none."""
    if not orders and build.record.sound == build.inputs.templates():
        yield None
        return
    from letters.build.executors import crew_for  # starting the engines costs half a second

    with crew_for(build.round, build.shelf, build.wishes, len(orders)) as crew:
        yield crew


def _checked(
    build: _Build, orders: dict[str, Order], problems: Iterable[Problem], crew: Crew | None
) -> str:
    """The digest of the templates, once nothing is wrong with inputs, templates and letters."""
    found = list(problems)
    if crew is not None:
        found += crew.problems(order.letter for order in orders.values())
    if found:
        raise ProblemsFound(in_order(found))
    return build.inputs.templates()


def _make(
    build: _Build,
    letters: Iterable[Letter],
    orders: dict[str, Order],
    crew: Crew | None,
    on_letter: Callable[[BuiltLetter], None],
) -> list[BuiltLetter]:
    journal = Journal(build.shelf)
    reports = crew.make(orders.values()) if crew else iter(())
    made = []
    try:
        for letter in letters:
            built = build.result(letter, next(reports) if letter.id in orders else None)
            _note(journal, built, changed=letter.id in orders)
            made.append(built)
            on_letter(built)
    except BaseException:
        for report in crew.finish() if crew else ():
            if isinstance(report, BuiltLetter):
                _note(journal, report.with_files(build.record.letters.get(report.id)), changed=True)
        raise
    finally:
        journal.close()
    return made


def _note(journal: Journal, built: BuiltLetter, *, changed: bool) -> None:
    """Note a letter for a build that may have to go on from here; a full disk forgets it."""
    if changed:
        with suppress(OSError):
            journal.add(built)


def _record(build: _Build, made: Iterable[BuiltLetter], sound: str, stamp: str) -> None:
    earlier = build.record.letters
    done = {
        letter.id: earlier[letter.id] if letter.state == State.UNCHANGED else letter
        for letter in made
    }
    letters = {
        id_: done.get(id_) or earlier[id_] for id_ in build.ids if id_ in done or id_ in earlier
    }
    if any(letter.state in STOPPED for letter in letters.values()):
        stamp = ""
    record = BuildRecord(letters, sound, stamp)
    if record != build.record:
        try:
            record.write(build.shelf, build.round.round.id)
        except OSError as error:
            raise LettersError(not_writable(error)) from error
