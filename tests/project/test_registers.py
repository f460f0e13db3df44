"""Registers outside the round: who must get a letter, by which name, on which day."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from letters import Project
from letters.project.recipients import known_registers, read_register
from tests.builders import changed, write
from tests.rounds.found_property import RECIPIENTS, ROUND, a_publishable

ROOT = Path(__file__).parents[2]
ROUND_YAML = "rounds/2026-found-property/round.yaml"
OWN = """\
title: The police forces of the invented north
source: An Act of no parliament
entries:
  - name: Northmoor Police
    web: https://www.northmoor.example
  - name: Southmoor Constabulary
    until: 1 March 2026
  - name: Southmoor Police
    from: 2 March 2026
    also_known_as: [SoP]
  - name: Eastmere Police
  - name: Westmere & Llŷn Police
"""


def problems(root: Path, register: str = OWN, **files: str) -> list[str]:
    files.setdefault("round", changed(ROUND, "sent: ", "register: {name: north}\nsent: "))
    a_publishable(root, **files)
    write(root / "registers/north.yaml", register)
    return [str(each) for each in Project.load(root).problems]


def on(day: str) -> str:
    return changed(ROUND, "sent: ", f"register: {{name: north, date: {day}}}\nsent: ")


@pytest.mark.parametrize(
    ("name", "day", "count"),
    [
        ("police-forces", date(2017, 10, 2), 43),
        ("fire-services-england", date(2021, 3, 31), 45),
        ("fire-services-england", date(2021, 4, 1), 44),
    ],
)
def test_the_registers_that_come_with_the_tool(name: str, day: date, count: int) -> None:
    found: list[object] = []
    register = read_register(known_registers(ROOT)[name], ROOT, found)  # type: ignore[arg-type]
    assert register
    assert len({each.name for each in register.on(day)}) == count
    assert register.source
    assert found == []


def test_the_real_round_writes_to_every_force_of_its_day() -> None:
    assert Project.load(ROOT).problems == ()


def test_forces_taken_out_of_recipients_yaml_are_missed(tmp_path: Path) -> None:
    text = (ROOT / "recipients.yaml").read_text("utf-8")
    kent, lancashire = text.index("kent:"), text.index("lancashire:")
    for name in ("rounds", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    write(tmp_path / "recipients.yaml", text[:kent] + text[lancashire:])
    said = [str(each) for each in Project.load(tmp_path).problems]
    assert said == [
        "rounds/2017-abuse-of-position/round.yaml:9 register: 1 of the police forces of England and"
        " Wales on 2 October 2017 get no letter: Kent Police. Add them to recipients.yaml, or list"
        " those it concerns: 'recipients'."
    ]


def test_recipients_are_those_of_the_day(tmp_path: Path) -> None:
    assert problems(tmp_path / "before", round=on("1 March 2026")) == []
    assert problems(tmp_path / "after") == [
        f"{ROUND_YAML}:6 register: 'Southmoor Constabulary' is not among the police forces of the"
        " invented north on 2 March 2026. Did you mean 'Southmoor Police'?",
        f"{ROUND_YAML}:6 register: 1 of the police forces of the invented north on 2 March 2026 get"
        " no letter: Southmoor Police. Add them to recipients.yaml, or list those it concerns:"
        " 'recipients'.",
    ]


def test_another_name_in_recipients_yaml_is_known(tmp_path: Path) -> None:
    own = "name: Southmoor Constabulary\n"
    text = changed(RECIPIENTS, own, f"{own}  also_known_as: [SoP]\n")
    assert problems(tmp_path, recipients=text) == []


def test_a_name_without_its_accent_is_told(tmp_path: Path) -> None:
    text = changed(RECIPIENTS, "Llŷn", "Llyn")
    assert problems(tmp_path, round=on("1 March 2026"), recipients=text) == [
        f"{ROUND_YAML}:6 register: 'Westmere & Llyn Police' is registered as 'Westmere & Llŷn"
        " Police'. Write it so in recipients.yaml."
    ]


def test_a_round_that_lists_its_recipients_need_not_write_to_all(tmp_path: Path) -> None:
    some = changed(on("1 March 2026"), "sent: ", "recipients: [northmoor, southmoor]\nsent: ")
    records = "force,outcome,finding,shelves,remark\nnorthmoor,in-place,All is well.,1,\n"
    assert problems(tmp_path, round=some, records=records) == []


def test_mistakes_in_a_register_and_its_name_are_told(tmp_path: Path) -> None:
    wrong = changed(ROUND, "sent: ", "register: {name: nort}\nsent: ")
    assert problems(tmp_path / "name", round=wrong) == [
        f"{ROUND_YAML}:6 register: There is no register 'nort'. Use one of"
        " fire-services-england, police-forces, north; did you mean 'north'?"
    ]
    register = changed(OWN, "web: https", "wbe: https")
    assert problems(tmp_path / "file", register, round=on("1 March 2026")) == [
        "registers/north.yaml:5 entries: 'wbe' is not a key here. Did you mean 'web'?"
    ]
