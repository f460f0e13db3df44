"""One PDF for the person who signs: every letter, a list of them, and what changed."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from pdfminer.high_level import extract_text

from letters import BuildOptions, ProblemsFound, Project, RoundTemplates, UsageError, build_round
from letters.approvals.review import Review, review_round
from letters.cli import cli
from letters.document import Passage, as_read
from letters.merge import letters_of
from letters.render.readback import read_pdf
from letters.validators.pdf.elements import profile_findings
from tests.builders import approve, changed

FIRST = datetime(2026, 2, 20, 9, 5, tzinfo=UTC)
SECOND = FIRST + timedelta(days=3)
RECORDS = "rounds/first-round/assessments.csv"
ROUND = "rounds/first-round/round.yaml"


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")


def reviewed(root: Path, at: datetime = FIRST) -> Review:
    project = Project.load(root)
    return review_round(project, project.round(), at=at)


def opening(review: Review) -> list[str]:
    """The words before the first letter."""
    texts = [as_read(passage.text) for passage in read_pdf(review.path.read_bytes())]
    return texts[: texts.index(texts[0], 1)]


TABLE = ["Force", "Outcome", "Approval", "Page of this file"]
HEAD = ["Inspectorate of Policing", "1 Example Square Exampleton"]


def test_the_first_page_lists_every_letter_and_where_it_is(starter: Path) -> None:
    approve(starter, "dunhollow")
    review = reviewed(starter)
    assert (review.letters, review.pages, review.changed, review.since) == (
        ("ashmere", "dunhollow"), 3, (), None
    )  # fmt: skip
    assert opening(review) == [
        *HEAD,
        "Letters for approval: Plans for welfare support",
        "2 letters, of which 1 approved. Made on 20 February 2026 at 09:05.",
        *TABLE,
        "Ashmere Constabulary", "Plan in place", "not yet", "2",
        "Dunhollow & District Police", "No plan yet", "approved", "3",
        "Awaiting an outcome: Westerlyn Police.",
        "Round the letters their layout prints, and approvals bind it too:",
        "alternative text of a picture in Word: Crest of the inspectorate",
    ]  # fmt: skip


def test_the_letters_follow_as_they_would_be_built(starter: Path) -> None:
    approve(starter, "dunhollow")
    review = reviewed(starter)
    project = Project.load(starter)
    build_round(project, project.round(), BuildOptions(formats=["pdf"]))
    folder = starter / "out/first-round/letters"
    letters = [read_pdf((folder / f"{id_}.pdf").read_bytes()) for id_ in review.letters]
    expected = [one_lower(passage) for letter in letters for passage in letter]
    found = list(read_pdf(review.path.read_bytes()))
    assert found[-len(expected) :] == expected
    assert len(found) == len(expected) + len(opening(review))


def one_lower(passage: Passage) -> Passage:
    """A letter's headings stand under the one heading of the whole."""
    if not passage.kind.startswith("heading"):
        return passage
    level = int(passage.kind[-1]) + 1
    return Passage(f"heading {level}", passage.label, passage.text)


def test_links_and_outline_lead_to_each_letter(starter: Path) -> None:
    review = reviewed(starter)
    with pikepdf.open(io.BytesIO(review.path.read_bytes())) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        links = [
            (str(link.Contents), numbers[link.Dest[0].objgen]) for link in pdf.pages[0].obj.Annots
        ]
        entries = [pdf.Root.Outlines.First]
        while "/Next" in entries[-1]:
            entries.append(entries[-1].Next)
        outline = [(str(each.Title), numbers[each.Dest[0].objgen]) for each in entries]
    assert links == [("Ashmere Constabulary", 2), ("Dunhollow & District Police", 3)]
    assert outline == [("Contents", 1), *links]


def test_it_keeps_to_both_standards_as_letters_do(example_project: Path, tmp_path: Path) -> None:
    project = Project.load(example_project)
    review = review_round(project, project.round(), at=FIRST, out=tmp_path)
    content = review.path.read_bytes()
    assert (len(review.letters), review.pages) == (43, 94)
    assert list(profile_findings(content)) == []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        tree = pdf.Root.StructTreeRoot
        parts = [part for part in tree.K[0].K if part.S == "/Part"]
        assert len(tree.K) == 1
        assert len(parts) == 1 + 43
        numbers = [int(number) for number in list(tree.ParentTree.Nums)[::2]]
        assert numbers == sorted(set(numbers))
        streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        images = [each for each in streams if each.get("/Subtype") == "/Image"]
        masks = [each for each in images if "/SMask" in each]
        assert len(images) - len(masks) == 4, "one crest and three signatures, each kept once"
    texts = [passage.text for passage in read_pdf(content)]
    assert texts.count("Dear Ms Moll and Mr Brås-Nørland") == 1


def test_every_letter_is_read_in_its_language(starter: Path) -> None:
    change(starter, ROUND, "sender:", "language: cy\nsender:")
    review = reviewed(starter)
    with pikepdf.open(io.BytesIO(review.path.read_bytes())) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        parts = [part for part in pdf.Root.StructTreeRoot.K[0].K if "/Lang" in part]
        assert [str(part.Lang) for part in parts] == ["cy", "cy"]


def test_the_second_time_it_says_what_changed(starter: Path) -> None:
    reviewed(starter)
    change(starter, RECORDS, "names an owner and", "names two owners, and")
    change(starter, RECORDS, "westerlyn,,,", 'westerlyn,in-place,,"Your plan is short."')
    review = reviewed(starter, SECOND)
    assert (review.changed, review.since) == (("ashmere", "westerlyn"), FIRST)
    assert opening(review)[-5:] == [
        "What has changed since the review of 20 February 2026 at 09:05",
        "Ashmere Constabulary",
        "Your plan names two owners, and a date for each action. (It was: “an owner”.)",
        "Westerlyn Police",
        "This letter is new.",
    ]


def test_a_letter_that_is_gone_and_a_fact_beside_the_words_are_changes(starter: Path) -> None:
    reviewed(starter)
    change(starter, RECORDS, "dunhollow,not-yet", "dunhollow,")
    change(starter, ROUND, "sent: 2 March 2026", "sent: 2 March 2026\npublished: 9 March 2026")
    assert opening(reviewed(starter, SECOND))[-5:] == [
        "What has changed since the review of 20 February 2026 at 09:05",
        "Ashmere Constabulary",
        "'published: 2026-03-09' is new.",
        "Dunhollow & District Police",
        "This letter is no longer among them.",
    ]


def test_words_that_only_fell_away_are_shown_in_their_place(starter: Path) -> None:
    reviewed(starter)
    change(starter, RECORDS, " and a date for each action", "")
    (said,) = opening(reviewed(starter, SECOND))[-1:]
    assert said == "Your plan names an owner. (It was: “owner and a date for each action.”.)"


def test_made_again_with_nothing_changed_it_is_the_same_file(starter: Path) -> None:
    reviewed(starter)
    change(starter, RECORDS, "an owner", "two owners")
    before = reviewed(starter, SECOND).path.read_bytes()
    again = reviewed(starter, SECOND + timedelta(days=1))
    assert again.path.read_bytes() == before
    assert again.changed == ("ashmere",)


def test_an_approval_since_then_is_no_change_of_words(starter: Path) -> None:
    reviewed(starter)
    approve(starter)
    assert "2 letters, of which 2 approved. Made on 20 February 2026 at 09:05." in opening(
        reviewed(starter, SECOND)
    )


def test_a_lost_or_damaged_memory_makes_a_first_review(starter: Path) -> None:
    memory = reviewed(starter).path.with_name("review.json")
    for content in ("", "{", '{"last": 1}', "[]"):
        memory.write_text(content, encoding="utf-8")
        assert reviewed(starter, SECOND).since is None


def test_the_handling_marking_stands_on_the_list_too(starter: Path) -> None:
    change(starter, ROUND, "people:\n", "handling: OFFICIAL – SENSITIVE\npeople:\n")
    text = extract_text(io.BytesIO(reviewed(starter).path.read_bytes()))
    assert text.count("OFFICIAL – SENSITIVE") == 3
    approve(starter)
    text = extract_text(io.BytesIO(reviewed(starter).path.read_bytes()))
    assert "OFFICIAL" not in text


def test_nothing_to_review_and_problems_are_said(starter: Path) -> None:
    text = (starter / RECORDS).read_text(encoding="utf-8")
    change(starter, RECORDS, "ashmere,in-place", "ashmere,in-palce")
    with pytest.raises(ProblemsFound, match="'in-palce' is not an outcome"):
        reviewed(starter)
    (starter / RECORDS).write_text(
        text.splitlines()[0] + "\nashmere,,,\ndunhollow,,,\nwesterlyn,,,\n", encoding="utf-8"
    )
    with pytest.raises(UsageError) as found:
        reviewed(starter)
    assert str(found.value) == (
        "No letter of this round is finished yet, so there is none to review."
    )
    assert not (starter / "out/first-round").exists()


def test_the_command_says_where_it_is_and_what_changed(starter: Path) -> None:
    def run() -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["-C", str(starter), "review"])
        return done.exit_code, done.output

    assert run() == (0, "out/first-round/review.pdf: 2 letters, 3 pages\n")
    change(starter, RECORDS, "an owner", "two owners")
    code, output = run()
    assert code == 0
    assert output.startswith(
        "out/first-round/review.pdf: 2 letters, 3 pages; 1 changed since the review of "
    )


def test_each_letter_says_its_own_pages(starter: Path) -> None:
    review = reviewed(starter)
    round_templates = RoundTemplates.load(Project.load(starter).round())
    finished = [x for x in letters_of(Project.load(starter).round()) if x.outcome]
    assert [round_templates.typeset(letter).texts["page_label"] for letter in finished] == [
        "Page"
    ] * 2
    text = extract_text(io.BytesIO(review.path.read_bytes()))
    assert text.count("Page 1 of 1") == 3
