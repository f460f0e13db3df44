"""What a build made and found sound is published as it is: no letter is rendered or checked again.

What somebody else has put in its place since is not.
"""

import json
from pathlib import Path

import pytest

from letters import Project, build_round
from letters.errors import ProblemsFound
from letters.files import digest
from letters.gate import reasons
from letters.render.round_templates import RoundTemplates
from tests.builders import approve, contents, unzipped, zipped
from tests.rounds.found_property import (
    AFTER,
    ROUND,
    a_publishable,
    out_of,
    published,
    round_folder,
    site_of,
)

PRIVATE_PHONE = f"{ROUND}private: [contact_phone]\n"
"""With this the letters that are sent differ from those that are published."""


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files made since, by name."""
    made: list[str] = []
    usual = RoundTemplates.render

    def render(self: RoundTemplates, document: object, format_: str) -> object:
        made.append(f"{document.id}.{format_}")  # type: ignore[attr-defined]
        return usual(self, document, format_)  # type: ignore[arg-type]

    monkeypatch.setattr(RoundTemplates, "render", render)
    return made


def built(root: Path) -> Path:
    approve(root)
    project = Project.load(root)
    build_round(project, project.round())
    return root


def against(root: Path) -> list[str]:
    project = Project.load(root)
    return [str(each) for each in reasons(project, project.round(), now=AFTER, out=out_of(root))]


def test_what_was_built_is_published_and_nothing_is_rendered(
    tmp_path: Path, rendered: list[str]
) -> None:
    root = built(a_publishable(tmp_path))
    rendered.clear()
    assert against(root) == []
    published(root)
    assert rendered == []
    for path in (site_of(root) / "letters").glob("*.[pd][do]*"):
        assert path.read_bytes() == (out_of(root) / "letters" / path.name).read_bytes()


def test_an_edition_of_its_own_is_rendered_once_for_gate_staging_and_publication(
    tmp_path: Path, rendered: list[str]
) -> None:
    root = built(a_publishable(tmp_path, round=PRIVATE_PHONE))
    rendered.clear()
    assert against(root) == []
    assert len(rendered) == 9
    published(root, stage=True)
    published(root)
    assert len(rendered) == 9
    assert b"01632 960777" not in b"".join(contents(site_of(root)).values())


def test_the_files_published_are_those_of_a_publication_without_a_build(tmp_path: Path) -> None:
    for name, given in (("same", ROUND), ("other", PRIVATE_PHONE)):
        with_build = built(a_publishable(tmp_path / name / "built", round=given))
        without = approve(a_publishable(tmp_path / name / "fresh", round=given))
        published(with_build)
        published(without)
        assert contents(site_of(with_build)) == contents(site_of(without))


def test_a_file_changed_on_disk_is_noticed_by_gate_and_publication(tmp_path: Path) -> None:
    root = built(a_publishable(tmp_path))
    path = out_of(root) / "letters/northmoor.pdf"
    path.write_bytes(path.read_bytes() + b"\n")
    told = [
        "out/2026-found-property/letters northmoor: The letter to Northmoor Police is changed on"
        " disk. Build it: letters build."
    ]
    assert against(root) == told
    with pytest.raises(ProblemsFound) as refused:
        published(root)
    assert str(refused.value).splitlines() == told


def forge(root: Path, folder: str = "") -> None:
    """Have a Word letter say something else, and the record of the build say that it is so."""
    out = out_of(root) / folder
    path = out / "letters/northmoor.docx"
    parts = unzipped(path.read_bytes())
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"All is", b"Nothing is")
    forged = zipped(parts)
    path.write_bytes(forged)
    record = json.loads((out / "build.json").read_bytes())
    file = record["letters"]["northmoor"]["files"]["docx"]
    file |= {"sha256": digest(forged), "size": len(forged)}
    (out / "build.json").write_text(json.dumps(record), "utf-8")


def test_a_forged_letter_with_a_forged_record_is_refused(tmp_path: Path) -> None:
    root = built(a_publishable(tmp_path))
    forge(root)
    assert against(root) == [
        "out/2026-found-property/letters northmoor: The letter to Northmoor Police is there in a"
        " file that does not say what was approved. Build again: letters build --fresh."
    ]


def test_a_forged_edition_with_a_forged_record_is_made_again(tmp_path: Path) -> None:
    root = approve(a_publishable(tmp_path, round=PRIVATE_PHONE))
    published(root, stage=True)
    before = contents(out_of(root) / "staged")
    forge(root, ".editions")
    published(root)
    assert contents(site_of(root)) == before


def test_an_approval_taken_back_is_noticed(tmp_path: Path) -> None:
    root = built(a_publishable(tmp_path))
    assert against(root) == []
    (round_folder(root) / "approvals.yaml").unlink()
    (first, *_) = against(root)
    assert first == (
        "rounds/2026-found-property/approvals.yaml eastmere-and-westmere: The letter to Eastmere"
        " Police and Westmere & Llŷn Police is not approved. Have it approved: letters approve"
        " eastmere --by ID."
    )


def test_letters_built_by_somebody_else_are_checked_by_their_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rendered: list[str]
) -> None:
    root = built(a_publishable(tmp_path / "project"))
    rendered.clear()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another person"))
    assert against(root) == []
    published(root)
    assert len(rendered) == 9


def test_without_a_place_for_a_key_all_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rendered: list[str]
) -> None:
    (tmp_path / "no folder").write_text("a file", "utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "no folder"))
    root = built(a_publishable(tmp_path / "project"))
    rendered.clear()
    published(root)
    assert len(rendered) == 9
    assert 'seal": ""' in (out_of(root) / "build.json").read_text("utf-8")
