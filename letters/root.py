"""Where a project is: the folder that holds `recipients.yaml`."""

from __future__ import annotations

from pathlib import Path

FILE = "recipients.yaml"


def find_root(path: Path) -> Path | None:
    """The project's folder: `path`, or the nearest one above it; None where there is none."""
    start = path.resolve()
    return next((f for f in (start, *start.parents) if (f / FILE).is_file()), None)


def round_folders(root: Path) -> list[Path]:
    """The folders of a project's rounds, in order; hidden ones are none."""
    rounds = root / "rounds"
    if not rounds.is_dir():
        return []
    return sorted(
        folder for folder in rounds.iterdir() if folder.is_dir() and folder.name[0] not in "._~"
    )
