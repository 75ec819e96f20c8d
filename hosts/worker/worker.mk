# The Worker. Included by the Makefile at the root.

WORKER         := build/worker
WORKER_TOOLS   := hosts/worker/node_modules/.package-lock.json
WORKER_SOURCES := $(shell find hosts/worker hosts/api core vfs -name '*.go' ! -name '*_test.go') go.mod \
	$(wildcard hosts/worker/*.mjs core/engine/platform/*.mjs) hosts/worker/config.capnp hosts/api/openapi.json

.PHONY: worker
worker: $(WORKER)/.stamp ## lay the Worker's modules out in build/worker, and print their size
	@cat $<

$(WORKER)/.stamp: build/web/guest/guest.json $(WORKER_SOURCES)
	@rm -rf $(WORKER)
	$(GO) run ./hosts/worker/bundle -image build/web/guest -o $(WORKER) >build/worker.size
	@mv build/worker.size $@

.PHONY: worker-test
worker-test: $(WORKER)/.stamp $(WORKER_TOOLS) ## test the Worker in workerd
	$(GO) test -count=1 -v ./hosts/worker/...

# The Go tests find workerd, and the Worker, where these are.
go-test: $(WORKER)/.stamp $(WORKER_TOOLS)

$(WORKER_TOOLS): hosts/worker/package-lock.json
	cd hosts/worker && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
