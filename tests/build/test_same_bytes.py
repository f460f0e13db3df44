"""The same records give the same bytes, whatever the process, locale or folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from letters.files import digest

ROUND = "first-round"


def built(folder: Path, start_in: Path, **environment: str) -> dict[str, str]:
    """Digests of everything a build writes, in a process of its own."""
    subprocess.run(
        [sys.executable, "-m", "letters", "-C", str(folder), "build"],
        cwd=start_in,
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
    )
    files = sorted((folder / "out" / ROUND).rglob("[!.]*.*"))
    return {p.relative_to(folder).as_posix(): digest(p.read_bytes()) for p in files}


def test_two_builds_in_two_processes_are_byte_identical(tmp_path: Path, starter: Path) -> None:
    second = tmp_path / "un dossier à part"
    shutil.copytree(starter, second)
    a = built(starter, tmp_path, PYTHONHASHSEED="1", LC_ALL="C", TZ="Asia/Tokyo")
    b = built(second, second, PYTHONHASHSEED="77", LC_ALL="C.UTF-8", TZ="America/New_York")
    assert len(a) == 7
    assert a == b
