"""Letters made by other stacks, each as somebody who knows it well would: warm, on all cores.

`python -m benchmarks.peers STACK FOLDER OUT COUNT` makes COUNT letters (the same ones again where
there are fewer) from what `letters_as_data` wrote into FOLDER. `ours` is this project's own way,
judging included.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import lru_cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from letters.build.processes import cores, settle

CORES = cores()
WARM = 43
"""Letters after which a process is warm."""

OFFICE = ("soffice", "libreoffice")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def missing(stack: str) -> str:
    """What a stack needs that is not here; nothing where all is."""
    if stack == "typst" and find_spec("typst") is None:
        return "the package typst"
    if stack == "libreoffice" and not any(map(shutil.which, OFFICE)):
        return "LibreOffice"
    if stack == "chromium":
        if find_spec("playwright") is None:
            return "the package playwright"
        if not any(map(shutil.which, CHROMIUM)):
            return "Chromium"
    return ""


def word(folder: Path, id_: str, out: Path) -> None:
    """A Word letter by docxtpl, in its usual way."""
    from docxtpl import DocxTemplate

    letter = json.loads((folder / f"{id_}.json").read_bytes())
    template = DocxTemplate(str(folder / "letter.docx"))
    values = {**letter["texts"], "blocks": letter["blocks"], "draft_mark": ""}
    template.render(values, autoescape=True)
    content = io.BytesIO()
    template.save(content)
    (out / f"{id_}.docx").write_bytes(content.getvalue())


@lru_cache(maxsize=1)
def _compiler(folder: Path) -> object:
    import typst

    from letters.render.assets import FOLDER

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)]
    )
    return typst.Compiler(str(folder / "letter.typ"), font_paths=fonts, ignore_system_fonts=True)


def typst_letter(folder: Path, id_: str, out: Path) -> None:
    """docxtpl for Word, Typst (one compiler, fonts read once, tagged) for the PDF."""
    word(folder, id_, out)
    inputs = {"letter": f"{id_}.json", "signature": f"{id_}.png"}
    compile_ = _compiler(folder).compile  # type: ignore[attr-defined]
    (out / f"{id_}.pdf").write_bytes(compile_(sys_inputs=inputs, pdf_standards=["ua-1"]))


def weasyprint_letter(folder: Path, id_: str, out: Path) -> None:
    """docxtpl for Word; WeasyPrint as its documentation shows it for the PDF."""
    import weasyprint

    word(folder, id_, out)
    style = weasyprint.CSS(filename=str(folder / "print.css"))
    page = weasyprint.HTML(filename=str(folder / f"{id_}.html"))
    content = page.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1")
    (out / f"{id_}.pdf").write_bytes(content)


@lru_cache(maxsize=1)
def _builder(folder: Path, out: Path) -> tuple[Any, dict[str, Any]]:
    from letters import Project
    from letters.build.executors import LetterBuilderFactory
    from letters.build.fingerprints import LetterDigests
    from letters.build.options import BuildTask
    from letters.build.record import LocalFolder
    from letters.merge import letters_of

    (project_round,) = Project.load(folder.parent).rounds
    digests = LetterDigests(project_round)
    formats = os.environ.get("LETTERS_BENCH_FORMATS", "docx pdf html").split()
    tasks = {
        letter.id: BuildTask(letter, {f: digests.of(letter, f, drafts=False) for f in formats})
        for letter in letters_of(project_round)
    }
    return LetterBuilderFactory(project_round, LocalFolder(out))(), tasks


def our_letter(folder: Path, id_: str, out: Path) -> None:
    """This project: Word, conforming PDF and web page, judged."""
    builder, tasks = _builder(folder, out)
    built = builder.make(tasks[id_])
    assert built.state == "built", built.problem
    settle()


EACH: dict[str, Callable[[Path, str, Path], None]] = {
    "typst": typst_letter,
    "weasyprint": weasyprint_letter,
    "word": word,
    "ours": our_letter,
}


def libreoffice(folder: Path, ids: list[str], out: Path) -> None:
    """docxtpl on all cores, then one LibreOffice for all PDFs."""
    _spread("word", folder, ids, out)
    office = next(filter(None, map(shutil.which, OFFICE)))
    files = [str(out / f"{id_}.docx") for id_ in dict.fromkeys(ids)]
    profile = f"-env:UserInstallation={(out / 'profile').resolve().as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(out), *files]
    subprocess.run(command, check=True, capture_output=True)


def chromium(folder: Path, ids: list[str], out: Path) -> None:
    """docxtpl on all cores, then one browser, one page after the other, for all PDFs."""
    from playwright.sync_api import sync_playwright

    _spread("word", folder, ids, out)
    browser = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as driver:
        run = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = run.new_page()
        for id_ in ids:
            page.goto((folder / f"{id_}.whole.html").resolve().as_uri())
            content = page.pdf(tagged=True, prefer_css_page_size=True)
            (out / f"{id_}.pdf").write_bytes(content)
        run.close()


WHOLE = {"libreoffice": libreoffice, "chromium": chromium}
"""Stacks that are given all letters at once."""


def _spread(stack: str, folder: Path, ids: list[str], out: Path) -> None:
    """Letters one by one, on all cores."""
    make = partial(_one, stack, folder, out)
    if len(ids) < CORES or os.environ.get("LETTERS_BENCH_JOBS") == "1":
        _one_by_one(make, ids)
        return
    pool = multiprocessing.get_context("fork").Pool(CORES)
    pool.map(make, ids, chunksize=1)
    pool.close()
    pool.join()


def _one_by_one(make: Callable[[str], None], ids: list[str]) -> None:
    """Letters in this process; says how many processor seconds each took after the first 43."""
    began = 0.0
    for n, id_ in enumerate(ids):
        if n == WARM:
            began = time.process_time()
        make(id_)
    if len(ids) > WARM:
        print((time.process_time() - began) / (len(ids) - WARM))


def _one(stack: str, folder: Path, out: Path, id_: str) -> None:
    EACH[stack](folder, id_, out)


def main() -> None:
    """Make the letters that the command line asks for."""
    stack, folder, out, count = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    ids = json.loads((folder / "ids.json").read_bytes())
    asked = [ids[n % len(ids)] for n in range(count)]
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    if stack in WHOLE:
        WHOLE[stack](folder, asked, out)
    else:
        _spread(stack, folder, asked, out)


if __name__ == "__main__":
    main()
