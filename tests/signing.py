"""SSH keys of people who approve letters in tests, made anew: none is kept anywhere."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.builders import changed


def a_key(folder: Path, name: str, kind: str = "ed25519") -> Path:
    """A new private key without a passphrase, its public one beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    command = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", f"{name}@inspectorate.example"]
    subprocess.run([*command, "-f", str(path)], check=True)
    return path


def public(key: Path) -> str:
    """The line of a key's public half."""
    return key.with_name(f"{key.name}.pub").read_text(encoding="utf-8").strip()


def give_key(round_yaml: Path, person: str, key: str) -> None:
    """Write a public key under one of the people of a round."""
    text = round_yaml.read_text(encoding="utf-8")
    before, people, after = text.partition("people:\n")
    after = changed(after, f"  {person}:\n", f"  {person}:\n    key: {key}\n")
    round_yaml.write_text(before + people + after, encoding="utf-8")


def signers_file(folder: Path, **keys: Path) -> Path:
    """An allowed-signers file outside the project, a person a line."""
    path = folder / "signers"
    path.write_text("".join(f"{who} {public(key)}\n" for who, key in keys.items()), "utf-8")
    return path
