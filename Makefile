# Everything that a developer or a build server runs. `make` alone lists the targets.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS   += --no-builtin-rules --no-print-directory

VERSION := $(shell git describe --always --dirty 2>/dev/null || echo dev)
GO      ?= go
ARGS    ?=
# SQLite was translated from C: to check its every pointer takes most of the tests' time.
RACE    := CGO_ENABLED=1 $(GO) test -race -gcflags=modernc.org/...=-d=checkptr=0 -count=1

# Pages for screens whose browser nobody here chose: ES2020 and no newer (docs/decisions/0003).
OLD_BROWSERS := pkg/web displays/lib displays/lib/voice displays/monitor displays/monitor/layouts displays/pair displays/public displays/ticket
# What Go's tools look at, without the fixtures of their own tests.
GO_FILES = $(wildcard $(shell git ls-files --cached --others --exclude-standard '*.go' ':!:**/testdata/**'))

.PHONY: help
help: ## list the targets
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

# --- the program ---

.PHONY: build
build: ## bin/eliminacode: one static program with every page and font inside
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags "-X main.version=$(VERSION)" -o bin/eliminacode ./cmd/eliminacode

.PHONY: run
run: build ## build, then serve with no settings (ARGS="--dev" adds flags)
	bin/eliminacode serve $(ARGS)

# --- tests ---

.PHONY: test
test: ## every test and check, on a Debian machine that has only Go
	@$(MAKE) setup-test
	@$(MAKE) verify typecheck es2020 test-js lint
	@$(MAKE) test-go build

.PHONY: fresh
fresh: ## make test in a clone of HEAD with empty caches, as on a new machine
	scripts/fresh.sh

.PHONY: setup-test
setup-test: node_modules ## install what the tests need and the machine lacks
node_modules: package.json package-lock.json | system-packages
	npm ci --ignore-scripts --no-audit --no-fund
	@touch node_modules

.PHONY: system-packages
system-packages:
	@scripts/setup-test.sh

.PHONY: test-go
test-go: ## the Go tests, with the race detector
	$(RACE) -timeout 30m ./...

.PHONY: test-js
test-js: node_modules ## the tests of the browser modules that need no browser
	@files=$$(git ls-files --cached --others --exclude-standard '*.test.js'); \
	if [ -n "$$files" ]; then node --test $$files; fi

.PHONY: soak
soak: | system-packages ## kill the real program two hundred times under load, on both engines
	ELIMINACODE_SOAK_ROUNDS=200 $(RACE) -timeout 120m -v -run 'TestCrash|TestTwoServers|TestLinearizable|TestFailover|TestRestart|TestTotem' ./cluster

.PHONY: typecheck
typecheck: node_modules ## check the types of the browser modules
	node_modules/.bin/tsc -p jsconfig.json

.PHONY: es2020
es2020: node_modules ## parse what wall screens and phones load as ES2020
	@for file in $(foreach dir,$(OLD_BROWSERS),$(wildcard $(dir)/*.js)); do \
	  case $$file in *.test.js) continue ;; esac; \
	  node_modules/.bin/acorn --ecma2020 --module --silent "$$file" || { echo "$$file: not ES2020" >&2; exit 1; }; \
	done
	@node_modules/.bin/acorn --ecma5 --silent displays/lib/old.js # runs where nothing else does

.PHONY: lint
lint: ## formatting, vet, modernizers, staticcheck, known vulnerabilities
	@unformatted=$$($(GO) tool gofumpt -l $(GO_FILES)); \
	if [ -n "$$unformatted" ]; then echo "not formatted (make fmt): $$unformatted" >&2; exit 1; fi
	$(GO) vet ./...
	$(GO) fix -omitzero=false -diff ./...
	$(GO) tool staticcheck ./...
	scripts/vulncheck.sh

.PHONY: verify
verify: node_modules ## fail when a generated or copied file is stale
	@$(GO) run ./pkg/view/wiregen -check -out displays/lib/wire.d.ts pkg/view
	@$(GO) run ./pkg/words/jsgen -check -out displays/lib/catalogue.js -more displays/lib/catalogue-more.js pkg/words
	@for font in displays/lib/fonts/*.woff2; do \
	  name=$$(basename "$$font" .woff2); \
	  cmp "$$font" "node_modules/@fontsource/titillium-web/files/$$name-normal.woff2"; \
	done

# Each benchmark's length is fixed, so that a whole run takes some minutes: BENCH="0.5s 5x 2x" is half of it.
BENCH ?= 1s 10x 4x
.PHONY: bench
bench: ## the benchmarks, each beside its floor (docs/benchmarks.md)
	@bench() { $(GO) test -run '^$$' -bench "$$1" -benchtime "$$2" "$${@:3}" | grep -vE '^(PASS|ok )'; }; \
	set -- $(BENCH); date -u +'%F %H:%M UTC'; cat /proc/loadavg; \
	bench . $$1 ./pkg/queue; \
	bench BenchmarkWaits $$1 ./pkg/estimate; \
	bench 'BenchmarkEstimates|BenchmarkReplay' 1x ./pkg/estimate; \
	bench . $$1 ./pkg/journal/sqlite ./pkg/journal/postgres; \
	bench BenchmarkCommands $${2} ./pkg/engine; \
	bench BenchmarkStart 5x ./pkg/engine; \
	bench . $$3 ./pkg/live; \
	bench BenchmarkCallToMonitors $$3 ./bench; \
	bench BenchmarkTouchToPaper $$3 ./bench; \
	bench 'CallToPainted|ViewToGong|MonitorMemory' 1x ./e2e; \
	bench BenchmarkTwoServers $$2 ./bench; \
	bench BenchmarkOffices 1x ./bench; \
	bench BenchmarkStart $$3 ./bench; \
	cat /proc/loadavg

# --- editing ---

.PHONY: fmt
fmt: ## format the Go code
	$(GO) tool gofumpt -w $(GO_FILES)

.PHONY: fix
fix: ## rewrite old Go idioms; commit the result on its own
	$(GO) fix -omitzero=false ./...

.PHONY: generate
generate: ## the generated files: declarations of the wire types, the words that pages share with the server
	$(GO) generate ./...

.PHONY: clean
clean: ## remove what the build and the checks made
	rm -rf bin node_modules
