# The npm package and the playground. Included by the Makefile at the root.

WEB         := web
WEB_DIST    := $(WEB)/dist
WEB_SITE    := $(WEB)/playground/dist
MADE        += $(WEB_DIST) $(WEB_SITE) $(WEB)/test-results
WEB_BUDGET  := 4000000
WEB_HOST    := build/host.wasm
WEB_TOOLS   := $(WEB)/node_modules/.package-lock.json
WEB_SOURCES := $(shell find $(WEB)/src -type f) $(WEB)/pack.mjs $(WEB)/package.json $(WEB)/tsconfig.json $(WEB)/tsconfig.build.json
WEB_PAGE    := $(shell find $(WEB)/playground -type f -not -path '*/dist/*')
WEB_IMAGE   := build/web/guest
WEB_GLUE    := $(shell find hosts/browser core/engine/platform -name '*.mjs' ! -path '*/testdata/*')
WEB_GO      := $(shell find hosts/browser core vfs -name '*.go' ! -name '*_test.go') go.mod

.PHONY: web
web: $(WEB_DIST)/.stamp ## build the npm package into web/dist

.PHONY: site
site: $(WEB_SITE)/index.html

.PHONY: web-size
test: web-size
web-size: site ## print what a browser downloads, compressed; fails above 4 MB
	@node $(WEB)/compress.mjs $(WEB_SITE) build/web/brotli $(WEB_BUDGET)

.PHONY: bench-web
bench-web: site build $(WEB)/bench/node_modules chromium ## measure in Chromium beside just-bash, and put the table into web/README.md
	cd $(WEB) && node_modules/.bin/vite build -l warn -c bench/vite.config.mjs
	node $(WEB)/bench/run.mjs build/web/bench $(WEB_SITE) $(BINARY) $(WEB)/README.md

$(WEB)/bench/node_modules: $(WEB)/bench/package-lock.json
	cd $(WEB)/bench && npm ci --omit=optional --ignore-scripts --no-audit --no-fund
	@touch $@

.PHONY: playground
playground: site web-size ## serve the playground on http://localhost:8080
	node $(WEB)/playground/serve.mjs $(WEB_SITE) 8080

.PHONY: chromium
chromium:
	@sh $(WEB)/test/chromium.sh

.PHONY: web-test
test: web-test
web-test: site chromium ## test the package in Node and the playground in Chromium
	cd $(WEB) && npm run -s check && npm run -s test

.PHONY: web-parity
web-parity: web ## run the transcripts in Node and in Chromium
	node $(WEB)/test/transcripts.mjs

$(WEB_TOOLS): $(WEB)/package-lock.json
	cd $(WEB) && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(WEB_HOST): $(WEB_GO)
	@mkdir -p $(@D)
	GOOS=js GOARCH=wasm $(GO) build -trimpath -ldflags '-s -w' -o build/host-go.wasm ./hosts/browser
	$(GO) run ./hosts/browser/mkhost -o $@ build/host-go.wasm

# An image with a small memory, which is copied at every reset.
$(WEB_IMAGE)/guest.json: build/toolbox.wasm $(IMAGE_SOURCES)
	@mkdir -p $(@D)
	$(GO) run ./toolbox | $(GO) run ./core/guest/mkguest -small -o $(@D) $<

# The host's modules are laid out as they import one another.
$(WEB_DIST)/.stamp: $(WEB_TOOLS) $(WEB_SOURCES) $(WEB_HOST) $(WEB_GLUE) $(WEB_IMAGE)/guest.json
	rm -rf $(WEB_DIST)
	cd $(WEB) && npm run -s build
	@mkdir -p $(WEB_DIST)/assets $(WEB_DIST)/engine/go
	@for f in $(WEB_GLUE); do mkdir -p $(WEB_DIST)/engine/$$(dirname $$f) && cp $$f $(WEB_DIST)/engine/$$f || exit 1; done
	@cp "$$($(GO) env GOROOT)/lib/wasm/wasm_exec.js" $(WEB_DIST)/engine/go/
	@node $(WEB)/pack.mjs $(WEB_DIST)/assets/programs.wasm $(WEB_HOST) $(WEB_IMAGE)/guest.wasm $(WEB_IMAGE)/memory.bin
	@cp $(WEB_IMAGE)/guest.json $(WEB_DIST)/assets/tools.json
	@touch $@

$(WEB_SITE)/index.html: $(WEB_DIST)/.stamp $(WEB_PAGE)
	cd $(WEB) && npm run -s playground
	@touch $@
