"""Approve the example round anew, as its invented inspectors, after a change to its words.

Run it in the repository's root: `python tools/approve_example.py`.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

from letters.approvals import TEXTS
from letters.approvals.signing import approve_letters
from letters.new import new_project
from letters.project import Project
from letters.project.approvals_file import FILE

EXAMPLE = Path("letters/example/project/rounds")
MOMENTS = {
    "2019-digital-evidence": {
        "ekwueme-hart": "2019-04-01T16:05:00+01:00",
        "merriden": "2019-04-02T10:30:00+01:00",
    }
}
"""When each of the people of a round approved its letters."""


def main() -> None:
    """Approve every letter of the rounds above, and keep the approvals as package data."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "example"
        new_project(root, example=True)
        for id_, moments in MOMENTS.items():
            (root / "rounds" / id_ / FILE).unlink(missing_ok=True)
            for by, moment in moments.items():
                project = Project.load(root)
                at = datetime.fromisoformat(moment)
                approve_letters(project, project.round(id_), by=by, at=at)
            shutil.copy(root / "rounds" / id_ / FILE, EXAMPLE / id_ / FILE)
            shutil.rmtree(EXAMPLE / id_ / TEXTS, ignore_errors=True)
            shutil.copytree(root / "rounds" / id_ / TEXTS, EXAMPLE / id_ / TEXTS)


if __name__ == "__main__":
    main()
