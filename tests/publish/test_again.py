"""Publishing again: first dates stay, changes are told, unchanged files keep their bytes."""

import io
import json
import shutil
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from letters import Project, UsageError
from letters.approvals.signing import revoke_letters
from letters.document import Document
from letters.errors import ProblemsFound
from letters.ledger import read_ledger
from letters.publish import withdraw
from letters.render import Artifact
from letters.render.round_templates import RoundTemplates
from tests.builders import approve, changed, contents, shown, unzipped, zipped
from tests.publish.test_site import dangling, text_of
from tests.rounds.found_property import (
    AFTER,
    LATER,
    a_publishable,
    out_of,
    published,
    round_folder,
    site_of,
)

LEDGER = "rounds/2026-found-property/published.json"
NOTE = "A number was corrected."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    approve(a_publishable(tmp_path))
    published(tmp_path)
    return tmp_path


def correct(
    project: Path, old: str = "All is well.", new: str = "Most is well.", *, at: datetime = AFTER
) -> None:
    """Change a record, and have the letters approved again."""
    path = round_folder(project) / "assessments.csv"
    path.write_text(changed(path.read_text("utf-8"), old, new), "utf-8")
    approve(project, at=at)


def differing(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_publishing_the_same_again_changes_nothing(project: Path) -> None:
    before, ledger = contents(site_of(project)), read_ledger(Project.load(project).round())
    assert published(project, now=LATER).changed == ()
    assert contents(site_of(project)) == before
    assert read_ledger(Project.load(project).round()) == ledger


def test_a_changed_letter_is_refused_without_a_note(project: Path) -> None:
    before = shown(project / "out")
    correct(project)
    with pytest.raises(ProblemsFound) as refused:
        published(project, now=LATER)
    assert str(refused.value) == (
        f"{LEDGER} northmoor: The letter is not the one published on 9 March 2026. "
        'Say what changed and why: --note "…".'
    )
    assert shown(project / "out") == before


def test_a_changed_letter_with_a_note_keeps_its_first_date_and_tells_its_history(
    project: Path,
) -> None:
    before = contents(site_of(project))
    correct(project)
    assert published(project, now=LATER, note=NOTE).changed == ("northmoor",)
    after = contents(site_of(project))
    said = text_of(after["letters/northmoor.html"])
    assert "Published on 9 March 2026 Updated 20 April 2026 See what changed" in said
    assert said.endswith(
        "Updates to this letter 20 April 2026 A number was corrected. 9 March 2026 First published."
    )
    index = text_of(after["index.html"])
    assert "Published on 9 March 2026 Updated 20 April 2026" in index
    assert "Updates 20 April 2026 Northmoor Police : A number was corrected." in index
    letters = {name for name in differing(before, after) if name.endswith((".pdf", ".docx"))}
    assert letters == {"letters/northmoor.pdf", "letters/northmoor.docx"}
    assert json.loads(after["assessments.json"])["assessments"][0]["updated"] == "2026-04-20"


def test_a_second_change_stands_above_the_first(project: Path) -> None:
    correct(project)
    published(project, now=AFTER, note="First change.")
    correct(project, "Most is well.", "Little is well.")
    published(project, now=LATER, note="Second\n change.")
    said = text_of(contents(site_of(project))["letters/northmoor.html"])
    assert "20 April 2026 Second change. 9 March 2026 First change. 9 March 2026 First" in said


def with_another_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Word files say the same in other bytes, as another engine might write them."""
    usual = RoundTemplates.render

    def render(self: RoundTemplates, document: Document, format_: str) -> Artifact:
        made = usual(self, document, format_)
        return replace(made, content=zipped(unzipped(made.content))) if format_ == "docx" else made

    monkeypatch.setattr(RoundTemplates, "render", render)
    monkeypatch.setattr("letters.build.fingerprints.versions_digest", lambda: "of another engine")


def test_unchanged_letters_keep_their_bytes_whatever_engine_is_installed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(site_of(project))
    correct(project)
    with_another_engine(monkeypatch)
    published(project, now=LATER, note=NOTE)
    after = contents(site_of(project))
    assert after["letters/southmoor.docx"] == before["letters/southmoor.docx"]
    with zipfile.ZipFile(io.BytesIO(after["letters/northmoor.docx"])) as package:
        assert {part.compress_type for part in package.infolist()} == {zipfile.ZIP_STORED}


def test_a_lost_site_comes_back_as_it_was(project: Path) -> None:
    before = contents(site_of(project))
    for path in sorted((project / "out").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    published(project, now=LATER)
    assert contents(site_of(project)) == before


def test_files_that_come_out_different_are_refused_without_a_note(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site_of(project) / "letters/southmoor.docx").unlink()
    with_another_engine(monkeypatch)
    with pytest.raises(ProblemsFound) as refused:
        published(project, now=LATER)
    assert str(refused.value) == (
        f"{LEDGER} southmoor: The letter's files come out different from those published on "
        '9 March 2026. Say what changed and why: --note "…".'
    )


def test_a_changed_record_is_told_though_the_letter_says_the_same(project: Path) -> None:
    before = contents(site_of(project))
    correct(project, "northmoor,in-place", "northmoor,not-started")
    with pytest.raises(ProblemsFound) as refused:
        published(project, now=LATER)
    assert str(refused.value) == (
        f"{LEDGER} northmoor: The record is not the one published on 9 March 2026. "
        'Say what changed and why: --note "…".'
    )
    published(project, now=LATER, note=NOTE)
    after = contents(site_of(project))
    assert after["letters/northmoor.pdf"] == before["letters/northmoor.pdf"]
    assert "Outcome Not started" in text_of(after["letters/northmoor.html"])


def test_a_published_letter_that_is_gone_must_be_withdrawn(project: Path) -> None:
    path = round_folder(project) / "round.yaml"
    left = "recipients: [northmoor, eastmere, westmere]\n"
    path.write_text(path.read_text("utf-8") + left, "utf-8")
    (round_folder(project) / "approvals.yaml").unlink()
    correct(project, "southmoor,not-started,Nothing is *labelled*.,,\n", "")
    with pytest.raises(ProblemsFound) as refused:
        published(project, now=LATER, note=NOTE)
    assert (
        f"{LEDGER} southmoor: This letter was published but is no longer in the round. Put it "
        'back, or take it from the site: letters withdraw southmoor --note "…".'
    ) in str(refused.value)


def test_a_ledger_that_cannot_be_read_stops_everything(project: Path) -> None:
    (round_folder(project) / "published.json").write_text("{", "utf-8")
    with pytest.raises(ProblemsFound) as refused:
        published(project, now=LATER)
    assert str(refused.value) == (
        f"{LEDGER}: The ledger of what was published cannot be read. "
        "Take it from your version control as it was; it is not edited by hand."
    )


def taken(project: Path, force: str = "westmere", note: str = "It named\n a witness.") -> None:
    round_ = Project.load(project).round()
    withdraw(round_, force, now=LATER, out=out_of(project), note=note)


def test_a_withdrawn_letter_leaves_a_page_that_says_so(project: Path) -> None:
    before = contents(site_of(project))
    taken(project)
    after = contents(site_of(project))
    said = text_of(after["letters/eastmere-and-westmere.html"])
    assert said == (
        "Found property Letter withdrawn: Eastmere Police and Westmere & Llŷn Police "
        "Published on 9 March 2026 Withdrawn on 20 April 2026 It named a witness. "
        "The letter, its files and its assessment can no longer be had here. History "
        "20 April 2026 Withdrawn: It named a witness. 9 March 2026 First published."
    )
    assert before.keys() - after.keys() == {
        "letters/eastmere-and-westmere.pdf",
        "letters/eastmere-and-westmere.docx",
    }
    assert not [name for name, content in after.items() if b"The store is shared" in content]
    same = {name for name in after if name.startswith(("letters/north", "letters/south"))}
    assert not same & differing(before, after)
    assert dangling(after) == []


def test_the_index_and_the_data_say_that_a_letter_is_withdrawn(project: Path) -> None:
    taken(project)
    after = contents(site_of(project))
    index = text_of(after["index.html"])
    assert "Westmere & Llŷn Police Withdrawn on 20 April 2026" in index
    assert "1 letter has been withdrawn since. The numbers are those of the day" in index
    assert "Not started 3 75%" in index
    row = json.loads(after["assessments.json"])["assessments"][2]
    assert (row["status"], row["outcome"], row["finding"]) == ("withdrawn", None, None)


def test_withdrawing_lets_nothing_else_out(project: Path) -> None:
    before = contents(site_of(project))
    path = round_folder(project) / "assessments.csv"
    path.write_text(changed(path.read_text("utf-8"), "All is well.", "Not yet cleared."), "utf-8")
    taken(project)
    after = contents(site_of(project))
    assert after["letters/northmoor.html"] == before["letters/northmoor.html"]
    assert not [name for name, content in after.items() if b"Not yet cleared" in content]


def test_a_withdrawn_letter_stays_so_until_it_is_approved_again(project: Path) -> None:
    taken(project, "southmoor")
    before = contents(site_of(project))
    assert published(project, now=LATER, note="All is well.").withdrawn == ("southmoor",)
    assert contents(site_of(project)) == before
    correct(project, "Nothing is *labelled*.", "Little is *labelled*.", at=LATER)
    with pytest.raises(ProblemsFound) as refused:
        published(project, now=LATER)
    assert str(refused.value) == (
        f"{LEDGER} southmoor: The letter was withdrawn on 20 April 2026 and comes back. "
        'Say what changed and why: --note "…".'
    )
    done = published(project, now=LATER, note="Corrected.")
    assert (done.changed, done.withdrawn) == (("southmoor",), ())
    said = text_of(contents(site_of(project))["letters/southmoor.html"])
    assert "Little is labelled ." in said
    assert said.endswith(
        "20 April 2026 Corrected. 20 April 2026 Withdrawn: It named a witness. "
        "9 March 2026 First published."
    )
    entry = read_ledger(Project.load(project).round()).letters["southmoor"]
    assert (entry.first, entry.withdrawn) == (date(2026, 3, 9), None)


def test_a_new_layout_brings_no_withdrawn_letter_back(project: Path) -> None:
    taken(project, "southmoor")
    style = project / "templates/letterhead/print.css"
    style.write_text(style.read_text("utf-8") + "\nh1 { color: #123 }\n", "utf-8")
    done = published(project, now=LATER, note="Our new colours.")
    assert (done.changed, done.withdrawn) == (
        ("northmoor", "eastmere-and-westmere"),
        ("southmoor",),
    )
    assert not (site_of(project) / "letters/southmoor.pdf").exists()


def test_a_letter_withdrawn_by_mistake_comes_back_in_the_same_words(project: Path) -> None:
    before = contents(site_of(project))
    taken(project, "southmoor")
    own = Project.load(project)
    revoke_letters(own, own.round(), ["southmoor"], by="kite")
    approve(project, at=LATER)
    assert published(project, now=LATER, note="It was another.").changed == ("southmoor",)
    after = contents(site_of(project))
    assert after["letters/southmoor.pdf"] == before["letters/southmoor.pdf"]


@pytest.mark.parametrize(
    ("force", "note", "said"),
    [
        ("southmoor", " ", 'Say why the letter is withdrawn: --note "…".'),
        ("southmor", "x", "No letter of 'southmor' is published. Did you mean 'southmoor'?"),
        ("kent", "x", "No letter of 'kent' is published."),
    ],
)
def test_what_cannot_be_withdrawn(project: Path, force: str, note: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        taken(project, force, note)
    assert str(refused.value) == said


def test_a_letter_is_withdrawn_once(project: Path) -> None:
    taken(project, "southmoor")
    with pytest.raises(ProblemsFound) as refused:
        taken(project, "southmoor")
    assert str(refused.value) == (
        f"{LEDGER} southmoor: The letter was withdrawn on 20 April 2026 ('It named a witness.')"
        " already. To bring a letter back, have it approved again ('letters approve --revoke'"
        " first, where its words stay) and publish with --note."
    )


def test_nothing_is_withdrawn_from_what_is_not_published(tmp_path: Path) -> None:
    approve(a_publishable(tmp_path))
    with pytest.raises(ProblemsFound) as refused:
        taken(tmp_path)
    assert str(refused.value) == (
        "out/2026-found-property/site: Nothing of the round is published here."
        " Publish it (letters publish), and withdraw then."
    )


def test_nothing_is_withdrawn_from_a_site_whose_manifest_is_lost(project: Path) -> None:
    (site_of(project) / "manifest.json").unlink()
    with pytest.raises(ProblemsFound) as refused:
        taken(project)
    assert str(refused.value) == (
        "out/2026-found-property/site: The manifest is lost, so it is not known what is published."
        " Publish it (letters publish), and withdraw then."
    )


def test_withdrawing_waits_for_what_is_staged(project: Path) -> None:
    published(project, stage=True)
    with pytest.raises(ProblemsFound) as refused:
        taken(project)
    assert str(refused.value) == (
        "out/2026-found-property/staged: A publication is staged. Publish it (letters publish), or"
        " delete out/2026-found-property/staged/, and withdraw then."
    )
    shutil.rmtree(out_of(project) / "staged")
    taken(project)


def test_nothing_is_withdrawn_while_it_is_only_staged(tmp_path: Path) -> None:
    approve(a_publishable(tmp_path))
    published(tmp_path, stage=True)
    with pytest.raises(ProblemsFound) as refused:
        taken(tmp_path)
    assert str(refused.value) == (
        "out/2026-found-property/staged: A publication is staged, and nothing is published yet."
        " Delete out/2026-found-property/staged/ if it is not to go out; withdraw what is"
        " published."
    )


def test_a_note_belongs_to_the_staging(project: Path) -> None:
    correct(project)
    published(project, now=LATER, stage=True, note=NOTE)
    with pytest.raises(ProblemsFound) as refused:
        published(project, now=LATER, note="Another.")
    assert str(refused.value) == (
        "out/2026-found-property/staged: The files are staged, and their note with them. "
        "Publish without --note, or stage again with another."
    )
    assert published(project, now=LATER).changed == ("northmoor",)
    assert "A number was corrected." in text_of(
        contents(site_of(project))["letters/northmoor.html"]
    )
