"""Runs the commands that the documentation shows."""

import os
import subprocess
import sys
from pathlib import Path


def ran(arguments: list[str], folder: Path) -> tuple[int, str]:
    """The exit status of a command and what it prints, errors included."""
    is_ours = arguments[0] == "letters"
    done = subprocess.run(
        [sys.executable, "-m", *arguments] if is_ours else arguments,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    return done.returncode, done.stdout
