"""A new project, the starter or the complete example; and a new round of a project."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from letters.errors import UsageError
from letters.files import is_ignored, name_fault, write_whole
from letters.project import Project
from letters.project.values import written
from letters.schema import write_schemas
from letters.sheet import Sheet, slug, write_sheet
from letters.sources.yamls import yaml_text

_HERE = Path(__file__).parent
_EXAMPLE = _HERE / "example"
_STARTER = _EXAMPLE / "starter"
_WORDING = _STARTER / "templates/first-wording"
_SIGNATURE = _STARTER / "rounds/first-round/signature.png"
NO_ROUND = """\
# yaml-language-server: $schema=schemas/recipients.schema.json
# Who gets letters: write them here, or bring them from a workbook: letters recipients import FILE.
{}
"""


def new_project(
    directory: Path, *, example: bool = False, git: bool = False, empty: bool = False
) -> None:
    """Write a starter project, or the example round of 43 letters, into `directory`.

    With `git` also what a repository of letters needs: attributes of files, and a job for GitHub
    and for GitLab that checks every push. With `empty` a letterhead alone, for your own recipients
    and rounds. Raises UsageError where the folder already holds something.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"{directory} is not empty. Name a folder that is empty or not there yet.")
    project = _EXAMPLE / ("project" if example else "starter")
    shutil.copytree(letterhead(), directory / "templates/letterhead", ignore=_ignored)
    if empty:
        write_whole(directory / "recipients.yaml", NO_ROUND.encode())
        shutil.copy(_STARTER / ".gitignore", directory)
    else:
        shutil.copytree(project, directory, dirs_exist_ok=True)  # the example has its own crest
    if git:
        shutil.copytree(_EXAMPLE / "repository", directory, dirs_exist_ok=True)
    (directory / "out").mkdir()
    write_schemas(Project.load(directory))


def letterhead() -> Path:
    """The layout that new projects start from: this repository's own; in the package once built."""
    built = _EXAMPLE / "letterhead"
    return built if built.is_dir() else _HERE.parent / "templates/letterhead"


def _ignored(_: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if is_ignored(name)]


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What a new round is made of.

    `published` is the moment of publication as round.yaml has it, or nothing.
    `signatories` are names with honours and offices after commas: `Marian Lowe OBE, Inspector`.
    `outcomes` are titles, `fields` names of record fields with their types.
    """

    id: str
    title: str
    sent: date
    published: str
    sender: str
    signatories: tuple[str, ...]
    outcomes: tuple[str, ...]
    fields: Mapping[str, str]


def new_round(project: Project, plan: RoundPlan) -> Sheet:
    """Write a round: `round.yaml`, a wording with a file for each outcome, a workbook to fill in.

    Raises UsageError where the round or the wording is there already, or the id is none.
    """
    folder, wording = _free(project.root, plan.id)
    shutil.copytree(
        _WORDING, wording, ignore=shutil.ignore_patterns("outcomes", "recommendation.md")
    )
    outcomes = {slug(title): title for title in plan.outcomes}
    write_whole(wording / "letter.md", _LETTER.format(title=plan.title).encode())
    for id_, title in outcomes.items():
        text = f"Our assessment of {{{{ force_name }}}} is: **{title}**.\n"
        write_whole(wording / f"outcomes/{id_}.md", text.encode())
    people = {_last_name(each): each for each in plan.signatories}
    for id_ in people:
        write_whole(folder / f"signature-{id_}.png", _SIGNATURE.read_bytes())
    write_whole(folder / "round.yaml", _round_text(plan, outcomes, people).encode())
    return _with_sheet(project.root, plan.id)


def next_round(
    project: Project, source: str, id_: str, title: str, sent: date, published: str = ""
) -> Sheet:
    """Write a round like an earlier one: its wording, people, outcomes and fields, no record of it.

    What belongs to the earlier publication is left out: its days, report, claims and answers.
    Raises UsageError as `new_round` does, and where there is no such round.
    """
    before = project.round(source)
    folder, wording = _free(project.root, id_)
    shutil.copytree(project.root / "templates" / before.round.wording, wording, ignore=_ignored)
    signatures = (each.signature for each in before.round.signatories.values())
    for name in filter(None, signatures):
        write_whole(folder / name, (before.folder / name).read_bytes())
    text = (before.folder / "round.yaml").read_text(encoding="utf-8")
    days = {"sent": written(sent), **({"published": published} if published else {})}
    news = {"title": {"title": title}, "wording": {"wording": id_}, "sent": days}
    write_whole(folder / "round.yaml", _changed(text, news, _OF_ITS_TIME).encode())
    return _with_sheet(project.root, id_)


_OF_ITS_TIME = (
    "published", "updated", "summary", "national_report", "claims", "not_claims", "answers",
    "named_exceptions", "sheet",
)  # fmt: skip
"""Keys of round.yaml that say something of one publication."""

_LETTER = """\
# {title}

{{% include outcome_wording %}}

{{% if findings %}}
{{{{ findings }}}}
{{% endif %}}
"""


def _free(root: Path, id_: str) -> tuple[Path, Path]:
    """The folders of a new round and its wording."""
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", id_) or name_fault(id_):
        raise UsageError(
            f"'{id_}' cannot name a round. Use small letters, figures and dashes: 2026-welfare."
        )
    folders = root / "rounds" / id_, root / "templates" / id_
    for folder in folders:
        if folder.exists():
            raise UsageError(f"{folder.relative_to(root).as_posix()} is there. Choose another id.")
    return folders


def _with_sheet(root: Path, id_: str) -> Sheet:
    """The workbook of a round that has just been written; the schemas know the round then."""
    project = Project.load(root)
    sheet = write_sheet(project.round(id_))
    write_schemas(Project.load(root))
    return sheet


def _last_name(person: str) -> str:
    """The id of somebody by their last name: `Marian Lowe OBE, Inspector` is lowe."""
    return slug(_named(person)[0].split()[-1])


def _named(person: str) -> tuple[str, str, list[str]]:
    """The name, honours and offices of somebody: `Marian Lowe OBE, Inspector of Constabulary`.

    Honours are the words of capitals that end a name.
    """
    name, *offices = (each.strip() for each in person.split(","))
    words = name.split()
    n = len(words)
    while n > 1 and words[n - 1].isupper() and len(words[n - 1]) > 1:
        n -= 1
    return " ".join(words[:n]), " ".join(words[n:]), offices


def _round_text(plan: RoundPlan, outcomes: Mapping[str, str], people: Mapping[str, str]) -> str:
    signatories, approvers = dict[str, object](), dict[str, object]()
    for id_, person in people.items():
        name, honours, offices = _named(person)
        signatories[id_] = {
            "name": name,
            **({"honours": honours} if honours else {}),
            "offices": offices,
            "signature": f"signature-{id_}.png",
        }
        approvers[id_] = {"name": name, "role": offices[0]}
    parts: list[Mapping[str, object]] = [
        {"title": plan.title, "wording": plan.id, "layout": "letterhead"},
        {"sender": {"name": plan.sender}, "sent": written(plan.sent)},
        {"published": plan.published} if plan.published else {},
        {"signatories": signatories},
        *([{"signatory": next(iter(people))}] if len(people) > 1 else []),
        {"people": approvers, "approval": "signatory"},
        {"outcomes": dict(outcomes)},
        {"fields": {name: {"type": type_} for name, type_ in plan.fields.items()}},
    ]
    text = "".join(yaml_text(part) for part in parts if part)
    return f"# yaml-language-server: $schema=../../schemas/round.schema.json\n{text}"


def _changed(text: str, news: Mapping[str, Mapping[str, str]], left_out: Sequence[str]) -> str:
    """A YAML file with something else for some keys, without others, all else as it is written."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    keys = node.value if isinstance(node, yaml.MappingNode) else []
    starts = [(key.value, key.start_mark.index) for key, _ in keys]
    ends = [start for _, start in starts[1:]] + [len(text)]
    out = text[: starts[0][1]]
    for (key, start), end in zip(starts, ends, strict=True):
        if key in news:
            out += yaml_text(news[key])
        elif key not in left_out:
            out += text[start:end]
    return out
