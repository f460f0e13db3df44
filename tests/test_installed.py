"""The package as it is installed from what is distributed, without the repository beside it."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from tests.builders import contents

ROOT = Path(__file__).parent.parent
PARTS = ("letters", "templates", "pyproject.toml", "setup.py", "MANIFEST.in")
TOLD = ("README.md", "LICENSE", "NOTICE")
MAKE = (
    "import sys; from setuptools import build_meta; getattr(build_meta, sys.argv[1])(sys.argv[2])"
)


def made(what: str, source: Path, out: Path) -> Path:
    """The one file that the build backend leaves in `out`."""
    out.mkdir()
    command = [sys.executable, "-W", "ignore", "-c", MAKE, what, str(out)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (found,) = out.iterdir()
    return found


def test_new_projects_of_an_installed_package_get_the_letterhead(tmp_path: Path) -> None:
    source, installed = tmp_path / "source", tmp_path / "installed"
    for name in PARTS:
        if (ROOT / name).is_dir():
            unmade = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, source / name, ignore=unmade)
    for name in (*PARTS, *TOLD):
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, source)
    with tarfile.open(made("build_sdist", source, tmp_path / "sdist")) as archive:
        archive.extraction_filter = lambda member, _: member  # 3.11.2 has no argument for it
        archive.extractall(tmp_path / "unpacked")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    with zipfile.ZipFile(made("build_wheel", unpacked, tmp_path / "wheel")) as wheel:
        wheel.extractall(installed)
    subprocess.run(
        [sys.executable, "-m", "letters", "new", "project", "--example"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=True,
        capture_output=True,
    )
    written = contents(tmp_path / "project/templates/letterhead")
    crest = (ROOT / "letters/example/project/templates/letterhead/crest.png").read_bytes()
    assert written == {**contents(ROOT / "templates/letterhead"), "crest.png": crest}
    assert set(written) == {"crest.png", "letter.docx", "letter.html", "print.css", "screen.css"}
