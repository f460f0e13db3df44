"""A folder to a validated project: its recipients, its rounds, and every problem in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from letters.errors import Problem, ProblemsFound, UsageError, did_you_mean, in_order
from letters.files import FILE, find_root, round_folders
from letters.people import Recipient
from letters.project.recipients import Recipients, read_recipients
from letters.project.rounds import ProjectRound, read_round

__all__ = ["Project", "ProjectRound"]


@dataclass(frozen=True)
class Project:
    """What a folder holds: recipients by id, and rounds by name of their folder.

    `problems` are all mistakes found, in the order of their places; what is sound is loaded
    nevertheless, so that drafts and previews can be made. `unreadable` are the problems of rounds
    too faulty to load, by their id. `now` is when it was read, where the reader has a clock.
    """

    root: Path
    recipients: Mapping[str, Recipient]
    rounds: tuple[ProjectRound, ...]
    problems: tuple[Problem, ...]
    unreadable: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    recipient_problems: tuple[Problem, ...] = ()
    now: datetime | None = None

    @classmethod
    def load(cls, path: Path | str, *, now: datetime | None = None) -> Project:
        """The project in the folder `path`, or in the nearest one above it.

        A project is the folder that holds `recipients.yaml`. Where `now` is given, approvals that
        are dated later are problems. Raises UsageError where there is no project; problems in its
        files raise nothing.
        """
        root = _root(Path(path))
        found: list[Problem] = []
        recipients = read_recipients(root, found)
        return cls._of(root, recipients, in_order(found), now)

    @classmethod
    def _of(
        cls, root: Path, recipients: Recipients, shared: tuple[Problem, ...], now: datetime | None
    ) -> Project:
        rounds: list[ProjectRound] = []
        unreadable: dict[str, tuple[Problem, ...]] = {}
        for folder in round_folders(root):
            read = read_round(folder, root, recipients, now)
            if isinstance(read, ProjectRound):
                rounds.append(read)
            else:
                unreadable[folder.name] = read
        own = [problem for each in rounds for problem in each.problems]
        lost = [problem for each in unreadable.values() for problem in each]
        problems = in_order([*shared, *own, *lost])
        return cls(root, recipients.by_id, tuple(rounds), problems, unreadable, shared, now)

    def problems_of(self, project_round: ProjectRound) -> tuple[Problem, ...]:
        """The problems that stop the letters of one round: its own and those of recipients."""
        return in_order([*self.recipient_problems, *project_round.problems])

    def renewed(self, project_round: ProjectRound) -> tuple[Project, ProjectRound]:
        """The project and a round of it as they are now, read again where approvals have changed.

        For whoever holds the project's lock: what others wrote until then must not be lost.
        """
        if project_round.is_current:
            return self, project_round
        project = Project.load(self.root, now=self.now)
        return project, project.round(project_round.round.id)

    def round(self, id_: str | None = None) -> ProjectRound:
        """The round named `id_`, or the only one.

        Raises UsageError where there is no such round, or several and none is named, and
        ProblemsFound where the round is too faulty to load.
        """
        if id_ is None:
            return self._only_round()
        if id_ in self.unreadable:
            raise ProblemsFound(self.unreadable[id_])
        for project_round in self.rounds:
            if project_round.round.id == id_:
                return project_round
        known = [each.round.id for each in self.rounds] + list(self.unreadable)
        hint = did_you_mean(id_, known) or _choose(known)
        raise UsageError(f"There is no round '{id_}'. {hint}".rstrip())

    def _only_round(self) -> ProjectRound:
        if len(self.rounds) == 1 and not self.unreadable:
            return self.rounds[0]
        if len(self.unreadable) == 1 and not self.rounds:
            raise ProblemsFound(*self.unreadable.values())
        known = [each.round.id for each in self.rounds] + list(self.unreadable)
        if not known:
            raise UsageError("The project has no round. Write rounds/<id>/round.yaml.")
        raise UsageError(f"The project has {len(known)} rounds. {_choose(known)}")


def _choose(known: list[str]) -> str:
    return f"Choose one of {', '.join(sorted(known))}." if known else ""


def _root(path: Path) -> Path:
    if root := find_root(path):
        return root
    raise UsageError(
        f"There is no {FILE} in '{path}' or a folder above it. "
        "Go to a project's folder, or start one with 'letters new DIR'."
    )
