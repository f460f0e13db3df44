"""Heads and feet of letters as inspectorates have them, read back from all three formats."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer

from letters import Project, RoundTemplates, build_round
from letters.check import check_project
from letters.cli import cli
from letters.document import Passage, as_read
from letters.errors import UsageError
from letters.gate.letters import time_problems
from letters.merge import merge_letter
from letters.render.readback import read_docx, read_html, read_pdf
from letters.validators import validate
from tests.builders import approve, changed, unzipped, write, write_round, zipped

ROUND = """\
title: Roof repairs
wording: roofs
layout: letterhead
sender:
  name: Inspectorate of Roofs
  address: [1 Gable Street, Eaveston]
sent: 2 March 2026
signatories:
  vane:
    name: Ottoline Vane
    honours: OBE
    offices: [Inspector of Roofs, Inspector of Gutters]
    signature: vane.png
    address: [9 Ridge Lane, Tilebury]
    phone: 01632 960101
    email: o.vane@roofs.example
  crow:
    name: Jasper Crow
    offices: [Inspector of Chimneys]
    signature: crow.png
signatory: vane
people:
  vane:
    name: Ottoline Vane
  crow:
    name: Jasper Crow
outcomes:
  mended: Roof mended
fields:
  finding:
    type: text
"""
RECIPIENTS = """\
highmoor:
  name: Highmoor Fire Service
  addressees:
    - name: Ama Adeyemi
      office: Chief Fire Officer
    - name: Cllr Tom Price
      office: Commissioner
      organisation: none
  salutation: [Ms Adeyemi, Cllr Price]
  copied_to: none
  delivery: By email
lowmoor:
  name: Lowmoor Fire Service
  addressees:
    - name: Ama Adeyemi
      office: Chief Fire Officer
  salutation: Ms Adeyemi
  copied_to: none
  delivery: By email
"""
LETTER = """\
# Roof repairs

We visited {{ force_name }} and looked at every roof. {{ finding }}

Please tell us of your plans for the chimneys within forty days of this letter.
"""
LABELS = """\
title: "{{ subject }} – {{ force_name }}"
salutation: Dear {{ salutation }}
and: and
copied_to: "Copied to:"
closing: Yours sincerely
signature: Signature of {{ signatory_name }}
page: Page
of: of
draft: DRAFT
gap: to be added
letter_information: Letter information
from: From
to: To
sent_on: Sent on
direct_line: "Direct line:"
email: "Email:"
our_ref: "Our ref:"
your_ref: "Your ref:"
"""
RECORDS = """\
force,outcome,finding,sent,our_ref,your_ref,signatory
highmoor,mended,All is well.,,,,
lowmoor,mended,All is well.,,,,
"""
TEN = "".join(
    f"    - name: Copy Number {n}\n      office: Clerk {n}\n      organisation: Parish {n}\n"
    for n in range(1, 11)
)
READERS = {"docx": read_docx, "html": read_html, "pdf": read_pdf}
COPIES = re.compile(r"<w:p>(?:(?!<w:p>).)*?\{\{p letter_copies \}\}.*?</w:p>", re.DOTALL)


def a_round(root: Path, **changes: str) -> Path:
    """The project, with whole files or more of round.yaml (`more`) in the place of some."""
    return write_round(
        root,
        {
            "recipients.yaml": changes.get("recipients", RECIPIENTS),
            "rounds/roofs/round.yaml": changes.get("round", ROUND) + changes.get("more", ""),
            "rounds/roofs/assessments.csv": changes.get("records", RECORDS),
            "templates/roofs/letter.md": changes.get("letter", LETTER),
            "templates/roofs/labels.yaml": changes.get("labels", LABELS),
            "templates/roofs/outcomes/mended.md": "The roof is mended.\n",
        },
        "rounds/roofs/vane.png",
        "rounds/roofs/crow.png",
    )


def copies_last(root: Path) -> Path:
    """The letterhead with those who get a copy after the signature, in both layouts."""
    page = root / "templates/letterhead/letter.html"
    text = changed(page.read_text(encoding="utf-8"), "{{ letter_copies }}\n", "")
    after = "{{ letter_signatory }}\n</div>\n"
    write(page, changed(text, after, f"{after}{{{{ letter_copies }}}}\n"))
    return word_copies_last(root)


def word_copies_last(root: Path) -> Path:
    file = root / "templates/letterhead/letter.docx"
    parts = unzipped(file.read_bytes())
    body = parts["word/document.xml"].decode()
    found = COPIES.search(body)
    assert found
    body = changed(body.replace(found[0], ""), "<w:sectPr>", f"{found[0]}<w:sectPr>")
    write(file, zipped({**parts, "word/document.xml": body.encode()}))
    return root


def made(root: Path, force: str = "highmoor") -> dict[str, tuple[Passage, ...]]:
    """The passages of a force's approved letter by format; each file is sound."""
    project = Project.load(approve(root))
    assert [str(each) for each in project.problems] == []
    letters = build_round(project, project.rounds[0])
    assert [each.problem for each in letters if each.problem] == []
    folder = root / "out/roofs/letters"
    files = {each: (folder / f"{force}.{each}").read_bytes() for each in READERS}
    for format_, content in files.items():
        assert validate(f"{force}.{format_}", content) == ()
    return {each: READERS[each](content) for each, content in files.items()}


def texts(passages: tuple[Passage, ...]) -> list[str]:
    """What passages say; spaces at which no line breaks are spaces."""
    return [as_read(each.text) for each in passages if each.text]


def the_same(root: Path, force: str = "highmoor") -> list[str]:
    """What a letter says, in every format."""
    read = made(root, force)
    said = texts(read["pdf"])
    assert texts(read["docx"]) == said
    assert texts(read["html"]) == said
    return said


def test_the_head_is_that_of_the_person_who_signs(tmp_path: Path) -> None:
    assert the_same(a_round(tmp_path))[:4] == [
        "Inspectorate of Roofs",
        "9 Ridge Lane Tilebury",
        "Direct line: 01632 960101",
        "Email: o.vane@roofs.example",
    ]


def test_a_signatory_without_a_head_has_the_senders(tmp_path: Path) -> None:
    records = changed(RECORDS, "highmoor,mended,All is well.,,,,", "highmoor,mended,Well.,,,,crow")
    assert the_same(a_round(tmp_path, records=records))[:3] == [
        "Inspectorate of Roofs",
        "1 Gable Street Eaveston",
        "Ama Adeyemi Chief Fire Officer Highmoor Fire Service",
    ]


def test_an_addressee_without_an_organisation(tmp_path: Path) -> None:
    said = the_same(a_round(tmp_path))
    assert "Cllr Tom Price Commissioner" in said
    assert "Dear Ms Adeyemi and Cllr Price" in said


def test_references_and_a_date_of_the_letter_itself(tmp_path: Path) -> None:
    records = changed(RECORDS, "well.,,,,", "well.,5 March 2026,AB/12,X 7,")
    said = the_same(a_round(tmp_path, records=records))
    at = said.index("5 March 2026")
    assert said[at - 1 : at + 2] == ["By email", "5 March 2026", "Our ref: AB/12 Your ref: X 7"]
    assert "2 March 2026" in texts(
        read_pdf((tmp_path / "out/roofs/letters/lowmoor.pdf").read_bytes())
    )


def test_a_letter_dated_after_its_publication_is_a_problem(tmp_path: Path) -> None:
    records = changed(RECORDS, "well.,,,,", "well.,5 May 2026,,,")
    root = a_round(tmp_path, records=records, more="published: 9 March 2026 at 09:30\n")
    assert [str(each) for each in time_problems(Project.load(root).rounds[0])] == [
        "rounds/roofs/assessments.csv:2 sent: The letter is dated 5 May 2026, and is published "
        "before, on 9 March 2026 at 09:30. Correct the date that is wrong."
    ]


@pytest.mark.parametrize("signing", ["side by side", "one after another"])
def test_two_sign_left_before_right(tmp_path: Path, signing: str) -> None:
    more = changed(ROUND, "signatory: vane", f"signatory: [vane, crow]\nsigning: {signing}")
    said = the_same(a_round(tmp_path, round=more))
    assert said[said.index("Yours sincerely") :] == [
        "Yours sincerely",
        "Signature of Ottoline Vane",
        "Ottoline Vane OBE",
        "Inspector of Roofs Inspector of Gutters",
        "Signature of Jasper Crow",
        "Jasper Crow",
        "Inspector of Chimneys",
    ]


def test_room_to_sign_where_there_is_no_image(tmp_path: Path) -> None:
    more = changed(ROUND, "    signature: vane.png\n", "")
    said = the_same(a_round(tmp_path, round=more))
    assert said[said.index("Yours sincerely") :][:2] == ["Yours sincerely", "Ottoline Vane OBE"]


def test_ten_copies_at_the_end_each_on_one_line(tmp_path: Path) -> None:
    recipients = changed(RECIPIENTS, "copied_to: none\n  delivery", f"copied_to:\n{TEN}  delivery")
    root = a_round(tmp_path, recipients=recipients, more="on_one_line: [copies]\n")
    said = the_same(copies_last(root))
    assert said[said.index("Copied to:") - 1 :] == [
        "Inspector of Roofs Inspector of Gutters",
        "Copied to:",
        *(f"Copy Number {n}, Clerk {n}, Parish {n}" for n in range(1, 11)),
    ]


def test_an_order_of_slots_in_one_layout_alone_is_a_problem(tmp_path: Path) -> None:
    root = word_copies_last(a_round(tmp_path))
    assert [str(each) for each in check_project(Project.load(root))] == [
        "templates/letterhead/letter.html: '{{ letter_copies }}' comes after "
        "'{{ letter_delivery }}'; in letter.docx '{{p letter_date }}' does. "
        "Put the slots into the same order in both: readers meet them so."
    ]


def test_one_person_of_two_services_is_named_once(tmp_path: Path) -> None:
    records = "force,outcome,finding\nhighmoor; lowmoor,mended,All is well.\n"
    said = the_same(a_round(tmp_path, records=records), "highmoor-and-lowmoor")
    assert [each for each in said if "Adeyemi" in each] == [
        "Ama Adeyemi Chief Fire Officer Highmoor Fire Service Lowmoor Fire Service",
        "Dear Ms Adeyemi and Cllr Price",
    ]


def test_the_web_letter_is_from_the_person_where_the_round_says_so(tmp_path: Path) -> None:
    made(a_round(tmp_path, more="from: signatory\n"))
    page = (tmp_path / "out/roofs/letters/highmoor.html").read_text(encoding="utf-8")
    assert "<dd>Ottoline Vane OBE<br>Inspector of Roofs<br>Inspector of Gutters</dd>" in page


def test_a_label_is_asked_for_where_a_letter_needs_it(tmp_path: Path) -> None:
    root = a_round(
        tmp_path,
        labels=changed(LABELS, 'our_ref: "Our ref:"\n', ""),
        records=changed(RECORDS, "well.,,,,", "well.,,AB/12,,"),
    )
    assert [str(each) for each in check_project(Project.load(root))] == [
        "templates/roofs/labels.yaml: The label 'our_ref' is missing. "
        "Add it: Stands before the letter's reference."
    ]


def test_a_force_without_addressees_is_named_as_that(tmp_path: Path) -> None:
    empty = "  addressees:\n  salutation: Ms Adeyemi\n"
    recipients = re.sub(
        r"(lowmoor:\n.*?\n)  addressees:.*?\n  salutation: Ms Adeyemi\n",
        rf"\1{empty}",
        RECIPIENTS,
        flags=re.DOTALL,
    )
    project = Project.load(a_round(tmp_path, recipients=recipients))
    with pytest.raises(UsageError) as found:
        merge_letter(project.rounds[0], "lowmoor")
    assert str(found.value) == (
        "recipients.yaml:14 lowmoor: addressees is empty. "
        "Fill it in: Those the letter is written to, in the order printed."
    )


ONE_LINE = "We will write again."
FILLER = "We looked at the roof of every station and wrote down what we had seen there that day."


@pytest.mark.parametrize("count", range(14, 22, 2))
@pytest.mark.parametrize("last", [ONE_LINE, f"- One point.\n- {ONE_LINE}", f"> {ONE_LINE}"])
def test_a_signature_takes_two_lines_of_text_with_it(tmp_path: Path, last: str, count: int) -> None:
    fillers = "\n\n".join([FILLER] * count)
    root = a_round(tmp_path, letter=f"# Roof repairs\n\n{fillers}\n\n{last}\n")
    project = Project.load(root)
    round_templates = RoundTemplates.load(project.rounds[0])
    letter = round_templates.typeset(merge_letter(project.rounds[0], "lowmoor"))
    pdf = round_templates.render(letter, "pdf").content
    pages = list(extract_pages(io.BytesIO(pdf)))
    found = pages[-1] if len(pages) > 1 else None
    words = (
        ""
        if found is None
        else "\n".join(each.get_text() for each in found if isinstance(each, LTTextContainer))
    )
    before = words.partition("Yours sincerely")[0]
    assert not words or sum(line.endswith(".") for line in map(str.strip, before.split("\n"))) >= 2


def test_two_lines_of_word_letters_go_with_the_signature(tmp_path: Path) -> None:
    made(a_round(tmp_path, letter=f"# Roof repairs\n\n{FILLER}\n\n{FILLER}\n\n{ONE_LINE}\n"))
    letter = unzipped((tmp_path / "out/roofs/letters/highmoor.docx").read_bytes())
    body = letter["word/document.xml"].decode()
    paragraphs = re.findall(r"<w:p>(?:(?!<w:p>).)*?</w:p>", body, re.DOTALL)
    kept = ["w:keepNext" in each for each in paragraphs if FILLER in each or ONE_LINE in each]
    assert kept == [False, True, True]


def test_a_build_says_which_letters_end_on_a_nearly_empty_page(tmp_path: Path) -> None:
    fillers = "\n\n".join([FILLER] * 10)
    root = approve(a_round(tmp_path, letter=f"# Roof repairs\n\n{fillers}\n\n{ONE_LINE}\n"))
    for _ in ("made", "made before"):
        told = CliRunner().invoke(cli, ["-C", str(root), "build"]).output
        assert "2 letters end on a nearly empty page (8 lines at most): highmoor, lowmoor." in told


def test_a_layout_may_set_a_letter_closer_to_save_a_page(tmp_path: Path) -> None:
    fillers = "\n\n".join([FILLER] * 10)
    root = a_round(tmp_path, letter=f"# Roof repairs\n\n{fillers}\n\n{ONE_LINE}\n")
    assert pages_of(root) == 2
    sheet = root / "templates/letterhead/print.css"
    rules = sheet.read_text(encoding="utf-8")
    write(sheet, f"{rules}\n.tight p {{ margin-bottom: 7pt }}\n")
    assert pages_of(root) == 2
    write(sheet, f"{rules}\n.tight p {{ margin-bottom: 4pt }}\n")
    assert pages_of(root) == 1


@pytest.mark.parametrize(
    "where", [".side-by-side p", ".reference", ".copied-to-line", ".room-to-sign + p"]
)
def test_styles_of_heads_and_feet_cannot_hide_words(tmp_path: Path, where: str) -> None:
    root = a_round(tmp_path)
    for name in ("print.css", "screen.css"):
        sheet = root / "templates/letterhead" / name
        rules = sheet.read_text(encoding="utf-8")
        write(sheet, f"{rules}\n{where} {{ color: #eee }}\n")
    found = [str(each) for each in check_project(Project.load(root))]
    assert len(found) == 2
    assert all("contrast" in each for each in found)


def test_rules_for_closer_letters_are_looked_at_as_all_others(tmp_path: Path) -> None:
    root = a_round(tmp_path)
    sheet = root / "templates/letterhead/print.css"
    rules = sheet.read_text(encoding="utf-8")
    write(sheet, f"{rules}\n.tight p {{ color: #eee }}\n")
    (problem,) = check_project(Project.load(root))
    assert "print.css" in str(problem)
    assert "contrast" in str(problem)


def pages_of(root: Path) -> int:
    """How many pages the letter of lowmoor has."""
    project_round = Project.load(root).rounds[0]
    round_templates = RoundTemplates.load(project_round)
    letter = round_templates.typeset(merge_letter(project_round, "lowmoor"))
    return len(list(extract_pages(io.BytesIO(round_templates.render(letter, "pdf").content))))
