"""Whole rounds, built and read back: what a reader meets is what records and wording say."""

import json
import re
import shutil
from pathlib import Path

import pytest

from letters import BuildOptions, Project, RoundTemplates, build_round, merge_letter
from letters.document import Passage, as_read, passages
from letters.files import digest
from letters.render.readback import read_docx, read_html, read_pdf
from tests.builders import approve
from tests.rounds.fire_service import EXPECTED, write_fire_service

ROOT = Path(__file__).parent.parent
GOLDENS = sorted((ROOT / "tests/goldens").glob("*.txt"))
READ = {"docx": read_docx, "pdf": read_pdf, "html": read_html}
READERS = pytest.mark.parametrize("format_", READ)


def golden(path: Path) -> tuple[Passage, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [[part.strip() for part in line.split("|", 2)] for line in lines if line.strip()]
    return tuple(Passage(kind, label, text) for kind, label, text in rows)


def met(content: bytes, format_: str) -> tuple[Passage, ...]:
    """What a reader meets in a file; a space at which no line ends is a space."""
    read = READ[format_](content)
    return tuple(Passage(each.kind, each.label, as_read(each.text)) for each in read)


def readings(folder: Path, letter: str) -> dict[str, tuple[Passage, ...]]:
    files = folder / "letters"
    return {ending: met((files / f"{letter}.{ending}").read_bytes(), ending) for ending in READ}


def test_the_example_builds_129_files(example_out: Path) -> None:
    made = sorted(path.suffix for path in (example_out / "letters").iterdir())
    assert made == [".docx"] * 43 + [".html"] * 43 + [".pdf"] * 43
    record = json.loads((example_out / "build.json").read_text(encoding="utf-8"))
    assert {entry["state"] for entry in record["letters"].values()} == {"built"}
    for entry in record["letters"].values():
        for file in entry["files"].values():
            content = (example_out / "letters" / file["name"]).read_bytes()
            assert (digest(content), len(content)) == (file["sha256"], file["size"])


def test_every_example_letter_reads_the_same_in_every_format(
    example_project: Path, example_out: Path
) -> None:
    (project_round,) = Project.load(example_project).rounds
    round_templates = RoundTemplates.load(project_round)
    letters = sorted({path.stem for path in (example_out / "letters").iterdir()})
    assert len(letters) == 43
    for id_ in letters:
        expected = passages(round_templates.typeset(merge_letter(project_round, id_)))
        found = readings(example_out, id_)
        assert {ending: got == expected for ending, got in found.items()} == dict.fromkeys(
            READ, True
        ), id_


@pytest.mark.parametrize(
    "path", [p for p in GOLDENS if p.stem != "merseyside"], ids=lambda p: p.stem
)
@READERS
def test_a_letter_equals_its_golden(path: Path, format_: str, example_out: Path) -> None:
    content = (example_out / "letters" / f"{path.stem}.{format_}").read_bytes()
    assert met(content, format_) == golden(path)


def test_six_goldens_show_every_structure() -> None:
    found = [passage for path in GOLDENS if path.stem != "merseyside" for passage in golden(path)]
    kinds = {passage.kind for passage in found}
    labels = {re.sub(r"\w+", "n", passage.label) for passage in found}
    assert len(GOLDENS) == 7
    assert kinds == {
        "heading 1", "heading 2", "heading 3", "paragraph", "quote",
        "table heading", "table cell", "figure",
    }  # fmt: skip
    assert labels == {"", "•", "–", "▪", "n."}


def real_letter(folder: Path, change: tuple[str, str] = ("", "")) -> dict[str, tuple[Passage, ...]]:
    """The Merseyside letter as signed, or not signed from a copy with recipients.yaml changed."""
    for name in ("rounds", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    if change[0]:
        (folder / "rounds/2017-abuse-of-position/approvals.yaml").unlink()
    recipients = (ROOT / "recipients.yaml").read_text(encoding="utf-8")
    assert change[0] in recipients
    (folder / "recipients.yaml").write_text(recipients.replace(*change), encoding="utf-8")
    project = Project.load(folder)
    project_round = project.round("2017-abuse-of-position")
    build_round(project, project_round, BuildOptions(forces=["merseyside"]))
    return readings(folder / "out/2017-abuse-of-position", "merseyside")


@pytest.fixture(scope="module")
def merseyside(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Passage, ...]]:
    return real_letter(tmp_path_factory.mktemp("merseyside"))


def straight(text: str) -> str:
    for typographic, plain in (("‘", "'"), ("’", "'"), ("“", '"'), ("”", '"')):
        text = text.replace(typographic, plain)
    return " ".join(text.split())


def source_paragraphs() -> list[str]:
    """The letter as published, a paragraph each, without the description of the signature."""
    source = (ROOT / "tests/real_letters/letter-merseyside-2017-10-02.txt").read_text(
        encoding="utf-8"
    )
    paragraphs = [straight(part) for part in re.split(r"\n\s*\n", source.replace("*", ""))]
    return [part for part in paragraphs if part and not part.startswith("A handwritten signature")]


@READERS
def test_merseyside_equals_its_source_word_for_word(
    format_: str, merseyside: dict[str, tuple[Passage, ...]]
) -> None:
    letter = merseyside[format_]
    start = next(n for n, p in enumerate(letter) if p.text.startswith("Chief Constable"))
    words = " ".join(straight(p.text) for p in letter[start:] if p.kind != "figure")
    assert words == " ".join(source_paragraphs())


@READERS
def test_merseyside_equals_its_golden(
    format_: str, merseyside: dict[str, tuple[Passage, ...]]
) -> None:
    assert merseyside[format_] == golden(ROOT / "tests/goldens/merseyside.txt")


def test_the_copy_line_names_a_person_from_data_alone(tmp_path: Path) -> None:
    change = (
        "  copied_to:\n    - Police and Crime Commissioner\n",
        "  copied_to:\n    - name: Jane Kennedy\n"
        "      office: Police and Crime Commissioner for Merseyside\n",
    )
    for letter in real_letter(tmp_path, change).values():
        copied = [p.text for p in letter if p.text.startswith("Copied to")]
        assert copied == ["Copied to: Jane Kennedy Police and Crime Commissioner for Merseyside"]


def test_derbyshire_is_not_told_what_only_merseyside_was(tmp_path: Path) -> None:
    project = Project.load(ROOT)
    project_round = project.round("2017-abuse-of-position")
    build_round(project, project_round, BuildOptions(out=tmp_path, forces=["derbyshire"]))
    for letter in readings(tmp_path, "derbyshire").values():
        words = " ".join(p.text for p in letter)
        assert "all the elements of our recommendation in place." in words
        assert "reassuring" not in words


def test_an_invented_fire_service_round_needs_no_new_code(tmp_path: Path) -> None:
    write_fire_service(tmp_path)
    approve(tmp_path)
    project = Project.load(tmp_path)
    (project_round,) = project.rounds
    built = build_round(project, project_round)
    assert [letter.problem for letter in built if letter.problem] == []
    assert len(EXPECTED) >= 2
    for id_, expected in EXPECTED.items():
        for got in readings(tmp_path / "out" / project_round.round.id, id_).values():
            assert got == expected
