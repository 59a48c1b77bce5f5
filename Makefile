# Two commands set everything up on a machine that has a Swift toolchain: `make demo` and `make test`.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
BUILD_PACKAGES := libsqlite3-dev libpq-dev libcurl4-openssl-dev pkg-config
TEST_PACKAGES := postgresql postgresql-contrib openssl sqlite3 curl python3 python3-venv procps groff-base
BENCH_PACKAGES := postgresql gcc strace curl python3
# What is loaded before the first line runs is what a kill switch waits for. So identical functions are folded, symbols
# left out, none exported that nobody looks up, and the C++ library is linked in where its archive is at hand.
ARCHIVES := .build/archives
STDCXX := $(wildcard $(shell clang++ -print-file-name=libstdc++.a))
RELEASE := swift build -c release --static-swift-stdlib --disable-local-rpath \
  $(if $(STDCXX),-Xswiftc -L$(CURDIR)/$(ARCHIVES)) -Xlinker --no-export-dynamic -Xlinker --icf=safe -Xlinker -s
BIN = $(shell $(RELEASE) --show-bin-path)
ANDON = $(BIN)/andon

.PHONY: help
help: ## Show what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

# Installs the Debian packages named in $(1) that are missing; does nothing, and needs no network, when none is.
define need_packages
missing=$$(for p in $(1); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done); \
if [ -n "$$missing" ]; then \
  echo "installing system packages:" $$missing; \
  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq $$missing >/dev/null \
    || { echo "could not install:" $$missing >&2; exit 1; }; \
fi
endef

.PHONY: build
build: ## Build the release executable
	@$(call need_packages,$(BUILD_PACKAGES))
	@echo "building andon; the first build compiles every dependency and takes several minutes"
	@$(if $(STDCXX),mkdir -p $(ARCHIVES) && ln -sf $(STDCXX) $(ARCHIVES)/)
	@$(RELEASE) --product andon

.PHONY: demo
demo: build ## Run the kill switch against a stand-in of the platform and write the postmortem
	@Tests/demo $(ANDON)

.PHONY: test
test: ## Run every test, with a throw-away PostgreSQL and a real EVM
	@$(call need_packages,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	@Tests/run

.PHONY: torture
torture: ## Attack it for hours: kills, fail points, faults; writes docs/reliability.md
	@$(call need_packages,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	@Tests/run torture

.PHONY: check
check: ## Format lint, layers, build and tests: what has to hold before a change lands
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests
	@$(call need_packages,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	@Tests/run

# How long each target of the fuzzer runs.
FUZZ_SECONDS ?= 60

# Puts on docs/reliability.md what an attack outside of the tests has reached, and ends as it did.
FIGURES = .build/$@-figures.jsonl
with_figures = @rm -f $(FIGURES); mkdir -p .build; ANDON_FIGURES=$(CURDIR)/$(FIGURES) $(1); code=$$?; \
  [ ! -e $(FIGURES) ] || Tests/figures $(FIGURES); exit $$code

.PHONY: fuzz
fuzz: ## Throw bytes at every parser for FUZZ_SECONDS each; what it finds stays in .build/fuzz
	@$(call need_packages,$(BUILD_PACKAGES) python3)
	$(call with_figures,Tests/fuzz $(FUZZ_SECONDS))

.PHONY: mutants
mutants: ## Put the seeded bugs of Tests/Mutants in, one at a time: a test has to notice each
	@$(call need_packages,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	$(call with_figures,Tests/mutants)

YARDSTICKS = Tests/Benchmarks/Yardsticks

.PHONY: bench
bench: build ## Measure how fast it is, against yardsticks; writes docs/performance.md
	@$(call need_packages,$(BENCH_PACKAGES))
	@[ ! -e Package.resolved ] || cp Package.resolved $(YARDSTICKS) # the very Yams that andon has
	@swift build -c release --static-swift-stdlib --package-path $(YARDSTICKS) --scratch-path .build/yardsticks
	@$(RELEASE) --product crowd
	@Tests/Benchmarks/run $(ANDON) --crowd $(BIN)/crowd

# Another executable to install than the one `make build` leaves; then nothing is built.
BINARY ?=
BASE = $(DESTDIR)$(PREFIX)
SHARE = $(BASE)/share

.PHONY: install
install: $(if $(BINARY),,build) ## Put andon, its playbooks, man pages and completions under PREFIX
	@install -d $(BASE)/bin $(SHARE)/andon $(SHARE)/man/man1 $(SHARE)/bash-completion/completions \
	  $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	@install -m 755 $(or $(BINARY),$(ANDON)) $(BASE)/bin/andon
	@cp -R playbooks $(SHARE)/andon/
	@$(BASE)/bin/andon generate-manual --quiet $(SHARE)/man/man1
	@$(BASE)/bin/andon --generate-completion-script bash >$(SHARE)/bash-completion/completions/andon
	@$(BASE)/bin/andon --generate-completion-script zsh >$(SHARE)/zsh/site-functions/_andon
	@$(BASE)/bin/andon --generate-completion-script fish >$(SHARE)/fish/vendor_completions.d/andon.fish
	@echo "installed $(BASE)/bin/andon, its playbooks, man pages and completions"
