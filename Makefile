# Waybill. `make` alone says what there is to make.
#
# demo and test share one debug build, so these flags stand in one place: no debug information (a third of the time and
# most of the disk), and an import that Package.swift does not declare is an error.
SWIFT ?= swift
FLAGS := -Xswiftc -gnone --explicit-target-dependency-import-check error
RELEASE := -c release -Xswiftc -gnone
# Suites that keep both cores busy: run by themselves, so that no other test waits for them past its limit.
CAMPAIGNS := TamperTests|FlipTests|BlockingTests
# Suites with clocks in them: beside a thousand other tests they wait longer for a thread than their limits allow.
ROADS := TransportHTTPSTests|TransportFolderTests|UrgentArrivalTests|UrgentMemoryTests|GreedyPartnerTests|TextInspectorTests|FolderWatcherTests|CollectionTests
# Injuries from outside keep the machine busy for minutes, and a journey's limit runs while it waits for its turn: the journeys
# themselves are two runs for the same reason, by the names of their suites.
INJURIES := CampaignJourneys
# For one run of these tests alone, such as TESTFLAGS='--filter Envelope'.
TESTFLAGS ?=
# Of `make fuzz`: how many in all, and at which doors (all).
EXECUTIONS ?= 10000000
DOORS ?=
# More for the build, such as BUILDFLAGS=--quiet.
BUILDFLAGS ?=
PREFIX ?= /usr
DESTDIR ?=

BIN := $(DESTDIR)$(PREFIX)/bin
SHARE := $(DESTDIR)$(PREFIX)/share
LIB := $(DESTDIR)$(PREFIX)/lib
MANUAL := .build/plugins/GenerateManual/outputs/waybill

TESTER = $(SWIFT) test --skip-build --disable-xctest $(FLAGS)

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests build demo test fuzz lint bench soak release man install clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | tr '|' '\t' | expand -t 18

setup:
	@sh Support/setup.sh

setup-tests:
	@sh Support/setup.sh tests

build: setup-tests ## debug build of everything, tests included
	$(SWIFT) build --build-tests $(FLAGS) $(BUILDFLAGS)

demo: setup ## three agencies on this machine: a delivery, told step by step, and its proof
	$(SWIFT) build --product waybill $(FLAGS) $(BUILDFLAGS)
	.build/debug/waybill demo

test: build ## all tests (TESTFLAGS='--filter NAME' for some)
ifneq ($(strip $(TESTFLAGS)),)
	@sh Support/run-all.sh some "$(TESTER) $(TESTFLAGS)"
else
	@sh Support/run-all.sh \
	    rooms "$(TESTER) --skip 'JourneyTests|$(CAMPAIGNS)|$(ROADS)'" \
	    roads "$(TESTER) --filter '$(ROADS)'" \
	    tampering "$(TESTER) --filter '$(CAMPAIGNS)'" \
	    journeys "$(TESTER) --filter 'JourneyTests[.][A-L]' --skip '$(INJURIES)'" \
	    travels "$(TESTER) --filter 'JourneyTests[.][M-Z]'" \
	    injuries "$(TESTER) --filter '$(INJURIES)'"
endif

# A build of its own, beside the other: every room counts what it executes.
fuzz: setup ## every reader of a partner's bytes, ten million times (EXECUTIONS=N DOORS='json note')
	WAYBILL_FUZZ=1 $(SWIFT) build --product Fuzzer --scratch-path .build-fuzz $(RELEASE) -Xswiftc -enable-testing \
	    $(BUILDFLAGS)
	@sh Fuzzing/run.sh $(EXECUTIONS) $(DOORS)

lint: ## layout and rules of .swift-format, strictly; no circles between folders; pages name files that are there
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Fuzzing
	@python3 Support/circles.py
	@python3 Support/paths.py

bench: release ## speed, latency and memory beside this machine's own limit; writes bench.json
	python3 Bench/bench.py

soak: build ## kills, power cuts, failing syncs and calls, wrong clocks, urgent files, the outbox; every row of a ledger tampered with; 10,000 changes of one bit
	python3 Bench/soak_all.py --binary .build/debug/waybill
	WAYBILL_TAMPER=all WAYBILL_FLIPS=10000 $(TESTER) --filter '$(CAMPAIGNS)'

release: setup ## release build: the one executable, and the bench's own beside it
	$(SWIFT) build --product waybill $(RELEASE) $(BUILDFLAGS)
	$(SWIFT) build --product waybill-bench $(RELEASE) $(BUILDFLAGS)

man: release ## manual pages, from the argument parser
	$(SWIFT) package $(RELEASE) plugin generate-manual --configuration release --multi-page

install: release man ## into DESTDIR: executable, units, completions, manual pages
	install -D -m 0755 .build/release/waybill $(BIN)/waybill
	ln -sf waybill $(BIN)/waybilld
	install -D -m 0644 systemd/waybilld.service $(LIB)/systemd/system/waybilld.service
	install -D -m 0644 systemd/waybill.sysusers $(LIB)/sysusers.d/waybill.conf
	install -D -m 0644 systemd/waybill.tmpfiles $(LIB)/tmpfiles.d/waybill.conf
	install -d $(SHARE)/bash-completion/completions $(SHARE)/zsh/vendor-completions $(SHARE)/fish/vendor_completions.d
	.build/release/waybill --generate-completion-script bash > $(SHARE)/bash-completion/completions/waybill
	.build/release/waybill --generate-completion-script zsh > $(SHARE)/zsh/vendor-completions/_waybill
	.build/release/waybill --generate-completion-script fish > $(SHARE)/fish/vendor_completions.d/waybill.fish
	install -d $(SHARE)/man/man1
	install -m 0644 $(MANUAL)/*.1 $(SHARE)/man/man1/
	ln -sf waybill.daemon.1 $(SHARE)/man/man1/waybilld.1

clean: ## what a build has made
	$(SWIFT) package clean
