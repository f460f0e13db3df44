"""What proves an approval: one SSH signature for each run of `letters approve`, over all that the
run approved. It is kept in `approvals.yaml`, under a name that no letter can have."""

from __future__ import annotations

import base64
import re
import shutil
import struct
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from letters.errors import Place, Problem, Refused, UsageError, shortened
from letters.model import Round
from letters.sources.yamls import Node

APPROVAL = "letters-approval"
PUBLICATION = "letters-publication"
"""What a signature is for (`-n` of ssh-keygen): one of another use does not pass."""

NO_KEYGEN = (
    "There is no ssh-keygen on this computer. Install OpenSSH: 'apt install openssh-client' on"
    " Debian and Ubuntu, the optional feature 'OpenSSH Client' on Windows; macOS has it."
)
TOO_OLD = "The ssh-keygen of this computer is too old for signatures. Install OpenSSH 8.9 or later."

HEAD, TAIL = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_KEY = re.compile(r"(?P<kind>(ssh|ecdsa|sk)-[\w@.-]+) (?P<blob>[A-Za-z0-9+/]+=*)( .*)?")
"""A public key as `ssh-keygen` writes it: kind, key, comment."""
_BASE64 = re.compile(r"[A-Za-z0-9+/]+=*")
_FINGERPRINT = re.compile(r"with (?P<key>\S+ key \S+)")
_OWN = Path(".ssh")
_USUAL = ("id_ed25519.pub", "id_ecdsa.pub", "id_ed25519_sk.pub", "id_ecdsa_sk.pub", "id_rsa.pub")


@dataclass(frozen=True, slots=True)
class Signers:
    """Whose signatures are taken: lines of an allowed-signers file, as `man ssh-keygen` has it.

    `text` names each signer and a key; what is `from_outside` may bound the time of a key, too.
    """

    text: str
    from_outside: bool = False

    @classmethod
    def of(cls, keys: Mapping[str, str]) -> Signers:
        """The holders of public keys, by their names, which hold no space."""
        return cls("".join(f"{name} {key}\n" for name, key in keys.items()))

    @classmethod
    def read(cls, path: Path) -> Signers:
        """Those of an allowed-signers file. Raises UsageError where it is no such text."""
        try:
            return cls(path.read_text(encoding="utf-8"), from_outside=True)
        except UnicodeDecodeError:
            raise UsageError(f"{path} is not a list of signers. Write a name and a public key"
                             " on each line.") from None  # fmt: skip


def armoured(text: str) -> str:
    """A signature as OpenSSH writes it to a file."""
    lines = [text[n : n + 70] for n in range(0, len(text), 70)]
    return "".join(f"{line}\n" for line in (HEAD, *lines, TAIL))


def bare(content: str) -> str:
    """A signature as we keep it, from such a file; "" where it is none."""
    lines = content.split()
    text = "".join(lines[3:-3])
    return text if " ".join(lines).startswith(HEAD) and _BASE64.fullmatch(text) else ""


def has_keygen() -> bool:
    """Whether this computer can make and check signatures."""
    return bool(_program())


def _program() -> str:
    """Where ssh-keygen is; "" where it is not, or in the present folder alone: Windows looks for
    programs there first, and in a project anybody may have put one.
    """
    found = shutil.which("ssh-keygen") or ""
    return found if found and Path(found).resolve().parent != Path.cwd() else ""


def public_key(text: str) -> str:
    """`text`, the line of a `.pub` file, without its comment: two keys are one where these agree.

    Raises Refused where it is no public key.
    """
    fix = "Write the one line of the file that ends in .pub, such as ~/.ssh/id_ed25519.pub."
    if "PRIVATE KEY" in text:
        what = "This is a private key, which no one else may see."
        raise Refused(what, f"Take it out, make another with ssh-keygen. {fix}")
    match = _KEY.fullmatch(text.strip())
    if not match or "-cert-" in match["kind"] or not _holds(match["blob"], match["kind"]):
        raise Refused(f"'{shortened(text)}' is not an SSH public key.", fix)
    return f"{match['kind']} {match['blob']}"


def _holds(blob: str, kind: str) -> bool:
    """Whether a key's own bytes say that it is of its kind."""
    try:
        content = base64.b64decode(blob, validate=True)
    except ValueError:
        return False
    return content.startswith(struct.pack(">I", len(kind)) + kind.encode())


def sign(message: bytes, purpose: str, *, key: Path) -> str:
    """Sign `message` with a private key's file, or with a `.pub` file whose other half is there, or
    in the user's agent. ssh-keygen itself asks for a passphrase.

    Raises UsageError where it cannot be signed.
    """
    if not key.is_file():
        raise UsageError(f"There is no key {key}. Name the file of a key: --key FILE.")
    done = _keygen("sign", "-f", str(key), "-n", purpose, message=message)
    text = bare(done.stdout)
    if done.returncode or not text:
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise UsageError(
            f"ssh-keygen could not sign with {key}: {why}. Name the file of a private key with"
            " --key FILE, or give the key to the agent: ssh-add FILE."
        )
    return text


@contextmanager
def key_file(public: str) -> Iterator[Path]:
    """The file of a public key to sign with: the user's own, or one made for the agent's sake."""
    for path in _own_keys():
        try:
            if public_key(path.read_text(encoding="utf-8")) == public_key(public):
                yield path
                return
        except (OSError, UnicodeDecodeError, Refused):
            continue
    with TemporaryDirectory() as folder:
        path = Path(folder) / "key-of-round.pub"
        path.write_text(f"{public}\n", encoding="utf-8")
        yield path


def usual_key() -> Path:
    """The user's own key, as ssh would choose it. Raises UsageError where there is none."""
    for name in _USUAL:
        if (path := Path.home() / _OWN / name).is_file():
            return path
    raise UsageError("There is no key in ~/.ssh. Name the file of a key: --key FILE.")


def _own_keys() -> list[Path]:
    return sorted((Path.home() / _OWN).glob("*.pub"))


@lru_cache(maxsize=8192)
def is_signed(
    message: bytes,
    signature: str,
    purpose: str,
    signers: Signers,
    *,
    name: str,
    at: datetime | None = None,
) -> bool:
    """Whether `signature` is that of `message`, made for this purpose by `name`, one of `signers`.

    `at` is when it was made, for signers whose keys are bound to a time; else now. Raises
    UsageError where there is no ssh-keygen to tell.
    """
    with _files(signature, signers) as (own, allowed):
        when = _time(at) if signers.from_outside else ()
        arguments = ("-f", allowed, "-I", name, "-n", purpose, "-s", own, *when)
        return _keygen("verify", *arguments, message=message).returncode == 0


def signer_of(message: bytes, signature: str, purpose: str, signers: Signers) -> str:
    """The one of `signers` who signed `message` for this purpose; "" where none did."""
    with _files(signature, signers) as (own, allowed):
        found = _keygen("find-principals", "-s", own, "-f", allowed)
    names = found.stdout.splitlines() if found.returncode == 0 else []
    named = (each.split(",")[0] for each in names)
    return next((n for n in named if is_signed(message, signature, purpose, signers, name=n)), "")


def key_of(message: bytes, signature: str, purpose: str) -> str:
    """The kind and fingerprint of the key that signed `message`, whoever holds it; "" if none."""
    with _files(signature, Signers("")) as (own, _):
        done = _keygen("check-novalidate", "-n", purpose, "-s", own, message=message)
    match = _FINGERPRINT.search(done.stdout)
    return match["key"] if done.returncode == 0 and match else ""


def _time(at: datetime | None) -> tuple[str, ...]:
    return (f"-Overify-time={at.astimezone(UTC):%Y%m%d%H%M%SZ}",) if at else ()


@contextmanager
def _files(signature: str, signers: Signers) -> Iterator[tuple[str, str]]:
    """A signature and a list of signers as ssh-keygen reads them, from files."""
    with TemporaryDirectory() as folder:
        own, allowed = Path(folder) / "signature", Path(folder) / "signers"
        own.write_text(armoured(signature), encoding="utf-8")
        allowed.write_text(signers.text, encoding="utf-8")
        yield str(own), str(allowed)


def _keygen(what: str, *arguments: str, message: bytes = b"") -> subprocess.CompletedProcess[str]:
    program = _program()
    if not program:
        raise UsageError(NO_KEYGEN)
    done = subprocess.run(  # noqa: S603  (a fixed program; every argument is our own or a file)
        [program, "-Y", what, *arguments], input=message, capture_output=True, check=False
    )
    errors = done.stderr.decode(errors="replace")
    if "usage:" in errors:
        raise UsageError(TOO_OLD)
    output = done.stdout.decode(errors="replace")
    return subprocess.CompletedProcess(done.args, done.returncode, output, errors)


SIGNATURES = "_signatures"

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Proof(StrEnum):
    """What shows that an approval is of the person it names."""

    TYPED = "typed"
    """Nothing: round.yaml gives no key for the person, and the name was typed."""
    SIGNED = "signed"
    MISSING = "missing"
    OTHER = "other"
    FALSE = "false"
    UNCHECKED = "unchecked"

    @property
    def counts(self) -> bool:
        """Whether such an approval counts."""
        return self in (Proof.TYPED, Proof.SIGNED)

    @property
    def why(self) -> str:
        """Why an approval does not count."""
        return _WHY[self]


_WHY = {
    Proof.MISSING: "it has no signature, and round.yaml gives a key",
    Proof.OTHER: "its signature is for another letter, or for other words",
    Proof.FALSE: (
        "its signature is not by the key in round.yaml, or not of this round, or was changed"
    ),
    Proof.UNCHECKED: "its signature cannot be checked without ssh-keygen",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """What one person signed at one moment: letters, each with the digest of its content.

    `text` is the signature, in base64.
    """

    by: str
    at: datetime
    letters: tuple[tuple[str, str], ...]
    text: str

    def covers(self, letter: str, digest: str) -> bool:
        """Whether the letter, with this content, is among those signed."""
        return (letter, digest) in self.letters


def signed_words(round_id: str, by: str, at: datetime, letters: Mapping[str, str]) -> bytes:
    """What is signed: the round, who approves, when (in UTC), and a line for each letter."""
    moment = at.astimezone(UTC).isoformat()
    lines = (f"letter {id_} {letters[id_]}" for id_ in sorted(letters))
    head = ("letters approval 1", f"round {round_id}", f"by {by}", f"at {moment}")
    return "".join(f"{line}\n" for line in (*head, *lines)).encode()


def is_by(signature: Signature, round_: Round, signers: Signers) -> bool:
    """Whether a signature of an approval is of the person it names, one of `signers`.

    Raises UsageError where there is no ssh-keygen to tell.
    """
    words = signed_words(round_.id, signature.by, signature.at, dict(signature.letters))
    return is_signed(words, signature.text, APPROVAL, signers, name=signature.by, at=signature.at)


def signers_of(round_: Round) -> Signers:
    """The people of a round for whom it gives a sound key, as signers."""
    keys = {}
    for id_, person in round_.people.items():
        try:
            keys[id_] = public_key(person.key or "")
        except Refused:
            continue  # none, or a problem of round.yaml
    return Signers.of(keys)


@dataclass(frozen=True, slots=True)
class Proofs:
    """The signatures of a round's approvals, to be asked about each approval."""

    round: Round
    signatures: tuple[Signature, ...] = ()

    def find(
        self, letter: str, digest: str, by: str, at: datetime
    ) -> tuple[Signature | None, Proof]:
        """The signature of an approval, and what it shows."""
        found = [each for each in self.signatures if (each.by, each.at) == (by, at)]
        own = [each for each in found if each.covers(letter, digest)]
        if self.round.people[by].key is None:
            return next(iter(own), None), Proof.TYPED
        if not own:
            return None, Proof.OTHER if found else Proof.MISSING
        if not has_keygen():
            return own[0], Proof.UNCHECKED
        signers = signers_of(self.round)
        return own[0], Proof.SIGNED if is_by(own[0], self.round, signers) else Proof.FALSE


def read_signatures(node: Node, problems: list[Problem]) -> Iterator[Signature]:
    """Every sound entry of the list of signatures; what is wrong with others is a problem."""
    for each in node.items:
        try:
            yield _signature(each)
        except (KeyError, ValueError, TypeError):
            what = "A signature of approvals is not as 'letters approve' wrote it."
            fix = "Restore it, or delete it and approve again."
            problems.append(Problem(each.place.at(SIGNATURES), what, fix))


def _signature(node: Node) -> Signature:
    """Raises KeyError, ValueError or TypeError where it is no such entry."""
    by, at, text = (node.entries[key].text or "" for key in ("by", "at", "signature"))
    letters = {id_: each.text or "" for id_, each in node.entries["letters"].entries.items()}
    moment = datetime.fromisoformat(at)
    digests = all(_DIGEST.fullmatch(each) for each in letters.values())
    if moment.tzinfo is None or not (by and letters and digests and _BASE64.fullmatch(text)):
        raise ValueError("signature")
    return Signature(by, moment, tuple(sorted(letters.items())), text)


def signatures_tree(signatures: Iterable[Signature | None]) -> list[dict[str, object]]:
    """Signatures as `approvals.yaml` holds them, each once, in the order of their times."""
    each_once = {each.text: each for each in signatures if each}
    return [
        {
            "by": each.by,
            "at": each.at.isoformat(),
            "letters": dict(each.letters),
            "signature": each.text,
        }
        for each in sorted(each_once.values(), key=lambda each: (each.at, each.by, each.letters))
    ]


def people_problems(round_: Round) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the keys of a round's people: whose, what, and what to do."""
    held: dict[str, str] = {}
    for id_, person in round_.people.items():
        if person.key is None:
            continue
        try:
            other = held.setdefault(public_key(person.key), id_)
        except Refused as refused:
            yield id_, refused.what, refused.fix
        else:
            if other != id_:
                what = f"'{id_}' has the key of '{other}'."
                yield id_, what, "Give each person the key that they alone hold."


def keygen_problem(place: Place) -> Problem:
    """That signatures cannot be checked here; `place` is that of the file they stand in."""
    what, fix = NO_KEYGEN.split(". ", 1)
    return Problem(place, f"Its signatures cannot be checked: {what[0].lower()}{what[1:]}.", fix)
