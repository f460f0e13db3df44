"""Records into letters: Word, PDF and web page from one wording.

    from letters import Project, RoundTemplates, build_round, merge_letter

    project = Project.load("path/to/project")
    round_ = project.round("2017-abuse-of-position")
    letter = merge_letter(round_, "merseyside")
    round_templates = RoundTemplates.load(round_)
    pdf = round_templates.render(round_templates.typeset(letter), "pdf").content
    built = build_round(project, round_)

Every mistake in a user's files is a `Problem` at a `Place`, raised as `ProblemsFound`; every error
this package raises on purpose is a `LettersError`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from letters.approvals.review import review_round as review_round
    from letters.approvals.signing import approve_letters as approve_letters
    from letters.build.options import BuildOptions as BuildOptions
    from letters.build.round import build_round as build_round
    from letters.check import check_project as check_project
    from letters.dispatch import dispatch_letters as dispatch_letters
    from letters.errors import LettersError as LettersError
    from letters.errors import Place as Place
    from letters.errors import Problem as Problem
    from letters.errors import ProblemsFound as ProblemsFound
    from letters.errors import UsageError as UsageError
    from letters.merge import merge_letter as merge_letter
    from letters.model import Letter as Letter
    from letters.project import Project as Project
    from letters.render import Artifact as Artifact
    from letters.render.round_templates import RoundTemplates as RoundTemplates
    from letters.status import round_status as round_status

_ROOMS = {
    "Artifact": "render",
    "BuildOptions": "build.options",
    "Letter": "model",
    "LettersError": "errors",
    "Place": "errors",
    "Problem": "errors",
    "ProblemsFound": "errors",
    "Project": "project",
    "RoundTemplates": "render.round_templates",
    "UsageError": "errors",
    "approve_letters": "approvals.signing",
    "build_round": "build.round",
    "check_project": "check",
    "dispatch_letters": "dispatch",
    "merge_letter": "merge",
    "review_round": "approvals.review",
    "round_status": "status",
}
"""The public names, and where each is."""

_FORMER = {"Stationery": "RoundTemplates"}
"""Names of version 0.1 that programs may still use."""

__all__ = sorted(_ROOMS)


def __getattr__(name: str) -> object:
    """Load a public name's room when it is first asked for: engines take half a second to start."""
    name = _FORMER.get(name, name)
    if name not in _ROOMS:
        raise AttributeError(f"module 'letters' has no attribute '{name}'")
    return getattr(import_module(f"letters.{_ROOMS[name]}"), name)
