package core

import (
	"os/exec"
	"strings"
	"testing"
)

// TestImports keeps the layers apart, and dangerous doors out of what runs
// guests. Each rule says why.
func TestImports(t *testing.T) {
	const module = "agentsandbox/"
	for _, rule := range []struct{ pkg, forbidden, why string }{
		{"./core", "os/exec", "nothing of the host's is ever run for a guest"},
		{"./core", "plugin", "nothing of the host's is ever run for a guest"},
		{"./core", module + "toolbox", "the toolbox is a guest: core knows it as an image"},
		{"./core", module + "hosts", "imports point downward"},
		{"./core/wasi", module + "core/engine", "WASI knows no engine"},
		{"./core/wasi", "github.com/tetratelabs/wazero", "WASI knows no engine"},
		{"./core/image", module + "core/engine", "rewriting knows no engine"},
		{"./core/image", module + "vfs", "rewriting knows no files"},
		{"./vfs", module + "core", "imports point downward"},
		{"./toolbox", module + "core", "the toolbox is a guest"},
		{"./toolbox/cmd", module + "core", "the toolbox is a guest"},
		{"./toolbox/cmd", module + "hosts", "the toolbox is a guest"},
		{"./toolbox/cmd", "net", "a guest reaches the network through its host only"},
	} {
		if dep := depends(t, rule.pkg, rule.forbidden); dep != "" {
			t.Errorf("%s imports %s: %s", rule.pkg, dep, rule.why)
		}
	}
}

// depends returns the package that is or lies below forbidden among the
// dependencies of pkg, "" if none does.
func depends(t *testing.T, pkg, forbidden string) string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", pkg)
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list -deps %s: %v", pkg, err)
	}
	for dep := range strings.Lines(string(out)) {
		dep = strings.TrimSpace(dep)
		if dep == forbidden || strings.HasPrefix(dep, forbidden+"/") && forbidden != "net" {
			return dep
		}
	}
	return ""
}

// Only engine/wazero imports wazero.
func TestOneEngine(t *testing.T) {
	cmd := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		pkg, imports, _ := strings.Cut(line, " ")
		if strings.Contains(imports, "tetratelabs/wazero") && pkg != "agentsandbox/core/engine/wazero" {
			t.Errorf("%s imports wazero: it lies behind core/engine", pkg)
		}
	}
}
