"""A publication that is signed: beside its files, by whom, and only what was signed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from letters.cli import cli
from letters.errors import ProblemsFound
from letters.publish.manifest import signed, with_manifest
from tests.builders import approve, changed, contents, write
from tests.rounds.found_property import AFTER, a_publishable, out_of, published, round_folder
from tests.signing import a_key, give_key, public, signers_file

KEY = r"ED25519 key SHA256:[A-Za-z0-9+/]{43}"
NO_SIGNATURE = "This is not the signature of the manifest beside it. Publish again with --sign."
STRANGER = r"The publication is signed with a key that none of these signers has: "
WHOLE = "every file as published; 9 files of letters checked; no faults."


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_key(tmp_path_factory.mktemp("publisher"), "web-team")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return approve(a_publishable(tmp_path / "project"))


def run(project: Path, *arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["-C", str(project), *map(str, arguments)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def seal(project: Path, *arguments: str | Path) -> tuple[int, list[str]]:
    """How `verify` ends, and what it says of the signature."""
    site = out_of(project) / "site"
    status, said = run(project, "verify", site, *arguments)
    lines = [line.removeprefix(f"{site}") for line in said.splitlines() if WHOLE not in line]
    return status, lines


def test_what_is_staged_signed_is_published_signed_and_else_the_same(
    project: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("", ".pub"):
        own = tmp_path / f".ssh/id_ed25519{name}"
        write(own, key.with_name(f"{key.name}{name}").read_bytes())
        own.chmod(0o600)
    published(project)
    plain = contents(out_of(project) / "site")
    (round_folder(project) / "published.json").unlink()
    status, said = run(project, "publish", "--stage", "--sign")
    assert (status, said.splitlines()[0]) == (
        0,
        "Staged 3 letters in out/2026-found-property/staged/ (20 files).",
    )
    staged = contents(out_of(project) / "staged")
    assert staged.pop("manifest.json.sig").startswith(b"-----BEGIN SSH SIGNATURE-----\n")
    assert staged == plain
    assert run(project, "publish")[0] == 0
    site = contents(out_of(project) / "site")
    assert site.pop("manifest.json.sig")
    assert site == plain


def test_verify_names_the_signer_or_the_key(project: Path, key: Path, tmp_path: Path) -> None:
    published(project, key=key)
    status, (said,) = seal(project)
    assert status == 0
    told = rf": signed with the {KEY}; 'letters verify --signers FILE' says whose that is\."
    assert re.fullmatch(told, said)
    signers = signers_file(tmp_path, web_team=key)
    status, (said, *approvals) = seal(project, "--signers", signers)
    assert re.fullmatch(rf": signed by web_team; {KEY}\.", said)
    assert (status, approvals[-1]) == (
        1,
        "rounds/2026-found-property/approvals.yaml: 3 approvals,"
        " 0 of them signed by their approver.",
    )
    give_key(round_folder(project) / "round.yaml", "kite", public(key))
    status, lines = seal(project)
    assert re.fullmatch(rf": signed by kite, whose key is in round\.yaml; {KEY}\.", lines[0])


def test_another_manifest_key_or_no_signature_is_found(
    project: Path, key: Path, tmp_path: Path
) -> None:
    published(project, key=key)
    site = out_of(project) / "site"
    strangers = signers_file(tmp_path, web_team=a_key(tmp_path, "stranger"))
    status, lines = seal(project, "--signers", strangers)
    assert status == 1
    assert re.fullmatch(
        rf"/manifest\.json\.sig: {STRANGER}{KEY}\. Ask the person who published it whose key that"
        r" is\.",
        lines[0],
    )
    files = contents(site)
    (site / "manifest.json").write_bytes(files["manifest.json"].replace(b"Found", b"Lost"))
    status, lines = seal(project)
    assert status == 1
    assert f"/manifest.json.sig: {NO_SIGNATURE}" in lines
    (site / "manifest.json").write_bytes(files["manifest.json"])
    (site / "manifest.json.sig").write_text("nothing of the kind", "utf-8")
    assert f"/manifest.json.sig: {NO_SIGNATURE}" in seal(project)[1]
    (site / "manifest.json.sig").unlink()
    assert seal(project) == (0, [])
    status, lines = seal(project, "--signers", strangers)
    assert (status, lines[0]) == (
        1,
        "/manifest.json.sig: The publication is not signed. Publish again with --sign.",
    )


@pytest.mark.long
def test_publishing_again_keeps_the_signature_of_the_same_and_drops_that_of_another(
    project: Path, key: Path
) -> None:
    published(project, key=key)
    path = out_of(project) / "site/manifest.json.sig"
    before = path.read_bytes()
    assert published(project).unsigned is False
    assert path.read_bytes() == before
    records = round_folder(project) / "assessments.csv"
    records.write_text(
        changed(records.read_text("utf-8"), "All is well.", "Most is well."), "utf-8"
    )
    approve(project, at=AFTER)
    status, said = run(project, "publish", "--note", "A word was wrong.")
    assert status == 0
    assert "It was signed before, and is not any more: letters publish --sign signs it.\n" in said
    assert not path.exists()


TYPED = b'"approvals": "The names of those who approved these letters were typed, not proved."'
PROVED = b'"approvals": "Those who approved these letters proved it by signatures."'


def test_the_manifest_says_whether_names_were_typed_or_proved(tmp_path: Path, key: Path) -> None:
    project = approve(a_publishable(tmp_path))
    published(project)
    manifest = out_of(project) / "site/manifest.json"
    assert TYPED in manifest.read_bytes()
    give_key(round_folder(project) / "round.yaml", "kite", public(key))
    with pytest.raises(ProblemsFound, match="The approval of Oswin Kite does not count"):
        published(project)
    assert run(project, "approve", "--by", "kite", "--key", key)[0] == 0
    published(project)
    assert PROVED in manifest.read_bytes()


def test_a_signature_is_none_of_the_files_of_a_publication(key: Path) -> None:
    files = signed(with_manifest({"index.html": b"<p>Found.</p>"}), key)
    assert "manifest.json.sig" in files
    assert "manifest.json.sig" not in with_manifest(files)


def test_without_a_key_of_ones_own_nothing_is_published(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    assert run(project, "publish", "--sign") == (
        2,
        "letters: There is no key in ~/.ssh. Name the file of a key: --key FILE.\n",
    )
    assert not out_of(project).exists()
