//go:build !js

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// maxBundle is what may be uploaded, in MB gzipped.
const maxBundle = 10

// TestWorker makes the Worker and has Node run its tests against real workerd.
// NODE may name the program.
func TestWorker(t *testing.T) {
	node := os.Getenv("NODE")
	if node == "" {
		node = "node"
	}
	if _, err := exec.LookPath(node); err != nil {
		t.Skip("the tests are run by Node, which is not here:", err)
	}
	if _, err := os.Stat("node_modules/workerd"); err != nil {
		t.Skip("no workerd: run npm ci --ignore-scripts in hosts/worker first")
	}
	if _, err := os.Stat("../../core/guest/image/guest.wasm"); err != nil {
		t.Skip("no toolbox image: run make image first")
	}
	folder := t.TempDir()
	checkSize(t, bundle(t, folder))
	cmd := exec.CommandContext(t.Context(), node, "--test", "test/worker.test.mjs")
	cmd.Env = append(os.Environ(), "BUNDLE="+folder, "OBJECTS="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", regexp.MustCompile(`(?m)^# (times|tests|pass).*$`).FindAll(out, -1))
}

// bundle makes the Worker's modules and returns what the command says.
func bundle(t *testing.T, folder string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "run", "./hosts/worker/bundle", "-o", folder)
	cmd.Dir = filepath.Join("..", "..")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return out
}

func checkSize(t *testing.T, said []byte) {
	t.Helper()
	t.Logf("%s", bytes.TrimSpace(said))
	m := regexp.MustCompile(`([0-9.]+) MB gzipped`).FindSubmatch(said)
	if m == nil {
		t.Fatalf("bundle says no size: %s", said)
	}
	if size, err := strconv.ParseFloat(string(m[1]), 64); err != nil || size > maxBundle {
		t.Errorf("the bundle has %s MB, more than %d", m[1], maxBundle)
	}
}
