"""Whatever kills a publication, and whenever: the public folder is the old or the new, whole."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from letters.folders import read_folder, replace_folder, settle
from tests.builders import approve
from tests.rounds.found_property import a_publishable, out_of, published

OLD = {"index.html": b"old", "letters/a.pdf": b"old a", "letters/gone.pdf": b"gone"}
NEW = {"index.html": b"new", "letters/a.pdf": b"new a", "assets/site.css": b"new"}
ROOT = Path(__file__).parents[2]

KILLER = """
import os, sys
from pathlib import Path

def killed_at(most, folder, work):
    '''Run `work` in a child that dies at its `most`th step on files below `folder`.'''
    steps = 0
    def hook(event, arguments):
        nonlocal steps
        touches = event.split(".")[0] in ("open", "os", "shutil", "ctypes")
        if touches and any(str(folder) in os.fsdecode(a) for a in arguments
                           if isinstance(a, (str, bytes, os.PathLike))):
            steps += 1
            if steps == most:
                os._exit(9)
        if event == "ctypes.dlsym" and "rename" in str(arguments[-1]):
            steps += 1
            if steps == most:
                os._exit(9)
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.addaudithook(hook)
    work()
    total = steps
    (folder.parent / "steps").write_text(str(total))
    os._exit(0)
"""

SWAPS = (
    KILLER
    + """
import json
from letters.folders import read_folder, replace_folder, settle

folder, old, new = Path(sys.argv[1]), *(
    {name: text.encode() for name, text in files.items()} for files in json.loads(sys.argv[2]))
found, step, ended = [], 0, 9
while ended == 9:
    step += 1
    replace_folder(folder, old)
    ended = killed_at(step, folder.parent, lambda: replace_folder(folder, new))
    here = read_folder(folder)
    found.append("old" if here == old else "new" if here == new else "broken")
    settle(folder)
    replace_folder(folder, new)
    assert read_folder(folder) == new
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
print(ended, *found)
"""
)

PUBLICATIONS = (
    KILLER
    + """
from letters.publish.manifest import compare
from letters.folders import replace_folder
from tests.builders import approve, contents
from tests.rounds.found_property import LATER, published, round_folder, site_of

root = Path(sys.argv[1])
old = contents(site_of(root))
ledger = (round_folder(root) / "published.json").read_bytes()
record = round_folder(root) / "assessments.csv"
record.write_text(record.read_text("utf-8").replace("All is well.", "All is better."), "utf-8")
killed_at(0, root, lambda: approve(root))

def publish():
    published(root, now=LATER, note="Corrected.")

def state():
    here = contents(site_of(root))
    if here == old:
        return "old"
    is_new = b"All is better." in here["letters/northmoor.html"]
    return "new" if is_new and compare(site_of(root)) == () else "broken"

killed_at(0, root, publish)  # letters are made once: the count is of what follows
replace_folder(site_of(root), old)
(round_folder(root) / "published.json").write_bytes(ledger)
killed_at(0, root, publish)
total = int((root.parent / "steps").read_text())
for step in (1, total // 2, total - 45, total - 30, total - 15, total - 2):
    replace_folder(site_of(root), old)
    (round_folder(root) / "published.json").write_bytes(ledger)
    print(killed_at(step, root, publish), state())
killed_at(0, root, publish)
print("afterwards", state())
"""
)


def run(script: str, *arguments: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def texts(files: dict[str, bytes]) -> dict[str, str]:
    return {name: content.decode() for name, content in files.items()}


def test_a_replacement_killed_at_every_step_leaves_one_whole_folder(tmp_path: Path) -> None:
    files = json.dumps([texts(OLD), texts(NEW)])
    ended, *found = run(SWAPS, str(tmp_path / "out/site"), files)
    assert ended == "0"
    assert len(found) > 8
    assert set(found) == {"old", "new"}
    assert found == sorted(found, reverse=True)  # once new, it stays new


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    replace_folder(folder, OLD)
    replace_folder(folder, NEW)
    assert read_folder(folder) == NEW
    assert list(tmp_path.iterdir()) == [folder]


def cannot(_one: Path, _other: Path) -> bool:
    """A system on which two folders cannot change places in one step."""
    return False


def test_where_folders_cannot_change_places_the_old_one_steps_aside(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    replace_folder(folder, OLD)
    replace_folder(folder, NEW, exchange=cannot)
    assert read_folder(folder) == NEW
    assert list(tmp_path.iterdir()) == [folder]


def test_a_replacement_that_was_cut_off_there_is_undone_by_the_next_command(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "site"
    replace_folder(folder, OLD)
    folder.replace(tmp_path / ".site.old")
    settle(folder)
    assert read_folder(folder) == OLD


def test_a_system_that_refuses_leaves_the_old_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    replace_folder(folder, OLD)
    real = Path.replace

    def refusing(self: Path, target: Path) -> Path:
        if self.name == ".site.new":
            raise PermissionError(13, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refusing)
    with pytest.raises(PermissionError):
        replace_folder(folder, NEW, exchange=cannot)
    assert read_folder(folder) == OLD


def test_a_publication_killed_at_many_points_leaves_one_whole_site(tmp_path: Path) -> None:
    root = approve(a_publishable(tmp_path / "project"))
    published(root)
    found = run(PUBLICATIONS, str(root))
    ends, states = found[:-2:2], found[1:-2:2]
    assert ends == ["9"] * 6
    assert set(states) == {"old", "new"}
    assert states == sorted(states, reverse=True)
    assert found[-2:] == ["afterwards", "new"]
    assert sorted(path.name for path in out_of(root).iterdir()) == [".editions", "site"]
