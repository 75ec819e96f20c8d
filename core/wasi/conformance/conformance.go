// Package conformance runs the official WASI test suite (its compiled preview
// 1 modules) against the WASI layer, on any engine and any file system.
//
// The suite is data that is not part of this repository; see [Load].
package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"agentsandbox/core/wasi"
	"agentsandbox/vfs"
)

// Case is one test of the suite: a module, and what it is given and must do.
type Case struct {
	Name string // "rust/path_link"
	File string // of the module
	Dir  string // what its file system holds at first; "" is no file system

	Args     []string
	Env      map[string]string
	ExitCode uint32 `json:"exit_code"`
	Stdout   string
	Stderr   string
}

// Run runs a module as p and returns its exit code.
type Run func(ctx context.Context, wasm []byte, p *wasi.Process) (uint32, error)

// Fresh makes an empty file system.
type Fresh func(t testing.TB) vfs.FS

// Suite runs all cases and reports how many passed, under the name given. It
// skips the test where the suite is not there.
func Suite(t *testing.T, name string, fresh Fresh, run Run) {
	cases, err := Load()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the WASI test suite is not there:", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for _, c := range cases {
		ok := t.Run(c.Name, func(t *testing.T) { c.check(t, fresh, run) })
		if ok {
			passed++
		}
	}
	fmt.Printf("conformance: %s %d/%d\n", name, passed, len(cases))
}

// Load finds the cases beside the repository, in ../shared/conformance/wasi.
// The error is fs.ErrNotExist if they are not there.
func Load() ([]Case, error) {
	root, err := repository()
	if err != nil {
		return nil, err
	}
	suite := filepath.Join(root, "..", "shared", "conformance", "wasi", "tests")
	if _, err := os.Stat(suite); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(suite, "*", "testsuite", "*", "*.wasm"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	cases := make([]Case, len(files))
	for i, file := range files {
		rel, err := filepath.Rel(suite, file)
		if err != nil {
			return nil, err
		}
		language, _, _ := strings.Cut(filepath.ToSlash(rel), "/")
		cases[i].Name = language + "/" + strings.TrimSuffix(filepath.Base(file), ".wasm")
		cases[i].File = file
		if err := cases[i].configure(); err != nil {
			return nil, err
		}
	}
	return cases, nil
}

// repository is the folder of go.mod, above the working directory.
func repository() (string, error) {
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fs.ErrNotExist
		}
		dir = up
	}
	return "", err
}

// configure reads the file beside the module, if there is one.
func (c *Case) configure() error {
	data, err := os.ReadFile(strings.TrimSuffix(c.File, ".wasm") + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	config := struct {
		*Case
		Root string
	}{Case: c}
	if err := json.Unmarshal(data, &config); err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	if config.Root != "" {
		c.Dir = filepath.Join(filepath.Dir(c.File), config.Root)
	}
	return nil
}

func (c Case) check(t *testing.T, fresh Fresh, run Run) {
	wasm, err := os.ReadFile(c.File)
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	config := Host()
	config.Args = append([]string{filepath.Base(c.File)}, c.Args...)
	config.Env = environ(c.Env)
	config.Stdin = strings.NewReader("")
	config.Stdout, config.Stderr = &stdout, &stderr
	if c.Dir != "" {
		config.FS = fresh(t)
		if err := Copy(config.FS, c.Dir); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	p := wasi.NewProcess(config)
	code, err := run(ctx, wasm, p)
	if err := p.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	switch {
	case err != nil:
		t.Errorf("%v\nstderr: %s", err, &stderr)
	case code != c.ExitCode:
		t.Errorf("exit code %d, want %d\nstderr: %s", code, c.ExitCode, &stderr)
	case stdout.String() != c.Stdout && c.Stdout != "":
		t.Errorf("stdout %q, want %q", &stdout, c.Stdout)
	case stderr.String() != c.Stderr && c.Stderr != "":
		t.Errorf("stderr %q, want %q", &stderr, c.Stderr)
	}
}

func environ(env map[string]string) []string {
	var out []string
	for k, v := range env {
		out = append(out, k+"="+v)
	}
	slices.Sort(out)
	return out
}

// Copy copies the files below the host directory dir to an empty file system.
func Copy(to vfs.FS, dir string) error {
	from := os.DirFS(dir)
	return fs.WalkDir(from, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil || name == ".":
			return err
		case e.IsDir():
			return to.Mkdir(path.Clean(name), 0o755)
		}
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		file, err := to.Open(name, vfs.Write|vfs.Create, 0o644)
		if err != nil {
			return err
		}
		_, err = file.WriteAt(data, 0)
		return errors.Join(err, file.Close())
	})
}
