"""The signature of a publication: `manifest.json.sig`, over the manifest, which holds the digest of
every file. It stands beside the files and is none of them: whoever signs changes no publication."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from letters.errors import Place, Problem, ProblemsFound, UsageError
from letters.files import find_root
from letters.project import Project
from letters.project.proofs import signers_of
from letters.publish.facts import MANIFEST, SIGNATURE
from letters.publish.manifest import read_facts
from letters.signatures import PUBLICATION, Signers, armoured, bare, key_of, sign, signer_of

AGAIN = "Publish again with --sign."


def signed(files: Mapping[str, bytes], key: Path) -> dict[str, bytes]:
    """The files of a publication with the signature of its manifest, made with a key's file.

    Raises UsageError where it cannot be signed.
    """
    text = sign(files[MANIFEST], PUBLICATION, key=key)
    return {**files, SIGNATURE: armoured(text).encode()}


def with_kept_signature(files: Mapping[str, bytes], site: Mapping[str, bytes]) -> dict[str, bytes]:
    """`files` with the signature of the publication in place, where the manifest is the same."""
    is_same = SIGNATURE in site and files[MANIFEST] == site.get(MANIFEST)
    return {**files, SIGNATURE: site[SIGNATURE]} if is_same else dict(files)


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
        return Seal(problem=Problem(place, what, AGAIN)) if signers else Seal()
    message, text = _read(folder / MANIFEST) or b"", bare(content.decode(errors="replace"))
    if not (key := key_of(message, text, PUBLICATION)):
        what = "This is not the signature of the manifest beside it."
        return Seal(problem=Problem(place, what, AGAIN))
    known = signers or _people(folder, message)
    if name := signer_of(message, text, PUBLICATION, known):
        where = "" if signers else ", whose key is in round.yaml"
        return Seal(f"signed by {name}{where}; {key}.")
    if signers:
        what = f"The publication is signed with a key that none of these signers has: {key}."
        return Seal(problem=Problem(place, what, "Ask whoever published it whose key that is."))
    return Seal(f"signed with the {key}; 'letters verify --signers FILE' says whose that is.")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
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
