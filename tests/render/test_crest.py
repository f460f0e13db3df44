"""One crest for all formats, in its proportions; where Word has another picture, a question."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from letters import Project, check_project
from letters.build.fingerprints import LetterDigests
from letters.files import digest
from letters.merge import letters_of, merge_letter
from letters.pictures import PLACEHOLDER_CREST, is_placeholder, ready
from letters.render.assets import crest_name
from letters.render.round_templates import RoundTemplates
from letters.render.stylesheet import Stylesheet
from letters.validators import validate
from tests.builders import unzipped, zipped
from tools.draw_example import pictures

LAYOUT = "templates/letterhead"
WORD = f"{LAYOUT}/letter.docx"


def a_crest(colour: str = "red", size: tuple[int, int] = (1200, 400)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def made(root: Path, *formats: str) -> dict[str, bytes]:
    """The letter to Ashmere in some formats."""
    round_ = Project.load(root).round()
    round_templates = RoundTemplates.load(round_)
    document = round_templates.typeset(merge_letter(round_, "ashmere"))
    files = [round_templates.render(document, each) for each in formats]
    assert [validate(file.name, file.content) for file in files] == [()] * len(files)
    return {each: file.content for each, file in zip(formats, files, strict=True)}


def with_word_picture(root: Path, content: bytes) -> None:
    """Have the Word layout show another picture."""
    path = root / WORD
    path.write_bytes(zipped({**unzipped(path.read_bytes()), "word/media/crest.png": content}))


def said(root: Path) -> list[str]:
    return [str(problem) for problem in check_project(Project.load(root))]


def answered(root: Path, question: str, answer: str) -> int:
    """Write an answer; the line on which its entry stands."""
    (path,) = root.glob("rounds/*/round.yaml")
    text = path.read_text("utf-8")
    entry = f'{{question: "{question}", answer: {answer}, date: 2 March 2026, reason: So agreed.}}'
    path.write_text(f"{text.rstrip()}\nanswers:\n  - {entry}\n", "utf-8")
    return text.rstrip().count("\n") + 3


def test_a_replaced_crest_is_in_all_three_formats(starter: Path) -> None:
    crest = a_crest()
    (starter / LAYOUT / "crest.png").write_bytes(crest)
    assert said(starter) == []
    files = made(starter, "docx", "pdf", "html")
    with zipfile.ZipFile(io.BytesIO(files["docx"])) as word:
        body = word.read("word/document.xml").decode()
        media = {name: word.read(name) for name in word.namelist() if "/media/" in name}
    assert media["word/media/letter-crest.png"] == crest
    assert PLACEHOLDER_CREST not in map(digest, media.values())
    crest_drawn, _, _ = body.partition("</w:drawing>")
    assert 'descr="Crest of the inspectorate"' in crest_drawn
    assert "decorative" in crest_drawn
    assert re.findall(r'c[xy]="(\d+)"', crest_drawn) == ["936000", "312000"] * 2
    assert b"/Width 1200" in files["pdf"]


def test_a_shipped_layout_keeps_its_placeholder(starter: Path) -> None:
    parts = unzipped(made(starter, "docx")["docx"])
    assert digest(parts["word/media/crest.png"]) == PLACEHOLDER_CREST


def test_the_same_picture_in_word_asks_nothing(starter: Path) -> None:
    crest, again = a_crest(), io.BytesIO()
    Image.open(io.BytesIO(crest)).save(again, "PNG", compress_level=1)
    (starter / LAYOUT / "crest.png").write_bytes(crest)
    with_word_picture(starter, again.getvalue())
    assert said(starter) == []


def asking(root: Path) -> str:
    """Give Word and the folder crests that differ; the question that they raise."""
    (root / LAYOUT / "crest.png").write_bytes(a_crest("red"))
    with_word_picture(root, a_crest("blue"))
    word, folder = digest(a_crest("blue"))[:12], digest(a_crest("red"))[:12]
    return f"picture 'Crest' {word} in Word, 'crest.png' {folder} beside it"


def test_another_picture_in_word_is_a_question(starter: Path) -> None:
    question = asking(starter)
    assert said(starter) == [
        f"{WORD} body: The picture 'Crest' is another than 'crest.png', the crest of "
        "PDF and web page. Which is Word to show: 'crest.png', or 'letter.docx', the one that it "
        "has? Write the answer under 'answers' in round.yaml: - {question: "
        f'"{question}", answer: crest.png or letter.docx, date: …, reason: …}}'
    ]
    (problem,) = check_project(Project.load(starter))
    assert problem.question == question


def test_a_vml_picture_is_replaced_in_proportion_and_uncropped(starter: Path) -> None:
    path = starter / WORD
    parts = unzipped(path.read_bytes())
    header = parts["word/document.xml"].decode()
    shape = (
        '<w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape id="Crest" alt="Our crest '
        '(placeholder)" style="margin-left:9pt;width:60pt;height:60.5pt">'
        '<v:imagedata r:id="rIdCrest" cropleft="9f"/></v:shape></w:pict>'
    )
    drawing = re.search(r"<w:drawing>.*?</w:drawing>", header)
    assert drawing
    parts["word/document.xml"] = header.replace(drawing[0], shape).encode()
    path.write_bytes(zipped(parts))
    (starter / LAYOUT / "crest.png").write_bytes(a_crest())
    assert said(starter) == []
    made_of = unzipped(made(starter, "docx")["docx"])
    written = made_of["word/document.xml"].decode()
    assert 'alt="Our crest" style="margin-left:9pt;width:60.00pt;height:20.00pt"' in written
    assert "cropleft" not in written
    assert made_of["word/media/letter-crest.png"] == a_crest()


def test_a_cropped_picture_is_shown_whole_and_without_the_drawing_word_prefers(
    starter: Path,
) -> None:
    path = starter / WORD
    parts = unzipped(path.read_bytes())
    header = parts["word/document.xml"].decode()
    blip = '<a:blip r:embed="rIdCrest"/>'
    assert blip in header
    kept = '<a:extLst><a:ext uri="svg"/></a:extLst>'
    better = f'<a:blip r:embed="rIdCrest">{kept}</a:blip><a:srcRect l="9"/>'
    parts["word/document.xml"] = header.replace(blip, better).encode()
    path.write_bytes(zipped(parts))
    (starter / LAYOUT / "crest.png").write_bytes(a_crest())
    written = unzipped(made(starter, "docx")["docx"])["word/document.xml"].decode()
    assert "srcRect" not in written
    assert 'uri="svg"' not in written


@pytest.mark.parametrize(("answer", "colour"), [("crest.png", "red"), ("letter.docx", "blue")])
def test_an_answer_closes_it(answer: str, colour: str, starter: Path) -> None:
    answered(starter, asking(starter), answer)
    assert said(starter) == []
    parts = unzipped(made(starter, "docx")["docx"])
    assert a_crest(colour) in parts.values()
    assert a_crest("red" if colour == "blue" else "blue") not in parts.values()


def test_an_answer_that_is_none_of_the_choices_closes_nothing(starter: Path) -> None:
    question = asking(starter)
    answered(starter, question, "the blue one")
    (problem,) = check_project(Project.load(starter))
    assert problem.question == question


def test_an_answer_is_void_once_a_picture_changes(starter: Path) -> None:
    question = asking(starter)
    line = answered(starter, question, "letter.docx")
    (starter / LAYOUT / "crest.png").write_bytes(a_crest("green"))
    idle, asked = sorted(check_project(Project.load(starter)), key=lambda each: each.question)
    (path,) = starter.glob("rounds/*/round.yaml")
    assert str(idle) == (
        f"{path.relative_to(starter).as_posix()}:{line} answers: '{question}' is asked no more; "
        "this answers nothing any more. Delete the entry."
    )
    assert digest(a_crest("green"))[:12] in asked.question


def test_an_answer_to_no_kind_of_question_is_told(starter: Path) -> None:
    line = answered(starter, "weather on Monday", "rain")
    (path,) = starter.glob("rounds/*/round.yaml")
    assert said(starter) == [
        f"{path.relative_to(starter).as_posix()}:{line} answers: 'weather on Monday' is asked no "
        "more; this answers nothing any more. Delete the entry."
    ]


def test_a_word_letter_is_made_anew_for_a_new_crest_and_for_an_answer(starter: Path) -> None:
    def made_of() -> str:
        round_ = Project.load(starter).round()
        return LetterDigests(round_).of(letters_of(round_)[0], "docx", drafts=False)

    digests = [made_of()]
    (starter / LAYOUT / "stray.png").write_bytes(a_crest())
    assert made_of() == digests[0]
    question = asking(starter)
    digests.append(made_of())
    answered(starter, question, "letter.docx")
    digests.append(made_of())
    assert len({*digests}) == 3


def test_of_several_pictures_the_crest_is_the_one_so_called() -> None:
    css = b".letterhead { background: url(rule.png) } .letterhead::before { background: url(%s) }"
    layout = {"rule.png": b"", "crest.jpg": b"", "badge.png": b""}
    assert crest_name({**layout, "print.css": css % b"crest.jpg"}) == "crest.jpg"
    assert crest_name({**layout, "print.css": css % b"badge.png"}) == "rule.png"
    assert crest_name({**layout, "print.css": b"", "screen.css": css % b"crest.jpg"}) == "crest.jpg"
    assert crest_name({**layout, "print.css": b"p { color: red }"}) == ""


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("background: url(c) no-repeat 0 0 / 30mm 30mm", "0 0 / 30mm 10mm"),
        ("background: url(c) no-repeat 0 0 / 3mm 30mm", "0 0 / 3mm 1mm"),
        ("background: url(c) no-repeat -4mm 0 / 30mm 30mm", "0mm 0 / 26mm 8.667mm"),
        ("background: url(c) no-repeat 0 0 / contain", "0 0 / contain"),
        ("background: url(c) no-repeat 0 0 / 30mm auto", "0 0 / 30mm auto"),
        ("background: url(c) no-repeat 0 0 / 30.00mm 10mm", "0 0 / 30.00mm 10mm"),
        ("background-image: url(c); background-size: 30mm 30mm", "background-size: 30mm 10mm"),
        ("background: url(other) no-repeat 0 0 / 30mm 30mm", "0 0 / 30mm 30mm"),
    ],
)
def test_a_size_of_two_lengths_is_a_box(written: str, kept: str) -> None:
    sheet = Stylesheet("a.css", f".letterhead {{ {written} }}")
    crest = ready(a_crest())
    shown = sheet.with_addresses(lambda name: name, lambda name: crest if name == "c" else None)
    assert kept in shown


def test_the_example_has_finished_pictures_as_its_tool_draws_them() -> None:
    example = Path(__file__).parents[2] / "letters/example/project"
    for name, image in pictures().items():
        assert not is_placeholder((example / name).read_bytes())
        with Image.open(example / name) as kept:
            assert (kept.mode, kept.size, kept.tobytes()) == (
                image.mode,
                image.size,
                image.tobytes(),
            )
