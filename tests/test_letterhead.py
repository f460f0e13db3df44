"""New projects get the letterhead of this repository."""

from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_new_projects_get_the_letterhead_of_this_repository() -> None:
    ours, theirs = ROOT / "templates/letterhead", ROOT / "letters/example/letterhead"
    names = sorted(path.name for path in ours.iterdir())
    assert names == sorted(path.name for path in theirs.iterdir())
    assert [n for n in names if (ours / n).read_bytes() != (theirs / n).read_bytes()] == []
