"""How the work and the memory of each command grow with a round.

`python -m benchmarks.growth 4 64` plays a round through with 4 and with 64 times the example's 43
letters, and prints each command's seconds of processor, its largest process, and the exponent of
its growth: 1 is as many times the work as there are letters. Compile the package before
(`python -m compileall letters`), and leave the machine alone.
"""

from __future__ import annotations

import copy
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from math import log
from pathlib import Path
from typing import Any

import yaml
from openpyxl import load_workbook

from benchmarks.bench import CHILD_SUBREAPER
from letters.new import new_project

ROUND = "2019-digital-evidence"
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu ve".split()  # noqa: SIM905
COMMANDS = (
    ("status",), ("check",), ("build",), ("approve", "--by", "merriden"),
    ("approve", "--by", "ekwueme-hart"), ("build",), ("status",), ("check", "--publication"),
    ("publish",), ("diff",), ("claims",), ("numbers",), ("verify", f"out/{ROUND}/site"),
)  # fmt: skip
"""A round's life, as its people type it."""


def _word(number: int) -> str:
    """A name that no other number has: three syllables."""
    return "".join(SYLLABLES[number // 16**place % 16] for place in range(3))


def enlarge(project: Path, times: int) -> None:
    """Make the example's round so many times as large, nobody's approval and no report in it."""
    folder = project / "rounds" / ROUND
    (folder / "approvals.yaml").unlink()
    shutil.rmtree(folder / "approved")
    recipients = project / "recipients.yaml"
    own = yaml.safe_load(recipients.read_text("utf-8"))
    many = dict(_recipients(own, times))
    recipients.write_text(yaml.safe_dump(many, allow_unicode=True, sort_keys=False), "utf-8")
    _records(folder / "assessments.xlsx", times)
    round_ = yaml.safe_load((folder / "round.yaml").read_text("utf-8"))
    del round_["claims"]
    round_["national_report"] = {"title": "A report", "address": "https://report.example/"}
    exception = round_["named_exceptions"][0]
    exception["letters"] = [
        f"{id_}-{_word(n)}" for id_ in exception["letters"] for n in range(times)
    ]
    text = yaml.safe_dump(round_, allow_unicode=True, sort_keys=False)
    (folder / "round.yaml").write_text(text, "utf-8")


def _recipients(own: Mapping[str, Any], times: int) -> Iterator[tuple[str, Any]]:
    for n in range(times):
        word = _word(n)
        for id_, recipient in own.items():
            each = copy.deepcopy(recipient)
            each["name"] = f"{word.capitalize()} {each['name']}"
            people = (*each.get("addressees", ()), *each.get("copied_to", ()))
            for person in (one for one in people if isinstance(one, dict)):  # or the word 'none'
                said = {"email": f"{word}.", "name": f"{word.capitalize()} "}
                person |= {k: f"{more}{person[k]}" for k, more in said.items() if k in person}
            yield f"{id_}-{word}", each


def _records(path: Path, times: int) -> None:
    workbook = load_workbook(path)
    sheet = workbook["Assessments"]
    rows = [[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()][1:]
    sheet.delete_rows(2, sheet.max_row)
    at = 1
    for n in range(times):
        for (forces, form), *others in (row for row in rows if row[0][0]):
            at += 1
            ids = "; ".join(f"{id_.strip()}-{_word(n)}" for id_ in forces.split(";"))
            for column, (value, format_) in enumerate([(ids, form), *others], 1):
                sheet.cell(at, column, value).number_format = format_
    workbook.save(path)


def played(project: Path) -> list[tuple[str, float, float]]:
    """Play a round through: each command with its seconds of processor and the megabytes of its
    largest process.
    """
    ctypes.CDLL(None).prctl(CHILD_SUBREAPER, 1, 0, 0, 0)  # what loses its parent comes to us
    return [(" ".join(command), *_measured(project, command)) for command in COMMANDS]


def _measured(project: Path, command: tuple[str, ...]) -> tuple[float, float]:
    run = [sys.executable, "-m", "letters", *command]
    process = subprocess.Popen(
        run,
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.DEVNULL,
    )
    seconds, largest = 0.0, 0.0
    with suppress(ChildProcessError):
        while True:
            pid, status, usage = os.wait4(-1, 0)
            seconds += usage.ru_utime + usage.ru_stime
            largest = max(largest, usage.ru_maxrss / 1024)
            if pid == process.pid and status:
                raise SystemExit(f"{' '.join(command)} ended with status {status}.")
    process.returncode = 0
    return seconds, largest


def main() -> None:
    """Print the table."""
    few, many = map(int, sys.argv[1:3])
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for times in (few, many):
            project = Path(folder) / str(times)
            new_project(project, example=True)
            enlarge(project, times)
            found.append(played(project))
    print(f"| command | {43 * few} letters | {43 * many} letters | grows by | largest process |")
    print("| --- | --- | --- | --- | --- |")
    for (command, less, _), (_, more, megabytes) in zip(*found, strict=True):
        exponent = log(more / less) / log(many / few)
        print(
            f"| {command} | {less:.1f} s | {more:.1f} s | n^{exponent:.2f} | {megabytes:.0f} MB |"
        )


if __name__ == "__main__":
    main()
