"""What a letter is made of, as one digest: it changes when the letter may change."""

from __future__ import annotations

from dataclasses import fields

from letters.files import digest, relative
from letters.model import Letter, RichText, Value
from letters.project import ProjectRound


def templates_digest(project_round: ProjectRound) -> str:
    """Digest of every file in the round's wording and layout folders, names included."""
    templates = project_round.root / "templates"
    folders = (templates / project_round.round.wording, templates / project_round.round.layout)
    files = sorted({p for folder in folders for p in folder.rglob("*") if p.is_file()})
    lines = [f"{relative(path, templates)} {digest(path.read_bytes())}" for path in files]
    return digest("\n".join(lines).encode())


def inputs_digest(letter: Letter, templates: str, *, drafts: bool) -> str:
    """Digest of record, recipients, round and templates; where they stand in files is left out."""
    parts = [templates, str(drafts), digest(letter.signature)]
    for each in fields(letter):
        if each.name == "values":
            parts += [f"{name} {_words(value)}" for name, value in sorted(letter.values.items())]
        elif each.name not in ("places", "signature"):
            parts.append(repr(getattr(letter, each.name)))
    return digest("\n".join(parts).encode())


def _words(value: Value) -> str:
    return repr(value.markdown if isinstance(value, RichText) else value)
