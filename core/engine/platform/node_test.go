//go:build !js

package platform

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The engine is tested where it runs: the tests of this package that are built
// for js run under Node, by the tests here. NODE may name the program, since newer
// ones can do more: one that has JSPI (Node 26) runs them with it and without.

func TestEngineUnderNode(t *testing.T) { underNode(t, "-test.skip=TestConformance") }

func TestConformance(t *testing.T) { underNode(t, "-test.run=TestConformance") }

func underNode(t *testing.T, filter string) {
	node := os.Getenv("NODE")
	if node == "" {
		node = "node"
	}
	if _, err := exec.LookPath(node); err != nil {
		t.Skip("the engine is tested under Node, which is not here:", err)
	}
	program, err := jsTests()
	if err != nil {
		t.Fatal(err)
	}
	for _, jspi := range []string{"0", "1"} {
		t.Run("JSPI="+jspi, func(t *testing.T) {
			if jspi == "1" && !hasJSPI(t, node) {
				t.Skip("this Node has no JSPI")
			}
			cmd := exec.CommandContext(t.Context(), node, "testdata/run.mjs", wasmExec(t), program, filter)
			// Go for js takes few bytes of environment.
			cmd.Env = []string{"JSPI=" + jspi, "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")}
			out, err := cmd.CombinedOutput()
			for line := range strings.Lines(string(out)) {
				if strings.HasPrefix(line, "conformance:") {
					os.Stdout.WriteString(line)
				}
			}
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func hasJSPI(t *testing.T, node string) bool {
	t.Helper()
	out, err := exec.Command(node, "-p", "typeof WebAssembly.Suspending").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out)) == "function"
}

// jsTests builds the tests of this package for js, once.
var jsTests = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "platform-")
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "platform.test.wasm")
	cmd := exec.Command("go", "test", "-c", "-o", program, ".")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	cmd.Stderr = os.Stderr
	return program, cmd.Run()
})

func TestMain(m *testing.M) {
	code := m.Run()
	if program, err := jsTests(); err == nil && program != "" {
		os.RemoveAll(filepath.Dir(program))
	}
	os.Exit(code)
}

// wasmExec is the file of the Go distribution that runs Go programs on js.
func wasmExec(t *testing.T) string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
}
