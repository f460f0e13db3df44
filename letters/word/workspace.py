"""A copy of what a round is made of, in which changes are tried, and kept or left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from letters.build.fingerprints import letter_digest
from letters.changes.diff import name_of, reach_sentence, reached
from letters.document import Document
from letters.errors import LettersError, Problem, ProblemsFound
from letters.files import (
    FILE,
    REGISTERS,
    OnWait,
    own_files,
    read_file,
    relative,
    sole_change,
    write_whole,
)
from letters.merge import letters_of
from letters.model import Letter
from letters.project import Project, ProjectRound
from letters.render.round_templates import RoundTemplates
from letters.word.differences import printed_passages
from letters.word.traces import SourceChange


@dataclass
class RoundCopy:
    """A round as it is in a folder: its letters, made when they are asked for."""

    project: Project
    of: ProjectRound
    templates: RoundTemplates
    drafts: bool
    made: dict[str, Document] = field(default_factory=dict)

    @cached_property
    def letters(self) -> Mapping[str, Letter]:
        """Every letter of the round by its id."""
        return {each.id: each for each in letters_of(self.of)}

    def document(self, id_: str) -> Document:
        """A letter with its signature, as if it were approved; with gaps where it has any."""
        if id_ not in self.made:
            letter = self.letters[id_]
            drafts = self.drafts or bool(letter.missing)
            self.made[id_] = self.templates.typeset(letter, drafts=drafts)
        return self.made[id_]

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """What each letter says, as a digest; those with problems are left out."""
        found = {}
        for id_, letter in self.letters.items():
            if letter.outcome or self.drafts:
                try:
                    found[id_] = letter_digest(self.document(id_))
                except ProblemsFound:
                    continue
        return found


class Workspace:
    """A copy of what a round is made of, in which changes are tried, and kept or taken back."""

    def __init__(self, project_round: ProjectRound, folder: Path, *, drafts: bool) -> None:
        self.root, self.folder, self.drafts = project_round.root, folder, drafts
        self.id, self.wording = project_round.round.id, project_round.round.wording
        names = ("wording", "layout")
        folders = [self.root / "templates" / getattr(project_round.round, n) for n in names]
        folders += [project_round.folder, self.root / REGISTERS]
        paths = [path for each in folders for path in own_files(each, self.root)]
        self.before = {
            relative(path, self.root): path.read_bytes() for path in (self.root / FILE, *paths)
        }
        self.files = dict(self.before)
        for name, content in self.files.items():
            write_whole(folder / name, content)
        self.round = self._read(None)

    def _read(self, earlier: RoundTemplates | None, *, is_same: bool = False) -> RoundCopy:
        project = Project.load(self.folder)
        project_round = project.round(self.id)
        if earlier is None or not is_same:
            earlier = RoundTemplates.load(project_round, earlier=earlier)
        return RoundCopy(project, project_round, earlier, self.drafts)

    def tried(self, proposal: SourceChange, letter: str, texts: Sequence[str]) -> RoundCopy | None:
        """The round with a proposal, if `letter` says `texts` then and nothing new is wrong.

        Raises ProblemsFound where something is.
        """
        write_whole(self.folder / proposal.file, proposal.content)
        is_same = not proposal.file.startswith("templates/")
        try:
            now = self._read(self.round.templates, is_same=is_same)
            said = [each.text for each in printed_passages(now.document(letter))]
            if said != list(texts):
                return None
            known = {_without_line(p) for p in self.round.project.problems}
            if new := [p for p in now.project.problems if _without_line(p) not in known]:
                raise ProblemsFound(new)
            return now
        finally:
            write_whole(self.folder / proposal.file, self.files[proposal.file])

    def keep(self, proposal: SourceChange, now: RoundCopy) -> None:
        """Go on with the round as it is with a proposal."""
        write_whole(self.folder / proposal.file, proposal.content)
        self.files[proposal.file] = proposal.content
        self.round = now

    def reach(self, now: RoundCopy) -> str:
        """How many letters differ in the round as it would be."""
        before = self.round.digests
        ids = reached(before, now.digests)
        return reach_sentence([name_of(now.letters[each]) for each in ids], len(before))

    @property
    def changed(self) -> dict[str, bytes]:
        """The files that differ from the project's, with what they held."""
        return {n: c for n, c in self.files.items() if c != self.before[n]}

    def write(self, on_wait: OnWait) -> tuple[str, ...]:
        """Write what was kept into the project, all of it or nothing; the files' names.

        Raises LettersError where one of them was changed in the meantime.
        """
        changed = self.changed
        if not changed:
            return ()
        with sole_change(self.root, on_wait):
            for name in changed:
                if read_file(self.root / name) != self.before[name]:
                    raise LettersError(
                        f"{name} was changed in the meantime. Nothing was written; run it again."
                    )
            written: list[str] = []
            try:
                for name, content in changed.items():
                    write_whole(self.root / name, content)
                    written.append(name)
            except OSError:
                for name in written:
                    write_whole(self.root / name, self.before[name])
                raise
        return tuple(changed)


def _without_line(problem: Problem) -> tuple[str, str, str]:
    return problem.place.file, problem.place.field, problem.what
