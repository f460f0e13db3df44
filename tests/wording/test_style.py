"""House style: what letters say and what not, from when, and what is passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters import Project, build_round
from letters.check import check_project
from letters.errors import ProblemsFound
from tests.builders import changed, write
from tests.rounds.found_property import LETTER, ROUND, a_publishable

WORDING = "templates/found-property"
FILE = f"{WORDING}/letter.md"
TERMS = """\
terms:
  - say: HMICFRS
    not: HMIC
    from: 19 July 2017
    why: it took on fire and rescue services
    except: [the HMIC Medal]
  - say: His Majesty’s
    not: [Her Majesty’s, HM’s]
    from: 8 September 2022
  - say: evidence
    not: exhibit
    until: 1 January 2020
"""
RULES = "registered_names: yes\nnumbers_in_words: yes\ndashes: yes\nthat_and_which: yes\n"


def found(root: Path, said: str, style: str = TERMS, **files: str) -> list[str]:
    """What a check says of a letter with a further paragraph."""
    a_publishable(root, letter=f"{LETTER}\n{said}\n", **files)
    write(root / WORDING / "style.yaml", style)
    return [str(each) for each in check_project(Project.load(root))]


HMIC = (
    f"{FILE}:21: The house style is 'HMICFRS', not 'HMIC', since 19 July 2017 (it took on fire and"
    " rescue services). Write 'HMICFRS'."
)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("We, HMIC, asked.", HMIC),
        ("HMIC’s plan of March 2018 is here.", HMIC),
        ("HMIC\nand others asked in 2015. But HMIC asks now.", HMIC),
        (
            "For Her Majesty's Inspectorate.",
            f"{FILE}:21: The house style is 'His Majesty’s', not 'Her Majesty's', since"
            " 8 September 2022. Write 'His Majesty’s'.",
        ),
        (
            "HM’s inspectors came.",
            f"{FILE}:21: The house style is 'His Majesty’s', not 'HM’s', since 8 September 2022."
            " Write 'His Majesty’s'.",
        ),
    ],
)
def test_a_term_that_is_not_said_is_told_at_its_line(
    tmp_path: Path, said: str, problem: str
) -> None:
    assert found(tmp_path, said) == [problem]


@pytest.mark.parametrize(
    "said",
    [
        "HMICFRS asked, and so did the HMIC Medal’s holders.",
        "In March 2016 HMIC asked.",
        "On 18 July 2017 HMIC asked; in 2014 Her Majesty’s inspectors did.",
        "They wrote “HMIC asked us” and *HMIC in Wales*.",
        "> HMIC asked for this.",
        "Write to hmic@HMIC.example, or see https://www.HMIC.example/HMIC.",
        "An exhibit, hmic and HMIC-like.",
    ],
)
def test_what_is_others_or_of_an_earlier_time_is_passed_over(tmp_path: Path, said: str) -> None:
    assert found(tmp_path, said) == []


def test_a_term_in_a_record_is_told_at_its_cell(tmp_path: Path) -> None:
    from tests.rounds.found_property import RECORDS

    records = changed(RECORDS, "=1+1", "HMIC came by")
    assert found(tmp_path, "", records=records) == [
        "rounds/2026-found-property/assessments.csv:2 remark: The house style is 'HMICFRS', not"
        " 'HMIC', since 19 July 2017 (it took on fire and rescue services). Write 'HMICFRS'."
    ]


def test_what_round_yaml_says_in_public_is_asked_too(tmp_path: Path) -> None:
    round_ = changed(ROUND, "title: Found property", "title: HMIC and found property")
    assert found(tmp_path, "", round=round_) == [
        "rounds/2026-found-property/round.yaml title: The house style is 'HMICFRS', not 'HMIC',"
        " since 19 July 2017 (it took on fire and rescue services). Write 'HMICFRS'."
    ]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("There were 3 stores.", "'3' is in figures. Write it in words."),
        ("A store - and a shed.", "'-' stands for a dash. Write – with a space on each side."),
        ("A store--and a shed.", "'--' stands for a dash. Write – with a space on each side."),
        (
            "The store which is shut.",
            "'store which' limits what it follows. Write 'that', or a comma.",
        ),
        (
            "Westmere & Llyn Police",
            "'Westmere & Llyn Police' is registered as 'Westmere & Llŷn Police'."
            " Write 'Westmere & Llŷn Police'.",
        ),
    ],
)
def test_rules_of_their_own_are_asked_where_they_are_on(
    tmp_path: Path, said: str, words: str
) -> None:
    assert found(tmp_path / "on", said, RULES) == [f"{FILE}:21: {words}"]
    assert found(tmp_path / "off", said) == []


def test_what_a_rule_passes_over(tmp_path: Path) -> None:
    said = (
        "On 3 May 2016 at 9.30 we saw page 3 and 12 of 1,204, 5% of £4 and table 2; the store,"
        " which is shut, in which – as we said – 10 things lie, is a 2-storey house on page 7."
    )
    assert found(tmp_path, said, RULES) == []


def test_a_build_refuses_what_a_check_refuses(tmp_path: Path) -> None:
    found(tmp_path, "We, HMIC, asked.")
    project = Project.load(tmp_path)
    with pytest.raises(ProblemsFound) as refused:
        build_round(project, project.round())
    assert str(refused.value) == HMIC


def test_a_letter_built_before_a_rule_is_looked_at_again(tmp_path: Path) -> None:
    found(tmp_path, "We, HMIC, asked.", "terms: []\n")
    project = Project.load(tmp_path)
    build_round(project, project.round())
    write(tmp_path / WORDING / "style.yaml", TERMS)
    project = Project.load(tmp_path)
    with pytest.raises(ProblemsFound) as refused:
        build_round(project, project.round())
    assert str(refused.value) == HMIC


def test_mistakes_in_the_file_are_told(tmp_path: Path) -> None:
    style = "terms:\n  - say: A\n    nott: B\n  - not: C\n    from: 31 June 2020\nnumbers: yes\n"
    assert found(tmp_path, "", style) == [
        f"{WORDING}/style.yaml:3 terms: 'nott' is not a key here. Did you mean 'not'?",
        f"{WORDING}/style.yaml:4 terms: say is missing. Add it: What letters say, such as HMICFRS.",
        f"{WORDING}/style.yaml:5 terms.from: '31 June 2020' is not a day of the calendar."
        " Correct the date.",
        f"{WORDING}/style.yaml:6: 'numbers' is not a key here. Did you mean 'numbers_in_words'?",
    ]
