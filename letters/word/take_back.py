"""Changes of Word letters that came back, traced to wording and records.

A change is proposed only once the letter was made with it and says what the person wrote; how far
it reaches is counted in the letters of the whole round, made with it too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from letters.approvals import Approvals
from letters.approvals.signing import as_it_stands
from letters.build.fingerprints import LetterDigests
from letters.build.record import BuildRecord, LocalFolder, out_folder
from letters.changes.diff import name_of
from letters.document import as_read
from letters.errors import LettersError, ProblemsFound, UsageError
from letters.files import OnWait, read_file, tell_nobody
from letters.merge import letters_of, merge_letter
from letters.model import Letter
from letters.project import Project, ProjectRound
from letters.render.docx.package import NotReadable
from letters.render.round_templates import RoundTemplates
from letters.sources.tables import LARGEST_FILE
from letters.word.comments import keep_comments
from letters.word.differences import (
    END,
    Edit,
    PrintedPassage,
    differences,
    printed_passages,
    split_by_source,
)
from letters.word.remarks import Remark, remarks
from letters.word.returned import Editor, ReturnedLetter
from letters.word.traces import RECORD, SourceChange, Tracer
from letters.word.workspace import RoundCopy, Workspace

MOST_CHANGES = 500
"""Changes that are traced at a time: nobody decides about more."""

_INPUTS = ("recipients.yaml", "round.yaml")
"""Files whose values letters hold in many ways; they are changed by hand."""

MOST_TRIED = 40
"""Places that are tried for one change; the first is nearly always the right one."""


@dataclass(frozen=True, slots=True)
class TracedChange:
    """One change of a letter that came back: who made it, what it says, where it would be written.

    `reach` says how many letters it changes; `refused` why it cannot be written, if it cannot.
    """

    number: int
    file: str
    letter: str
    editors: tuple[Editor, ...]
    was: str
    now: str
    around: str
    proposal: SourceChange | None = None
    reach: str = ""
    refused: str = ""
    is_made: bool = False
    """Whether a change accepted before has made this one too."""

    @property
    def said(self) -> str:
        """What it changes, in words."""
        if self.was and self.now:
            return f"'{self.now}' for '{self.was}'"
        return f"'{self.now}' is new" if self.now else f"'{self.was}' is gone"

    @property
    def by(self) -> str:
        """Who made it, and when; that nobody knows where Word did not track it."""
        return " and ".join(map(str, self.editors)) or "not tracked"


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A file that came back: the letter it is, as it came, and as it was built."""

    path: Path
    letter: str
    drafts: bool
    returned: ReturnedLetter
    notes: tuple[str, ...]
    """What is in it beside words, and cannot be carried."""
    comments: tuple[Remark, ...]


Decide = Callable[[TracedChange], bool]
"""Whether a change is accepted."""


class TakeBack:
    """Word letters that came back to a round, and their changes."""

    def __init__(
        self, project_round: ProjectRound, workspace: Workspace, files: Sequence[ReturnedFile]
    ) -> None:
        self.round, self.workspace, self.files = project_round, workspace, files
        self._edits = {
            file.path: tuple(split_by_source(differences(pieces, file.returned.passages), pieces))
            for file in files
            for pieces in [printed_passages(workspace.round.document(file.letter))]
        }

        if self.count > MOST_CHANGES:
            raise UsageError(
                f"The files hold more than {MOST_CHANGES} changes. Take them back in smaller parts."
            )

    @property
    def count(self) -> int:
        """How many changes there are."""
        return sum(map(len, self._edits.values()))

    def changes(self, decide: Decide) -> Iterator[TracedChange]:
        """Every change, traced; those that `decide` accepts stay in the workspace."""
        number = 0
        for file in self.files:
            for edit in self._edits[file.path]:
                number += 1
                change, now = self._traced(number, file, edit)
                yield change
                if change.proposal and now and decide(change):
                    self.workspace.keep(change.proposal, now)

    def write(self, on_wait: OnWait = tell_nobody) -> tuple[str, ...]:
        """Write what was accepted into the project; the names of the files."""
        return self.workspace.write(on_wait)

    def keep_comments(self, on_wait: OnWait = tell_nobody) -> int:
        """Keep what people said in the letters; how many comments were not kept before."""
        said = [(file.letter, each) for file in self.files for each in file.comments]
        return keep_comments(self.round.folder, self.round.root, said, on_wait)

    def _traced(
        self, number: int, file: ReturnedFile, edit: Edit
    ) -> tuple[TracedChange, RoundCopy | None]:
        document = self.workspace.round.document(file.letter)
        pieces = printed_passages(document)
        found = split_by_source(differences(pieces, file.returned.passages), pieces)
        now = next((each for each in found if each.key == edit.key), None)
        known = (number, file.path.name, file.letter, file.returned.editors(edit.first, edit.last))
        if now is None:
            near = any(e.first <= edit.last and e.last >= edit.first for e in found)
            refused = "Words beside it were changed with others. Build, and run it again."
            said = (*known, edit.was, edit.now, "")
            return TracedChange(*said, refused=refused if near else "", is_made=not near), None
        text = END.join(each.text for each in pieces)
        said = (*known, edit.was, edit.now, _around(text, now))
        proposal, round_, refused = self._proposed(file.letter, pieces, now, now.made(text))
        if proposal is None or round_ is None:
            return TracedChange(*said, refused=refused), None
        return TracedChange(*said, proposal, self.workspace.reach(round_)), round_

    def _proposed(
        self, letter: str, pieces: Sequence[PrintedPassage], edit: Edit, wanted: str
    ) -> tuple[SourceChange | None, RoundCopy | None, str]:
        space = self.workspace
        wording = f"templates/{space.wording}/"
        tracer = Tracer(
            space.folder, space.files, wording, space.round.letters[letter], pieces, edit
        )
        why, tried = "", set[tuple[str, bytes]]()
        for proposal in tracer.proposals():
            if (key := (proposal.file, proposal.content)) in tried:
                continue
            tried.add(key)
            if len(tried) > MOST_TRIED:
                break
            try:
                if now := space.tried(proposal, letter, wanted.split(END)):
                    return proposal, now, ""
            except ProblemsFound as found:
                if proposal.kind == RECORD:
                    why = why or f"{found.problems[0].what} {found.problems[0].fix}"
        return None, None, _reason(tracer, why)


def _reason(tracer: Tracer, why: str) -> str:
    """Why a change can be written nowhere."""
    if names := tracer.computed:
        return (
            f"This is {names}, which is worked out of round.yaml or recipients.yaml."
            " Change it there by hand."
        )
    for refused in tracer.refused if tracer.is_recorded else ():
        return f"{refused.what} {refused.fix}"
    if any(tag in tracer.edit.text for tag in ("{{", "{%", "{#")):
        return "The words hold braces, which wordings take for placeholders. Write it by hand."
    if tracer.origin.endswith(_INPUTS):
        return f"These words come from {tracer.origin}. Change them there by hand."
    if why and tracer.is_recorded:
        return why
    return "No one place of the wording or the record makes these words alone. Change it by hand."


def _around(text: str, edit: Edit) -> str:
    """The passage that a change is in."""
    first = text.rfind(END, 0, edit.start) + 1
    last = text.find(END, edit.end)
    return text[first : last if last >= 0 else None]


@contextmanager
def open_take_back(
    project: Project, paths: Sequence[Path], *, round_id: str | None = None, force: str = ""
) -> Iterator[TakeBack]:
    """Read Word letters that came back; `force` says whose letter they are, if their names do not.

    Raises UsageError where it cannot be told which letter a file is, or the letter was not built;
    LettersError where a file cannot be read, or what its letter is made of was changed since it was
    built; ProblemsFound for mistakes in the project.
    """
    read = [(path, *_read(path)) for path in paths]
    found = [_letter_of(project, path, title, round_id, force) for path, _, title in read]
    rounds = {each.round.id: each for each, _ in found}
    if len(rounds) > 1:
        named = " and ".join(rounds)
        raise UsageError(f"The files are letters of {named}. Take back one round after another.")
    project_round = next(iter(rounds.values()))
    if problems := project.problems_of(project_round):
        raise ProblemsFound(problems)
    templates = RoundTemplates.load(project_round)
    files = [
        _returned(project_round, templates, path, content, letter, force)
        for (path, content, _), (_, letter) in zip(read, found, strict=True)
    ]
    kinds = {each.drafts for each in files}
    if len(kinds) > 1:
        what = "Some of the files are letters built with --drafts, others are not."
        raise UsageError(f"{what} Take back the one kind after the other.")
    with TemporaryDirectory(prefix="letters-") as folder:
        space = Workspace(project_round, Path(folder).resolve(), drafts=kinds.pop())
        yield TakeBack(project_round, space, files)


def _read(path: Path) -> tuple[bytes, str]:
    """A file that came back, and its title in Word."""
    content = read_file(path)
    if len(content) > LARGEST_FILE:
        raise LettersError(f"{path}: The file is larger than 50 MB, which no letter is.")
    try:
        return content, ReturnedLetter.read(content).title
    except NotReadable as error:
        raise LettersError(f"{path}: {error.what} {error.fix}") from error


def _letter_of(
    project: Project, path: Path, title: str, round_id: str | None, force: str
) -> tuple[ProjectRound, Letter]:
    """Which letter a file is: by where it lies, by its name, or by its title in Word."""
    if force:
        project_round = project.round(round_id)
        return project_round, merge_letter(project_round, force)
    rounds = [project.round(round_id)] if round_id else project.rounds
    every = [(each, letter) for each in rounds for letter in letters_of(each)]
    ids = {each.round.id: _built(each) for each in rounds}
    built = [(each, letter) for each, letter in every if letter.id in ids[each.round.id]]
    found = [(each, letter) for each, letter in every if _is_named(path, letter)]
    named = [each for each in built if each in found] or found
    here = [(each, letter) for each, letter in named if path.resolve() == _made(each, letter)]
    for several in (here, named):
        if len(several) == 1:
            return several[0]
    titles = {each.round.id: _titled(each, title) for each in rounds}
    titled = [each for each in named or built if each[1].id in titles[each[0].round.id]]
    if len(titled) == 1:
        return titled[0]
    raise UsageError(
        f"{path.name}: nothing in its name or its title says which letter it is."
        " Name its force: --force ID, and its round where there are several: --round ROUND."
    )


def _is_named(path: Path, letter: Letter) -> bool:
    """Whether a file's name begins with a letter's id, and what follows is no part of an id."""
    begins = rf"{re.escape(letter.id.casefold())}(?![a-z0-9-])"
    return re.match(begins, path.stem.casefold()) is not None


def _made(project_round: ProjectRound, letter: Letter) -> Path:
    """Where a build puts a letter."""
    return (out_folder(project_round) / "letters" / f"{letter.id}.docx").resolve()


def _built(project_round: ProjectRound) -> frozenset[str]:
    """The letters, by id, of which there is a Word file."""
    record = BuildRecord.read(LocalFolder(out_folder(project_round)))
    return frozenset(id_ for id_, each in record.letters.items() if "docx" in each.files)


def _titled(project_round: ProjectRound, title: str) -> frozenset[str]:
    """The letters, by id, whose files have this title."""
    found = set()
    try:
        templates = RoundTemplates.load(project_round)
    except ProblemsFound:
        return frozenset()
    for letter in letters_of(project_round) if title else ():
        with suppress(ProblemsFound):
            document = templates.typeset(letter, drafts=bool(letter.missing))
            if as_read(document.title) == title:
                found.add(letter.id)
    return frozenset(found)


def _returned(
    project_round: ProjectRound,
    templates: RoundTemplates,
    path: Path,
    content: bytes,
    letter: Letter,
    force: str,
) -> ReturnedFile:
    drafts = _drafts(project_round, letter)
    if drafts:
        document = templates.typeset(letter, drafts=True)
    else:
        document = as_it_stands(templates, Approvals.load(project_round), letter)
    built = ReturnedLetter.read(templates.render(document, "docx").content)
    returned = ReturnedLetter.read(content, built.boxes)
    if not (force or _is_alike(built, returned)):
        raise UsageError(
            f"{path.name}: hardly a paragraph is that of the letter to {name_of(letter)}."
            f" If it is that letter, say so: --force {letter.id}."
        )
    looks = tuple(f"Looks only, nothing to carry: {each}." for each in returned.looks)
    notes = (*returned.extras(built), *looks)
    said = tuple(each for each in remarks(content) if each.said)
    return ReturnedFile(path, letter.id, drafts, returned, notes, said)


def _is_alike(built: ReturnedLetter, returned: ReturnedLetter) -> bool:
    ours, theirs = ({p.text for p in each.passages} for each in (built, returned))
    return 3 * len(ours & theirs) >= len(ours)


def _drafts(project_round: ProjectRound, letter: Letter) -> bool:
    """Whether the letter was built as one of the drafts of all letters.

    Raises UsageError where it was not built, LettersError where it would be another now.
    """
    built = BuildRecord.read(LocalFolder(out_folder(project_round))).letters.get(letter.id)
    file = built.files.get("docx") if built else None
    if built is None or file is None:
        what = f"The Word letter to {name_of(letter)} was never built"
        raise UsageError(f"{what}, so there is nothing to hold the file against.")
    digests = LetterDigests(project_round)
    for drafts in (False, True):
        if file.inputs == digests.of(letter, "docx", drafts=drafts):
            return drafts
    raise LettersError(
        f"The letter to {name_of(letter)} is made of other words now than when its Word letter was"
        " built: its record, wording or layout was changed since. Put that back, take the letter"
        f" back, and change it again; 'letters diff {letter.id}' shows what differs."
    )
