"""What a build writes, keeps, refuses and reports."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from letters import BuildOptions, ProblemsFound, Project, build_round, round_status
from letters.build.record import BuiltLetter
from letters.render.readback import read_docx, read_html, read_pdf

ROUND = "first-round"


def build(folder: Path, **options: object) -> dict[str, BuiltLetter]:
    project = Project.load(folder)
    made = build_round(project, project.round(ROUND), BuildOptions(**options))  # type: ignore[arg-type]
    return {letter.id: letter for letter in made}


def states(folder: Path) -> dict[str, str]:
    return {row.id: row.state for row in round_status(Project.load(folder).round(ROUND))}


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def letter_files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "out" / ROUND / "letters").glob("*"))


def edit_docx(path: Path, old: str, new: str) -> None:
    """Change words of a Word letter, as somebody would in Word."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as old_file:
        parts = {name: old_file.read(name) for name in old_file.namelist()}
    assert old.encode() in parts["word/document.xml"]
    parts["word/document.xml"] = parts["word/document.xml"].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w") as new_file:
        for name, content in parts.items():
            new_file.writestr(name, content)


def test_a_record_without_outcome_awaits_and_is_listed(starter: Path) -> None:
    made = build(starter)
    assert {id_: letter.state for id_, letter in made.items()} == {
        "ashmere": "draft",
        "dunhollow": "draft",
        "westerlyn": "awaiting",
    }
    assert letter_files(starter) == [
        f"{id_}.{ending}" for id_ in ("ashmere", "dunhollow") for ending in ("docx", "html", "pdf")
    ]
    assert states(starter) == {"ashmere": "draft", "dunhollow": "draft", "westerlyn": "awaiting"}


def test_nothing_is_written_while_something_is_wrong(starter: Path) -> None:
    change(starter / "rounds/first-round/assessments.csv", "dunhollow,not-yet", "dunhollow,not-jet")
    with pytest.raises(ProblemsFound, match="'not-jet' is not an outcome"):
        build(starter)
    assert list((starter / "out").iterdir()) == []


def test_a_fault_in_wording_stops_the_round_before_the_first_file(starter: Path) -> None:
    change(starter / "templates/first-wording/outcomes/not-yet.md", "not yet", "{{ forse_name }}")
    with pytest.raises(ProblemsFound, match=r"not-yet\.md:1: \{\{ forse_name \}\}"):
        build(starter)
    assert list((starter / "out").iterdir()) == []


def test_all_problems_are_raised_together(starter: Path) -> None:
    change(starter / "recipients.yaml", "salutation: Commissioner", "salutatoin: Commissioner")
    change(starter / "templates/first-wording/letter.md", "{{ findings }}", "{{ findigs }}")
    (starter / "templates/letterhead/print.css").unlink()
    with pytest.raises(ProblemsFound) as found:
        build(starter)
    files = {problem.place.file for problem in found.value.problems}
    assert files >= {
        "recipients.yaml",
        "templates/first-wording/letter.md",
        "templates/letterhead/print.css",
    }


def test_one_letter_that_fails_stops_no_other(starter: Path) -> None:
    change(starter / "recipients.yaml", "Imogen Farrow", "Imogen Farrow 🙂")
    made = build(starter)
    assert {id_: letter.state for id_, letter in made.items()} == {
        "ashmere": "draft",
        "dunhollow": "failed",
        "westerlyn": "awaiting",
    }
    assert "🙂" in made["dunhollow"].problem
    assert letter_files(starter) == ["ashmere.docx", "ashmere.html", "ashmere.pdf"]
    assert states(starter)["dunhollow"] == "failed"


def test_a_letter_edited_by_hand_is_refused_and_the_words_shown(starter: Path) -> None:
    build(starter)
    path = starter / f"out/{ROUND}/letters/ashmere.docx"
    edit_docx(path, "names an owner and", "names no owner but")
    edited = path.read_bytes()
    made = build(starter)
    assert made["ashmere"].state == "edited"
    assert made["ashmere"].problem == (
        "letters/ashmere.docx: edited by hand since it was built: it says 'no' for 'an'; 'but' for"
        " 'and'. Carry the change into the record or the wording, or build with --discard-edits:"
        " the edited file is kept in edited/ then."
    )
    assert path.read_bytes() == edited
    assert states(starter)["ashmere"] == "edited"
    assert build(starter, discard_edits=True)["ashmere"].state == "draft"
    assert "names an owner and" in " ".join(p.text for p in read_docx(path.read_bytes()))


def test_an_edited_letter_is_safe_even_without_build_json(starter: Path) -> None:
    build(starter)
    edit_docx(starter / f"out/{ROUND}/letters/ashmere.docx", "names an owner", "names nobody")
    (starter / f"out/{ROUND}/build.json").unlink()
    made = build(starter)
    assert (made["ashmere"].state, made["dunhollow"].state) == ("edited", "draft")


def test_a_changed_record_overwrites_what_the_build_itself_wrote(starter: Path) -> None:
    build(starter)
    change(starter / "rounds/first-round/assessments.csv", "names an owner", "names two owners")
    assert states(starter) == {
        "ashmere": "out of date",
        "dunhollow": "draft",
        "westerlyn": "awaiting",
    }
    assert build(starter)["ashmere"].state == "draft"
    for ending, read in (("docx", read_docx), ("pdf", read_pdf), ("html", read_html)):
        content = (starter / f"out/{ROUND}/letters/ashmere.{ending}").read_bytes()
        assert any("names two owners" in passage.text for passage in read(content))


def test_status_sees_a_damaged_and_a_lost_file(starter: Path) -> None:
    build(starter)
    folder = starter / f"out/{ROUND}/letters"
    (folder / "ashmere.pdf").write_bytes(b"damaged")
    (folder / "dunhollow.html").unlink()
    found = states(starter)
    assert (found["ashmere"], found["dunhollow"]) == ("changed on disk", "changed on disk")


def test_a_change_of_wording_or_layout_puts_letters_out_of_date(starter: Path) -> None:
    build(starter)
    with (starter / "templates/letterhead/print.css").open("a", encoding="utf-8") as style:
        style.write("\n")
    assert states(starter)["ashmere"] == "out of date"


def test_a_letter_that_awaits_again_leaves_no_file_behind(starter: Path) -> None:
    build(starter)
    change(starter / "rounds/first-round/assessments.csv", "dunhollow,not-yet", "dunhollow,")
    assert build(starter)["dunhollow"].state == "awaiting"
    assert letter_files(starter) == ["ashmere.docx", "ashmere.html", "ashmere.pdf"]


def test_a_letter_the_round_no_longer_has_leaves_no_file_behind(starter: Path) -> None:
    records = starter / "rounds/first-round/assessments.csv"
    text = records.read_text(encoding="utf-8")
    change(records, "westerlyn,,,", "")
    change(records, "ashmere,in-place", "ashmere; westerlyn,in-place")
    build(starter)
    assert "ashmere-and-westerlyn.pdf" in letter_files(starter)
    records.write_text(text, encoding="utf-8")
    build(starter)
    assert {Path(name).stem for name in letter_files(starter)} == {"ashmere", "dunhollow"}


def test_a_file_held_open_fails_its_letter_by_name(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(starter)
    change(starter / "rounds/first-round/assessments.csv", "dunhollow,not-yet", "dunhollow,")

    unlink = Path.unlink

    def held(self: Path, missing_ok: bool = False) -> None:
        if self.name == "dunhollow.docx":
            raise PermissionError(13, "Permission denied", str(self))
        unlink(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", held)
    made = build(starter)
    assert made["dunhollow"].state == "failed"
    assert "Permission denied" in made["dunhollow"].problem
    assert made["ashmere"].state == "unchanged"


def test_some_forces_and_one_format(starter: Path) -> None:
    made = build(starter, forces=["dunhollow"], formats=["html"])
    assert list(made) == ["dunhollow"]
    assert letter_files(starter) == ["dunhollow.html"]
    build(starter, forces=["ashmere"])
    record = json.loads((starter / f"out/{ROUND}/build.json").read_text(encoding="utf-8"))
    assert {id_: sorted(entry["files"]) for id_, entry in record["letters"].items()} == {
        "ashmere": ["docx", "html", "pdf"],
        "dunhollow": ["html"],
    }


def test_drafts_are_marked_and_every_gap_shows(starter: Path) -> None:
    made = build(starter, drafts=True)
    assert {letter.state for letter in made.values()} == {"draft"}
    for ending, read in (("docx", read_docx), ("pdf", read_pdf), ("html", read_html)):
        content = (starter / f"out/{ROUND}/letters/westerlyn.{ending}").read_bytes()
        words = [passage.text for passage in read(content)]
        assert "[outcome: to be added]" in words
        assert "[findings: to be added]" in words
    html = (starter / f"out/{ROUND}/letters/westerlyn.html").read_text(encoding="utf-8")
    assert "DRAFT" in html


def test_drafts_are_made_of_what_is_sound(starter: Path) -> None:
    change(starter / "rounds/first-round/assessments.csv", "12 January 2026", "31 February 2026")
    made = build(starter, drafts=True)
    assert made["ashmere"].state == "draft"


def test_a_disk_that_is_full_fails_by_name_and_leaves_nothing_half_written(
    starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        if target.name.startswith("dunhollow"):
            raise OSError(28, "No space left on device", str(target))
        return self.rename(target)

    monkeypatch.setattr(Path, "replace", full)
    made = build(starter)
    assert (made["ashmere"].state, made["dunhollow"].state) == ("draft", "failed")
    assert "No space left on device" in made["dunhollow"].problem
    assert letter_files(starter) == ["ashmere.docx", "ashmere.html", "ashmere.pdf"]
