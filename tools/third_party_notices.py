"""Prints THIRD-PARTY-NOTICES.md: what `letters` installs beside itself, and under which licences.

    python -m tools.third_party_notices > THIRD-PARTY-NOTICES.md

Names and versions are those of requirements/run.txt; licences are read from the installed packages
themselves. `tools/lock` runs this after each change of versions.
"""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

OPENING = """\
# Third-party notices

`letters` is under the MIT licence (`LICENSE`). The wording of the 2017 letter it ships is Crown
copyright, under the Open Government Licence v3.0, and its font, Arimo, is under the SIL Open Font
Licence (`NOTICE`, `letters/render/fonts/OFL.txt`).

An installation also brings these packages, each with its licence and copyright notices in its own
folder. Pango and HarfBuzz come from the operating system.

Written by `python -m tools.third_party_notices`.

| package | version | licence |
| --- | --- | --- |
"""


def pinned() -> list[tuple[str, str]]:
    """Return name and version of each package that an installation may bring, on any platform."""
    text = (ROOT / "requirements/run.txt").read_text(encoding="utf-8")
    return re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text, re.M)


def row(name: str, version: str) -> str:
    """Return a package's line of the table."""
    try:
        about = metadata(name)
    except PackageNotFoundError:
        return f"| {name} | {version} | in the package (other platforms only) |"
    said = about.get("License-Expression") or classified(about.get_all("Classifier") or [])
    licence = said or (about.get("License") or "in the package").splitlines()[0]
    return f"| {name} | {version} | {licence} |"


def classified(classifiers: list[str]) -> str:
    """Return the licences that a package's classifiers name."""
    kinds = [each.split(" :: ")[-1] for each in classifiers if each.startswith("License ::")]
    return ", ".join(kind for kind in kinds if kind != "OSI Approved")


if __name__ == "__main__":
    print(OPENING + "\n".join(row(*each) for each in pinned()))
