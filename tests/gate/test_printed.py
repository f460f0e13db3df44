"""A claim is the whole sentence it stands in, in reports of every form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from weasyprint import HTML

from letters import Project
from letters.errors import Place
from letters.gate.candidate import Candidate
from letters.gate.claims import ClaimContext, claim_problems, standing_problems
from letters.gate.printed import sentences
from letters.gate.quantities import Groups
from letters.gate.report import Report, report_text
from letters.model import Assessment, Claim, Nouns
from tests.builders import invented_forces, write

ROOT = Path(__file__).parents[2]
PLACE = Place("round.yaml", 1)
NOW = datetime(2019, 4, 1, tzinfo=UTC)
NAMES = ("Larkby Constabulary", "Brackensey Police", *(f"Moor {n} Police" for n in range(41)))


def a_round(count: int = 17) -> ClaimContext:
    """A round of 43 invented forces, of which the records count so many."""
    ids = [f"force-{n}" for n in range(43)]
    forces = invented_forces(ids, NAMES)
    outcomes = ["begun"] * count + ["not-begun"] * (43 - count)
    records = {
        id_: Assessment((id_,), outcome, (), {}, PLACE, {})
        for id_, outcome in zip(ids, outcomes, strict=True)
    }
    return ClaimContext(Groups(tuple(forces.values()), records), Nouns(), forces, {})


def standing(words: str, text: str, count: int = 17) -> list[str]:
    """What is said of a claim of these words in a report of this text."""
    claim = Claim(sentence=words, counts=("begun",))
    return [str(p) for p in standing_problems(claim, Report("r.txt", text), a_round(count), PLACE)]


# The example's own claims


@pytest.fixture(scope="module")
def example() -> Candidate:
    project = Project.load(ROOT / "letters/example/project")
    return Candidate(project, project.rounds[0], NOW, ROOT / "out/none")


REVERSED = [
    (
        "national report",
        ("Eighteen of the 44 forces", "Fewer than eighteen of the 44 forces"),
        "'Eighteen of the 44 forces had begun the work we asked for.' is not what"
        " national-report.html says: it says 'Fewer than eighteen of the 44'. Claim what its"
        " sentence says: 'Fewer than eighteen of the 44 forces had begun the work we asked for.'",
    ),
    (
        "national report",
        ("Three quarters of forces", "Not even three quarters of forces"),
        "'Three quarters of forces had agreed a complete plan' is not what national-report.html"
        " says: it says 'Not even three quarters'. Claim what its sentence says: 'Not even three"
        " quarters of forces had agreed a complete plan; more than half of those had started to"
        " carry it out.'",
    ),
    (
        "national report",
        ("six forces sent us", "all but six forces sent us"),
        "'six forces sent us no plan before our visit' is not what national-report.html says: it"
        " says 'all but six'. Claim what its sentence says: 'On the other hand, 25% of forces had"
        " no complete plan, and all but six forces sent us no plan before our visit.'",
    ),
    (
        "press release",
        ("Only two forces already", "Not only two forces already"),
        "'Only two forces already do what we asked for' is not what press-release.txt says: it says"
        " 'Not only two'. Claim what its sentence says: 'Not only two forces already do what we"
        " asked for in October 2018.'",
    ),
]


@pytest.mark.parametrize(("kind", "change", "message"), REVERSED, ids=lambda each: each[1])
def test_a_reversed_sentence_is_refused(
    example: Candidate, kind: str, change: tuple[str, str], message: str
) -> None:
    report = example.reports[0][kind]
    assert report.text.count(change[0]) == 1
    reversed_ = Report(report.file, report.text.replace(*change))
    claims = [c for c in example.project_round.round.claims if c.printed_in == kind]
    found = [p for c in claims for p in standing_problems(c, reversed_, example.reading, PLACE)]
    assert list(map(str, found)) == [f"round.yaml:1: {message}"]


def test_the_example_s_claims_are_what_its_report_says(example: Candidate) -> None:
    round_ = example.project_round.round
    assert len(round_.claims) == 9
    for claim in round_.claims:
        report = example.reports[0][claim.printed_in]
        assert claim_problems(claim, example.reading, PLACE) == ()
        assert standing_problems(claim, report, example.reading, PLACE) == ()


# Reports of every form


def saved(path: Path, text: str) -> Path:
    write(path, text)
    return path


def as_html(folder: Path, paragraphs: list[str]) -> Path:
    body = "".join(f"<p>{each}</p>" for each in paragraphs)
    return saved(folder / "report.html", f"<!DOCTYPE html><body><h1>Found</h1>{body}")


def as_text(folder: Path, paragraphs: list[str]) -> Path:
    return saved(folder / "report.txt", "\n\n".join(["Found", *paragraphs]))


def as_docx(folder: Path, paragraphs: list[str]) -> Path:
    document = Document()
    document.add_heading("Found", 1)
    for each in paragraphs:
        document.add_paragraph(each)
    document.save(str(folder / "report.docx"))
    return folder / "report.docx"


def as_pdf(folder: Path, paragraphs: list[str]) -> Path:
    page = as_html(folder, paragraphs).read_text("utf-8")
    HTML(string=page).write_pdf(folder / "report.pdf")
    return folder / "report.pdf"


FORMS = [as_html, as_text, as_docx, as_pdf]
SAID = [
    ("Seventeen forces had begun.", "seventeen forces had begun", ""),
    ("Fewer than seventeen forces had begun.", "seventeen forces had begun",
     "it says 'Fewer than seventeen'"),
    ("Thirty seven forces had begun.", "seven forces had begun", "is not in"),
    ("In all, 34.5% of forces had begun.", "5% of forces had begun", "is not in"),
    ("We saw 1,204 forces at work.", "204 forces at work", "is not in"),
    ("Seventeen forces had begun, Larkby Constabulary among them.",
     "Seventeen forces … Larkby Constabulary", ""),
    ("Seventeen forces had not begun, not even Larkby Constabulary.",
     "Seventeen forces … Larkby Constabulary", "the ellipsis leaves out 'not'"),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_sentence_is_read_whole_in_every_form(
    form: Callable[[Path, list[str]], Path], tmp_path: Path
) -> None:
    for sentence, words, fault in SAID:
        text = report_text(form(tmp_path, ["We looked at them all.", sentence, "That is all."]))
        said = standing(words, text)
        assert [fault in each for each in said] == [True] * bool(fault), (sentence, said)


# What else a sentence may hold


@pytest.mark.parametrize(
    ("text", "words", "fault"),
    [
        ("Seventeen of the 44 forces had begun.", "seventeen of the 44 forces",
         "it says there are 44, the records count 43"),
        ("Seventeen of the 44 forces had begun.", "Seventeen",
         "it says there are 44, the records count 43"),
        ("Seventeen forces (45%) had begun.", "Seventeen forces",
         "it says '45%' too, the records count 17 of 43"),
        ("It is not true that seventeen forces had begun.", "seventeen forces had begun",
         "it says 'not', which the claim does not quote"),
        ("Seventeen forces had begun nothing and never will.", "Seventeen forces had begun",
         "it says 'never', which the claim does not quote"),
        ("We hope that seventeen forces had begun.", "seventeen forces had begun",
         "it says 'hope', which the claim does not quote"),
        ("Last year seventeen forces had begun.", "seventeen forces had begun",
         "it says 'Last year', which the claim does not quote"),
        ("Seventeen forces had begun, which proved untrue.", "Seventeen forces had begun",
         "it says 'which proved untrue', which the claim does not quote"),
        ("It was reported that seventeen forces had begun.", "seventeen forces had begun",
         "it says 'It was reported that', which the claim does not quote"),
        ("Had seventeen forces begun by then?", "seventeen forces begun", "it is a question"),
        ("All forces had a plan except Larkby Constabulary.", "All forces had a plan",
         "it says 'All forces … except Larkby Constabulary'"),
        ("Nearly seventeen forces had begun.", "seventeen forces", "it says 'Nearly seventeen'"),
        ("Seventeen forces or more had begun.", "Seventeen forces",
         "it says 'Seventeen forces or more'"),
        ("Seventeen, or perhaps 18, had begun.", "Seventeen … had begun",
         "the ellipsis leaves out 'perhaps 18'"),
    ],
)  # fmt: skip
def test_what_the_words_leave_out_is_told(text: str, words: str, fault: str) -> None:
    (said,) = standing(words, text)
    assert said == (
        f"round.yaml:1: '{words}' is not what r.txt says: {fault}."
        f" Claim what its sentence says: '{text}'"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Of the 43 forces, seventeen had begun.", "seventeen had begun"),
        ("Seventeen forces (40%) had begun.", "Seventeen forces"),
        ("Seventeen forces (40%) had begun.", "40%"),
        ("Others did not, but seventeen forces had begun.", "seventeen forces had begun"),
        ("Last year few had, but seventeen forces had begun by May.", "seventeen forces had begun"),
        ("We inspected all 43 forces and found that seventeen had begun.", "seventeen had begun"),
        ("Seventeen forces had begun; none had finished.", "Seventeen forces had begun"),
        ("Seventeen forces had begun work that was not asked for.", "Seventeen forces had begun"),
        ("No. 5 on the list: seventeen forces had begun.", "seventeen forces had begun"),
        ("Mr. Hale said: “Seventeen forces had begun.”", "Seventeen forces had begun."),
        ("Seventeen forces had a plan, including:\nLarkby Constabulary;\nMoor 1 Police.",
         "Seventeen forces … Larkby Constabulary"),
        ("Two forces had begun. Seventeen had not.", "Two forces had begun. Seventeen had not."),
    ],
)  # fmt: skip
def test_what_the_sentence_says_besides_may_be_left_out(text: str, words: str) -> None:
    assert standing(words, text) == []


LISTS = [
    ("Three forces (Larkby, Brackensey and Moor 0) had begun.", ""),
    ("Three forces had begun: Larkby Constabulary, Brackensey Police, and Moor 0 Police.", ""),
    ("Three forces, namely the Larkby Constabulary, Brackensey and Moor 0, had begun.", ""),
    ("Three forces, including Larkby, had begun.", ""),
    ("Three forces had begun; Larkby, Brackensey and Moor 9 were visited first.", ""),
    ("Three forces had begun (Apple, Samsung and Nokia devices alike).", ""),
    (
        "Three forces (Larkby, Brackensey and Moor 9) had begun.",
        "it names Moor 9 Police, which is at 'not-begun'",
    ),
    (
        "Three forces (Larkby, Brackensey and Wibblesham) had begun.",
        "it names 'Wibblesham', which recipients.yaml does not know",
    ),
    (
        "Three forces had begun: Wibblesham, Great Tey and the Isle of Foulness.",
        "it names 'Wibblesham', which recipients.yaml does not know",
    ),
    (
        "Three forces (Larkby and Moor 0) had begun.",
        "it names 2 of the 3, without Brackensey Police",
    ),
]
"""What is printed, and what is wrong with a claim of its number alone."""


@pytest.mark.parametrize(("text", "fault"), LISTS)
def test_the_names_after_a_number_are_those_it_counts(text: str, fault: str) -> None:
    said = standing("Three forces", text, count=3)
    assert [each.partition(" is not what r.txt says: ")[2].partition(". ")[0] for each in said][
        :1
    ] == ([fault] if fault else [])


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_such_names_are_read_in_every_form(
    form: Callable[[Path, list[str]], Path], tmp_path: Path
) -> None:
    for text, fault in LISTS:
        said = standing("Three forces", report_text(form(tmp_path, [text])), count=3)
        assert fault in "".join(said), text
        assert bool(said) == bool(fault), text


def test_a_claim_that_names_somebody_unknown_is_false() -> None:
    claim = Claim(sentence="Three forces (Larkby, Brackensey and Wibblesham)", counts=("begun",))
    (said,) = claim_problems(claim, a_round(3), PLACE)
    assert str(said) == (
        "round.yaml:1: 'Three forces (Larkby, Brackensey and Wibblesham)' is not what the records"
        " say: it leaves out Moor 0 Police, which is at 'begun'; it names 'Wibblesham', which"
        " recipients.yaml does not know. Correct a record, or have the sentence corrected."
    )


def test_an_ellipsis_stays_within_its_sentence() -> None:
    text = "Seventeen forces had begun. Larkby Constabulary had finished."
    assert standing("Seventeen forces … had finished", text) == [
        "round.yaml:1: 'Seventeen forces … had finished' is not in r.txt."
        " It says 'Seventeen forces had begun.'"
    ]


def test_the_same_words_with_two_numbers_are_a_problem() -> None:
    text = "Seventeen forces had begun. By May, nearly seventeen forces had begun."
    assert standing("seventeen forces had begun", text) == [
        "round.yaml:1: 'seventeen forces had begun' is not what r.txt says: it is printed in 2"
        " places, and in one of them it says 'nearly seventeen'. Claim what its sentence says:"
        " 'By May, nearly seventeen forces had begun.'"
    ]
    text = "Seventeen forces, among them Larkby, had begun. Nine, among them Larkby, had ended."
    assert standing("among them Larkby", text) == [
        "round.yaml:1: 'among them Larkby' is not what r.txt says: it is printed in 2 places with"
        " different numbers: 'Seventeen forces, among them Larkby, had begun.'; 'Nine, among them"
        " Larkby, had ended.'. Quote more of the sentence that is meant."
    ]


def test_a_report_is_cut_into_sentences() -> None:
    text = (
        "Found\nAt St. Brannock, Dr. A. Hale saw 3.5 of them, e.g. Larkby. “Well?” It was so."
        "\nTwo had begun:\nLarkby;\nMoor 1.\nThe end"
    )
    assert sentences(text) == (
        "Found",
        "At St. Brannock, Dr. A. Hale saw 3.5 of them, e.g. Larkby.",
        '"Well?"',
        "It was so.",
        "Two had begun: Larkby; Moor 1.",
        "The end",
    )


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>Seventeen<sup>2</sup> forces", "Seventeen forces"),
        ("<p>17<sup>[3]</sup> forces, the 4<sup>th</sup>", "17 forces, the 4th"),
        ("<p><del>Sixteen</del> <ins>Seventeen</ins> forces", "Seventeen forces"),
        ("<p>Seven<wbr>teen <dfn>forces</dfn><span hidden> not</span>", "Seventeen forces"),
        ("<ul><li>One<li>Two</ul>", "One\nTwo"),
    ],
)
def test_a_page_is_read_as_its_readers_see_it(tmp_path: Path, page: str, text: str) -> None:
    assert report_text(saved(tmp_path / "report.html", page)) == text
