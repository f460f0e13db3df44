"""The validators the suite runs over finished letters; `tools/install-judges` installs them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NPM = ROOT / ".judges/npm/node_modules"
VERAPDF = ROOT / "tools/verapdf"
"""The folder to put on PATH for a `verapdf` command."""
