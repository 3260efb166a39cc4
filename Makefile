# make demo   the made city: received, judged, located, on the map
# make test   every test            make lint   style, types, the import rule
# make bench  speed, memory, detection and position tables
# make dongle adds the driver for RTL-SDR dongles

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --no-input -q
PYTEST_FLAGS ?=

.PHONY: demo test bench lint dongle wheel clean
.DELETE_ON_ERROR:

demo: $(VENV)/.program
	@$(BIN)/wavewarden demo

test: $(VENV)/.development
	@echo "== tests"
	@$(BIN)/python -m pytest $(PYTEST_FLAGS)

bench: $(VENV)/.development
	@$(BIN)/python -m tests.benchmarks

lint: $(VENV)/.development
	@echo "== style"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@echo "== types"
	@$(BIN)/mypy
	@echo "== who may import whom"
	@$(BIN)/lint-imports

dongle: $(VENV)/.program
	@$(PIP) install --require-hashes --no-deps -r requirements-rtlsdr.lock
	@echo "== the dongle driver is installed"

wheel: $(VENV)/.program
	@rm -rf dist
	@$(BIN)/python -m hatchling build

$(VENV)/.program: requirements.lock pyproject.toml
	@echo "== setting up $(VENV) (once; about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.development: $(VENV)/.program requirements-dev.lock
	@echo "== adding what tests and checks need (once)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

clean:
	@rm -rf $(VENV) dist made .cache .mypy_cache .ruff_cache .pytest_cache
