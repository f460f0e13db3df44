"""Whatever is in a wording or a rich-text field: a letter or located problems, nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from letters.document import Document, passages
from letters.errors import Problem, ProblemsFound
from letters.model import Value
from letters.wording import Wording, typeset
from tests.builders import WORDING, a_letter, a_round, a_wording, rich, write_wording

PIECES = [
    "{{ lead }}", "{{ annex }}", "{{ findings }}", "{{ checked }}", "{{ waiting | grouped }}",
    "{% if lead %}", "{% if checked and waiting > 3 %}", "{% else %}", "{% endif %}",
    "{%- if lead -%}", "{% for x in [lead, annex] %}", "{{ x }}", "{% endfor %}",
    "{% set y = lead ~ 1 %}", "{{ y }}",
    "{% include 'part.md' %}", "{% include outcome_wording %}", "{{ recommendation }}", "{{", "}}",
    "{%", "%}", "{#", "#}", "{{ lead | default(1.5) }}", "{{ 1 / 0 }}",
    "{{ lead | join(1) }}", "{{ x | first }}", "{{ none }}", "{{ [findings] }}",
    "\n", "\n\n", "\n", "\n\n", " ", "    ", "- ", "1. ", "  - ", "   2. ", "> ", "## ", "### ",
    "# ", "| a | b |\n| - | - |\n", "| a |", "|", "*", "**", "_", "`", "```", "[x](", "[x]{cy}",
    "https://x.example)", "](tel:1)", "<b>", "<!--", "&amp;", "&#0;", "&#xF0001;", "&#1114112;",
    "---", "===", "\\", "![", "]", ")", "word", "Tŷ", "text. ", "\t", "~~", "[a]: b", "'", '"',
]  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
SLOW = [HealthCheck.too_slow]


def attempt(root: Path, text: str, *, drafts: bool) -> Document | tuple[Problem, ...]:
    """The letter that `text` words, also as its rich text; or the problems."""
    write_wording(root, text, part="A part.\n", recommendation="All should.\n")
    values: dict[str, Value] = {"lead": "Ann", "findings": rich(text)}
    try:
        wording = Wording.load(root / WORDING, root)
        wording.problems(a_round(), {"in-place"})
        return typeset(a_letter(values, missing=("checked",)), wording, drafts=drafts)
    except ProblemsFound as found:
        return found.problems


@given(SOUP, st.booleans())
@example("Text.", False)
@example("{% for x in [lead] %}{% include 'part.md' %}{% endfor %}", True)
@example("> > > > > > > > > > > > > > > > > > > > > > > > text", False)
@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
def test_any_wording(text: str, drafts: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        result = attempt(Path(folder), text, drafts=drafts)
    if isinstance(result, Document):
        assert passages(result)
        assert drafts or "to be added" not in str(passages(result))
    else:
        assert result
        assert all(problem.place.file and problem.what and problem.fix for problem in result)


@pytest.fixture(scope="module")
def quoting(tmp_path_factory: pytest.TempPathFactory) -> Wording:
    root = tmp_path_factory.mktemp("quoting")
    return a_wording(root, "> {{ findings }}\n\n- a {{ findings }}\n\nAfter.")


@given(SOUP)
@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
def test_any_rich_text(quoting: Wording, text: str) -> None:
    files: set[str] = set()
    words = ["After."]
    try:
        document = typeset(a_letter({"findings": rich(text)}), quoting)
        words = [passage.text for passage in passages(document)]
    except ProblemsFound as found:
        files = {problem.place.file for problem in found.problems}
    assert "After." in words
    assert files <= {"templates/plans/letter.md", "rounds/plans/assessments.yaml"}


def test_the_soup_makes_letters_and_problems(tmp_path: Path) -> None:
    assert isinstance(attempt(tmp_path, "word {{ lead }}", drafts=False), Document)
    assert isinstance(attempt(tmp_path, "{{ annex }}", drafts=True), Document)
    assert isinstance(attempt(tmp_path, "{{ annex }}", drafts=False), tuple)
