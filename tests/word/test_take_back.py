"""What people change in Word letters is carried into wording and records, and nothing else."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path
from shutil import copy

import pytest
from openpyxl import Workbook, load_workbook

from letters import BuildOptions, Project, build_round
from tests.builders import saved, unzipped, with_shared_texts, zipped
from tests.word.returning import (
    ADA,
    BEN,
    bold,
    change_xml,
    gone,
    ins,
    letters,
    moved_from,
    moved_to,
    project_files,
    retype,
    rewrite,
    run,
    said,
    spelt,
)

ASKED = "We asked for a plan and have not received one."
NO_PLAN = "We found that you do not yet have a plan."
QUERIES = "If you have any queries, please contact Robin Hale at letters@inspectorate.example."
FIRST = (
    "We have assessed how Dunhollow & District Police plans to support the welfare of its officers"
    " and staff. In our report we recommended:"
)
CSV = "rounds/first-round/assessments.csv"
LETTER = "templates/first-wording/letter.md"
NOT_YET = "templates/first-wording/outcomes/not-yet.md"


def built(root: Path) -> Path:
    project = Project.load(root)
    build_round(project, project.round(), BuildOptions(formats=["docx"]))
    return root / "out/first-round/letters/dunhollow.docx"


@pytest.fixture
def letter(starter: Path) -> Path:
    """A built Word letter, whose record is a row of a CSV file."""
    return built(starter)


def root_of(letter: Path) -> Path:
    return letter.parents[3]


def changed_files(root: Path, before: dict[str, bytes]) -> dict[str, tuple[str, str]]:
    """The files that differ, each with the first text that did and what stands there now."""
    after = project_files(root)
    assert {*after} == {*before}
    found = {}
    for name, old in before.items():
        new = after[name]
        if new != old:
            shortest = min(len(old), len(new))
            head = next((n for n in range(shortest) if old[n] != new[n]), shortest)
            limit = shortest - head
            tail = next((n for n in range(limit) if old[-1 - n] != new[-1 - n]), limit)
            found[name] = (
                old[head : len(old) - tail].decode(),
                new[head : len(new) - tail].decode(),
            )
    return found


def rebuilt(root: Path) -> list[str]:
    letters(root, "build", "--discard-edits", "--only", "docx")
    return said(root / "out/first-round/letters/dunhollow.docx")


def test_a_change_is_shown_with_its_author_its_place_and_its_reach(letter: Path) -> None:
    root = root_of(letter)
    rewrite(
        letter,
        ASKED,
        run("We asked for a plan and have ")
        + gone("not ")
        + ins("never ", BEN)
        + run("received one."),
    )
    retype(letter, "We have assessed", "We have looked at")
    before = project_files(root)
    assert letters(root, "take-back", str(letter)) == (
        "1. dunhollow.docx, not tracked: 'looked at' for 'assessed'\n"
        "   in 'We have assessed how Dunhollow & District Police plans to s…'\n"
        f"   {LETTER}:3, fixed wording: changes all 2 letters\n"
        "2. dunhollow.docx, Ada Thorne, 3 March 2026 and Ben Kite, 4 March 2026: 'never' for"
        " 'not'\n"
        f"   in '{ASKED}'\n"
        f"   {CSV}:3 findings, the record: changes 1 of 2 letters: Dunhollow & District Police\n"
        "2 changes, none accepted; wording and records stay as they are.\n"
        "Accept some with --accept N, or all with --all.\n"
    )
    assert project_files(root) == before


def test_only_what_is_accepted_is_written_and_the_letter_says_it(letter: Path) -> None:
    root = root_of(letter)
    retype(letter, "We have assessed", "We have looked at")
    rewrite(
        letter,
        ASKED,
        spelt("We asked for a plan and have")
        + gone(" not")
        + ins(" never")
        + spelt(" received one."),
    )
    before, wanted = project_files(root), said(letter)
    output = letters(root, "take-back", str(letter), "--accept", "2")
    assert output.endswith(
        f"2 changes, 1 accepted, written to {CSV}.\n"
        "Edited files will be kept in out/first-round/edited/.\n"
        f"Next: letters -C {shlex.quote(str(root))} build --discard-edits\n"
    )
    assert changed_files(root, before) == {CSV: ("ot", "ever")}
    assert rebuilt(root) == [each.replace("looked at", "assessed") for each in wanted]


CASES = {
    "a word of the wording": (
        FIRST, run("We have ") + gone("assessed") + ins("examined") + run(FIRST[16:]), {},
        {LETTER: ("assess", "examin")},
    ),
    "runs split by the spelling check": (
        QUERIES, spelt(QUERIES.replace("any queries", "questions")), {},
        {LETTER: ("any querie", "question")},
    ),
    "an item of a list put in": (
        "the plan;", run("the plan;"),
        {"after": '<w:p><w:pPr><w:pStyle w:val="ListBullet"/><w:rPr><w:ins w:id="1" ' + ADA
         + "/></w:rPr></w:pPr>" + ins("a timetable;") + "</w:p>"},
        {CSV: ("", "a timetable;\n- ")},
    ),
    "a paragraph put in": (
        NO_PLAN, run(NO_PLAN), {"after": f"<w:p>{ins('This is *not* a surprise.', BEN)}</w:p>"},
        {NOT_YET: ("", "\nThis is \\*not\\* a surprise.\n")},
    ),
    "a paragraph taken out": (
        ASKED, gone(ASKED), {"mark": f'<w:del w:id="4" {ADA}/>'},
        {CSV: (f"{ASKED}\n\n", "")},
    ),
    "the mark of a paragraph taken out": (
        ASKED, run(ASKED + " "), {"mark": f'<w:del w:id="4" {ADA}/>'},
        {CSV: ("\n\n", " ")},
    ),
    "words with signs of Markdown": (
        ASKED, run(ASKED.replace("a plan", "*a* [plan](x) & \"more\"")), {},
        {CSV: ("a plan", '\\*a\\* \\[plan\\](x) & ""more""')},
    ),
    "a paragraph taken out at the end of its file": (
        QUERIES, gone(QUERIES), {"mark": f'<w:del w:id="4" {ADA}/>'},
        {LETTER: (
            "If you have any queries, please contact {{ contact_name }} at [{{ contact_email }}]"
            "(mailto:{{ contact_email }}).\n", ""
        )},
    ),
    "a paragraph split": (
        ASKED, run("We asked for a plan."),
        {"after": f"<w:p>{run('And have not received one.')}</w:p>"},
        {CSV: (" a", ".\n\nA")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_word_365_writes_is_carried(letter: Path, case: str) -> None:
    words, xml, more, wanted = CASES[case]
    root = root_of(letter)
    before = project_files(root)
    rewrite(letter, words, xml, **more)
    from letters.word.returned import ReturnedLetter

    returned = [each.text for each in ReturnedLetter.read(letter.read_bytes()).passages]
    letters(root, "take-back", str(letter), "--all")
    assert changed_files(root, before) == wanted
    assert rebuilt(root) == returned


def test_a_move_is_one_change_here_and_one_there(letter: Path) -> None:
    root = root_of(letter)
    rewrite(letter, NO_PLAN, moved_from(NO_PLAN), mark=f'<w:moveFrom w:id="1" {ADA}/>')
    rewrite(letter, QUERIES, run(QUERIES) + moved_to(f" {NO_PLAN}"))
    before = project_files(root)
    output = letters(root, "take-back", str(letter), "--reject", "1")
    assert f"1. dunhollow.docx, Ada Thorne, 3 March 2026: '{NO_PLAN}' is gone\n" in output
    assert f"2. dunhollow.docx, Ada Thorne, 3 March 2026: '{NO_PLAN}' is new\n" in output
    assert changed_files(root, before) == {LETTER: ("", f" {NO_PLAN}")}


def test_looks_and_pictures_are_named_and_nothing_is_written(letter: Path) -> None:
    root = root_of(letter)
    rewrite(
        letter, ASKED, run("We asked for ") + bold("a plan") + run(" and have not received one.")
    )
    box = (
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>'
        "<w:p><w:r><w:t>Urgent</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    rewrite(letter, NO_PLAN, run(NO_PLAN) + box)
    before = project_files(root)
    assert letters(root, "take-back", str(letter), "--all") == (
        "dunhollow.docx: A text box says 'Urgent'. Put its words into a paragraph.\n"
        "dunhollow.docx: Looks only, nothing to carry: Ada Thorne changed the look of 'a plan' on"
        " 3 March 2026.\n"
        "No word differs from the letter as it was built.\n"
    )
    assert project_files(root) == before


def test_what_is_worked_out_is_named_and_not_written(letter: Path) -> None:
    root = root_of(letter)
    retype(letter, "2 March 2026", "3 March 2026")
    before = project_files(root)
    assert letters(root, "take-back", str(letter), "--all") == (
        "1. dunhollow.docx, not tracked: '3' for '2'\n"
        "   in '2 March 2026'\n"
        "   not carried: This is {{ sent_date }}, which is worked out of round.yaml or"
        " recipients.yaml. Change it there by hand.\n"
        "1 change, none accepted; wording and records stay as they are.\n"
    )
    assert project_files(root) == before


def test_words_that_would_be_a_placeholder_are_not_written(letter: Path) -> None:
    root = root_of(letter)
    retype(letter, "assessed", "{{ findings }}")
    before = project_files(root)
    assert "The words hold braces" in letters(root, "take-back", str(letter), "--all")
    assert project_files(root) == before


def test_a_letter_returned_by_e_mail_is_known_by_its_name_or_its_title(
    letter: Path, tmp_path: Path
) -> None:
    root = root_of(letter)
    retype(letter, "assessed", "examined")
    for name in ("dunhollow (2) AT comments.docx", "Copy of letter.docx"):
        copy(letter, tmp_path / name)
        assert "'examined' for 'assessed'" in letters(root, "take-back", str(tmp_path / name))
    properties = "docProps/core.xml"
    change_xml(tmp_path / "Copy of letter.docx", lambda x: x.replace("Dunhollow", "It"), properties)
    unknown = str(tmp_path / "Copy of letter.docx")
    assert letters(root, "take-back", unknown, code=2) == (
        "letters: Copy of letter.docx: nothing in its name or its title says which letter it is."
        " Name its force: --force ID, and its round where there are several: --round ROUND.\n"
    )
    assert "'examined'" in letters(root, "take-back", unknown, "--force", "dunhollow")


def test_another_letter_under_this_name_is_refused(letter: Path, tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_paragraph("Something else.")
    document.save(str(tmp_path / "dunhollow.docx"))
    output = letters(root_of(letter), "take-back", str(tmp_path / "dunhollow.docx"), code=2)
    assert output == (
        "letters: dunhollow.docx: hardly a paragraph is that of the letter to Dunhollow & District"
        " Police. If it is that letter, say so: --force dunhollow.\n"
    )


def test_a_letter_whose_sources_changed_since_is_refused(letter: Path) -> None:
    root = root_of(letter)
    retype(letter, "assessed", "examined")
    path = root / NOT_YET
    path.write_text(path.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert letters(root, "take-back", str(letter), code=1) == (
        "letters: The letter to Dunhollow & District Police is made of other words now than when"
        " its Word letter was built: its record, wording or layout was changed since. Put that"
        " back, take the letter back, and change it again; 'letters diff dunhollow' shows what"
        " differs.\n"
    )


def test_two_reviewers_change_the_same_words_once(letter: Path) -> None:
    root = root_of(letter)
    other = letter.with_name("ashmere.docx")
    retype(letter, "assessed", "examined")
    retype(other, "assessed", "examined")
    before = project_files(root)
    output = letters(root, "take-back", str(letter), str(other), "--all")
    assert "   made already by a change accepted before\n" in output
    assert changed_files(root, before) == {LETTER: ("assess", "examin")}


def test_json_says_the_same_and_writes_nothing(letter: Path) -> None:
    root = root_of(letter)
    rewrite(
        letter, ASKED, run("We asked for a plan and have ") + gone("not ") + run("received one.")
    )
    before = project_files(root)
    (change,) = json.loads(letters(root, "take-back", str(letter), "--json"))["result"]["changes"]
    assert change["by"] == [{"author": "Ada Thorne", "date": "2026-03-03"}]
    assert (change["was"], change["now"], change["place"]) == ("not", "", f"{CSV}:3 findings")
    assert project_files(root) == before
    assert "accepted" in letters(root, "take-back", str(letter), "--json", "--all")
    assert changed_files(root, before) == {CSV: ("not ", "")}


def test_a_number_that_no_change_has_is_refused(letter: Path) -> None:
    retype(letter, "assessed", "examined")
    output = letters(root_of(letter), "take-back", str(letter), "--accept", "4", code=2)
    assert output == "letters: The last change is 1, not 4. Nothing was written.\n"


YAML = """\
# By hand.
- force: dunhollow   # the second
  outcome: not-yet
  findings: |
    We asked for a plan and have not received one.

    Please send it by: 1 May.
- force: ashmere
  outcome: in-place
  plan_date: 2026-01-12
  findings: 'It''s the plan of an owner,
    with a date.'
"""


@pytest.mark.parametrize(
    ("force", "old", "new", "wanted"),
    [
        ("dunhollow", "not received one", "received: none", ("not received ", "received: n")),
        ("ashmere", "owner", "owner's friend", ("", "''s friend")),
        ("ashmere", "It's", "It’s", ("''", "’")),
        ("ashmere", "12 January 2026", "13 January 2026", ("2", "3")),
        ("ashmere", "with a date.", 'with a "date": now', ("date.", '"date": now')),
    ],
)
def test_a_yaml_value_is_changed_where_it_stands(
    starter: Path, force: str, old: str, new: str, wanted: tuple[str, str]
) -> None:
    (starter / CSV).unlink()
    name = "rounds/first-round/assessments.yaml"
    (starter / name).write_text(YAML, encoding="utf-8")
    letter = built(starter).with_name(f"{force}.docx")
    retype(letter, old, new)
    before, returned = project_files(starter), said(letter)
    letters(starter, "take-back", str(letter), "--all")
    assert changed_files(starter, before) == {name: wanted}
    letters(starter, "build", "--discard-edits", "--only", "docx")
    assert said(letter) == returned


def a_workbook(findings: str) -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Assessments"
    import datetime

    for row in (
        ["force", "outcome", "plan_date", "findings"],
        ["dunhollow", "not-yet", None, findings],
        ["ashmere", "in-place", datetime.date(2026, 1, 12), "We asked for a plan."],
    ):
        sheet.append(row)
    sheet["C3"].number_format = "D MMMM YYYY"
    workbook.create_sheet("Notes")["A1"] = "Keep me"
    return saved(workbook)


@pytest.mark.parametrize("shared", [False, True])
def test_one_cell_of_a_workbook_is_changed_and_no_other_part(starter: Path, shared: bool) -> None:
    (starter / CSV).unlink()
    path = starter / "rounds/first-round/assessments.xlsx"
    book = a_workbook("We asked for a plan.")
    path.write_bytes(with_shared_texts(book) if shared else book)
    letter = built(starter)
    retype(letter, "We asked for a plan.", "We asked for <a> plan & more.")
    retype(letter.with_name("ashmere.docx"), "12 January 2026", "13 January 2026")
    before, returned = unzipped(path.read_bytes()), said(letter)
    files = [str(letter), str(letter.with_name("ashmere.docx"))]
    output = letters(starter, "take-back", *files, "--all")
    assert "assessments.xlsx Assessments!D2 findings, the record: changes 1 of 2" in output
    after = unzipped(path.read_bytes())
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]
    assert list(before) == list(after)
    sheet = load_workbook(path).worksheets[0]
    values = [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
    assert values[1:] == [
        ["dunhollow", "not-yet", "None", r"We asked for \<a\> plan & more."],
        ["ashmere", "in-place", "2026-01-13 00:00:00", "We asked for a plan."],
    ]
    assert rebuilt(starter) == returned


def test_a_formula_is_refused(starter: Path) -> None:
    (starter / CSV).unlink()
    path = starter / "rounds/first-round/assessments.xlsx"
    parts = unzipped(a_workbook("We asked for a plan."))
    name = "xl/worksheets/sheet1.xml"
    cell = re.search(rb'<c r="D2".*?</c>', parts[name])
    assert cell
    formula = b'<c r="D2" t="str"><f>UPPER("x")</f><v>We asked for a plan.</v></c>'
    parts[name] = parts[name].replace(cell[0], formula)
    path.write_bytes(zipped(parts))
    letter = built(starter)
    retype(letter, "We asked for a plan.", "We asked for one.")
    before = project_files(starter)
    assert (
        "   not carried: The cell D2 holds a formula, whose result is not typed. Change what it is"
        " worked out from, or type the value in Excel.\n"
    ) in letters(starter, "take-back", str(letter), "--all")
    assert project_files(starter) == before


def a_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 120_000_000)
    return out.getvalue()


def test_files_that_are_no_letters_are_refused_without_a_traceback(
    letter: Path, tmp_path: Path
) -> None:
    parts = unzipped(letter.read_bytes())
    entity = b'<!DOCTYPE a [<!ENTITY b "c">]>' + parts["word/document.xml"].partition(b"?>")[2]
    hostile = {
        "empty": b"",
        "text": b"no Word file",
        "bomb": a_bomb(),
        "broken": zipped({**parts, "word/document.xml": b"<w:document"}),
        "entity": zipped({**parts, "word/document.xml": entity}),
        "long": zipped(
            {**parts, "word/document.xml": parts["word/document.xml"] + b" " * 21_000_000}
        ),
        "bodiless": zipped({**parts, "word/document.xml": b'<a xmlns="b"/>'}),
        "cut": letter.read_bytes()[:2000],
    }
    for name, content in hostile.items():
        path = tmp_path / f"dunhollow-{name}.docx"
        path.write_bytes(content)
        output = letters(root_of(letter), "take-back", str(path), "--force", "dunhollow", code=1)
        assert output.startswith(f"letters: {path}: The file"), output


def test_in_a_terminal_each_change_is_asked_about(letter: Path) -> None:
    pty = pytest.importorskip("pty")
    root = root_of(letter)
    retype(letter, "We have assessed", "We have examined")
    retype(letter, "have not received", "have never received")
    before = project_files(root)
    master, slave = pty.openpty()
    os.write(master, b"n\ny\n")
    done = subprocess.run(
        [sys.executable, "-m", "letters", "-C", str(root), "take-back", str(letter)],
        stdin=slave,
        capture_output=True,
        check=True,
        timeout=60,
        encoding="utf-8",
    )
    assert done.stdout.count("   Accept it? [y/N]: ") == 2
    assert "2 changes, 1 accepted" in done.stdout
    assert changed_files(root, before) == {CSV: ("ot", "ever")}
