package image

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// wazeroDir is where the module wazero lies, with the WebAssembly modules that
// its tests are made of.
func wazeroDir(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/tetratelabs/wazero").Output()
	dir := strings.TrimSpace(string(out))
	if err != nil || dir == "" {
		t.Skip("the source of wazero is not at hand")
	}
	return dir
}

// modules returns the WebAssembly modules in the folders of wazero's source,
// by their paths.
func modules(t testing.TB, under ...string) map[string][]byte {
	t.Helper()
	dir := wazeroDir(t)
	found := map[string][]byte{}
	for _, u := range under {
		err := filepath.WalkDir(filepath.Join(dir, u), func(path string, d fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".wasm" {
				return err
			}
			name, _ := filepath.Rel(dir, path)
			found[name], err = os.ReadFile(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(found) == 0 {
		t.Skip("no modules in the source of wazero")
	}
	return found
}

// A script is one file of the WebAssembly specification's test suite.
type script struct {
	dir      string
	Commands []command
}

type command struct {
	Type, Name, Filename, As, Text string
	Line                           int
	ModuleType                     string `json:"module_type"`
	Action                         action
}

type action struct {
	Type, Field, Module string
	Args                []value
}

type value struct {
	Type  string
	Lane  string `json:"lane_type"`
	Value any
}

const specDir = "internal/integration_test/spectest"

// scripts reads the scripts of one version of the suite.
func scripts(t testing.TB, version string) map[string]*script {
	t.Helper()
	dir := filepath.Join(wazeroDir(t), specDir, version, "testdata")
	files, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(files) == 0 {
		t.Skip("the specification's test suite is not at hand")
	}
	all := map[string]*script{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := &script{dir: dir}
		d := json.NewDecoder(bytes.NewReader(b))
		if err := d.Decode(s); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = s
	}
	return all
}

// wasm reads the module of a command, nil if it is text.
func (s *script) wasm(t testing.TB, c *command) []byte {
	t.Helper()
	if filepath.Ext(c.Filename) != ".wasm" {
		return nil
	}
	b, err := os.ReadFile(filepath.Join(s.dir, c.Filename))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
