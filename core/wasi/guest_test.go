package wasi_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tetratelabs/wazero"

	"agentsandbox/core/wasi"
	"agentsandbox/core/wasi/conformance"
)

// build makes a guest of a package's tests.
func build(t *testing.T, pkg string, flags ...string) []byte {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a guest")
	}
	file := filepath.Join(t.TempDir(), "guest.wasm")
	cmd := exec.Command("go", append(append([]string{"test", "-c"}, flags...), "-o", file, pkg)...)
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	wasm, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

// answering is a writer that calls answer once it was written cue.
type answering struct {
	cue    string
	answer func()
	once   sync.Once
	bytes.Buffer
}

func (a *answering) Write(p []byte) (int, error) {
	n, err := a.Buffer.Write(p)
	if strings.Contains(a.String(), a.cue) {
		a.once.Do(a.answer)
	}
	return n, err
}

// TestGuestFileSystem runs the tests of the guest's side of all this.
func TestGuestFileSystem(t *testing.T) {
	wasm := build(t, "agentsandbox/toolbox/wasifs")
	r, err := newRunner(t.Context(), wazero.NewRuntimeConfigCompiler(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close(t.Context())

	stdin, host := io.Pipe()
	out := &answering{cue: "the reader waits", answer: func() {
		go func() {
			io.WriteString(host, "from the host")
			host.Close()
		}()
	}}
	config := conformance.Host()
	config.FS = newMemFS(t)
	config.Args = []string{"wasifs.test", "-test.v", "-rapid.checks=10", "-test.skip=TestSuite/(names|attacks|traversal|race)$"}
	config.Env = []string{"TEXT=a b", "EMPTY="}
	config.Stdin, config.Stdout, config.Stderr = stdin, out, out
	config.MaxFiles = 1 << 16 // the suite leaves files open
	config.Terminal = func(fd int) bool { return fd == 1 }
	p := wasi.NewProcess(config)
	code, err := r.run(t.Context(), wasm, p)
	if err != nil || code != 0 {
		t.Errorf("exit code %d, %v", code, err)
	}
	t.Log(out.String())
}

// TestGuestAssembly runs the tests of what is written in assembly for the guest.
func TestGuestAssembly(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "run", "./toolbox/overlay", "toolbox/overlay", strings.TrimSpace(string(goroot)))
	cmd.Dir = root
	overlay, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := newRunner(t.Context(), wazero.NewRuntimeConfigCompiler(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close(t.Context())
	for _, pkg := range []string{"sweep", "regex"} {
		var out bytes.Buffer
		config := conformance.Host()
		config.FS = newMemFS(t)
		config.Args = []string{pkg + ".test"}
		config.Stdout, config.Stderr = &out, &out
		code, err := r.run(t.Context(), build(t, "agentsandbox/toolbox/"+pkg, "-overlay", file), wasi.NewProcess(config))
		if err != nil || code != 0 {
			t.Errorf("%s: exit code %d, %v: %s", pkg, code, err, out.String())
		}
	}
}
