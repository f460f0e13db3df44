"""The gate: for each condition a round in which exactly it does not hold, and what is said then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import pytest
from click.testing import CliRunner

from letters import BuildOptions, Project, build_round
from letters.approvals.signing import revoke_letters
from letters.cli import cli
from letters.gate import CONDITIONS, EMBARGO, reasons, results_of
from letters.gate.candidate import Candidate
from letters.gate.letters import count_problems
from letters.model import Letter
from tests.builders import write
from tests.rounds.lost_property import (
    FOLDER,
    LETTER,
    NOW,
    RECIPIENTS_YAML,
    RECOMMENDATION,
    RECORDS_YAML,
    REPORT,
    ROUND,
    ROUND_YAML,
    Publishable,
)

ROOT = Path(__file__).parents[2]
HTML = "templates/letterhead/letter.html"
Changes = Mapping[str, tuple[str, str]]
NAMED = "Take it out, or list it under named_exceptions in round.yaml with the reason."


def damp(more: str) -> Changes:
    """The finding in Wiltmere's letter, with more in it."""
    return {RECORDS_YAML: ("The sheds are damp", f"The sheds are damp{more}")}


BEFORE_APPROVAL: list[tuple[str, Changes, str]] = [
    (
        "report",
        {ROUND_YAML: ("  file: report.txt\n", "")},
        f"{ROUND_YAML}:33 national_report: national_report has neither 'address' nor 'file'."
        " Add one of them, or both.",
    ),
    (
        "report",
        {ROUND_YAML: ("  file: report.txt\n", "  file: report.txt\n  press_release: {title: x}\n")},
        f"{ROUND_YAML}:36 national_report: press_release has neither 'address' nor 'file'."
        " Add one of them, or both.",
    ),
    (
        "numbers",
        {ROUND_YAML: ("Five of", "Four of"), REPORT: ("Five of", "Four of")},
        f"{ROUND_YAML}:37 claims: 'Four of the six forces had made progress.' is not what the"
        " records say: it says 'Four of the six', they count 5."
        " Correct a record, or have the sentence corrected.",
    ),
    (
        "forces",
        damp(", as they are in Sedgemoor"),
        f"{RECORDS_YAML}:9 finding: 'Sedgemoor' may mean Sedgemoor Police: '… as they are in"
        " Sedgemoor.'. Does it mean something else? Take it out. If it means something else, write"
        " the answer under 'answers' in round.yaml: - {question: \"name 'Sedgemoor' in '… as they"
        " are in Sedgemoor.'\", answer: right, date: …, reason: …}",
    ),
    (
        "forces",
        damp(", as Sedgemoor Police found"),
        f"{RECORDS_YAML}:9 finding: The letter to Wiltmere Police names another force,"
        f" 'Sedgemoor Police': '… sheds are damp, as Sedgemoor Police found.'. {NAMED}",
    ),
    (
        "forces",
        {LETTER: ("{{ finding }}", "{{ finding }} Avonby and Sedgemoor Constabulary has sheds.")},
        f"{LETTER}:9: The letter to Northholt & Vale Police and Southholt Police names another"
        " force, 'Avonby and Sedgemoor Constabulary': '… you share is full. Avonby and"
        f" Sedgemoor Constabulary has sheds.'. {NAMED}",
    ),
    (
        "officers",
        damp(", as Mr Oakes saw"),
        f"{RECORDS_YAML}:9 finding: The letter to Wiltmere Police names another force’s chief"
        f" officer, 'Mr Oakes': '… sheds are damp, as Mr Oakes saw.'. {NAMED}",
    ),
    (
        "bodies",
        damp(", as Cora Finch saw"),
        f"{RECORDS_YAML}:9 finding: The letter to Wiltmere Police names another force’s local"
        f" policing body, 'Cora Finch': '… sheds are damp, as Cora Finch saw.'. {NAMED}",
    ),
    (
        "e-mails",
        damp("; ask press@avonby.example"),
        f"{RECORDS_YAML}:9 finding: The letter to Wiltmere Police holds an address of another"
        f" force, 'press@avonby.example'. {NAMED}",
    ),
    (
        "quotations",
        {RECOMMENDATION: ("a year", "two years")},
        f"{RECOMMENDATION}:1: 'Every force should number its lost articles within two year…' is not"
        " the text registered from Lost and found, page 3. Restore its words; if these are the"
        " source's, register 5168b5cd2ef2a74543ae38d87f576d1e02fd73135db1af48762e5f7ac78f53a0.",
    ),
    (
        "quotations",
        {RECOMMENDATION: ("Every force", "Each force")},
        f"{ROUND_YAML}:47 quotations: No letter quotes 'Every force', registered from Lost and"
        " found, page 3. Restore it in the wording, or take the quotation out here.",
    ),
    (
        "terms",
        {LETTER: ("We asked", "Lost articles matter. We asked")},
        f"{LETTER}:3: The retired term 'Lost articles' is outside a quotation."
        " Write 'lost property'.",
    ),
    (
        "terms",
        {ROUND_YAML: ("title: Lost property", "title: Lost articles")},
        f"{ROUND_YAML}:1 title: The retired term 'Lost articles' is outside a quotation."
        " Write 'lost property'.",
    ),
    (
        "dates",
        {LETTER: ("We asked", "On 31 June 2016 it rained. We asked")},
        f"{LETTER}:3: '31 June 2016' is not a day of the calendar. Correct the date.",
    ),
    (
        "dates",
        {RECORDS_YAML: ("are damp", "were damp on 04/06/2016")},
        f"{RECORDS_YAML}:9 finding: '04/06/2016' can mean 4 June 2016 or 6 April 2016."
        " Write 2016-06-04 or 2016-04-06.",
    ),
    (
        "dates",
        {ROUND_YAML: ("title: Lost property", "title: Lost property on Friday 5 October 2017")},
        f"{ROUND_YAML}:1 title: 'Friday 5 October 2017' names the wrong weekday: 5 October 2017 is"
        " a Thursday. Correct the weekday or the date.",
    ),
    (
        "dates",
        {
            ROUND_YAML: ("sent: ", "response_days: 56\nsent: "),
            LETTER: ("We asked", "Please respond within 65 days, by 30 November 2017. We asked"),
        },
        f"{LETTER}:3: '30 November 2017' is not the last day to answer: that is 29 November 2017,"
        " the day of publication the first of 56."
        " Correct it, or 'response_days' or 'published' in round.yaml.",
    ),
    (
        "dates",
        {
            ROUND_YAML: ("sent: ", "response_days: 56\nsent: "),
            LETTER: ("We asked", "We await your reply in thirty days. We asked"),
        },
        f"{LETTER}:3: 'thirty days' is not the time to answer: 'response_days' is 56."
        " Correct it, or 'response_days' or 'published' in round.yaml.",
    ),
    (
        "summary",
        {ROUND_YAML: ("{{ started", "{{ strted")},
        f"{ROUND_YAML}:8 summary: 'strted' is not an outcome that can be counted."
        " Did you mean 'started'?",
    ),
    (
        "dated",
        {ROUND_YAML: ("published: 5 October 2017 at 00:01\n", "")},
        f"{ROUND_YAML} published: The round does not say when it is published."
        " Write 'published: 5 October 2017 at 00:01'.",
    ),
]

AFTER_APPROVAL: list[tuple[str, Changes, str]] = [
    (
        "sound",
        {LETTER: ("{{ finding }}", "{{ findng }}")},
        f"{LETTER}:9: {{{{ findng }}}} is not a placeholder. Did you mean {{{{ finding }}}}?",
    ),
    (
        "approved",
        {RECORDS_YAML: ("are damp", "were damp")},
        f"{FOLDER}/approvals.yaml wiltmere: The letter to Wiltmere Police was changed after Beatrix"
        " Merriden approved it: 'were' for 'are'."
        " Have it approved: letters approve wiltmere --by ID.",
    ),
    (
        "judged",
        {HTML: ("</main>", "<table><tr><td></td></tr></table></main>")},
        f"out/{ROUND}: A check found in avonby-and-sedgemoor.html and 4 more: '': A table"
        " has no header cells. (WCAG 2.2 1.3.1) Correct the layout.",
    ),
]


def test_a_round_that_may_be_published_gives_no_reason(tmp_path: Path) -> None:
    assert Publishable(tmp_path).refusal() == {}


@pytest.mark.parametrize(("name", "changes", "message"), BEFORE_APPROVAL)
def test_exactly_one_condition_fails(
    tmp_path: Path, name: str, changes: Changes, message: str
) -> None:
    refusal = Publishable(tmp_path, before=changes).refusal()
    assert list(refusal) == [name]
    assert refusal[name][0] == message


def test_an_address_of_another_force_is_private_too(tmp_path: Path) -> None:
    refusal = Publishable(tmp_path, before=damp("; ask Office@Finch.example")).refusal()
    assert list(refusal) == ["e-mails", "private"]
    assert refusal["e-mails"] == [
        f"{RECORDS_YAML}:9 finding: The letter to Wiltmere Police holds an address of another"
        f" force, 'office@finch.example'. {NAMED}"
    ]


@pytest.mark.parametrize(("name", "changes", "message"), AFTER_APPROVAL)
def test_exactly_one_condition_fails_after_approval(
    tmp_path: Path, name: str, changes: Changes, message: str
) -> None:
    refusal = Publishable(tmp_path, after=changes).refusal()
    assert list(refusal) == [name]
    assert refusal[name][0] == message


def test_a_sentence_that_is_no_longer_printed_is_named(tmp_path: Path) -> None:
    changed = {REPORT: ("Two-thirds of\nforces", "One third of\nforces")}
    assert Publishable(tmp_path, before=changed).refusal(judged=False) == {
        "printed": [
            f"{ROUND_YAML}:39 claims: 'Two-thirds of forces had started' is not in"
            " report.txt. It says 'One third of forces had started, and are getting on.'"
        ],
        "claimed": [
            f"{REPORT}: No claim covers 'One third': 'One third of forces had started, and are"
            " getting on.' Claim it, or list its words under 'not_claims', with the reason."
        ],
    }


def test_a_force_without_an_outcome_is_named(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path)
    claims = round_.text(ROUND_YAML).split("claims:\n")[1].split("quotations:")[0]
    round_.change({ROUND_YAML: ("claims:\n" + claims, "")})
    round_.change({RECORDS_YAML: ("  outcome: not-started\n", "")})
    refusal = round_.refusal(judged=False)
    assert len(refusal.pop("claimed")) == 4  # the report's numbers, whose claims are gone
    assert refusal == {
        "outcomes": [
            f"rounds/{ROUND} outcome: 1 of 6 forces awaits an outcome: Wiltmere Police."
            " Record each outcome."
        ]
    }


def test_claims_cannot_be_supported_while_a_force_awaits_its_outcome(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path, after={RECORDS_YAML: ("  outcome: not-started\n", "")})
    refusal = round_.refusal(judged=False)
    assert list(refusal) == ["outcomes", "numbers"]
    assert refusal["numbers"][0] == (
        f"{ROUND_YAML}:37 claims: 'Five of the six forces had made progress.' cannot be supported"
        " yet: the records count 5, and 1 of 6 forces awaits an outcome."
        " Record every outcome first."
    )


def test_a_letter_nobody_approved_is_named(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path)
    revoke_letters(round_.project, round_.round, ["southholt"], by="merriden")
    assert round_.refusal(judged=False) == {
        "approved": [
            f"{FOLDER}/approvals.yaml northholt-and-southholt: The letter to Northholt & Vale"
            " Police and Southholt Police is not approved."
            " Have it approved: letters approve northholt --by ID."
        ]
    }


def test_a_second_person_is_asked_for_where_the_round_needs_two(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path, before={ROUND_YAML: ("people:", "approvals_needed: 2\npeople:")})
    refusal = round_.refusal(judged=False)
    assert list(refusal) == ["approved"]
    assert len(refusal["approved"]) == 5
    assert refusal["approved"][0] == (
        f"{FOLDER}/approvals.yaml avonby-and-sedgemoor: The letter to Avonby and Sedgemoor"
        " Constabulary was approved by 1 of 2 people."
        " Have it approved: letters approve avonby-and-sedgemoor --by ID."
    )
    round_.approve(by="okoro")
    assert round_.refusal(judged=False) == {}


class Forgetful(Candidate):
    """A candidate that has lost a letter and found a stranger's."""

    @cached_property
    def letters(self) -> tuple[Letter, ...]:
        return super().letters[1:]


def test_a_recipient_without_a_letter_is_named(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path)
    candidate = Forgetful(round_.project, round_.round, NOW, round_.out)
    refusal = {r.condition.name: r.problems for r in results_of(candidate) if not r.holds}
    assert list(refusal) == ["everyone"]
    assert [str(problem) for problem in refusal["everyone"]] == [
        f"rounds/{ROUND}: The round holds no letter 'avonby-and-sedgemoor'."
        " Each recipient gets one letter; make them again."
    ]


@pytest.mark.parametrize(
    ("ids", "problems"),
    [
        (["avonby-and-sedgemoor", "sedgemoor", "wiltmere", "swinford"], 1),
        (["northholt-and-southholt", "northholt"], 5),
    ],
)
def test_joint_letters_count_once(tmp_path: Path, ids: list[str], problems: int) -> None:
    round_ = Publishable(tmp_path)
    assert len(count_problems(round_.round, ids)) == problems


def test_an_index_is_counted_by_the_same_rule(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path).round
    whole = ["avonby-and-sedgemoor", "sedgemoor", "wiltmere", "swinford", "northholt-and-southholt"]
    assert count_problems(round_, whole) == ()
    assert list(map(str, count_problems(round_, [*whole, "sedgemoor"], "The index"))) == [
        f"rounds/{ROUND}: The index holds 2 letters 'sedgemoor'."
        " Each recipient gets one letter; make them again."
    ]
    assert list(map(str, count_problems(round_, [*whole, "elsewhere"], "The manifest"))) == [
        f"rounds/{ROUND}: The manifest holds a letter 'elsewhere', which goes to no one in the"
        " round. Add the recipient, or make the letters again."
    ]


@pytest.fixture
def built(tmp_path: Path) -> Publishable:
    """A round whose letters are built as web pages."""
    round_ = Publishable(tmp_path)
    build_round(round_.project, round_.round, BuildOptions(formats=["html"]))
    return round_


def test_built_letters_are_no_reason(built: Publishable) -> None:
    assert built.refusal(judged=False) == {}


def test_a_built_letter_that_was_changed_is_named(built: Publishable) -> None:
    (built.out / "letters/wiltmere.html").write_text("<p>Well</p>", encoding="utf-8")
    assert built.refusal(judged=False) == {
        "built": [
            f"out/{ROUND}/letters wiltmere: The letter to Wiltmere Police is changed on disk."
            " Build it: letters build."
        ]
    }


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("draft", "built as a draft only, though it is approved. Build it: letters build."),
        (
            "failed",
            "one that the last build could not make."
            " Build again and see what stops it: letters build.",
        ),
        (
            "edited",
            "edited by hand in Word."
            " Carry the change into the record or wording, or build with --discard-edits.",
        ),
    ],
)
def test_what_a_build_left_behind_is_told(built: Publishable, state: str, said: str) -> None:
    record = built.out / "build.json"
    content = json.loads(record.read_text(encoding="utf-8"))
    content["letters"]["wiltmere"]["state"] = state
    if state == "draft":
        build_round(
            built.project,
            built.round,
            BuildOptions(formats=["html"], forces=["wiltmere"], drafts=True),
        )
    else:
        record.write_text(json.dumps(content), encoding="utf-8")
    refusal = built.refusal(judged=False)
    assert list(refusal) == ["built"]
    assert refusal["built"][-1] == (
        f"out/{ROUND}/letters wiltmere: The letter to Wiltmere Police is {said}"
    )


def test_letters_of_one_state_are_one_reason(built: Publishable) -> None:
    build_round(built.project, built.round, BuildOptions(formats=["html"], drafts=True))
    assert built.refusal(judged=False) == {
        "built": [
            f"out/{ROUND}/letters: 5 letters are built as drafts only, though they are approved:"
            " avonby-and-sedgemoor, sedgemoor, wiltmere and 2 more. Build them: letters build."
        ]
    }


def test_of_many_changed_words_the_first_are_quoted(tmp_path: Path) -> None:
    words = (
        "we spoke of ‘lost articles’. We asked this",
        "we wrote of ‘lost articles’. We begged that",
    )
    sheds = "The sheds are damp.", "The huts are dry."
    round_ = Publishable(tmp_path, after={LETTER: words, RECORDS_YAML: sheds})
    said = next(each for each in round_.refusal(judged=False)["approved"] if " wiltmere" in each)
    assert said == (
        f"{FOLDER}/approvals.yaml wiltmere: The letter to Wiltmere Police was changed after Beatrix"
        " Merriden approved it: 'wrote' for 'spoke'; 'begged that' for 'asked this'; 'huts' for"
        " 'sheds'; and 1 more (all listed by 'letters diff wiltmere')."
        " Have it approved: letters approve wiltmere --by ID."
    )
    status, diff = (
        CliRunner().invoke(cli, ["-C", str(tmp_path), command]).output
        for command in ("status", "diff")
    )
    assert "'sheds'; and 1 more (all listed by 'letters diff FORCE'). Approve it again.\n" in status
    assert "'huts' for 'sheds'; 'dry.' for 'damp.'. Approve it again.\n" in diff


MOMENTS = [
    ("5 October 2017 at 00:01", datetime(2017, 10, 4, 23, 1, tzinfo=UTC)),
    ("5 December 2017 at 00:01", datetime(2017, 12, 5, 0, 1, tzinfo=UTC)),
    ("25 March 2018 at 00:59", datetime(2018, 3, 25, 0, 59, tzinfo=UTC)),
    ("25 March 2018 at 02:00", datetime(2018, 3, 25, 1, 0, tzinfo=UTC)),
    ("29 October 2017 at 00:59", datetime(2017, 10, 28, 23, 59, tzinfo=UTC)),
    ("29 October 2017 at 02:00", datetime(2017, 10, 29, 2, 0, tzinfo=UTC)),
]


@pytest.mark.parametrize(("published", "moment"), MOMENTS)
def test_the_embargo_ends_at_its_second(tmp_path: Path, published: str, moment: datetime) -> None:
    round_ = Publishable(tmp_path, before={ROUND_YAML: ("5 October 2017 at 00:01", published)})
    before = round_.refusal(judged=False, now=moment - timedelta(seconds=1))
    assert list(before) == [EMBARGO]
    assert before[EMBARGO][0].startswith(
        f"{ROUND_YAML}:7 published: The embargo ends on {published}; it is "
    )
    assert round_.refusal(judged=False, now=moment) == {}


def test_staging_leaves_the_embargo_out(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path)
    early = datetime(2017, 1, 1, tzinfo=UTC)
    asked = (round_.project, round_.round)
    assert reasons(*asked, now=early, out=round_.out, but=[EMBARGO, "judged"]) == ()
    assert len(reasons(*asked, now=early, out=round_.out, but=["judged"])) == 1


def test_every_reason_is_given_at_once(tmp_path: Path) -> None:
    round_ = Publishable(
        tmp_path,
        before={
            ROUND_YAML: ("  file: report.txt\n", ""),
            RECOMMENDATION: ("a year", "two years"),
            LETTER: ("{{ finding }}", "{{ finding }} Ask Basil Oakes."),
        },
        after={RECORDS_YAML: ("are damp", "were damp")},
    )
    refusal = round_.refusal(judged=False, now=datetime(2017, 1, 1, tzinfo=UTC))
    assert list(refusal) == ["approved", "report", "officers", "quotations", "embargo"]


def test_a_force_that_moved_is_named_with_every_sentence_now_false(tmp_path: Path) -> None:
    moved = ("force: swinford\n  outcome: started", "force: swinford\n  outcome: not-started")
    round_ = Publishable(tmp_path, after={RECORDS_YAML: moved})
    tail = (
        "Swinford Police is at 'not-started' and was at 'started' when its letter was approved."
        " Correct the record, or have the sentence corrected."
    )
    assert round_.refusal(judged=False)["numbers"] == [
        f"{ROUND_YAML}:37 claims: 'Five of the six forces had made progress.' is not what the"
        f" records say: it says 'Five of the six', they count 4. {tail}",
        f"{ROUND_YAML}:39 claims: 'Two-thirds of forces had started' is not what the records say:"
        f" it says 'Two-thirds', they count 3 of 6 (50.0%). {tail}",
    ]


def test_a_changed_recipient_does_not_disturb_an_approved_round(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path, after={RECIPIENTS_YAML: ("Basil Oakes", "Basil Ashe")})
    assert round_.refusal(judged=False) == {}


def test_the_gate_names_each_condition_once() -> None:
    names = [condition.name for condition in CONDITIONS]
    assert len(set(names)) == len(names) == 22


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["-C", str(folder), "check", "--publication", *arguments])
    return done.exit_code, done.output


def test_the_command_lists_every_condition(tmp_path: Path) -> None:
    Publishable(tmp_path)
    code, output = run(tmp_path)
    assert code == 0
    assert [line.split()[-1] for line in output.splitlines()[3:-1]] == ["yes"] * len(CONDITIONS)
    assert output.splitlines()[0] == f"Publication of {ROUND}"
    assert output.splitlines()[-1] == "It may be published."


def test_what_the_round_does_not_set_neither_holds_nor_fails(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path)
    text = round_.text(ROUND_YAML)
    start, end = text.index("national_report:"), text.index("quotations:")
    write(tmp_path / ROUND_YAML, text[:start] + text[end:])
    round_.change({ROUND_YAML: ("published: 5 October 2017 at 00:01\n", "")})
    round_.approve()
    words = {each.condition.name: each.word for each in round_.results(but=["judged"])}
    assert {name: word for name, word in words.items() if word != "yes"} == {
        "report": "none set",
        "numbers": "none set",
        "printed": "none set",
        "dated": "no",
        "embargo": "none set",
    }
    assert run(tmp_path)[1].count("none set\n") == 4


def test_the_command_says_what_does_not_hold(tmp_path: Path) -> None:
    Publishable(tmp_path, before={ROUND_YAML: ("  file: report.txt\n", "")})
    code, output = run(tmp_path)
    assert code == 1
    assert "\nreport      The national report can be reached." in output
    assert "\nnumbers     The records bear out what is printed about the round." in output
    assert output.endswith(BEFORE_APPROVAL[0][2] + "\n1 problem.\n")


def test_the_command_speaks_to_other_programs(tmp_path: Path) -> None:
    Publishable(tmp_path, before={ROUND_YAML: ("  file: report.txt\n", "")})
    code, output = run(tmp_path, "--json")
    told = json.loads(output)
    (entry,) = [each for each in told["result"]["conditions"] if each["problems"]]
    assert code == 1
    assert (entry["round"], entry["condition"], entry["holds"]) == (ROUND, "report", "no")
    assert entry["problems"] == told["problems"]
    assert told["problems"][0]["what"] == "national_report has neither 'address' nor 'file'."


def test_the_real_round_is_refused_and_says_why(tmp_path: Path) -> None:
    project = Project.load(ROOT)
    round_ = project.round("2017-abuse-of-position")
    candidate = Candidate(project, round_, datetime(2017, 10, 6, tzinfo=UTC), tmp_path)
    told = {r.condition.name: [str(p) for p in r.problems] for r in results_of(candidate)}
    refusal = {name: problems for name, problems in told.items() if problems}
    assert candidate.round_templates
    assert candidate.round_templates.wording.style.terms  # nothing of it is open in 'sound'
    assert list(refusal) == ["outcomes", "approved", "pictures", "report", "numbers"]
    awaiting = [r.name for r in round_.recipients if r.id not in ("merseyside", "derbyshire")]
    assert refusal["outcomes"] == [
        "rounds/2017-abuse-of-position outcome: 41 of 43 forces await an outcome:"
        f" {', '.join(awaiting)}. Record each outcome."
    ]
    assert refusal["approved"] == [
        "rounds/2017-abuse-of-position/approvals.yaml derbyshire: The letter to Derbyshire"
        " Constabulary is not approved. Have it approved: letters approve derbyshire --by ID."
    ]
    file = "rounds/2017-abuse-of-position/round.yaml"
    line = round_.places["national_report"].line
    assert refusal["report"] == [
        f"{file}:{line} national_report: national_report has neither 'address' nor 'file'."
        " Add one of them, or both."
    ]
    sentences = [
        ("seventeen forces had made progress", 2),
        ("only two forces already have plans in place", 2),
        ("three quarters of police forces have detailed plans in place", 2),
        ("more than half of those have shown real progress", 2),
        ("the majority still have significant work to do", 0),
    ]
    assert refusal["numbers"] == [
        f"{file}:{round_.places[f'claims.{n}'].line} claims: '{sentence}' cannot be supported yet:"
        f" the records count {count}, and 41 of 43 forces await an outcome."
        " Record every outcome first."
        for n, (sentence, count) in enumerate(sentences)
    ]


def test_nothing_is_against_the_claims_of_the_example(example_project: Path) -> None:
    project = Project.load(example_project)
    round_ = project.round("2019-digital-evidence")
    candidate = Candidate(project, round_, datetime(2019, 3, 15, tzinfo=UTC), example_project)
    told = {r.condition.name: r.problems for r in results_of(candidate, but=["judged", "approved"])}
    assert {name: problems for name, problems in told.items() if problems} == {}
    assert candidate.round_templates
    assert candidate.round_templates.wording.style.terms
    assert len(round_.round.claims) == 9
