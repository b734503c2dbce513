# `make demo` and `make test` are all that a newcomer needs; CONTRIBUTING.md says what the rest is for.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
BROWSER := .venv/.browser

.PHONY: setup demo test soak lint docs screenshots bench clean

setup: $(READY)

# The toolchains that this machine lacks (Go, Node) come as wheels; the languages' own files name them.
$(READY): pyproject.toml $(wildcard templates/*/language.toml)
	$(PYTHON) tools/check_python.py
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	$(BIN)/python tools/toolchains.py
	touch $(READY)

# The tests of the console want a real browser.
$(BROWSER): $(READY)
	$(BIN)/python tools/browser.py
	touch $(BROWSER)

demo: $(READY)
	@$(BIN)/python tools/demo.py

test: $(READY) $(BROWSER)
	$(BIN)/python -m pytest --numprocesses 2

soak: $(READY)
	SCF_GEN_SOAK=10000 $(BIN)/python -m pytest --capture=no tests/emulator/test_chaos.py
	$(BIN)/python -m pytest --numprocesses 4 -m "soak or not soak" tests/conformance/test_subjects.py
	SCF_GEN_KILLS=200 $(BIN)/python -m pytest tests/local/test_crashes.py

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python tools/sync_shared.py --check
	$(BIN)/python tools/gen_docs.py --check

docs: $(READY)
	$(BIN)/python tools/sync_shared.py
	$(BIN)/python tools/gen_docs.py

screenshots: $(READY) $(BROWSER)
	$(BIN)/python tools/screenshots.py

bench: $(READY)
	$(BIN)/python bench/cli.py
	$(BIN)/python bench/lint.py
	$(BIN)/python bench/wrappers.py
	$(BIN)/python bench/emulator.py
	$(BIN)/python bench/serve.py

clean:
	rm -rf .venv dist
