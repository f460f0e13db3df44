"""Records into letters: Word, PDF and web page from one wording.

    from letters import Project, Stationery, build_round, merge_letter

    project = Project.load("path/to/project")
    round_ = project.round("2017-abuse-of-position")
    letter = merge_letter(round_, "merseyside")
    stationery = Stationery.load(round_)
    pdf = stationery.render(stationery.typeset(letter), "pdf").content
    built = build_round(project, round_)

Every mistake in a user's files is a `Problem` at a `Place`, raised as `ProblemsFound`; every error
this package raises on purpose is a `LettersError`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from letters.approvals.signing import approve_letters
    from letters.build import build_round
    from letters.check import check_project
    from letters.dispatch import dispatch_letters
    from letters.errors import LettersError, Place, Problem, ProblemsFound, UsageError
    from letters.merge import merge_letter
    from letters.model import Letter
    from letters.project import Project
    from letters.render import Artifact
    from letters.render.stationery import Stationery
    from letters.review import review_round
    from letters.status import round_status

_ROOMS = {
    "Artifact": "render.artifact",
    "Letter": "model",
    "LettersError": "errors",
    "Place": "errors",
    "Problem": "errors",
    "ProblemsFound": "errors",
    "Project": "project",
    "Stationery": "render.stationery",
    "UsageError": "errors",
    "approve_letters": "approvals.signing",
    "build_round": "build",
    "check_project": "check",
    "dispatch_letters": "dispatch",
    "merge_letter": "merge",
    "review_round": "review",
    "round_status": "status",
}

__all__ = [
    "Artifact",
    "Letter",
    "LettersError",
    "Place",
    "Problem",
    "ProblemsFound",
    "Project",
    "Stationery",
    "UsageError",
    "approve_letters",
    "build_round",
    "check_project",
    "dispatch_letters",
    "merge_letter",
    "review_round",
    "round_status",
]


def __getattr__(name: str) -> object:
    """Load a public name's room when it is first asked for: engines take half a second to start."""
    if name not in _ROOMS:
        raise AttributeError(f"module 'letters' has no attribute '{name}'")
    return getattr(import_module(f"letters.{_ROOMS[name]}"), name)
