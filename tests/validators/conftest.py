"""What finished letters of the example are to say."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from letters import Project, RoundTemplates
from letters.approvals import Approvals
from letters.approvals.signing import as_approved
from letters.merge import letters_of
from letters.validators import Expected

MeantOf = Callable[[str], Expected]
"""What a letter of the example is to say, by its name."""


@pytest.fixture(scope="session")
def meant(example_project: Path) -> MeantOf:
    """Letters of the example as a build typesets them."""
    (project_round,) = Project.load(example_project).rounds
    round_templates = RoundTemplates.load(project_round)
    approvals = Approvals.load(project_round)
    letters = {letter.id: letter for letter in letters_of(project_round)}

    @cache
    def of(name: str) -> Expected:
        document, _ = as_approved(round_templates, approvals, letters[name])
        return Expected(document, round_templates.web.own_words(document))

    return of
