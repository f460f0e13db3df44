"""Sign-off: bound to a letter's content, voided by one word, and by nothing else."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_text

from letters import BuildOptions, Project, RoundTemplates, UsageError, build_round, merge_letter
from letters.approvals import Approvals, ApprovalState
from letters.approvals.content import content_text, first_form, passages_of
from letters.approvals.signing import approve_letters, both_editions, revoke_letters
from letters.cli import cli
from letters.document import Language, Link, Paragraph, Text, passages
from letters.errors import Place, Problem, ProblemsFound
from letters.files import digest
from letters.merge import letters_of
from letters.people import Person, Recipient
from letters.project.approvals_file import Approval, SignedLetter, read_signed, signed_yaml
from letters.render.readback import read_docx, read_html, read_pdf
from letters.sources.tables import checked
from tests.builders import MOMENT, PNG, approve, changed

ROOT = Path(__file__).parents[2]
ROUND = "rounds/first-round/round.yaml"
RECORDS = "rounds/first-round/assessments.csv"
WORDING = "templates/first-wording"
LATER = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
TWO = (
    "people:\n",
    "approvals_needed: 2\npeople:\n  hale:\n    name: Robin Hale\n    role: Reporting\n",
)


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def states(root: Path) -> dict[str, ApprovalState]:
    """How far each finished letter of the only round is."""
    project_round = Project.load(root).round()
    round_templates, approvals = RoundTemplates.load(project_round), Approvals.load(project_round)
    finished = [letter for letter in letters_of(project_round) if letter.outcome]
    return {
        each.id: approvals.state(each, *both_editions(round_templates, each)) for each in finished
    }


def words(root: Path) -> dict[str, str]:
    return {id_: state.word for id_, state in states(root).items()}


def approved_by(root: Path, by: str, *forces: str, at: datetime = LATER) -> list[str]:
    project = Project.load(root)
    made = approve_letters(project, project.round(), forces, by=by, at=at)
    return [f"{each.id}: {each.said}" for each in made]


def problems(root: Path) -> list[str]:
    return [str(problem) for problem in Project.load(root).problems]


def run(root: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["-C", str(root), *arguments])
    return done.exit_code, done.output


# What an approval is bound to


def test_the_content_of_the_real_letter_is_what_it_was_in_every_version() -> None:
    project_round = Project.load(ROOT).round("2017-abuse-of-position")
    letter = merge_letter(project_round, "merseyside")
    document = RoundTemplates.load(project_round).typeset(letter)
    text = first_form(letter, document)
    kept = ROOT / "rounds/2017-abuse-of-position/approved/merseyside.txt"
    assert text == kept.read_text(encoding="utf-8")
    assert digest(text.encode()) == (
        "4868d937ebda434cd19d57ae9762fab96ac6683fa007ac6ed7a2bdd1276884ef"
    )
    now = content_text(letter, document)
    picture = "alternative text of a picture in Word: Crest of the inspectorate"
    assert now == text.replace("form 1", "form 2") + f"\n{picture}\n"


def test_an_approval_of_a_name_with_two_spaces_holds(starter: Path) -> None:
    approve(starter, "ashmere")
    kept = starter / "rounds/first-round/approved/ashmere.txt"
    text = kept.read_text(encoding="utf-8")
    old = text.replace("Ashmere Constabulary", "Ashmere  Constabulary")
    kept.write_text(old, encoding="utf-8", newline="\n")
    own = "rounds/first-round/approvals.yaml"
    change(starter, own, digest(text.encode()), digest(old.encode()))
    assert words(starter)["ashmere"] == "approved"
    change(starter, own, digest(old.encode()), digest(b"other words"))
    assert words(starter)["ashmere"] != "approved"


def test_the_digest_is_the_same_on_every_machine(tmp_path: Path) -> None:
    code = (
        "from letters import Project, RoundTemplates, merge_letter\n"
        "from letters.approvals.content import first_form, text_digest\n"
        f"own = Project.load({str(ROOT)!r}).round('2017-abuse-of-position')\n"
        "letter = merge_letter(own, 'merseyside')\n"
        "print(text_digest(first_form(letter, RoundTemplates.load(own).typeset(letter))))\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "LC_ALL": locale,
                 "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, locale, zone in (("1", "C", "Asia/Tokyo"), ("77", "C.UTF-8", "America/Lima"))
    }  # fmt: skip
    assert found == {"4868d937ebda434cd19d57ae9762fab96ac6683fa007ac6ed7a2bdd1276884ef\n"}


def test_every_letter_of_the_example_can_be_read_from_its_content(example_project: Path) -> None:
    project_round = Project.load(example_project).round()
    round_templates = RoundTemplates.load(project_round)
    for letter in letters_of(project_round):
        document = round_templates.typeset(letter)
        assert passages_of(content_text(letter, document)) == passages(document)


def test_the_example_is_approved_by_two_and_the_real_letter_by_its_signatory(
    example_project: Path,
) -> None:
    found = states(example_project)
    assert len(found) == 43
    assert {state.by for state in found.values()} == {("ekwueme-hart", "merriden")}, (
        "the example's words changed: run python tools/approve_example.py"
    )
    real = states(ROOT)
    assert {id_: state.by for id_, state in real.items()} == {
        "derbyshire": (),
        "merseyside": ("cunningham",),
    }


LOOKS: list[tuple[str, bytes]] = [
    ("templates/letterhead/print.css", b"\n.date { color: red }\n"),
    ("templates/letterhead/screen.css", b"\n.date { color: red }\n"),
    ("templates/letterhead/crest.png", PNG),
    ("rounds/first-round/signature.png", PNG),
]


def test_looks_are_no_part_of_it(starter: Path) -> None:
    approve(starter)
    for file, content in LOOKS:
        path = starter / file
        path.write_bytes(content if path.suffix == ".png" else path.read_bytes() + content)
    assert words(starter) == {"ashmere": "approved", "dunhollow": "approved"}


ASHMERE, DUNHOLLOW, BOTH = ("ashmere",), ("dunhollow",), ("ashmere", "dunhollow")
CHANGES = [
    (RECORDS, "an owner", "two owners", ASHMERE, "'two owners' for 'an owner'"),
    (RECORDS, "12 January", "13 January", ASHMERE, "'13' for '12'"),
    (RECORDS, "- the plan;", "- the **plan**;", (), ""),
    (RECORDS, "- the plan;\n", "", DUNHOLLOW, "'the plan;' is gone"),
    (RECORDS, "have not", "have never", DUNHOLLOW, "'never' for 'not'"),
    (f"{WORDING}/outcomes/not-yet.md", "that you do", "you do", DUNHOLLOW, "'that' is gone"),
    (f"{WORDING}/letter.md", "queries", "questions", BOTH, "'questions,' for 'queries,'"),
    (f"{WORDING}/letter.md", "](mailto:{{ contact_email }})", "](https://inspectorate.example)",
     BOTH, "'link: https://inspectorate.example' for"
     " 'link: mailto:letters@inspectorate.example'"),
    (f"{WORDING}/labels.yaml", "Yours sincerely", "Yours truly", BOTH, "'truly' for 'sincerely'"),
    (f"{WORDING}/labels.yaml", "page: Page", "page: Leaf", BOTH,
     "'label page: Leaf' for 'label page: Page'"),
    (f"{WORDING}/labels.yaml", "draft: DRAFT", "draft: SKETCH", (), ""),
    (ROUND, "sent: 2 March 2026", "sent: 3 March 2026", BOTH, "'3' for '2'"),
    (ROUND, "sent: 2 March 2026", "sent: 2 March 2026\npublished: 9 March 2026", BOTH,
     "'published: 2026-03-09' is new"),
    (ROUND, "honours: OBE", "honours: CBE", BOTH, "'CBE' for 'OBE'"),
    (ROUND, "  email: letters@inspectorate.example",
     "  email: letters@inspectorate.example\n  phone: 01632 960001", BOTH,
     "'contact phone: 01632 960001' is new"),
    (ROUND, "  not-yet: No plan yet", "  not-yet: No plan so far", (), ""),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "voided", "said"), CHANGES)
def test_one_change_voids_the_letters_it_alters_and_no_other(
    file: str, old: str, new: str, voided: tuple[str, ...], said: str, starter: Path
) -> None:
    approve(starter)
    change(starter, file, old, new)
    found = states(starter)
    assert {id_ for id_, state in found.items() if not state.approved} == set(voided)
    assert {state.voided for state in found.values() if not state.approved} <= {("lowe",)}
    assert [found[id_].changed for id_ in voided] == [(said,)] * len(voided)


LINKS = [
    "See **[the page](https://one.example/a)** now.",
    "| See [the page](https://one.example/a) | Date |\n| --- | --- |\n| Plan | May |",
]


@pytest.mark.parametrize("body", LINKS, ids=["in bold words", "in a table's head"])
def test_a_link_that_leads_elsewhere_voids_the_approval(body: str, starter: Path) -> None:
    letter = starter / WORDING / "letter.md"
    letter.write_text(f"{letter.read_text('utf-8')}\n{body}\n", encoding="utf-8")
    approve(starter)
    assert states(starter)["ashmere"].approved
    change(starter, f"{WORDING}/letter.md", "https://one.example/a", "https://two.example/b")
    assert states(starter)["ashmere"].voided == ("lowe",)


def test_links_inside_words_of_another_language_are_approved(starter: Path) -> None:
    own = Project.load(starter).round()
    letter = merge_letter(own, "ashmere")
    document = RoundTemplates.load(own).typeset(letter)

    def text(href: str) -> str:
        block = Paragraph((Language("cy", (Link(href, (Text("y dudalen"),)),)),))
        slots = {**document.slots, "letter_body": (block,)}
        return content_text(letter, replace(document, slots=slots))

    assert "link: https://one.example/a" in text("https://one.example/a").splitlines()
    assert text("https://one.example/a") != text("https://two.example/b")


def test_another_outcome_voids_the_approval_even_in_the_same_words(starter: Path) -> None:
    approve(starter)
    for name, text in (("in-place", "Noted.\n"), ("not-yet", "Noted.\n")):
        (starter / WORDING / f"outcomes/{name}.md").write_text(text, encoding="utf-8")
    approve(starter)
    change(starter, RECORDS, "ashmere,in-place", "ashmere,not-yet")
    assert states(starter)["ashmere"].changed == ("'outcome: not-yet' for 'outcome: in-place'",)


def test_where_the_words_approved_are_lost_that_is_said(starter: Path) -> None:
    approve(starter)
    text = starter / "rounds/first-round/approved/ashmere.txt"
    text.write_text(text.read_text(encoding="utf-8") + "more\n", encoding="utf-8")
    assert words(starter)["ashmere"] == "approved"
    change(starter, RECORDS, "an owner", "two owners")
    assert states(starter)["ashmere"].changed == (
        "which words cannot be said, because rounds/first-round/approved/ashmere.txt"
        " is not what was approved",
    )


def test_an_approval_covers_the_published_edition_too(starter: Path) -> None:
    change(starter, ROUND, "sent: 2 March 2026", "sent: 2 March 2026\nprivate: [contact_email]")
    change(
        starter,
        f"{WORDING}/letter.md",
        "at [{{ contact_email }}](mailto:{{ contact_email }}).",
        "{% if contact_email %}at {{ contact_email }}.{% else %}by post.{% endif %}",
    )
    approve(starter)
    assert words(starter) == {"ashmere": "approved", "dunhollow": "approved"}
    change(starter, f"{WORDING}/letter.md", "by post.", "by letter.")
    (said,) = states(starter)["ashmere"].changed
    assert "please contact Robin Hale by letter.' for " in said
    own = Project.load(starter).round()
    letter, round_templates = merge_letter(own, "ashmere"), RoundTemplates.load(own)
    change(starter, f"{WORDING}/letter.md", "by letter.", "by post.")
    alone = Approvals.load(own).state(letter, round_templates.typeset(letter))
    assert not alone.approved, "an approval must not hold where one edition was not looked at"


# Recipients as signed


def test_a_new_chief_constable_disturbs_no_approved_letter(starter: Path) -> None:
    approve(starter)
    change(starter, "recipients.yaml", "Imogen Farrow", "Piers Aldane")
    change(starter, "recipients.yaml", "Chief Constable Farrow", "Chief Constable Aldane")
    state = states(starter)["dunhollow"]
    assert (state.approved, state.moved) == (True, ("dunhollow",))
    letter = merge_letter(Project.load(starter).round(), "dunhollow")
    assert letter.addressees[0].name == "Imogen Farrow"
    approved_by(starter, "lowe", "dunhollow")
    assert words(starter)["dunhollow"] == "approved"
    revoke_letters(Project.load(starter), Project.load(starter).round(), ["dunhollow"], by="lowe")
    approved_by(starter, "lowe", "dunhollow")
    letter = merge_letter(Project.load(starter).round(), "dunhollow")
    assert letter.addressees[0].name == "Piers Aldane"
    assert states(starter)["dunhollow"].moved == ()


def test_a_force_that_is_gone_keeps_its_approved_letter(starter: Path) -> None:
    approve(starter)
    text = (starter / "recipients.yaml").read_text(encoding="utf-8")
    first, last = text.index("dunhollow:"), text.index("westerlyn:")
    (starter / "recipients.yaml").write_text(text[:first] + text[last:], encoding="utf-8")
    assert problems(starter) == []
    assert words(starter) == {"ashmere": "approved", "dunhollow": "approved"}


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z", "Co")), min_size=1)
LINES = st.lists(PLAIN, max_size=3).map(tuple)
PEOPLE = st.builds(
    Person,
    name=st.none() | PLAIN,
    honours=st.none() | PLAIN,
    office=PLAIN,
    organisation=st.none() | PLAIN,
    postal=LINES,
    email=st.none() | st.just("a.b@c.example"),
)
RECIPIENTS = st.builds(
    Recipient,
    id=st.just("kent"),
    name=PLAIN,
    addressees=st.lists(PEOPLE, min_size=1, max_size=2).map(tuple),
    salutation=st.lists(PLAIN, min_size=1, max_size=2).map(tuple),
    copied_to=st.lists(PEOPLE, max_size=2).map(tuple),
    delivery=st.none() | PLAIN,
    signatory=st.just(()) | st.just(("lowe",)) | st.just(("lowe", "hale")),
)


REAL_ROUND = Project.load(ROOT).round("2017-abuse-of-position").round


@given(recipient=RECIPIENTS)
@settings(deadline=None, max_examples=50)
def test_what_is_written_is_read_back(
    recipient: Recipient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    faults: list[Problem] = []
    for text in re.findall(r'"(?:[^"\\]|\\.)*"', recipient.model_dump_json()):
        checked(json.loads(text), Place("recipients.yaml"), faults)
    assume(not faults)
    folder = tmp_path_factory.getbasetemp()
    entry = SignedLetter("0" * 64, (Approval("cunningham", MOMENT),), {"kent": recipient})
    (folder / "approvals.yaml").write_text(signed_yaml({"kent": entry}), encoding="utf-8")
    found: list[Problem] = []
    assert read_signed(folder, folder, REAL_ROUND, found) == {"kent": entry}
    assert found == []


# Two people, and taking back


def test_two_different_people_must_approve(starter: Path) -> None:
    change(starter, ROUND, *TWO)
    assert approved_by(starter, "lowe", "ashmere") == ["ashmere: approved, 1 of 2"]
    assert approved_by(starter, "lowe", "ashmere") == ["ashmere: unchanged, 1 of 2"]
    assert words(starter) == {"ashmere": "1 of 2", "dunhollow": "not yet"}
    assert approved_by(starter, "hale", "ashmere") == ["ashmere: approved"]
    assert states(starter)["ashmere"].by == ("lowe", "hale")


def test_the_second_does_not_complete_an_approval_of_other_words(starter: Path) -> None:
    change(starter, ROUND, *TWO)
    approved_by(starter, "lowe")
    change(starter, RECORDS, "an owner", "two owners")
    approved_by(starter, "hale")
    assert words(starter) == {"ashmere": "1 of 2", "dunhollow": "approved"}
    assert states(starter)["ashmere"].by == ("hale",)


def test_each_takes_back_their_own(starter: Path) -> None:
    change(starter, ROUND, *TWO)
    approve(starter)
    project = Project.load(starter)
    revoke_letters(project, project.round(), ["ashmere"], by="lowe")
    assert words(starter) == {"ashmere": "1 of 2", "dunhollow": "approved"}
    project = Project.load(starter)
    made = revoke_letters(project, project.round(), by="hale")
    assert [(each.id, each.said) for each in made] == [
        ("ashmere", "taken back"),
        ("dunhollow", "taken back"),
        ("westerlyn", "unchanged"),
    ]
    assert words(starter) == {"ashmere": "not yet", "dunhollow": "1 of 2"}
    folder = starter / "rounds/first-round/approved"
    assert [path.name for path in folder.iterdir()] == ["dunhollow.txt"]
    project = Project.load(starter)
    revoke_letters(project, project.round(), by="lowe")
    assert not (starter / "rounds/first-round/approvals.yaml").exists()
    assert list(folder.iterdir()) == []


def test_approving_again_keeps_the_first_moment_and_the_bytes(starter: Path) -> None:
    approve(starter)
    path = starter / "rounds/first-round/approvals.yaml"
    before = path.read_bytes()
    assert approved_by(starter, "lowe") == [
        "ashmere: unchanged",
        "dunhollow: unchanged",
        "westerlyn: awaiting",
    ]
    assert path.read_bytes() == before


def test_the_file_is_one_a_person_can_review(starter: Path) -> None:
    approve(starter, "dunhollow")
    text = (starter / "rounds/first-round/approved/dunhollow.txt").read_bytes()
    assert (starter / "rounds/first-round/approvals.yaml").read_text(encoding="utf-8") == (
        "# yaml-language-server: $schema=../../schemas/approvals.schema.json\n"
        "# Who approved which letter, and when; written by 'letters approve'."
        " Keep it under version control.\n"
        "# 'digest' is the SHA-256 of approved/<letter>.txt, the letter's content as it was"
        " approved.\n"
        "# 'recipients' are as they were then: later changes to recipients.yaml do not reach these"
        " letters.\n"
        "dunhollow:\n"
        f"  digest: {digest(text)}\n"
        "  approved:\n"
        "  - by: lowe\n"
        "    at: '2026-02-27T09:30:00+00:00'\n"
        "  recipients:\n"
        "    dunhollow:\n"
        "      name: Dunhollow & District Police\n"
        "      addressees:\n"
        "      - name: Imogen Farrow\n"
        "        honours: QPM\n"
        "        office: Chief Constable\n"
        "      salutation: Chief Constable Farrow\n"
        "      copied_to:\n"
        "      - name: Tomas Birkett\n"
        "        office: Police Commissioner for Dunhollow\n"
    )


# What can be wrong

ENTRY = "rounds/first-round/approvals.yaml"
FAULTS = [
    (ENTRY, "  digest: ", "  digset: ", [
        f"{ENTRY}:5 ashmere: digest is missing. Restore it, or approve the letter again.",
        f"{ENTRY}:6 ashmere: 'digset' is not a key here. Did you mean 'digest'?",
    ]),
    (ENTRY, "  digest: ", "  digest: x", [
        f"{ENTRY}:6 ashmere: 'x{{digest}}' is not a digest. Approve the letter again.",
    ]),
    (ENTRY, "  - by: lowe\n    at: '2026-02-27T09:30:00+00:00'\n", "", [
        f"{ENTRY}:7 ashmere: No one is listed under 'approved'."
        " Restore it, or approve the letter again.",
    ]),
    (ENTRY, "  - by: lowe\n    at:", "  - at:", [
        f"{ENTRY}:8 ashmere: An approval has no 'by'. Approve the letter again.",
    ]),
    (ENTRY, "by: lowe", "by: low", [
        f"{ENTRY}:8 ashmere: 'low' is not one of the people in round.yaml. Did you mean 'lowe'?",
    ]),
    (ENTRY, "'2026-02-27T09:30:00+00:00'", "27 February", [
        f"{ENTRY}:8 ashmere: '27 February' is not a moment in time."
        " Write it like 2017-10-02T09:30:00+01:00.",
    ]),
    (ENTRY, "'2026-02-27T09:30:00+00:00'", "2026-02-27T09:30:00", [
        f"{ENTRY}:8 ashmere: '2026-02-27T09:30:00' is not a moment in time."
        " Write it like 2017-10-02T09:30:00+01:00.",
    ]),
    (ENTRY, "    ashmere:\n      name:", "    ashmoor:\n      name:", [
        f"{ENTRY}:11 ashmere: The recipients of 'ashmoor' are under 'ashmere'."
        " Restore the entry, or approve the letter again.",
    ]),
    (ENTRY, "      name: Ashmere Constabulary\n", "", [
        f"{ENTRY}:11 ashmere.recipients.ashmere: name is missing."
        " Add it: The force's name, as printed.",
    ]),
    (ROUND, "people:\n", "approvals_needed: three\npeople:\n", [
        f"{ROUND}:21: approvals_needed 'three' is not a number. Write it in digits.",
    ]),
    (ROUND, "people:\n", "approvals_needed: 3\npeople:\n", [
        f"{ROUND}:21: approvals_needed is 3. Write 2 at most.",
    ]),
    (ROUND, "people:\n", "response_days: 0\npeople:\n", [
        f"{ROUND}:21: response_days is 0. Write 1 at least.",
    ]),
    (ROUND, "people:\n", "approvals_needed: 2\npeople:\n", [
        f"{ROUND}:21 approvals_needed: 2 people must approve each letter."
        " List as many under 'people', each with an id and a name.",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), FAULTS)
def test_what_is_wrong_is_said(
    file: str, old: str, new: str, said: list[str], starter: Path
) -> None:
    approve(starter, "ashmere")
    kept = (starter / "rounds/first-round/approved/ashmere.txt").read_bytes()
    change(starter, file, old, new)
    assert problems(starter) == [each.replace("{digest}", digest(kept)) for each in said]


def test_an_entry_without_its_letter_is_a_problem(starter: Path) -> None:
    approve(starter)
    (starter / RECORDS).write_text(
        "force,outcome,plan_date,findings\nashmere; dunhollow,in-place,,Well done.\nwesterlyn,,,\n",
        encoding="utf-8",
    )
    assert problems(starter) == [
        f"{ENTRY}:5 ashmere: 'ashmere' is not a letter of this round."
        " Restore its record, or delete the entry.",
        f"{ENTRY}:19 dunhollow: 'dunhollow' is not a letter of this round."
        " Restore its record, or delete the entry.",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- ashmere\n", f"{ENTRY}:1: The file must hold each approved letter under its id."
         " Restore it, or delete it and approve again."),
        ("", f"{ENTRY}: The file is empty. Write its content, or restore it."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_of_letters_is_a_problem(
    content: str, said: str, starter: Path
) -> None:
    (starter / ENTRY).write_text(content, encoding="utf-8")
    (found,) = problems(starter)
    assert found.replace(f"{ENTRY}:1:", f"{ENTRY}:") == said.replace(f"{ENTRY}:1:", f"{ENTRY}:")


@pytest.mark.parametrize(
    ("by", "forces", "said"),
    [
        ("low", [], "'low' is not one of the people of round first-round. Did you mean 'lowe'?"),
        ("x", [], "'x' is not one of the people of round first-round. Choose one of lowe."),
        ("lowe", ["ashmeer"], "'ashmeer' is not a force of round first-round."
         " Did you mean 'ashmere'?"),
    ],
)  # fmt: skip
def test_wrong_usage(by: str, forces: list[str], said: str, starter: Path) -> None:
    with pytest.raises(UsageError) as found:
        approved_by(starter, by, *forces)
    assert str(found.value) == said


def test_a_round_without_people_says_how_to_name_them(starter: Path) -> None:
    text = (starter / ROUND).read_text(encoding="utf-8")
    first, last = text.index("people:"), text.index("outcomes:")
    (starter / ROUND).write_text(text[:first] + text[last:], encoding="utf-8")
    with pytest.raises(UsageError) as found:
        approved_by(starter, "lowe")
    assert str(found.value) == (
        "Round first-round names no one who may approve letters."
        " List them under 'people' in round.yaml, each with an id and a name."
    )


def test_a_letter_that_awaits_its_outcome_cannot_be_approved(starter: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        approved_by(starter, "lowe", "ashmere", "westerlyn")
    assert str(found.value) == (
        "rounds/first-round westerlyn: The record names no outcome yet, so there is no letter to"
        " approve. Finish the record first."
    )
    assert not (starter / ENTRY).exists()


def test_nothing_is_approved_while_something_is_wrong(starter: Path) -> None:
    change(starter, RECORDS, "dunhollow,not-yet", "dunhollow,not-jet")
    with pytest.raises(ProblemsFound, match="'not-jet' is not an outcome"):
        approved_by(starter, "lowe")
    assert not (starter / ENTRY).exists()


# Drafts until then

READERS: list[tuple[str, Callable[[bytes], object]]] = [
    ("docx", read_docx),
    ("pdf", read_pdf),
    ("html", read_html),
]


def built(root: Path) -> dict[str, bytes]:
    project = Project.load(root)
    build_round(project, project.round(), BuildOptions(forces=["ashmere"]))
    folder = root / "out/first-round/letters"
    return {kind: (folder / f"ashmere.{kind}").read_bytes() for kind, _ in READERS}


def test_a_letter_is_a_marked_and_unsigned_draft_until_it_is_approved(starter: Path) -> None:
    change(starter, ROUND, "people:\n", "handling: OFFICIAL – SENSITIVE\npeople:\n")
    drafts = built(starter)
    approve(starter)
    letters = built(starter)
    for kind, read in READERS:
        assert "Signature of Marian Lowe" not in str(read(drafts[kind]))
        assert "Signature of Marian Lowe" in str(read(letters[kind]))
    for said in (b"DRAFT", "OFFICIAL – SENSITIVE".encode()):
        assert said in drafts["html"]
        assert said not in letters["html"]
    assert "OFFICIAL – SENSITIVE" in printed(drafts["pdf"])
    assert "OFFICIAL – SENSITIVE" not in printed(letters["pdf"])
    headers = [part for part in docx_headers(drafts["docx"]) if "OFFICIAL – SENSITIVE" in part]
    assert len(headers) == len(docx_headers(drafts["docx"])) == 2
    assert not any("OFFICIAL" in part for part in docx_headers(letters["docx"]))


def printed(pdf: bytes) -> str:
    """All that is on the pages of a PDF, marks at their edges included."""
    return extract_text(io.BytesIO(pdf))


def docx_headers(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = [name for name in package.namelist() if name.startswith("word/header")]
        return [package.read(name).decode() for name in names]


# The command line


def test_approving_prints_a_line_a_letter_and_a_sum(starter: Path) -> None:
    assert run(starter, "approve", "--by", "lowe") == (
        0,
        "ashmere: approved\ndunhollow: approved\nwesterlyn: awaiting\n2 approved, 1 awaiting\n",
    )
    assert run(starter, "approve", "dunhollow", "--by", "lowe", "--revoke") == (
        0,
        "dunhollow: taken back\n1 taken back\n",
    )


def test_the_command_says_who_is_missing(starter: Path) -> None:
    assert run(starter, "approve", "--by", "low") == (
        2,
        "letters: 'low' is not one of the people of round first-round. Did you mean 'lowe'?\n",
    )
    code, output = run(starter, "approve")
    assert (code, "Missing option '--by'" in output) == (2, True)


def test_status_and_diff_say_which_words_voided_an_approval(starter: Path) -> None:
    approve(starter)
    run(starter, "build", "--only", "html")
    change(starter, RECORDS, "an owner", "two owners")
    change(starter, "recipients.yaml", "Imogen Farrow", "Piers Aldane")
    note = (
        "ashmere: changed since Marian Lowe approved it: 'two owners' for 'an owner'."
        " Approve it again.\n"
        "dunhollow: recipients.yaml has changed since it was approved; the letter stays as it was"
        " signed. To take the change up, take the approval back and approve again.\n"
    )
    assert run(starter, "status") == (
        0,
        "Plans for welfare support\n"
        "Force                        Record  Outcome        Approval  Letter\n"
        "---------------------------  ------  -------------  --------  -----------\n"
        "Ashmere Constabulary         yes     Plan in place  changed   out of date\n"
        "Dunhollow & District Police  yes     No plan yet    approved  built\n"
        "Westerlyn Police             yes                              awaiting\n"
        + note
        + "Typed, not proved: the approvals of Marian Lowe. round.yaml gives no key.\n",
    )
    assert run(starter, "diff", "ashmere") == (
        0,
        f"ashmere: {RECORDS}:2: 'two owners' for 'an owner'\n"
        "Building again changes 1 of 1 letter: Ashmere Constabulary.\n"
        + note.splitlines(keepends=True)[0],
    )
