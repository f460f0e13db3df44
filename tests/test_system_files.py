"""What systems and editors keep among a project's files counts nowhere: no digest, no message."""

from pathlib import Path

import pytest
from watchfiles import Change

from letters import Project, build_round, round_status
from letters.files import files_in, own_files
from letters.preview.snapshot import is_input, template_digests
from letters.verify import verify
from tests.builders import FOLDER, a_project, approve, contents, write
from tests.rounds.found_property import LATER, a_publishable, published, round_folder, site_of

LAYOUT, WORDING = "templates/letterhead", "templates/found-property"
KEPT = (
    ".DS_Store",
    ".hidden.md",
    ".hidden.png",
    ".letter.md.swp",
    ".trash/letter.md",
    ".~lock.assessments.csv#",
    "letter.md.SWP",
    "letter.md~",
    "lu81x2.tmp",
    "~$letter.docx",
    "~$secret.md",
    "Thumbs.db",
    "THUMBS.DB",
    "desktop.ini",
    "Desktop.ini",
)
"""Names that systems and editors give; a Windows or macOS folder cannot hold both cases."""


def keep_everywhere(root: Path) -> None:
    """Put each of them into every folder of a project, also into one inside another."""
    folders = (LAYOUT, f"{LAYOUT}/icons", WORDING, f"{WORDING}/outcomes", "rounds")
    for folder in (*map(root.joinpath, folders), round_folder(root)):
        for name in KEPT:
            write(folder / name, b"\x00\x05\xff")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published project in which such files appear afterwards."""
    root = tmp_path_factory.mktemp("kept")
    approve(a_publishable(root))
    own = Project.load(root)
    build_round(own, own.round())
    published(root)
    return root


def test_neither_build_nor_publish_finds_anything_changed(project: Path) -> None:
    site, ledger = contents(site_of(project)), (round_folder(project) / "published.json")
    before = ledger.read_bytes()
    templates = template_digests(Project.load(project).round())
    keep_everywhere(project)
    own = Project.load(project)
    assert [row.state for row in round_status(own.round())] == ["built"] * 3
    assert [each.state for each in build_round(own, own.round())] == ["unchanged"] * 3
    assert published(project, now=LATER).changed == ()
    assert contents(site_of(project)) == site
    assert ledger.read_bytes() == before
    assert template_digests(own.round()) == templates


def test_what_is_staged_may_be_looked_at(tmp_path: Path) -> None:
    approve(a_publishable(tmp_path))
    staged = published(tmp_path, stage=True).folder
    files = contents(staged)
    (staged / ".DS_Store").touch()
    (staged / "letters/Thumbs.db").touch()
    published(tmp_path)
    assert contents(site_of(tmp_path)) == files


@pytest.mark.parametrize("name", KEPT)
def test_such_a_file_is_no_letter_and_no_save(tmp_path: Path, name: str) -> None:
    letter = tmp_path / "a.html"
    letter.write_text("<p>", "utf-8")
    write(tmp_path / f"letters/{name}", b"")
    assert [verdict.path for verdict in verify([tmp_path])] == [letter]
    last = name.rpartition("/")[2]
    assert is_input(Change.added, f"/a/rounds/one/{last}") == (last == "letter.md")


@pytest.mark.parametrize("name", ["assessments.csv~", "assessments.tmp", "assessments.csv.swp"])
def test_a_backup_is_no_file_of_records(tmp_path: Path, name: str) -> None:
    a_project(tmp_path, assessments_csv=None)
    write(tmp_path / FOLDER / name, "x")
    assert [str(problem) for problem in Project.load(tmp_path).problems] == [
        f"{FOLDER}/assessments.yaml: The round has no assessments. "
        "Add assessments.yaml, assessments.csv or assessments.xlsx."
    ]


def test_the_walk_goes_into_folders_and_follows_no_link_out(tmp_path: Path) -> None:
    folder, beside = tmp_path / "root/layout", tmp_path / "root/common"
    for path in (folder / "b/c/d.png", folder / "a.png", folder / "b.png", beside / "e.png"):
        write(path, b"x")
    write(tmp_path / "secret/f.png", b"x")
    (folder / "e.png").symlink_to(beside / "e.png")
    (folder / "f.png").symlink_to(tmp_path / "secret/f.png")
    (folder / "g.png").symlink_to(folder / "g.png")
    (folder / "h").symlink_to(tmp_path / "secret")
    inside = [folder / "a.png", folder / "b/c/d.png", folder / "b.png"]
    assert own_files(folder, folder) == inside
    assert own_files(folder, tmp_path / "root") == [*inside, folder / "e.png"]
    assert files_in(folder) == [*inside, folder / "e.png", folder / "f.png"]


def test_a_stylesheet_that_layouts_share_by_a_link_counts(starter: Path) -> None:
    style, shared = starter / LAYOUT / "print.css", starter / "templates/shared.css"
    style.rename(shared)
    style.symlink_to(shared)
    build_round(Project.load(starter), Project.load(starter).round())
    with shared.open("a", encoding="utf-8") as file:
        file.write("\nh1 { color: #123 }\n")
    rows = round_status(Project.load(starter).round())
    assert {row.state for row in rows if row.state != "awaiting"} == {"out of date"}
