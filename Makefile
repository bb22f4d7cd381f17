# Gatehouse: `make run` to see it work, `make test` to prove it, `make prove` for the proofs that take long.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run build test prove probes contract interop linear check lint tidy format bench swift packages

# What is given to `make run` and `make bench` beyond their defaults.
ARGS ?=

# Everything that the formatter looks after.
formatted := Package.swift Sources Tests $(wildcard Examples Benchmarks)
# Debian's names of what the build links, and of what the tests call.
to_build := pkg-config libsqlite3-dev zlib1g-dev
to_test := curl openssl python3 nodejs tinyproxy zsh fish iproute2
# What reads the units and the alert rules, and what makes a root of Debian for the image's steps.
to_prove := systemd prometheus debootstrap strace
# What walks over the served description, and where it is installed.
to_walk := python3 python3-venv
walker := .build/contract
# The descriptions of SQLite and zlib for the linker name this folder, which has no shared library: so both come into
# the binary.
archives := .build/archives
# The libraries that callers and receivers use, and where they are installed.
libraries := .build/interop
# What counts instructions.
to_count := valgrind python3
# One debug build serves the import check and the tests.
build_tests := swift build --build-tests --explicit-target-dependency-import-check error

# Prints a heading, so that a long output can be found one's way in.
heading = @printf '\n\033[1m== %s\033[0m\n' "$(1)"

help: ## Shows this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Installs what is missing, builds, starts the demo (ARGS="--rate 5")
	$(call heading,gatehouse demo $(ARGS))
	@exec .build/release/gatehouse demo $(ARGS)

build: swift packages ## Builds the binary, .build/release/gatehouse
	$(call heading,Build for release)
	@test -e .build/release/gatehouse || echo "The first one compiles every library: about 13 minutes on two cores."
	@mkdir -p $(archives)
	@for name in sqlite3 zlib; do \
		library=$${name%lib}; libdir="$$(pkg-config --variable=libdir $$name)"; \
		ln -sf "$$libdir/lib$$library.a" $(archives)/; \
		sed "s|^libdir=.*|libdir=$(CURDIR)/$(archives)|" "$$(pkg-config --variable=pcfiledir $$name)/$$name.pc" \
			> $(archives)/$$name.pc; \
	done
	@PKG_CONFIG_PATH=$(CURDIR)/$(archives) \
		swift build -c release --static-swift-stdlib --product gatehouse

test: swift ## Formatting, imports, warnings, every test, the receivers of Examples/, the served description
	$(call heading,Packages)
	@scripts/ensure-packages.sh $(to_build) $(to_test)
	@$(MAKE) --no-print-directory lint
	$(call heading,Build: warnings are errors and every import is declared)
	@$(build_tests)
	$(call heading,Tests)
	@swift test --skip-build --disable-xctest --no-parallel
	$(call heading,Receivers in other languages)
	@python3 Examples/receivers/check.py
	@$(MAKE) --no-print-directory interop
	@$(MAKE) --no-print-directory linear
	@$(MAKE) --no-print-directory contract

prove: swift ## The demo that judges itself, the image's steps, the units and alert rules read by the real programs
	$(call heading,Packages)
	@scripts/ensure-packages.sh $(to_build) $(to_test) $(to_prove)
	@$(MAKE) --no-print-directory run ARGS="--check --duration 20s --port 0"
	@$(MAKE) --no-print-directory probes
	$(call heading,Proofs that take long)
	@$(build_tests)
	@PROVE=1 swift test --skip-build --disable-xctest --no-parallel --filter ProofTests

interop: swift packages ## Sends events by the SDK of CloudEvents, verifies deliveries by other libraries
	$(call heading,Libraries of callers and receivers)
	@scripts/ensure-packages.sh $(to_walk)
	@$(MAKE) --no-print-directory $(libraries)/ready
	@swift build --product gatehouse
	@$(libraries)/bin/python Tests/Interop/check.py .build/debug/gatehouse

$(libraries)/ready: Tests/Interop/requirements.txt
	@python3 -m venv --clear $(libraries)
	@$(libraries)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

linear: swift packages ## Counts instructions: work is linear in the bytes of an event
	$(call heading,Work for each byte)
	@scripts/ensure-packages.sh $(to_count)
	@swift build --product work-per-byte
	@python3 Tests/WorkPerByte/check.py .build/debug/work-per-byte

probes: build ## Asks /livez while the largest bodies of each shape are read: no answer takes more than 50 ms
	$(call heading,Probes while large bodies are read)
	@swift build --product work-per-byte
	@python3 Tests/WorkPerByte/probes.py .build/release/gatehouse .build/debug/work-per-byte

contract: swift packages ## Walks every route of a running gateway by the description that it serves
	$(call heading,The served description)
	@scripts/ensure-packages.sh $(to_walk)
	@$(MAKE) --no-print-directory $(walker)/ready
	@swift build --product gatehouse
	@$(walker)/bin/python Tests/Contract/check.py .build/debug/gatehouse

$(walker)/ready: Tests/Contract/requirements.txt
	@python3 -m venv --clear $(walker)
	@$(walker)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

check: swift packages lint tidy ## The formatting and the house style alone

lint:
	$(call heading,Formatting)
	@swift format lint --strict --parallel --recursive $(formatted)
	@echo "as it should be"

tidy:
	$(call heading,House style)
	@$(build_tests)
	@swift test --skip-build --disable-xctest --filter TidyTests

format: swift ## Formats every Swift file in place
	@swift format --in-place --parallel --recursive $(formatted)

bench: swift packages ## Measures speed against wrk and nginx (Benchmarks/README.md)
	@Benchmarks/run.sh $(ARGS)

swift:
	@scripts/ensure-swift.sh

packages:
	@scripts/ensure-packages.sh $(to_build)
