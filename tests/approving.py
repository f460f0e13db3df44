"""Approving the letters of a project, as its people would."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from letters.approvals.signing import approve_letters
from letters.project import Project

MOMENT = datetime(2026, 2, 27, 9, 30, tzinfo=UTC)


def approve(folder: Path, *forces: str) -> None:
    """Approve the finished letters of every round, or those of `forces`, by as many as it takes."""
    for project_round in Project.load(folder).rounds:
        people = list(project_round.round.people)[: project_round.round.approvals_needed]
        for by in people:
            project = Project.load(folder)
            own = project.round(project_round.round.id)
            approve_letters(project, own, forces, by=by, at=MOMENT)
