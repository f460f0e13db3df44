# Two commands do everything on an empty Debian or Ubuntu machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test test-long lint bench schemas clean
help:
	@echo "make demo    install, write the example project, build all its letters"
	@echo "make test    install, then run linters, strict typing and the test suite"
	@echo "make test-long run the tests that take minutes, which make test leaves out"
	@echo "make bench   measure builds and the preview beside other tools (most of an hour; a look"
	@echo "             takes minutes: make bench BENCH='--repeats 1 --letters 200 --many 400')"
	@echo "make schemas write the JSON Schemas that editors use"
	@echo "make clean   remove what these commands made"

$(VENV)/.installed: pyproject.toml constraints.txt tools/packages-run.txt
	@tools/system-packages run
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed package.json tools/packages-test.txt tools/install-judges
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .[test]
	@tools/install-judges
	@touch $@

demo: $(VENV)/.installed
	@test -e demo/recipients.yaml || $(BIN)/letters new demo --example
	$(BIN)/letters -C demo build

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p letters -p tests

test: lint
	$(BIN)/pytest -n auto --dist loadgroup

test-long: $(VENV)/.installed-test
	$(BIN)/pytest -n auto --dist loadgroup -m long

bench: $(VENV)/.installed-test
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .[bench]
	$(BIN)/python -m benchmarks.bench --write $(BENCH)
	$(BIN)/python -m benchmarks.preview --write

schemas: $(VENV)/.installed
	$(BIN)/letters schema

clean:
	rm -rf $(VENV) .judges demo *.egg-info
