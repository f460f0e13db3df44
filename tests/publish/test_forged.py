"""Files in out/ whose words and digests somebody changed: they are read, not believed."""

import json
from pathlib import Path

import pytest

from letters.files import digest
from letters.folders import read_folder
from tests.builders import changed, unzipped, zipped
from tests.rounds.found_property import ROUND_ID
from tests.rounds.stages import LETTERS, SITE, a_round, run, sign

BODY = "word/document.xml"
GATE = (
    f"out/{ROUND_ID}/letters northmoor: The letter to Northmoor Police is there in a file that does"
    " not say what was approved. Build again: letters build --fresh.\n1 problem.\n"
)
BUILT = f"northmoor: built\n1 built; 3 files in {LETTERS}/\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A round whose letter is approved."""
    return sign(a_round(tmp_path))


def forge(path: Path) -> str:
    """Change a word of a Word letter or a page; the digest of the file now."""
    if path.suffix == ".docx":
        parts = unzipped(path.read_bytes())
        parts[BODY] = changed(parts[BODY].decode(), "All is well.", "Nothing is well.").encode()
        path.write_bytes(zipped(parts))
    else:
        text = path.read_text("utf-8")
        path.write_text(changed(text, "All is well.", "Nothing is well."), "utf-8", newline="")
    return digest(path.read_bytes())


@pytest.mark.parametrize("format_", ["docx", "html"])
@pytest.mark.parametrize("by", ["check", "build"])
def test_a_letter_forged_with_its_record_is_not_published(
    by: str, format_: str, project: Path
) -> None:
    run("-C", project, by)
    folder = project / f"out/{ROUND_ID}" / (".checked" if by == "check" else "")
    record = json.loads((folder / "build.json").read_text("utf-8"))
    file = record["letters"]["northmoor"]["files"][format_]
    path = folder / "letters" / file["name"]
    file["sha256"] = forge(path)
    file["size"] = path.stat().st_size
    (folder / "build.json").write_text(json.dumps(record), "utf-8")
    run("-C", project, "build", "--jobs", "1")
    status, said = run("-C", project, "check", "--publication")
    assert status == 1
    assert said.endswith(f"\n{GATE}")
    assert run("-C", project, "publish") == (1, GATE)
    assert run("-C", project, "build", "--fresh", "--jobs", "1") == (0, BUILT)
    assert run("-C", project, "publish")[0] == 0


def test_a_published_letter_forged_with_the_ledger_is_made_again(project: Path) -> None:
    run("-C", project, "publish")
    ledger = project / f"rounds/{ROUND_ID}/published.json"
    entries = json.loads(ledger.read_text("utf-8"))
    path = "letters/northmoor.docx"
    sound = (project / SITE / path).read_bytes()
    entries["letters"]["northmoor"]["files"][path] = forge(project / SITE / path)
    ledger.write_text(json.dumps(entries), "utf-8")
    status, said = run("-C", project, "publish")
    assert status == 1
    assert "northmoor: The letter's files come out different from those published on " in said
    assert run("-C", project, "publish", "--note", "It was forged.")[0] == 0
    assert (project / SITE / path).read_bytes() == sound


@pytest.fixture
def staged(project: Path) -> Path:
    """The project, its publication staged."""
    run("-C", project, "publish", "--stage")
    return project


def with_digests(project: Path) -> None:
    """Write into the note of what is staged the digest of what is there now."""
    staged, note = project / f"out/{ROUND_ID}/staged", project / f"out/{ROUND_ID}/staged.json"
    said = json.loads(note.read_text("utf-8"))
    files = read_folder(staged)
    lines = (f"{name} {digest(files[name])}" for name in sorted(files))
    said["files"] = digest("\n".join(lines).encode())
    note.write_text(json.dumps(said), "utf-8")


def test_a_staged_letter_forged_with_its_note_is_not_published(project: Path) -> None:
    run("-C", project, "publish", "--stage")
    forge(project / f"out/{ROUND_ID}/staged/letters/northmoor.docx")
    with_digests(project)
    status, said = run("-C", project, "publish")
    assert status == 1
    assert f"out/{ROUND_ID}/staged: letters/northmoor.docx: 'Nothing is well.'" in said
    assert "Stage it again: letters publish --stage." in said
    assert not (project / SITE).exists()


@pytest.mark.parametrize(
    ("name", "change", "what"),
    [
        (name, "edited", "The file is not the one that the project makes.")
        for name in (
            "index.html",
            "data.html",
            "letters/northmoor.html",
            "assessments.csv",
            "assessments.json",
            "letters.zip",
            "assets/site.css",
            "manifest.json",
            "SHA256SUMS",
        )
    ]
    + [
        ("accessibility.html", "removed", "The file is missing."),
        ("news.html", "added", "The project makes no such file."),
    ],
)
def test_a_staged_file_changed_with_its_note_is_not_published(
    name: str, change: str, what: str, staged: Path
) -> None:
    path = staged / f"out/{ROUND_ID}/staged" / name
    if change == "removed":
        path.unlink()
    else:
        path.write_bytes((path.read_bytes() if path.exists() else b"") + b" ")
    with_digests(staged)
    assert run("-C", staged, "publish") == (
        1,
        f"out/{ROUND_ID}/staged {name}: {what} Stage it again: letters publish --stage.\n"
        "1 problem.\n",
    )
    assert not (staged / SITE).exists()
