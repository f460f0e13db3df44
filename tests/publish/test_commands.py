"""`letters publish`, `withdraw`, and `verify` for published folders: what they print, and exit."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from letters import Project
from letters.cli import cli
from letters.ledger import read_ledger
from letters.publish.manifest import compare
from tests.builders import approve, changed, contents, write
from tests.rounds.found_property import ROUND, a_publishable, site_of

REPOSITORY = Path(__file__).parents[2]


def letters(project: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and all that is printed."""
    result = CliRunner().invoke(cli, ["-C", str(project), *arguments])
    return result.exit_code, result.output


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A round published in the past, as the clock of any machine has it."""
    a_publishable(tmp_path, round=ROUND.replace("March 2026", "March 2020"))
    return approve(tmp_path, at=datetime(2020, 3, 3, 9, 0, tzinfo=UTC))


UNSET = "Not checked, since the round sets none: report, numbers, printed, quotations, terms.\n"
SAID = "Published 3 letters in out/2026-found-property/site/ (19 files).\n"


def test_publishing_says_what_is_where(project: Path) -> None:
    assert letters(project, "publish") == (0, SAID + UNSET)
    assert (site_of(project) / "index.html").is_file()


def test_staging_says_what_is_where(project: Path) -> None:
    said = "Staged 3 letters in out/2026-found-property/staged/ (19 files).\n"
    assert letters(project, "publish", "--stage") == (0, said + UNSET)
    assert letters(project, "publish") == (0, SAID + UNSET)


def test_a_correction_is_named(project: Path) -> None:
    letters(project, "publish")
    path = project / "rounds/2026-found-property/assessments.csv"
    path.write_text(changed(path.read_text("utf-8"), "All is well.", "All is fine."), "utf-8")
    approve(project)
    status, said = letters(project, "publish")
    assert status == 1
    assert said.endswith('on 9 March 2020. Say what changed and why: --note "…".\n1 problem.\n')
    status, said = letters(project, "publish", "--note", "A word was wrong.")
    assert (status, said) == (0, f"{SAID}Changed: northmoor.\n{UNSET}")


def test_a_withdrawal_is_named(project: Path) -> None:
    letters(project, "publish")
    status, said = letters(project, "withdraw", "southmoor", "--note", "It was wrong.")
    assert (status, said) == (
        0,
        "Withdrew the letter of southmoor.\n"
        "Published 2 letters in out/2026-found-property/site/ (17 files).\n",
    )
    status, said = letters(project, "withdraw", "southmoor", "--note", "It was wrong.")
    assert status == 1
    assert "published.json southmoor: The letter was withdrawn on " in said
    status, said = letters(project, "publish", "--note", "A correction.")
    assert (status, said) == (
        0,
        "Published 2 letters in out/2026-found-property/site/ (17 files).\n"
        "Nothing has changed since it was published, so the note is printed nowhere.\n"
        "Still withdrawn: southmoor. To bring a letter back, have it approved again"
        " ('letters approve --revoke' first, where its words stay) and publish with --note.\n"
        f"{UNSET}",
    )


def test_a_withdrawn_letter_is_told_by_status_and_not_sent(project: Path) -> None:
    assert "Published" not in letters(project, "status")[1]
    letters(project, "publish")
    letters(project, "withdraw", "southmoor", "--note", "It was wrong.")
    day = read_ledger(Project.load(project).round()).withdrawn["southmoor"].said
    lines = letters(project, "status")[1].splitlines()
    assert [line.split()[-1] for line in lines[1:6]] == [
        "Published",
        "---------",
        "published",
        "withdrawn",
        "published",
    ]
    assert lines[6] == (
        f"southmoor: {day}. To bring a letter back, have it approved again"
        " ('letters approve --revoke' first, where its words stay) and publish with --note."
    )
    template = "Subject: {{ round_title }}\n\nDear {{ salutation }}\n"
    write(project / "templates/found-property/dispatch.txt", template)
    write(project / "templates/found-property/accuracy-check.txt", template)
    _, said = letters(project, "dispatch", "southmoor")
    assert (
        f"rounds/2026-found-property/published.json southmoor: This letter was {day}, and must not"
        " be sent. Correct it and have it approved again; 'letters approve --revoke' first, where"
        " it is right.\n"
    ) in said
    assert "must not be sent" not in letters(project, "dispatch", "--for-accuracy-check")[1]
    letters(project, "approve", "southmoor", "--by", "kite", "--revoke")
    letters(project, "approve", "southmoor", "--by", "kite")
    assert "must not be sent" not in letters(project, "dispatch")[1]
    assert letters(project, "status")[1].splitlines()[6] == (
        f"southmoor: {day}. It was approved again since: 'letters publish --note' brings it back."
    )


def test_an_unapproved_round_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    a_publishable(tmp_path)
    status, said = letters(tmp_path, "publish")
    assert status == 1
    assert said.endswith("3 problems.\n") or said.endswith("4 problems.\n")
    assert "The letter to Northmoor Police is not approved." in said
    assert contents(tmp_path / "out") == {}


def test_the_real_round_refuses_and_says_why() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "letters", "publish", "-r", "2017-abuse-of-position"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 1
    assert "41 of 43 forces await an outcome: " in run.stderr
    assert "The letter to Derbyshire Constabulary is not approved." in run.stderr
    assert not (REPOSITORY / "out/2017-abuse-of-position/site").exists()


def test_verify_finds_a_published_folder_as_it_was_published(project: Path) -> None:
    letters(project, "publish")
    site = site_of(project)
    said = f"{site}: every file as published; 9 files of letters checked; no faults.\n"
    assert letters(project, "verify", str(site)) == (0, said)


def tampered(project: Path) -> Path:
    site = site_of(project)
    (site / "assessments.csv").write_text("none", "utf-8")
    (site / "letters/southmoor.docx").unlink()
    (site / "letters/extra.txt").write_text("Psst", "utf-8")
    return site


def test_verify_names_what_was_changed_lost_or_added(project: Path) -> None:
    letters(project, "publish")
    site = tampered(project)
    status, said = letters(project, "verify", str(site))
    assert status == 1
    assert said.splitlines()[:3] == [
        f"{site}/assessments.csv: The file is not the one that was published. Publish again.",
        f"{site}/letters/extra.txt: The file was not published. Take it out, or keep it elsewhere.",
        f"{site}/letters/southmoor.docx: The file was published and is lost. Publish again.",
    ]
    assert said.splitlines()[-1].startswith(f"{site}: 3 not as published;")


def test_verify_looks_over_all_that_a_round_wrote(project: Path) -> None:
    letters(project, "build")
    letters(project, "review")
    letters(project, "publish")
    letters(project, "publish", "--stage")
    out = site_of(project).parent
    (out / "letters/.cut-off").mkdir()
    shutil.copy(out / "review.pdf", out / "letters/.cut-off/northmoor.pdf")
    assert letters(project, "verify", str(out.parent)) == (
        0,
        f"{out}/site: every file as published; 9 files of letters checked; no faults.\n"
        f"{out}/staged: every file as staged; 9 files of letters checked; no faults.\n"
        f"{out}/letters: 9 files checked; no faults.\n",
    )
    said = f"letters: {out}/review.pdf is a review of letters. Name the letters, or their folder.\n"
    assert letters(project, "verify", str(out / "review.pdf")) == (2, said)


def test_verify_says_that_what_was_staged_must_be_staged_again(project: Path) -> None:
    letters(project, "publish", "--stage")
    staged = site_of(project).parent / "staged"
    (staged / "index.html").unlink()
    status, said = letters(project, "verify", str(staged.parent))
    assert status == 1
    assert said == (
        f"{staged}/index.html: The file was staged and is lost."
        " Stage it again: letters publish --stage.\n"
        f"{staged}: 1 not as staged; 9 files of letters checked; no faults.\n"
    )


def test_a_lost_manifest_is_told_and_the_files_are_compared_all_the_same(project: Path) -> None:
    letters(project, "publish")
    site = site_of(project)
    (site / "manifest.json").unlink()
    (site / "letters.zip").unlink()
    status, said = letters(project, "verify", str(site))
    assert status == 1
    assert said == (
        f"{site}/letters.zip: The file was published and is lost. Publish again.\n"
        f"{site}/manifest.json: The manifest is lost; the other files were held against SHA256SUMS."
        " Publish again.\n"
        f"{site}: 2 not as published; 9 files of letters checked; no faults.\n"
    )
    letters(project, "publish")
    assert letters(project, "verify", str(site))[0] == 0


def test_a_publication_that_lost_both_its_lists_is_still_known_as_one(project: Path) -> None:
    letters(project, "publish")
    site = site_of(project)
    (site / "manifest.json").unlink()
    (site / "SHA256SUMS").unlink()
    status, said = letters(project, "verify", str(site.parent))
    assert status == 1
    assert said == (
        f"{site}/manifest.json: The manifest is lost, and SHA256SUMS with it, so no file can be"
        " compared. Publish again.\n"
        f"{site}: 1 not as published; 9 files of letters checked; no faults.\n"
    )


def test_lost_sums_are_told_alone(project: Path) -> None:
    letters(project, "publish")
    (site_of(project) / "SHA256SUMS").unlink()
    assert list(map(str, compare(site_of(project)))) == [
        "SHA256SUMS: The file was published and is lost. Publish again."
    ]


@pytest.mark.parametrize("name", ["SHA256SUMS", "manifest.json"])
def test_the_lists_themselves_are_compared(project: Path, name: str) -> None:
    letters(project, "publish")
    path = site_of(project) / name
    path.write_text(path.read_text("utf-8").replace("0", "1"), "utf-8")
    said = [str(problem) for problem in compare(site_of(project))]
    assert f"{name}: The file is not the one that was published. Publish again." in said


def test_a_manifest_that_cannot_be_read_says_so(project: Path) -> None:
    letters(project, "publish")
    path = site_of(project) / "manifest.json"
    path.write_text("{", "utf-8")
    assert list(map(str, compare(site_of(project)))) == [
        "manifest.json: The manifest cannot be read; the other files were held against SHA256SUMS."
        " Publish again."
    ]
