"""A condition that names a value asks whether it is recorded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from letters.document import passages
from letters.model import Value
from tests.builders import rich, set_letter

ZERO = {"waiting": Decimal(0)}
NOTHING: dict[str, Value] = {}

CASES: list[tuple[str, dict[str, Value], list[str]]] = [
    ("{% if waiting %}{{ waiting }} wait.{% endif %}", {**ZERO}, ["0 wait."]),
    (
        "{% if waiting %}{{ waiting }} wait.{% endif %}",
        {"waiting": Decimal("0.00")},
        ["0.00 wait."],
    ),
    ("{% if waiting %}x{% else %}y{% endif %}", NOTHING, ["y"]),
    ("{% if not waiting %}x{% else %}y{% endif %}", {**ZERO}, ["y"]),
    ("{% if not waiting %}x{% else %}y{% endif %}", NOTHING, ["x"]),
    ("{% if lead and waiting %}x{% else %}y{% endif %}", {**ZERO, "lead": "A"}, ["x"]),
    ("{% if waiting and lead %}x{% else %}y{% endif %}", {**ZERO, "lead": "A"}, ["x"]),
    ("{% if waiting and lead %}x{% else %}y{% endif %}", {**ZERO}, ["y"]),
    ("{% if lead or waiting %}x{% else %}y{% endif %}", {**ZERO}, ["x"]),
    ("{% if not (lead or waiting) %}x{% else %}y{% endif %}", {**ZERO}, ["y"]),
    ("{% if lead %}x{% elif waiting %}y{% endif %}", {**ZERO}, ["y"]),
    ("{{ 'x' if waiting else 'y' }}", {**ZERO}, ["x"]),
    ("{{ 'x' if not waiting else 'y' }}", {**ZERO}, ["y"]),
    ("{{ 'x' if (lead if waiting else annex) else 'y' }}", {**ZERO, "lead": "A"}, ["x"]),
    ("{{ waiting or 'none' }} wait.", {**ZERO}, ["0 wait."]),
    ("{{ waiting or 'None' }} wait.", NOTHING, ["None wait."]),
    ("{{ waiting and 'Some' or 'None' }} wait.", {**ZERO}, ["Some wait."]),
    ("{% set n = waiting %}{% if n %}x{% endif %}", {**ZERO}, ["x"]),
    ("{% for n in [waiting] if n %}{{ n }} wait.{% endfor %}", {**ZERO}, ["0 wait."]),
    ("{% if waiting == 0 %}x{% endif %}", {**ZERO}, ["x"]),
    ("{% if waiting and waiting > 0 %}x{% else %}y{% endif %}", {**ZERO}, ["y"]),
    ("{% if waiting > 0 or waiting %}x{% else %}y{% endif %}", {**ZERO}, ["x"]),
    ("{% if [] | length %}x{% else %}y{% endif %}", NOTHING, ["y"]),
    ("{% if checked %}x{% else %}y{% endif %}", {"checked": True}, ["x"]),
    ("{% if checked %}x{% else %}y{% endif %}", {"checked": False}, ["y"]),
    ("{% if not checked %}x{% else %}y{% endif %}", {"checked": False}, ["x"]),
    ("{% if checked and waiting %}x{% else %}y{% endif %}", {**ZERO, "checked": False}, ["y"]),
    ("{% if lead %}x{% else %}y{% endif %}", {"lead": ""}, ["y"]),
    ("{% if findings %}x{% endif %}", {"findings": rich("a")}, ["x"]),
    ("{% if sent_date %}x{% endif %}", NOTHING, ["x"]),
]


@pytest.mark.parametrize(("body", "values", "words"), CASES)
def test_what_is_recorded_counts_as_true(
    tmp_path: Path, body: str, values: dict[str, Value], words: list[str]
) -> None:
    texts = [passage.text for passage in passages(set_letter(tmp_path, body, values))]
    assert texts[texts.index("Subject") + 1 : texts.index("Yours sincerely")] == words
