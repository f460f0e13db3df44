"""Two publications in two processes, with other seeds, clocks and folders: the same bytes."""

import os
import subprocess
import sys
from pathlib import Path

from tests.builders import approve, contents
from tests.rounds.found_property import a_publishable, site_of

ROOT = Path(__file__).parents[2]
SCRIPT = (
    "import sys; from pathlib import Path; from tests.rounds.found_property import published as p;"
)


def published_elsewhere(root: Path, **environment: str) -> dict[str, bytes]:
    subprocess.run(
        [sys.executable, "-c", f"{SCRIPT} p(Path(sys.argv[1]))", str(root)],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
    )
    return contents(site_of(root))


def test_the_same_bytes_whatever_the_process(tmp_path: Path) -> None:
    first = approve(a_publishable(tmp_path / "one"))
    second = approve(a_publishable(tmp_path / "another – é"))
    ours = published_elsewhere(first, PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C")
    theirs = published_elsewhere(second, PYTHONHASHSEED="2", TZ="Europe/London", LC_ALL="C.UTF-8")
    assert ours == theirs
