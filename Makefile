# Two commands set everything up on a machine that has a Swift toolchain: `make demo` and `make test`.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
BUILD_PACKAGES := libsqlite3-dev libpq-dev libcurl4-openssl-dev pkg-config
TEST_PACKAGES := postgresql postgresql-contrib openssl sqlite3 curl python3 python3-venv procps
# Identical functions are folded and symbols left out: less to load when it is needed in a hurry.
RELEASE := swift build -c release --static-swift-stdlib -Xlinker --icf=safe -Xlinker -s --product andon
ANDON = $(shell $(RELEASE) --show-bin-path)/andon

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
	@$(RELEASE)

.PHONY: demo
demo: build ## Run the kill switch against a stand-in of the platform and write the postmortem
	@Tests/demo $(ANDON)

.PHONY: test
test: ## Run every test, with a throw-away PostgreSQL and a real EVM
	@$(call need_packages,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	@Tests/run

.PHONY: check
check: ## Format lint, layers, build and tests: what has to hold before a change lands
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests
	@$(call need_packages,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	@swift build --build-tests --explicit-target-dependency-import-check error
	@Tests/run

.PHONY: install
install: build ## Put andon and its playbooks under PREFIX
	@install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/andon
	@install -m 755 $(ANDON) $(DESTDIR)$(PREFIX)/bin/andon
	@cp -R playbooks $(DESTDIR)$(PREFIX)/share/andon/
	@echo "installed $(DESTDIR)$(PREFIX)/bin/andon"
