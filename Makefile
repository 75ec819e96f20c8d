# agent-sandbox: see 'make help'.

GO      ?= go
IMAGE   := core/guest/image
LEAF    := core/guest/leaf
BINARY  := bin/agent-sandbox
# Without gcstoptheworld the guest's collector falls behind on one thread (RATIONALE.md).
GUEST_LDFLAGS := -s -w -X runtime.godebugDefault=gcstoptheworld=1
GUEST_SOURCES := $(shell find toolbox vfs -name '*.go' ! -name '*_test.go' -o -name '*.s') go.mod
IMAGE_SOURCES := $(shell find core -name '*.go' ! -name '*_test.go')
CLI_SOURCES   := $(shell find core hosts vfs toolbox -name '*.go' ! -name '*_test.go')

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the verbs
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | expand -t 14

.PHONY: build
build: $(BINARY) ## build bin/agent-sandbox, its guest image inside

.PHONY: demo
demo: build ## run the main job on a copy of a real folder
	@sh hosts/cli/demo.sh $(BINARY)

.PHONY: image
image: $(IMAGE)/guest.json $(LEAF)/guest.json

build/toolbox.wasm: PACKAGE := ./toolbox
build/leaf.wasm: PACKAGE := ./toolbox/leaf
build/toolbox.wasm build/leaf.wasm: $(GUEST_SOURCES) build/overlay.json
	@mkdir -p $(@D)
	GOOS=wasip1 GOARCH=wasm $(GO) build -trimpath -overlay build/overlay.json -buildmode=c-shared -ldflags '$(GUEST_LDFLAGS)' -o $@ $(PACKAGE)

build/overlay.json: $(wildcard toolbox/overlay/* toolbox/overlay/*/*)
	@mkdir -p $(@D)
	$(GO) run ./toolbox/overlay toolbox/overlay "$$($(GO) env GOROOT)" >$@

$(IMAGE)/guest.json: build/toolbox.wasm $(IMAGE_SOURCES)
	$(GO) run ./toolbox | $(GO) run ./core/guest/mkguest -o $(IMAGE) $<

$(LEAF)/guest.json: build/leaf.wasm $(IMAGE_SOURCES)
	$(GO) run ./toolbox/leaf | $(GO) run ./core/guest/mkguest -o $(LEAF) $<

$(BINARY): $(IMAGE)/guest.json $(LEAF)/guest.json $(CLI_SOURCES)
	@mkdir -p $(@D)
	$(GO) build -trimpath -o $@ ./hosts/cli

# The files of the hosts add tests of their own.
.PHONY: test go-test
test: go-test ## run all tests; installs what they need
go-test: image
	$(GO) test ./...

# The area of a shell transcript is the second word of its name.
.PHONY: shell-report
shell-report: ## print how many of the shell's recorded cases pass, by area
	@$(GO) test -count=1 -v -run 'TestTranscripts/^sh_' ./toolbox/cmd | awk ' \
		/ cases: sh_/ { sub(/.* cases: sh_/, ""); area = $$1; sub(/[_.].*/, "", area); ok[area] += $$2; all[area] += $$4 } \
		END { for (a in all) { printf "%-10s %5d of %5d\n", a, ok[a], all[a]; p += ok[a]; n += all[a] } \
			printf "%-10s %5d of %5d\n", "all", p, n; exit p != n || !n }'

.PHONY: race
race: image ## run the tests with the race detector
	$(GO) test -race ./...

.PHONY: conformance
conformance: ## run the official WASI test suite and print the count per engine
	$(GO) test -count=1 -run 'TestConformance' -v ./core/wasi/... | grep -E '^ *conformance|^(ok|FAIL|---.*SKIP)|SKIP|missing'

.PHONY: bench
bench: build build/free/guest.json hosts/bench/node_modules ## compare with bash and just-bash, and put the table into the README
	$(GO) run ./hosts/bench -free build/free -readme README.md

build/free/guest.json: build/toolbox.wasm $(IMAGE_SOURCES)
	@mkdir -p $(@D)
	$(GO) run ./toolbox | $(GO) run ./core/guest/mkguest -free -o $(@D) $<

.PHONY: bench-go
bench-go: image ## the Go benchmarks
	$(GO) test -run '^$$' -bench . ./...

hosts/bench/node_modules: hosts/bench/package-lock.json
	cd hosts/bench && npm ci --omit=optional --ignore-scripts --no-audit --no-fund
	@touch $@

PLATFORMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64 js/wasm wasip1/wasm

.PHONY: check
check: ## format, vet, cross-build, tidy; fails on a dirty tree
	@test -z "$$(gofmt -l .)" || { echo "not formatted:"; gofmt -l .; exit 1; }
	$(GO) vet ./...
	@for p in $(PLATFORMS); do echo "build $$p"; GOOS=$${p%/*} GOARCH=$${p#*/} $(GO) build ./... || exit 1; done
	$(GO) mod tidy -diff
	@if [ -n "$$CI" ] && [ -n "$$(git status --porcelain)" ]; then echo "the tree is dirty:"; git status --short; exit 1; fi

.PHONY: ci
ci: check test ## what runs on every change

include web/web.mk
include hosts/worker/worker.mk

.PHONY: parity
parity: image web worker $(WORKER_TOOLS) ## run the transcripts on every host, and print one table
	$(GO) run ./hosts/hosttest/parity

.PHONY: net-test
go-test: web chromium worker $(WORKER_TOOLS)
net-test: image web chromium worker $(WORKER_TOOLS) ## run the network transcripts on every host, against a local server
	$(GO) test -count=1 -run 'TestNet' ./hosts/hosttest

.PHONY: clean
clean: ## remove what was built
	rm -rf build bin $(MADE) $(foreach d,$(IMAGE) $(LEAF),$(d)/guest.json $(d)/*.wasm $(d)/memory.bin)
