"""What a published folder holds, so that anybody can tell what was changed, lost or added."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pydantic import ValidationError

from letters.build.record import STAGED
from letters.errors import Place, Problem, ProblemsFound, UsageError
from letters.files import digest, find_root, read_file
from letters.folders import chosen, joined
from letters.project import Project
from letters.project.proofs import (
    PUBLICATION,
    Signers,
    armoured,
    bare,
    key_of,
    sign,
    signer_of,
    signers_of,
)
from letters.publish.assessments import MANIFEST, SIGNATURE, PublicationFacts, Standard
from letters.publish.letterfiles import AGAIN, DOWNLOADS
from letters.validators import Finding, validate

if TYPE_CHECKING:
    from letters.verify import Verdict

SUMS = "SHA256SUMS"
"""Digests in the form that `sha256sum --check` reads; the manifest's own is among them."""

_SUM = re.compile(r"^([0-9a-f]{64})  (.+)$", re.MULTILINE)


def with_manifest(
    files: Mapping[str, bytes], facts: PublicationFacts | None = None
) -> Mapping[str, bytes]:
    """`files` with `manifest.json` and `SHA256SUMS`; those of an earlier time are replaced, and an
    earlier signature falls.
    """
    names = [name for name in sorted(files) if name not in (MANIFEST, SUMS, SIGNATURE)]
    entries = {name: _entry(files[name]) for name in names}
    content = {"publication": facts.model_dump(mode="json") if facts else None, "files": entries}
    manifest = (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
    digests = {name: entry["sha256"] for name, entry in entries.items()}
    digests[MANIFEST] = digest(manifest)
    sums = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    return joined(chosen(files, names), {MANIFEST: manifest, SUMS: sums.encode()})


def read_facts(files: Mapping[str, bytes]) -> PublicationFacts | None:
    """What a published folder says of itself; None where it holds no manifest that can be read."""
    try:
        found = json.loads(files.get(MANIFEST, b""))
        return PublicationFacts.model_validate(found["publication"])
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
    return _read(folder / SUMS) or b""


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


ALONE = "letters: web"
"""The rule that a web letter needs nothing but itself; pages of a site share a stylesheet."""


Findings = Mapping[str, tuple[Finding, ...]]
"""What validators found in files, by path."""


def standards(
    files: Mapping[str, bytes], found: Findings = MappingProxyType({})
) -> tuple[Standard, ...]:
    """What validators find, format by format; `found` is what they found in some files already."""
    return tuple(_standard(format_, files, found) for format_ in (*DOWNLOADS, "html"))


def _standard(format_: str, files: Mapping[str, bytes], found: Findings) -> Standard:
    paths = [path for path in files if path.endswith(f".{format_}")]
    findings = {
        f"{path.rpartition('/')[2]}: {finding}": None
        for path in paths
        for finding in (found[path] if path in found else validate(path, files[path]))
        if finding.rule != ALONE
    }
    return Standard(format=format_, files=len(paths), findings=tuple(findings))


@dataclass(frozen=True, slots=True)
class Audit:
    """What is wrong with a published folder: files not as published, and faults of letters."""

    problems: tuple[Problem, ...]
    verdicts: tuple[Verdict, ...]


def audit(folder: Path) -> Audit:
    """Compare a published folder with its manifest, and check every letter in it."""
    from letters.verify import verify  # a publication needs none of what it starts

    problems = compare(folder)
    letters = list(_letters(folder))
    verdicts = verify(letters) if letters else ()
    return Audit(problems, tuple(_of_site(verdict) for verdict in verdicts))


def publications_in(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The publications among `paths` and in folders of theirs; nothing inside a publication."""
    return tuple(dict.fromkeys(found for path in paths for found in _publications(path)))


def _publications(folder: Path) -> Iterator[Path]:
    if is_publication(folder):
        yield folder
    elif folder.is_dir() and not folder.is_symlink():
        for each in sorted(folder.iterdir()):
            if not each.name.startswith("."):
                yield from _publications(each)


def _letters(folder: Path) -> Iterator[Path]:
    """The letters' files; pages of withdrawn letters are none, nor is the national report."""
    for path in sorted(folder.rglob("letters/*.*")):
        is_page = path.suffix == ".html" and path.with_suffix(".pdf").is_file()
        if path.suffix in (".pdf", ".docx") or is_page:
            yield path


def _of_site(verdict: Verdict) -> Verdict:
    """A verdict without the rule that a web letter stands alone: pages share a stylesheet."""
    findings = tuple(each for each in verdict.findings if each.rule != ALONE)
    return replace(verdict, findings=findings)


SIGN_AGAIN = "Publish again with --sign."


def signed(files: Mapping[str, bytes], key: Path) -> Mapping[str, bytes]:
    """The files of a publication with the signature of its manifest, made with a key's file.

    Raises UsageError where it cannot be signed.
    """
    text = sign(files[MANIFEST], PUBLICATION, key=key)
    return joined(files, {SIGNATURE: armoured(text).encode()})


def with_kept_signature(
    files: Mapping[str, bytes], site: Mapping[str, bytes]
) -> Mapping[str, bytes]:
    """`files` with the signature of the publication in place, where the manifest is the same."""
    is_same = SIGNATURE in site and files[MANIFEST] == site.get(MANIFEST)
    return joined(files, {SIGNATURE: site[SIGNATURE]}) if is_same else files


@dataclass(frozen=True, slots=True)
class Seal:
    """What the signature of a published folder shows: by whom it is, and what is wrong with it.

    `said` is nothing where there is no signature and nobody asked for one.
    """

    said: str = ""
    problem: Problem | None = None


def seal_of(folder: Path, signers: Signers | None) -> Seal:
    """Who signed a published folder: one of `signers`, where they are given from outside, else one
    of the people of the folder's round, where it lies in its project.

    Raises UsageError where there is no ssh-keygen to tell.
    """
    place = Place(SIGNATURE)
    content = _read(folder / SIGNATURE)
    if content is None:
        what = "The publication is not signed."
        return Seal(problem=Problem(place, what, SIGN_AGAIN)) if signers else Seal()
    message, text = _read(folder / MANIFEST) or b"", bare(content.decode(errors="replace"))
    if not (key := key_of(message, text, PUBLICATION)):
        what = "This is not the signature of the manifest beside it."
        return Seal(problem=Problem(place, what, SIGN_AGAIN))
    known = signers or _people(folder, message)
    if name := signer_of(message, text, PUBLICATION, known):
        where = "" if signers else ", whose key is in round.yaml"
        return Seal(f"signed by {name}{where}; {key}.")
    if signers:
        what = f"The publication is signed with a key that none of these signers has: {key}."
        return Seal(
            problem=Problem(place, what, "Ask the person who published it whose key that is.")
        )
    return Seal(f"signed with the {key}; 'letters verify --signers FILE' says whose that is.")


def _read(path: Path) -> bytes | None:
    try:
        return read_file(path)
    except OSError:
        return None


def _people(folder: Path, manifest: bytes) -> Signers:
    """The people with keys of the round published; nobody where its project is elsewhere."""
    root, facts = find_root(folder), read_facts({MANIFEST: manifest})
    if root is None or facts is None:
        return Signers("")
    try:
        return signers_of(Project.load(root).round(facts.round).round)
    except (UsageError, ProblemsFound):
        return Signers("")
