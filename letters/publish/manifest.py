"""What a published folder holds, so that anybody can tell what was changed, lost or added."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from letters.build.output import STAGED
from letters.errors import Place, Problem
from letters.files import digest
from letters.publish.facts import MANIFEST, SIGNATURE, Facts
from letters.publish.staging import AGAIN

SUMS = "SHA256SUMS"
"""Digests in the form that `sha256sum --check` reads; the manifest's own is among them."""

_SUM = re.compile(r"^([0-9a-f]{64})  (.+)$", re.MULTILINE)


def with_manifest(files: Mapping[str, bytes], facts: Facts | None = None) -> dict[str, bytes]:
    """`files` with `manifest.json` and `SHA256SUMS`; those of an earlier time are replaced, and an
    earlier signature falls.
    """
    found = {name: files[name] for name in sorted(files) if name not in (MANIFEST, SUMS, SIGNATURE)}
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
    except (ValueError, ValidationError, KeyError, TypeError, RecursionError):
        return None


def is_publication(folder: Path) -> bool:
    """Whether `letters publish` made `folder`, even if its manifest is lost since."""
    left = (
        (folder / SUMS).is_file(),
        (folder / "index.html").is_file(),
        (folder / "letters").is_dir() or (folder / "forces").is_dir(),
    )
    return (folder / MANIFEST).is_file() or sum(left) > 1


def done_with(folder: Path) -> str:
    """What became of the files of a publication: "published", or "staged"."""
    return "staged" if folder.name == STAGED else "published"


def compare(folder: Path) -> tuple[Problem, ...]:
    """How a published folder differs from its manifest: what was changed, lost or added.

    Where the manifest is lost, or cannot be read, the files are held against `SHA256SUMS`.
    """
    fix = AGAIN if done_with(folder) == "staged" else "Publish again."
    listed, here = _listed(folder), _digests(folder)
    if not listed:
        what = "The manifest is lost, and SHA256SUMS with it, so no file can be compared."
        return (Problem(Place(MANIFEST), what, fix),)
    found = dict(_differences(folder, listed, here))
    problems = [Problem(Place(name), what, fix) for name, what in found.items()]
    added = f"The file was not {done_with(folder)}."
    leave = "Take it out, or keep it elsewhere."
    problems += [Problem(Place(name), added, leave) for name in here if name not in listed]
    return tuple(sorted(problems))


def _differences(
    folder: Path, listed: Mapping[str, str], here: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    done = done_with(folder)
    for name, sha256 in listed.items():
        if name not in here:
            yield name, f"The file was {done} and is lost."
        elif here[name] != sha256:
            yield name, f"The file is not the one that was {done}."
    if _of_manifest(folder) is None:
        state = "cannot be read" if MANIFEST in here else "is lost"
        yield MANIFEST, f"The manifest {state}; the other files were held against {SUMS}."


def _listed(folder: Path) -> dict[str, str]:
    """Digests by name from both lists, which must agree; from one where the other is lost."""
    own, sums = _of_manifest(folder), _of_sums(folder)
    if own is None:
        return {**sums, SUMS: digest(_sums(folder))} if sums else {}
    agreed = not sums or _agree(own, sums)
    manifest = sums.get(MANIFEST, "") if sums else digest((folder / MANIFEST).read_bytes())
    return {**own, SUMS: digest(_sums(folder)) if agreed else "", MANIFEST: manifest}


def _of_manifest(folder: Path) -> dict[str, str] | None:
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
        return {name: str(entry["sha256"]) for name, entry in found["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _of_sums(folder: Path) -> dict[str, str]:
    text = _sums(folder).decode(errors="replace")
    return {match[2]: match[1] for match in _SUM.finditer(text)}


def _sums(folder: Path) -> bytes:
    return (folder / SUMS).read_bytes() if (folder / SUMS).is_file() else b""


def _agree(own: Mapping[str, str], sums: Mapping[str, str]) -> bool:
    return {**own, MANIFEST: ""} == {**sums, MANIFEST: ""}


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): digest(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / SIGNATURE
    }


def _entry(content: bytes) -> dict[str, str | int]:
    return {"sha256": digest(content), "size": len(content)}
