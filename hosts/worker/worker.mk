WORKER := build/worker

.PHONY: worker
worker: image ## lay the Worker's modules out in build/worker, and print their size
	$(GO) run ./hosts/worker/bundle -o $(WORKER)

.PHONY: worker-test
worker-test: image hosts/worker/node_modules ## test the Worker in workerd
	$(GO) test -count=1 -v ./hosts/worker/...

hosts/worker/node_modules: hosts/worker/package-lock.json
	cd hosts/worker && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
