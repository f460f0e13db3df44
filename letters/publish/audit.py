"""A published folder, looked over: against its manifest, and its letters by their judges."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from letters.errors import Problem
from letters.publish.facts import Standard
from letters.publish.letterfiles import DOWNLOADS
from letters.publish.manifest import compare, is_publication
from letters.validators import Finding, judge
from letters.verify import Verdict, verify

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
        for finding in (found[path] if path in found else judge(path, files[path]))
        if finding.rule != ALONE
    }
    return Standard(format=format_, files=len(paths), findings=tuple(findings))


@dataclass(frozen=True, slots=True)
class Audit:
    """What is wrong with a published folder: files not as published, and faults of letters."""

    problems: tuple[Problem, ...]
    verdicts: tuple[Verdict, ...]


def audit(folder: Path) -> Audit:
    """Compare a published folder with its manifest, and judge every letter in it."""
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
    return Verdict(verdict.path, findings)
