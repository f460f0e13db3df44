"""How fast builds are, beside the stacks that a user could pick instead: medians and ratios.

Run `python -m benchmarks.bench`; `make bench` installs what it needs. `--write` puts the table into
docs/performance.md. `--letters 2000 --many 20000` are the full sizes.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import load_workbook

from benchmarks.letters_as_data import hand_over
from benchmarks.peers import WHOLE, missing
from letters.build.processes import cores
from letters.new import new_project

ROOT = Path(__file__).resolve().parents[1]
PERFORMANCE = ROOT / "docs/performance.md"
SECTION = "## Builds"
STACKS = {
    "typst": "docxtpl + Typst",
    "libreoffice": "docxtpl + LibreOffice",
    "weasyprint": "naive docxtpl + naive WeasyPrint",
    "chromium": "docxtpl + Chromium",
}
FORMATS = ("docx", "html", "pdf")
CHILD_SUBREAPER = 36
"""What Linux calls the request to inherit the processes that one's children leave behind."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: a figure, beside what it is measured against, and the target."""

    what: str
    figure: str
    against: str = ""
    ratio: str = ""
    target: str = ""

    def __str__(self) -> str:
        cells = (self.what, self.figure, self.against, self.ratio, self.target)
        return f"| {' | '.join(cells)} |"


@dataclass
class Bench:
    """One run: where it works, how often it repeats, and the rows it has."""

    folder: Path
    repeats: int
    rows: list[Row] = field(default_factory=list)

    @property
    def project(self) -> Path:
        return self.folder / "project"

    @property
    def handed(self) -> Path:
        return self.project / "handed"

    def add(self, *cells: str) -> None:
        row = Row(*cells)
        self.rows.append(row)
        print(row, flush=True)

    def compare(
        self, what: str, own: float, other: float | None, name: str, target: str = ""
    ) -> None:
        """A row with a ratio; `other` is None where it could not be measured."""
        shown = f"{other:.2f} s, {name}" if other else f"{name}: not installed"
        self.add(what, f"{own:.2f} s", shown, f"{own / other:.2f}" if other else "", target)


def timed(command: list[str], **environment: str) -> tuple[float, float]:
    """Seconds of the clock and of all processors that a command takes, its children included."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise SystemExit(f"{' '.join(command)} ended with status {status}.")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime


def processors(command: list[str]) -> float:
    """Seconds of all processors for a command and every process it leaves behind (on Linux)."""
    ctypes.CDLL(None).prctl(CHILD_SUBREAPER, 1, 0, 0, 0)  # what loses its parent comes to us
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    seconds = 0.0
    with suppress(ChildProcessError):
        while True:
            pid, status, usage = os.wait4(-1, 0)
            seconds += usage.ru_utime + usage.ru_stime
            if pid == process.pid and status:
                raise SystemExit(f"{' '.join(command)} ended with status {status}.")
    process.returncode = 0
    return seconds


def python(*arguments: object) -> list[str]:
    return [sys.executable, "-m", *map(str, arguments)]


def median(seconds: Callable[[], float], repeats: int) -> float:
    return statistics.median(seconds() for _ in range(repeats))


def build(bench: Bench) -> float:
    return timed(python("letters", "-C", bench.project, "build"))[0]


def cold(bench: Bench) -> float:
    shutil.rmtree(bench.project / "out", ignore_errors=True)
    return build(bench)


def peer(bench: Bench, stack: str, count: int = 43, **environment: str) -> tuple[float, float]:
    out = bench.folder / f"out-{stack}"
    return timed(python("benchmarks.peers", stack, bench.handed, out, count), **environment)


def steady(bench: Bench, stack: str, **environment: str) -> float:
    """Processor seconds a letter once warm: what more letters cost."""
    one = {"LETTERS_BENCH_JOBS": "1", **environment}
    if stack in WHOLE:
        few, many = 10, 43
        more, less = peer(bench, stack, many, **one)[1], peer(bench, stack, few, **one)[1]
        return (more - less) / (many - few)
    command = python("benchmarks.peers", stack, bench.handed, bench.folder / f"out-{stack}", 129)
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **one}, capture_output=True, text=True, check=True
    )
    return float(done.stdout.strip().splitlines()[-1])


def measure_builds(bench: Bench) -> None:
    """The example's 43 letters: cold, with nothing to do, after one change."""
    times: dict[str, list[float]] = {stack: [] for stack in STACKS if not missing(stack)}
    mine = []
    for _ in range(bench.repeats):  # in turns: what else the machine does then hits all alike
        mine.append(cold(bench))
        for stack, seconds in times.items():
            seconds.append(peer(bench, stack)[0])
    own = statistics.median(mine)
    others = {s: statistics.median(times[s]) if s in times else None for s in STACKS}
    targets = {"typst": "at most 1.0", "libreoffice": "at most 0.15"}
    for stack, name in STACKS.items():
        what = "43 letters from process start, three formats"
        bench.compare(what, own, others[stack], f"{name}, two formats", targets.get(stack, ""))
    noop = median(lambda: build(bench), bench.repeats)
    name = f"cold {STACKS['typst']}"
    bench.compare("nothing changed", noop, others["typst"], name, "at most 0.2")
    record = median(lambda: change_record(bench), bench.repeats)
    bench.compare("one record changed", record, others["typst"], name, "at most 0.7")
    outcome = median(lambda: change_outcome(bench), bench.repeats)
    bench.compare("one outcome's paragraph changed", outcome, others["typst"], name)


def change_record(bench: Bench) -> float:
    """Change one record's text, and build."""
    path = next(bench.project.glob("rounds/*/assessments.xlsx"))
    book = load_workbook(path)
    for sheet in book:
        for row in sheet.iter_rows(min_row=2):
            texts = [c for c in row if isinstance(c.value, str) and c.value.endswith(".")]
            if texts:
                texts[0].value = f"{texts[0].value} It was seen again."
                book.save(path)
                return build(bench)
    raise SystemExit("The example has no record with a sentence in it.")


def change_outcome(bench: Bench) -> float:
    """Add a sentence to the wording of one outcome, and build."""
    path = sorted(bench.project.glob("templates/*/outcomes/*.md"))[0]
    text = path.read_text(encoding="utf-8").rstrip()
    path.write_text(f"{text} We will look again.\n", encoding="utf-8")
    return build(bench)


def measure_check(bench: Bench) -> None:
    """What `check` costs on the way to a build: processor time of both, and of a build alone."""
    check, build_ = (python("letters", "-C", bench.project, name) for name in ("check", "build"))
    pairs = []
    for _ in range(bench.repeats):
        shutil.rmtree(bench.project / "out", ignore_errors=True)
        both = processors(check) + processors(build_)
        shutil.rmtree(bench.project / "out", ignore_errors=True)
        pairs.append((both, processors(build_)))
    both, alone = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = statistics.median(two / one for two, one in pairs)
    what = "check, then build, 43 letters, three formats (processor)"
    bench.add(what, f"{both:.2f} s", f"{alone:.2f} s, build alone", f"{ratio:.2f}")


def measure_publication(bench: Bench) -> None:
    """`check --publication` and `publish` after a build, beside that build."""
    ratios, walls, seconds = [], [], []
    for n in range(bench.repeats):
        project = bench.folder / f"published-{n}"  # what is published stays in the ledger
        new_project(project, example=True)
        letters = python("letters", "-C", project)
        made = processors([*letters, "build"])
        shutil.rmtree(project / "out")
        wall = timed([*letters, "build"])[0]
        looked = timed([*letters, "check", "--publication"])
        published = timed([*letters, "publish"])
        seconds.append(looked[1] + published[1])
        ratios.append(seconds[-1] / made)
        walls.append((looked[0] + published[0]) / wall)
    what = "check --publication and publish after a build of 43, all processors"
    cpu, spread = statistics.median(ratios), f"{min(ratios):.2f}–{max(ratios):.2f}"
    figure = f"{statistics.median(seconds):.2f} s"
    bench.add(what, figure, "that build", f"{cpu:.2f} ({spread})", "≤ 0.35")
    what = "the same, by the clock"
    bench.add(what, "", "that build", f"{statistics.median(walls):.2f}", "≤ 0.4")


def measure_letters(bench: Bench) -> None:
    """Processor time of one letter, warm."""
    pairs = [(steady(bench, "ours"), steady(bench, "weasyprint")) for _ in range(bench.repeats)]
    own, other = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    what = "a letter, warm, three formats, finished and judged (processor)"
    bench.add(
        what,
        f"{own * 1000:.0f} ms",
        f"{other * 1000:.0f} ms, {STACKS['weasyprint']}, two formats",
        f"{ratio:.2f}",
        "at most 0.45; 0.35 aimed at",
    )
    for stack in ("typst", "libreoffice", "chromium"):
        if needed := missing(stack):
            bench.add(what, f"{own * 1000:.0f} ms", f"{STACKS[stack]}: no {needed}")
        else:
            other = steady(bench, stack)
            shown = f"{other * 1000:.0f} ms, {STACKS[stack]}, two formats"
            bench.add(what, f"{own * 1000:.0f} ms", shown, f"{own / other:.2f}")
    for format_ in FORMATS:
        cost = steady(bench, "ours", LETTERS_BENCH_FORMATS=format_)
        bench.add(f"typeset, make, judge and write {format_} alone", f"{cost * 1000:.0f} ms")


def scale(bench: Bench, count: int, jobs: str) -> dict[str, float]:
    out = bench.folder / "out-scale"
    command = python("benchmarks.scale", bench.project, out, count, jobs)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    shutil.rmtree(out, ignore_errors=True)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def measure_scale(bench: Bench, letters: int, many: int) -> None:
    """Thousands of letters: processes, size of the round, memory, Dask."""
    small = max(letters // 10, 20)
    few, one, two = (
        scale(bench, n, jobs) for n, jobs in ((small, "2"), (letters, "1"), (letters, "2"))
    )
    large = scale(bench, many, "2") if many > letters else two
    gain = one["seconds"] / two["seconds"]
    shown = f"{one['seconds']:.1f} s, 1 job"
    what = f"{letters:,} letters, 2 jobs"
    bench.add(what, f"{two['seconds']:.1f} s", shown, f"{gain:.2f} times", "at least 1.8 times")
    per = [each["seconds"] / each["count"] * 1000 for each in (large, two)]
    if many > letters:
        what = f"cost of a letter, round of {many:,}"
        shown = f"{per[1]:.1f} ms, round of {letters:,}"
        bench.add(what, f"{per[0]:.1f} ms", shown, f"{per[0] / per[1]:.2f}", "at most 1.05")
    what = f"peak memory of a process, {int(large['count']):,} letters"
    shown = f"{few['peak']:.0f} MB, {small:,} letters"
    ratio = f"{large['peak'] / few['peak']:.2f}"
    bench.add(what, f"{large['peak']:.0f} MB", shown, ratio, "at most 1.05")
    dask = scale(bench, letters, "dask")
    rate = two["seconds"] / dask["seconds"]
    what = f"{letters:,} letters, 2 workers of a local Dask cluster"
    shown = f"{two['seconds']:.1f} s, 2 jobs"
    bench.add(what, f"{dask['seconds']:.1f} s", shown, f"{rate:.2f} of the rate", "at least 0.9")


def table(rows: list[Row]) -> Iterator[str]:
    """The table in Markdown."""
    yield "| measured | this project | against | ratio | target |"
    yield "| --- | --- | --- | --- | --- |"
    yield from map(str, rows)


def machine(load: float) -> str:
    """What it was measured on, in a sentence."""
    python_ = platform.python_version()
    busy = "otherwise idle" if load < 0.7 else f"also busy with other work (load {load:.1f} before)"
    return f"{cores()} cores, Python {python_}, {busy}. Medians; one run of `make bench`."


def write(rows: list[Row], load: float) -> None:
    """Replace the table of docs/performance.md, which stands between two comments."""
    text = PERFORMANCE.read_text(encoding="utf-8")
    new = "\n".join(["<!-- bench -->", "", machine(load), "", *table(rows), "", "<!-- /bench -->"])
    pattern = re.compile(r"<!-- bench -->.*<!-- /bench -->", re.DOTALL)
    PERFORMANCE.write_text(pattern.sub(lambda _: new, text, count=1), encoding="utf-8")


def main() -> None:
    """Measure, print, and write where asked to."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeats", type=int, default=5)
    options.add_argument("--letters", type=int, default=2000)
    options.add_argument("--many", type=int, default=20000)
    options.add_argument("--only", choices=("builds", "letters", "scale"))
    options.add_argument("--write", action="store_true")
    asked = options.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="letters-bench-") as folder:
        bench = Bench(Path(folder), asked.repeats)
        new_project(bench.project, example=True)
        hand_over(bench.project, bench.handed)
        if asked.only in (None, "letters"):
            measure_letters(bench)
        if asked.only in (None, "builds"):
            measure_builds(bench)
            measure_check(bench)
            measure_publication(bench)
        if asked.only in (None, "scale"):
            measure_scale(bench, asked.letters, asked.many)
    if asked.write:
        write(bench.rows, load)


if __name__ == "__main__":
    main()
