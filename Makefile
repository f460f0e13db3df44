# Two commands do everything on an empty Debian or Ubuntu machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)

# Only what is listed with its digest is installed; the project itself brings no packages along.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes
ITSELF := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .

.PHONY: help demo test test-long mutants lint bench docs schemas lock audit dist release-check clean
help:
	@echo "make demo    install, write the example project, build all its letters"
	@echo "make test    install, then run linters, strict typing and the test suite"
	@echo "make test-long run the tests that take minutes, which make test leaves out"
	@echo "make mutants change the code in 200 small ways and see which a test notices (half an hour;"
	@echo "             one room alone: make mutants MUTANTS='--room gate')"
	@echo "make bench   measure builds and the preview beside other tools (most of an hour; a look"
	@echo "             takes minutes: make bench BENCH='--repeats 1 --letters 200 --many 400')"
	@echo "make docs    make the documentation as pages that can be searched, in build/docs/"
	@echo "make schemas write the JSON Schemas that editors use"
	@echo "make lock    write down versions and digests of all packages (LOCK=--upgrade: newest)"
	@echo "make audit   look the packages up in a list of known faults; needs the network"
	@echo "make dist    make the wheel and the source distribution, in dist/"
	@echo "make release-check make the packages and try them in clean environments; needs the network"
	@echo "make clean   remove what these commands made"

$(VENV)/.installed: pyproject.toml requirements/run.txt tools/packages-run.txt
	@tools/system-packages run
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) -r requirements/run.txt
	$(ITSELF)
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed requirements/test.txt package-lock.json \
		tools/packages-test.txt tools/install-judges
	$(INSTALL) -r requirements/test.txt
	@tools/install-judges
	@touch $@

demo: $(VENV)/.installed
	@test -e demo/recipients.yaml || $(BIN)/letters new demo --example
	$(BIN)/letters -C demo build
	@echo "The letters are in demo/out/2019-digital-evidence/letters/: Word, PDF and web page of each force."
	@echo "Next: $(BIN)/letters -C demo preview"

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p letters -p tests

test: lint
	$(BIN)/pytest -n auto --dist loadgroup

test-long: $(VENV)/.installed-test
	$(BIN)/pytest -n auto --dist loadgroup -m long

mutants: $(VENV)/.installed-test
	$(BIN)/python -m tools.mutants --write $(MUTANTS)

bench: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks.bench --write $(BENCH)
	$(BIN)/python -m benchmarks.preview --write

$(VENV)/.installed-docs: $(VENV)/.installed requirements/docs.txt
	$(INSTALL) -r requirements/docs.txt
	@touch $@

docs: $(VENV)/.installed-docs
	$(BIN)/python -m tools.list_messages
	$(BIN)/sphinx-build -b html -n -W --keep-going -q docs build/docs
	@echo "The documentation is in build/docs/index.html."

schemas: $(VENV)/.installed
	$(BIN)/letters schema

$(VENV)/.installed-maintain: $(VENV)/.installed-test requirements/maintain.txt
	$(INSTALL) -r requirements/maintain.txt
	@touch $@

lock: $(VENV)/.installed-maintain
	tools/lock $(LOCK)

audit: $(VENV)/.installed-maintain
	@echo "Asking a public list of known faults about each package. This needs the network."
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements/run.txt
	$(BIN)/pip-audit --strict --require-hashes --disable-pip -r requirements/test.txt

dist: $(VENV)/.installed
	$(BIN)/python -c "from setuptools.build_meta import build_sdist as sdist, build_wheel as wheel; \
		sdist('dist'); wheel('dist')"

release-check: $(VENV)/.installed-maintain
	tools/release-check

clean:
	rm -rf $(VENV) .judges build demo dist *.egg-info
