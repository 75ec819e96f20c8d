package gomem_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"agentsandbox/core/image"
	"agentsandbox/core/image/gomem"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// program builds testdata/program.
func program(t *testing.T) []byte {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a program")
	}
	file := filepath.Join(t.TempDir(), "program.wasm")
	build := exec.Command("go", "build", "-ldflags", "-s -w", "-o", file, "./testdata/program")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	wasm, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

func run(t *testing.T, wasm []byte) (stdout, stderr string) {
	t.Helper()
	rt := wazero.NewRuntime(t.Context())
	defer rt.Close(context.Background())
	wasi_snapshot_preview1.MustInstantiate(t.Context(), rt)
	var out, diag bytes.Buffer
	config := wazero.NewModuleConfig().WithStdout(&out).WithStderr(&diag).WithArgs("program")
	_, _ = rt.InstantiateWithConfig(t.Context(), wasm, config) // its error is the exit status
	return out.String(), diag.String()
}

// A program without its traces prints what it did before, and has no names.
func TestStrip(t *testing.T) {
	wasm := program(t)
	m, err := image.Parse(wasm, image.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	start, err := m.Split()
	if err != nil {
		t.Fatal(err)
	}
	memory := start.Bytes()
	if err := gomem.StripTraces(memory); err != nil {
		t.Fatal(err)
	}
	if err := m.Fill(memory); err != nil {
		t.Fatal(err)
	}
	out, diag := run(t, wasm)
	gotOut, gotDiag := run(t, m.Encode())
	wrapped := "value method main.value.Join called using nil *value pointer"
	out = strings.Replace(out, wrapped, "value method go.T.stripped called using nil *T pointer", 1)
	if gotOut != out || !strings.Contains(out, "own an error") || !strings.Contains(out, "reflect.makeFuncStub") {
		t.Errorf("prints %q, want %q", gotOut, out)
	}
	if !strings.Contains(diag, "main.go") || gotDiag != "at ? 0\n" {
		t.Errorf("is at %q, was at %q", gotDiag, diag)
	}
	if bytes.Contains(memory, []byte("main.collect")) || bytes.Contains(memory, []byte("main.go")) {
		t.Error("names are left")
	}
}

// A program without the functions that nothing refers to prints what it did before.
func TestFunctions(t *testing.T) {
	wasm := program(t)
	m, err := image.Parse(wasm, image.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	start, err := m.Split()
	if err != nil {
		t.Fatal(err)
	}
	memory := start.Bytes()
	before := bytes.Clone(memory)
	if gomem.ForgetInit(memory) == nil || !bytes.Equal(before, memory) {
		t.Error("packages that are not initialised are taken for such that are")
	}
	refs, err := gomem.Functions(memory)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Fill(memory); err != nil {
		t.Fatal(err)
	}
	if dropped := m.Prune([]string{"_start"}, refs, gomem.CodeShift); dropped == 0 {
		t.Error("all of the code is in use")
	}
	out, _ := run(t, wasm)
	if got, diag := run(t, m.Encode()); got != out || out == "" {
		t.Errorf("prints %q and %q, want %q", got, diag, out)
	}
	if dropped := m.Prune([]string{"_start"}, nil, gomem.CodeShift); dropped == 0 {
		t.Error("the memory refers to no code")
	}
	if got, _ := run(t, m.Encode()); got == out {
		t.Error("runs without what its memory refers to")
	}
}

// Memory that holds no tables, or tables of another form, is left as it is.
func TestStripRefuses(t *testing.T) {
	m, err := image.Parse(program(t), image.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	start, err := m.Split()
	if err != nil {
		t.Fatal(err)
	}
	whole := start.Bytes()
	magic := []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}
	for name, damage := range map[string]func([]byte) []byte{
		"empty":     func([]byte) []byte { return nil },
		"cut":       func(b []byte) []byte { return b[:bytes.Index(b, magic)+100] },
		"of old":    func(b []byte) []byte { return bytes.Replace(b, magic, []byte{0xf0, 0xff, 0xff, 0xff, 0, 0, 1, 8}, 1) },
		"displaced": func(b []byte) []byte { return append(make([]byte, 64), b...) },
	} {
		memory := damage(bytes.Clone(whole))
		before := bytes.Clone(memory)
		if gomem.StripTraces(memory) == nil || !bytes.Equal(before, memory) {
			t.Errorf("memory that is %s is taken", name)
		}
	}
}
