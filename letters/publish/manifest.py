"""What a published folder holds, so that anybody can tell what was changed, lost or added."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from letters.errors import Place, Problem, UsageError
from letters.files import digest
from letters.publish.facts import MANIFEST, Facts

SUMS = "SHA256SUMS"
"""Digests in the form that `sha256sum --check` reads; the manifest's own is among them."""


def with_manifest(files: Mapping[str, bytes], facts: Facts | None = None) -> dict[str, bytes]:
    """`files` with `manifest.json` and `SHA256SUMS`; those of an earlier time are replaced."""
    found = {name: files[name] for name in sorted(files) if name not in (MANIFEST, SUMS)}
    content = {
        "publication": facts.model_dump(mode="json") if facts else None,
        "files": {name: _entry(file) for name, file in found.items()},
    }
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    found[MANIFEST] = text.encode()
    sums = "".join(f"{digest(found[name])}  {name}\n" for name in sorted(found))
    return {**found, SUMS: sums.encode()}


def read_facts(files: Mapping[str, bytes]) -> Facts | None:
    """What a published folder says of itself; None where it holds no manifest that can be read."""
    try:
        found = json.loads(files.get(MANIFEST, b""))
        return Facts.model_validate(found["publication"])
    except (ValueError, ValidationError, KeyError, TypeError):
        return None


def is_publication(folder: Path) -> bool:
    """Whether `folder` is one that `letters publish` made."""
    return (folder / MANIFEST).is_file()


def compare(folder: Path) -> tuple[Problem, ...]:
    """How a published folder differs from its manifest: what was changed, lost or added.

    Raises UsageError where it has no manifest that can be read.
    """
    listed, here = _listed(folder), _digests(folder)
    problems = [
        Problem(Place(name), "The file is not the one that was published.", "Publish again.")
        if name in here
        else Problem(Place(name), "The file was published and is lost.", "Publish again.")
        for name in listed
        if here.get(name) != listed[name]
    ]
    added = (name for name in here if name not in listed)
    fix = "Take it out, or keep it elsewhere."
    problems += [Problem(Place(name), "The file was not published.", fix) for name in added]
    return tuple(sorted(problems))


def _listed(folder: Path) -> dict[str, str]:
    """Digests by name from both lists, which must agree."""
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        own = {name: entry["sha256"] for name, entry in found["files"].items()}
        lines = _sums(folder).decode().splitlines()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(f"{folder / MANIFEST} cannot be read. Publish again.") from None
    sums = {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}
    own[SUMS] = digest(_sums(folder)) if _agree(own, sums) else ""
    own[MANIFEST] = sums.get(MANIFEST, "")
    return own


def _sums(folder: Path) -> bytes:
    return (folder / SUMS).read_bytes() if (folder / SUMS).is_file() else b""


def _agree(own: Mapping[str, str], sums: Mapping[str, str]) -> bool:
    return {**own, MANIFEST: ""} == {**sums, MANIFEST: ""}


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): digest(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _entry(content: bytes) -> dict[str, str | int]:
    return {"sha256": digest(content), "size": len(content)}
