//go:build !js

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const image = "../../core/guest/image"

// TestAPI builds the program and has Node run the tests of its JavaScript side.
// NODE may name the program; one that has JSPI (Node 26) runs them with it and without.
func TestAPI(t *testing.T) {
	node := os.Getenv("NODE")
	if node == "" {
		node = "node"
	}
	if _, err := exec.LookPath(node); err != nil {
		t.Skip("the program is tested under Node, which is not here:", err)
	}
	if _, err := os.Stat(filepath.Join(image, "guest.wasm")); err != nil {
		t.Skip("no toolbox image: run make image first")
	}
	program := filepath.Join(t.TempDir(), "host.wasm")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, jspi := range []string{"0", "1"} {
		t.Run("JSPI="+jspi, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), node, "--test", "testdata/api.test.mjs")
			cmd.Env = append(os.Environ(), "JSPI="+jspi, "PROGRAM="+program, "IMAGE="+image,
				"WASM_EXEC="+filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
