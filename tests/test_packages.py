"""What is installed beside the product: each package by version and digest, no more and no less."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PIN = r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; [^\\\n]*)?((?: \\\n    --hash=sha256:[0-9a-f]{64})*)$"


def pins(name: str) -> dict[str, tuple[str, str]]:
    """Each package with its versions, of which some may be for older Pythons, and its digests."""
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("#", " "))]
    pinned = re.findall(PIN, text, re.M)
    assert len(pinned) == len(lines)
    found = dict[str, tuple[str, str]]()
    for package, version, digests in pinned:
        assert digests, package
        versions, others = found.get(package, ("", ""))
        found[package] = (f"{versions} {version}".strip(), others + digests)
    return found


def plain(requirement: str) -> str:
    return re.split(r"[<>=\[]", requirement)[0].lower().replace(".", "-").replace("_", "-")


@pytest.mark.parametrize("name", ["run", "test", "docs", "maintain"])
def test_each_package_has_a_digest_and_no_file_an_address(name: str) -> None:
    assert all(digests for _, digests in pins(name).values())
    assert "://" not in (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")


def test_the_lists_hold_what_the_project_asks_for_in_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    run, test, maintain = pins("run"), pins("test"), pins("maintain")
    assert {*map(plain, project["dependencies"]), "setuptools"} <= run.keys()
    asked = {plain(each) for name in ("cluster", "docs", "test", "bench") for each in extras[name]}
    assert asked - {"assessment-letters"} <= test.keys()
    assert {*map(plain, extras["maintain"])} <= maintain.keys()
    docs = pins("docs")
    assert {name: docs[name] for name in docs} == {name: test[name] for name in docs}
    for name in run:
        assert run[name] == test[name] == maintain[name]


def test_the_notices_name_each_package_of_an_installation() -> None:
    text = (ROOT / "THIRD-PARTY-NOTICES.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| ([\w.-]+) \| ([\w.]+) \| (.+) \|$", text, re.M)
    assert {(name, of) for name, of, _ in named[1:]} == {
        (name, of) for name, (of, _) in pins("run").items()
    }
    assert all(licence.strip() for _, _, licence in named)


def test_the_validators_from_npm_have_digests_and_no_addresses() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert lock["packages"][""]["devDependencies"] == asked
    others = {name: each for name, each in lock["packages"].items() if name}
    assert all(each["integrity"].startswith("sha512-") for each in others.values())
    assert [name for name, each in others.items() if "resolved" in each] == []


def test_the_package_page_leads_to_the_repository_from_anywhere(tmp_path: Path) -> None:
    for base, link in (
        ("", "[Setting up](docs/setup.md)"),
        (
            "https://repository.example/letters/raw/main/",
            "[Setting up](https://repository.example/letters/raw/main/docs/setup.md)",
        ),
    ):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "setup.py", "-q", "egg_info", "-e", str(tmp_path)],
            cwd=ROOT,
            env={**os.environ, "LETTERS_BASE_ADDRESS": base},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        page = next(tmp_path.glob("*.egg-info/PKG-INFO")).read_text(encoding="utf-8")
        assert link in page
        lost = re.findall(r"\]\((?!https?:)[^)]*\)", page) if base else []
        assert lost == []
        assert ("Project-URL: Documentation, " in page) is bool(base)
