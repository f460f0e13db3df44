"""Approvals proved by SSH signatures: who has a key signs, and what no signature proves is none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from letters import Project, merge_letter
from letters.cli import cli
from letters.project.proofs import NO_KEYGEN, Proof, has_keygen
from tests.builders import approve, changed, write
from tests.signing import a_key, give_key, public, signers_file

ENTRY = "rounds/first-round/approvals.yaml"
ROUND = "rounds/first-round/round.yaml"
RECORDS = "rounds/first-round/assessments.csv"
HALE = ("people:\n", "people:\n  hale:\n    name: Robin Hale\n")
AT = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
SAID = "ashmere: approved\ndunhollow: approved\nwesterlyn: awaiting\n2 approved, 1 awaiting\n"


@dataclass(frozen=True)
class Keys:
    """The keys of two people, and of somebody else."""

    lowe: Path
    hale: Path
    other: Path


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("keys")
    return Keys(*(a_key(folder, name) for name in ("lowe", "hale", "other")))


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user without keys and without an agent."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return folder


@pytest.fixture
def project(starter: Path, keys: Keys) -> Path:
    """The starter project, its only approver with a key."""
    give_key(starter / ROUND, "lowe", public(keys.lowe))
    return starter


def run(root: Path, *arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["-C", str(root), *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    path.write_text(changed(path.read_text("utf-8"), old, new), "utf-8")


def proofs(root: Path) -> dict[str, list[str]]:
    signed = Project.load(root).round().signed
    return {id_: [each.proof.value for each in entry.approvals] for id_, entry in signed.items()}


def unproved(letter: str, why: str, line: int, name: str = "Marian Lowe", by: str = "lowe") -> str:
    return (
        f"{ENTRY}:{line} {letter}: The approval of {name} does not count: {why}."
        f" Have it approved again: letters approve {letter} --by {by}.\n"
    )


UNSIGNED = "it has no signature, and round.yaml gives a key"
OTHER = "its signature is for another letter, or for other words"
FALSE = "its signature is not by the key in round.yaml, or not of this round, or was changed"


# Signing


def test_one_run_makes_one_signature_and_it_proves_every_letter(project: Path, keys: Keys) -> None:
    assert run(project, "approve", "--by", "lowe", "--key", keys.lowe) == (0, SAID)
    assert proofs(project) == {"ashmere": ["signed"], "dunhollow": ["signed"]}
    kept = yaml.safe_load((project / ENTRY).read_text("utf-8"))
    (signature,) = kept.pop("_signatures")
    assert signature["letters"] == {id_: entry["digest"] for id_, entry in kept.items()}
    assert signature["by"] == "lowe"
    assert {entry["approved"][0]["at"] for entry in kept.values()} == {signature["at"]}
    assert run(project, "check") == (0, "No problems.\n")
    assert "Typed, not proved" not in run(project, "status")[1]


def test_the_own_key_is_found_by_its_public_half(project: Path, keys: Keys, home: Path) -> None:
    (home / ".ssh").mkdir()
    for name in ("other", "lowe"):
        for path in keys.lowe.parent.glob(f"{name}*"):
            shutil.copy(path, home / ".ssh" / path.name.replace(name, f"id_{name}"))
    assert run(project, "approve", "--by", "lowe") == (0, SAID)
    assert proofs(project) == {"ashmere": ["signed"], "dunhollow": ["signed"]}


@pytest.mark.skipif(sys.platform == "win32", reason="the agent of Windows is a service")
def test_the_agent_signs_with_a_key_that_is_in_no_file(
    project: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory() as folder:  # a socket's name must be short
        socket = f"{folder}/agent"
        with subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.PIPE) as agent:
            assert agent.stdout
            assert agent.stdout.readline()
            monkeypatch.setenv("SSH_AUTH_SOCK", socket)
            subprocess.run(["ssh-add", "-q", str(keys.lowe)], check=True)
            assert run(project, "approve", "--by", "lowe") == (0, SAID)
            agent.terminate()
    assert proofs(project) == {"ashmere": ["signed"], "dunhollow": ["signed"]}


def test_approving_again_signs_nothing_and_keeps_the_bytes(project: Path, keys: Keys) -> None:
    run(project, "approve", "--by", "lowe", "--key", keys.lowe)
    before = (project / ENTRY).read_bytes()
    status, said = run(project, "approve", "--by", "lowe")
    assert (status, said.splitlines()[-1]) == (0, "2 unchanged, 1 awaiting")
    assert (project / ENTRY).read_bytes() == before


def test_a_signature_stays_while_an_approval_of_its_run_does(project: Path, keys: Keys) -> None:
    run(project, "approve", "--by", "lowe", "--key", keys.lowe)
    run(project, "approve", "ashmere", "--by", "lowe", "--revoke")
    assert proofs(project) == {"dunhollow": ["signed"]}
    assert "_signatures" in (project / ENTRY).read_text("utf-8")
    change(project, RECORDS, "have not", "have never")
    run(project, "approve", "dunhollow", "--by", "lowe", "--key", keys.lowe)
    assert proofs(project) == {"dunhollow": ["signed"]}
    kept = yaml.safe_load((project / ENTRY).read_text("utf-8"))
    assert [[*each["letters"]] for each in kept["_signatures"]] == [["dunhollow"]]


def test_without_its_private_half_nothing_is_approved(project: Path) -> None:
    status, said = run(project, "approve", "--by", "lowe")
    assert status == 2
    assert re.fullmatch(
        r"letters: ssh-keygen could not sign with .*key-of-round\.pub: .+\. Name the file of a"
        r" private key with --key FILE, or give the key to the agent: ssh-add FILE\.\n",
        said,
    )
    assert not (project / ENTRY).exists()


def test_another_key_than_that_of_the_person_is_refused(project: Path, keys: Keys) -> None:
    assert run(project, "approve", "--by", "lowe", "--key", keys.other) == (
        2,
        f"letters: {keys.other} is not the key that round.yaml gives for 'lowe'."
        " Name the file of that one.\n",
    )
    missing = keys.other.with_name("nowhere")
    assert run(project, "approve", "--by", "lowe", "--key", missing) == (
        2,
        f"letters: There is no key {missing}. Name the file of a key: --key FILE.\n",
    )
    assert not (project / ENTRY).exists()


def test_a_key_of_somebody_without_one_in_the_round_is_refused(starter: Path, keys: Keys) -> None:
    assert run(starter, "approve", "--by", "lowe", "--key", keys.lowe) == (
        2,
        "letters: round.yaml gives no key for 'lowe', so no one could check a signature."
        " Write the public key as 'key' under people.lowe.\n",
    )


COUNTING = """\
#!/bin/sh
echo "$2" >> "{log}"
exec "{keygen}" "$@"
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a script of the shell stands for ssh-keygen")
def test_a_command_checks_each_signature_once(
    project: Path, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(project, keys)
    real, log = shutil.which("ssh-keygen"), tmp_path / "log"
    counting = tmp_path / "bin/ssh-keygen"
    write(counting, COUNTING.format(log=log, keygen=real))
    counting.chmod(0o755)
    monkeypatch.setenv("PATH", f"{counting.parent}{os.pathsep}{os.environ['PATH']}")
    command = [sys.executable, "-m", "letters", "-C", str(project), "status"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.count("approved") == 2
    assert log.read_text("utf-8") == "verify\n"


# What does not count


def test_an_approval_without_a_signature_does_not_count_once_there_is_a_key(
    starter: Path, keys: Keys
) -> None:
    approve(starter, "ashmere")
    change(starter, ROUND, *HALE)
    give_key(starter / ROUND, "lowe", public(keys.lowe))
    line = unproved("ashmere", UNSIGNED, 5)
    assert run(starter, "check") == (1, f"{line}1 problem.\n")
    note = (
        f"the approval of Marian Lowe does not count: {UNSIGNED}."
        " Have it approved again: letters approve --by lowe."
    )
    status, said = run(starter, "status")
    assert (status, f"ashmere: {note}\n" in said) == (0, True)
    assert "Ashmere Constabulary         yes     Plan in place  unproved  not built\n" in said
    assert run(starter, "build", "ashmere", "--only", "html") == (
        0,
        f"ashmere: draft\n1 draft; 1 files in out/first-round/letters/\nashmere draft: {note}\n",
    )
    assert line in run(starter, "check", "--publication")[1]
    assert run(starter, "approve", "ashmere", "--by", "lowe", "--key", keys.lowe) == (
        0,
        "ashmere: approved\n1 approved\n",
    )
    assert run(starter, "check") == (0, "No problems.\n")
    assert proofs(starter) == {"ashmere": ["signed"]}


def signed(project: Path, keys: Keys) -> dict[str, Any]:
    run(project, "approve", "--by", "lowe", "--key", keys.lowe)
    kept = yaml.safe_load((project / ENTRY).read_text("utf-8"))
    assert isinstance(kept, dict)
    return kept


def written(project: Path, kept: object) -> None:
    (project / ENTRY).write_text(yaml.safe_dump(kept, allow_unicode=True), "utf-8")


def test_words_changed_after_signing_are_not_those_signed(
    project: Path, keys: Keys, tmp_path: Path
) -> None:
    """Whoever changes the words, the content kept of them and its digest does not have the key."""
    kept = signed(project, keys)
    change(project, RECORDS, "an owner", "no owner")
    forged = tmp_path / "forged"
    shutil.copytree(project, forged)
    change(forged, ROUND, f"    key: {public(keys.lowe)}\n", "")
    (forged / ENTRY).unlink()
    approve(forged, "ashmere", at=datetime.fromisoformat(str(kept["_signatures"][0]["at"])))
    entry = yaml.safe_load((forged / ENTRY).read_text("utf-8"))["ashmere"]
    shutil.copytree(forged / "rounds", project / "rounds", dirs_exist_ok=True)
    give_key(project / ROUND, "lowe", public(keys.lowe))
    written(project, {**kept, "ashmere": entry})
    assert proofs(project) == {"ashmere": ["other"], "dunhollow": ["signed"]}
    assert unproved("ashmere", OTHER, 8) in run(project, "check")[1]


def test_an_approval_moved_to_another_letter_does_not_count(project: Path, keys: Keys) -> None:
    run(project, "approve", "ashmere", "--by", "lowe", "--key", keys.lowe)
    kept = yaml.safe_load((project / ENTRY).read_text("utf-8"))
    change(project, ROUND, f"    key: {public(keys.lowe)}\n", "")
    approve(project, "dunhollow")
    both = yaml.safe_load((project / ENTRY).read_text("utf-8"))
    both["dunhollow"]["approved"] = kept["ashmere"]["approved"]
    written(project, {**both, "_signatures": kept["_signatures"]})
    give_key(project / ROUND, "lowe", public(keys.lowe))
    assert proofs(project) == {"ashmere": ["signed"], "dunhollow": ["other"]}
    assert (
        "dunhollow: The approval of Marian Lowe does not count: " + OTHER
        in (run(project, "check")[1])
    )


def test_a_signature_changed_or_of_another_key_does_not_count(project: Path, keys: Keys) -> None:
    kept = signed(project, keys)
    (signature,) = kept["_signatures"]
    text = str(signature["signature"])
    for changed_text in (text[:-30] + "A" * 28 + text[-2:], "A" * 40):
        written(project, {**kept, "_signatures": [{**signature, "signature": changed_text}]})
        assert proofs(project) == {"ashmere": ["false"], "dunhollow": ["false"]}
    written(project, kept)
    assert proofs(project) == {"ashmere": ["signed"], "dunhollow": ["signed"]}
    change(project, ROUND, public(keys.lowe), public(keys.other))
    assert proofs(project) == {"ashmere": ["false"], "dunhollow": ["false"]}
    status, said = run(project, "check")
    assert (status, said.count(FALSE)) == (1, 2)


def test_approvals_moved_to_another_round_do_not_count(project: Path, keys: Keys) -> None:
    signed(project, keys)
    (project / "rounds/first-round").rename(project / "rounds/second-round")
    assert proofs(project) == {"ashmere": ["false"], "dunhollow": ["false"]}


def test_a_time_changed_after_signing_does_not_count(project: Path, keys: Keys) -> None:
    kept = signed(project, keys)
    path = project / ENTRY
    (signature,) = kept["_signatures"]
    at = str(signature["at"])
    path.write_text(path.read_text("utf-8").replace(at, "2026-03-05T16:00:00+00:00"), "utf-8")
    assert proofs(project) == {"ashmere": ["false"], "dunhollow": ["false"]}


def test_with_two_needed_one_without_proof_does_not_complete_them(
    starter: Path, keys: Keys
) -> None:
    change(starter, ROUND, HALE[0], f"approvals_needed: 2\n{HALE[1]}")
    approve(starter, "ashmere")
    give_key(starter / ROUND, "hale", public(keys.hale))
    entry = Project.load(starter).round().signed["ashmere"]
    assert [(each.by, each.proof) for each in entry.approvals] == [
        ("hale", Proof.MISSING),
        ("lowe", Proof.TYPED),
    ]
    said = run(starter, "status")[1]
    assert "Ashmere Constabulary         yes     Plan in place  1 of 2    not built\n" in said
    assert said.endswith(
        "Typed, not proved: the approvals of Marian Lowe. round.yaml gives no key.\n"
    )
    assert run(starter, "approve", "ashmere", "--by", "hale", "--key", keys.hale) == (
        0,
        "ashmere: approved\n1 approved\n",
    )


FAULTS = [
    ("ssh-ed25519 AAAA", "'ssh-ed25519 AAAA' is not an SSH public key."),
    ("Marian's key", "'Marian's key' is not an SSH public key."),
    ("-----BEGIN OPENSSH PRIVATE KEY-----", "This is a private key, which no one else may see."),
]


@pytest.mark.parametrize(("key", "what"), FAULTS)
def test_what_is_no_public_key_is_a_problem_of_the_round(
    key: str, what: str, starter: Path
) -> None:
    give_key(starter / ROUND, "lowe", f'"{key}"')
    (problem,) = Project.load(starter).problems
    assert str(problem).startswith(f"{ROUND}:23 people.lowe.key: {what} ")
    assert str(problem).endswith(
        "Write the one line of the file that ends in .pub, such as ~/.ssh/id_ed25519.pub."
    )


def test_two_people_cannot_have_one_key(project: Path, keys: Keys) -> None:
    change(project, ROUND, *HALE)
    give_key(project / ROUND, "hale", public(keys.lowe).replace("lowe@", "hale@"))
    assert [str(each) for each in Project.load(project).problems] == [
        f"{ROUND}:26 people.lowe.key: 'lowe' has the key of 'hale'."
        " Give each person the key that they alone hold."
    ]


def test_a_signature_that_nobody_wrote_is_a_problem(project: Path, keys: Keys) -> None:
    kept = signed(project, keys)
    for signature in ({"by": "lowe"}, "x", {**kept["_signatures"][0], "letters": {}}):
        written(project, {**kept, "_signatures": [signature]})
        (problem,) = Project.load(project).problems
        assert str(problem).endswith(
            "_signatures: A signature of approvals is not as 'letters approve' wrote it."
            " Restore it, or delete it and approve again."
        )


def test_an_approval_that_does_not_count_brings_no_recipients(project: Path, keys: Keys) -> None:
    """Else whoever lacks the key could have the letter go, and be approved, to somebody else."""
    kept = signed(project, keys)
    recipient = kept["ashmere"]["recipients"]["ashmere"]
    recipient["addressees"] = [{"name": "Somebody Else", "office": "Chief Constable"}]
    assert addressee(project) == "Chief Constable"
    written(project, {**kept, "_signatures": []})
    assert addressee(project) == "Chief Constable"
    assert "recipients.yaml has changed" not in run(project, "status")[1]


def addressee(project: Path) -> str:
    """The name or office to which the letter goes."""
    person = merge_letter(Project.load(project).round(), "ashmere").addressees[0]
    return person.name or person.office or ""


# A computer without ssh-keygen


def test_without_ssh_keygen_it_is_said_once_with_what_to_install(
    project: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(project, keys)
    monkeypatch.setenv("PATH", str(project))
    install = NO_KEYGEN.split(". ", 1)[1]
    what = "Its signatures cannot be checked: there is no ssh-keygen on this computer."
    assert run(project, "check") == (1, f"{ENTRY}: {what} {install}\n1 problem.\n")
    change(project, RECORDS, "an owner", "two owners")
    (project / ENTRY).unlink()
    assert run(project, "approve", "--by", "lowe") == (2, f"letters: {NO_KEYGEN}\n")


# Checked from outside


def test_verify_checks_approvals_against_signers_from_outside(
    project: Path, keys: Keys, tmp_path: Path
) -> None:
    signed(project, keys)
    run(project, "build", "--only", "html")
    out = project / "out"
    letters = "2 files checked; no faults.\n"
    count = f"{ENTRY}: 2 approvals, each signed by its approver.\n"
    assert run(project, "verify", out) == (0, count + letters)
    signers = signers_file(tmp_path, lowe=keys.lowe)
    assert run(project, "verify", out, "--signers", signers) == (0, count + letters)
    others = signers_file(tmp_path, lowe=keys.other, hale=keys.lowe)
    status, said = run(project, "verify", out, "--signers", others)
    assert status == 1
    ask = "Ask Marian Lowe, by another way, whether they approved it, and with which key.\n"
    what = "The approval of Marian Lowe is not signed with a key that is listed for 'lowe'. "
    assert said == (
        f"{ENTRY}:6 ashmere: {what}{ask}{ENTRY}:20 dunhollow: {what}{ask}"
        f"{ENTRY}: 2 approvals, 0 of them signed by their approver.\n{letters}"
    )


def test_a_key_swapped_in_the_round_is_found_from_outside(
    project: Path, keys: Keys, tmp_path: Path
) -> None:
    change(project, ROUND, public(keys.lowe), public(keys.other))
    run(project, "approve", "--by", "lowe", "--key", keys.other)
    run(project, "build", "--only", "html")
    assert run(project, "verify", project / "out")[0] == 0
    signers = signers_file(tmp_path, lowe=keys.lowe)
    assert run(project, "verify", project / "out", "--signers", signers)[0] == 1
    change(project, ROUND, f"    key: {public(keys.other)}\n", "")
    assert proofs(project) == {"ashmere": ["typed"], "dunhollow": ["typed"]}
    assert run(project, "verify", project / "out", "--signers", signers)[0] == 1


def test_an_approval_that_was_typed_is_named_where_signers_are_given(
    starter: Path, keys: Keys, tmp_path: Path
) -> None:
    approve(starter, "ashmere")
    run(starter, "build", "ashmere", "--only", "html")
    signers = signers_file(tmp_path, lowe=keys.lowe)
    out = starter / "out/first-round/letters"
    assert run(starter, "verify", out) == (0, "1 file checked; no faults.\n")
    assert run(starter, "verify", out, "--signers", signers) == (
        1,
        f"{ENTRY}:5 ashmere: The approval of Marian Lowe has no signature."
        " Have it approved with a key: letters approve ashmere --by lowe.\n"
        f"{ENTRY}: 1 approval, 0 of them signed by their approver.\n"
        "1 file checked; no faults.\n",
    )


def test_a_program_that_lies_in_the_project_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows looks in the present folder first, and whoever can write there must run nothing."""
    for name in ("ssh-keygen", "ssh-keygen.exe"):
        write(tmp_path / name, "#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not has_keygen()
