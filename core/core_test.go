package core

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"agentsandbox/core/fetch"
)

// shared is the runtime of the tests: compiling the toolbox takes seconds.
var shared = sync.OnceValues(func() (*Runtime, error) {
	rt, err := NewRuntime(context.Background(), RuntimeConfig{CacheDir: testCache()})
	if err != nil {
		return nil, err
	}
	return rt, rt.Warm(context.Background())
})

// testCache is the compile cache of the tests: the one that make fills, so
// that a second run of the tests starts at once.
func testCache() string {
	dir, err := filepath.Abs("../build/cache")
	if err != nil {
		return ""
	}
	return dir
}

func testRuntime(t testing.TB) *Runtime {
	t.Helper()
	rt, err := shared()
	if errors.Is(err, ErrNoToolbox) {
		t.Skip("no guest image: run make image first")
	}
	if err != nil {
		t.Fatal(err)
	}
	return rt
}

func newSandbox(t testing.TB, c Config) *Sandbox {
	t.Helper()
	sb, err := testRuntime(t).New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sb.Destroy(); err != nil {
			t.Error(err)
		}
	})
	return sb
}

// shell runs a script and fails the test if it could not be run.
func shell(t testing.TB, sb *Sandbox, script string) *Result {
	t.Helper()
	r, err := sb.Shell(t.Context(), script)
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return r
}

// want runs a script that must exit 0 and print out.
func want(t testing.TB, sb *Sandbox, script, out string) {
	t.Helper()
	r := shell(t, sb, script)
	if r.ExitCode != 0 || string(r.Stdout) != out {
		t.Errorf("%s\nexit %d, stdout %q, stderr %q, want %q", script, r.ExitCode, r.Stdout, r.Stderr, out)
	}
}

// hostDir makes a directory of the host with files: "name" to contents.
func hostDir(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		writeHost(t, filepath.Join(dir, name), text)
	}
	return dir
}

func writeHost(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func readHost(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestExec(t *testing.T) {
	sb := newSandbox(t, Config{})
	r, err := sb.Exec(t.Context(), "echo", "hi", "there  you")
	if err != nil {
		t.Fatal(err)
	}
	if r.ExitCode != 0 || string(r.Stdout) != "hi there  you\n" || len(r.Stderr) != 0 {
		t.Errorf("%+v", r)
	}
	if u := r.Usage; u.Fuel == 0 || u.Wall <= 0 || u.PeakMemory == 0 || u.BytesWritten != 14 {
		t.Errorf("usage %+v", u)
	}
	r, err = sb.Run(t.Context(), Cmd{Name: "cat", Stdin: strings.NewReader("in\x00\xff\n")})
	if err != nil || string(r.Stdout) != "in\x00\xff\n" {
		t.Errorf("stdin: %q, %v", r.Stdout, err)
	}
}

func TestExecUnknown(t *testing.T) {
	sb := newSandbox(t, Config{})
	for _, c := range []struct{ name, stderr string }{
		{"no-such-command", "command not found: no-such-command\n"},
		{"./missing", "./missing: No such file or directory\n"},
		{"/work", "/work: Permission denied\n"},
	} {
		r, err := sb.Exec(t.Context(), c.name)
		if err != nil {
			t.Fatal(err)
		}
		if string(r.Stderr) != c.stderr || r.ExitCode != 127 && r.ExitCode != 126 {
			t.Errorf("%s: exit %d, %q", c.name, r.ExitCode, r.Stderr)
		}
	}
	r, err := sb.ExecJS(t.Context(), "1+1")
	if err != nil || r.ExitCode != 127 || string(r.Stderr) != "command not found: node\n" {
		t.Errorf("js: %+v, %v", r, err)
	}
}

func TestCmdDirAndEnv(t *testing.T) {
	sb := newSandbox(t, Config{Env: map[string]string{"A": "sandbox", "B": "b"}})
	want(t, sb, "mkdir -p d/e", "")
	for dir, pwd := range map[string]string{"": "/work", "d/e": "/work/d/e", "/tmp": "/tmp"} {
		r, err := sb.Run(t.Context(), Cmd{Name: "pwd", Dir: dir})
		if err != nil || string(r.Stdout) != pwd+"\n" {
			t.Errorf("dir %q: %q, %v", dir, r.Stdout, err)
		}
	}
	r, err := sb.Run(t.Context(), Cmd{Name: "sh", Args: []string{"-c", "echo $A $B $C"}, Env: map[string]string{"A": "call", "C": "c"}})
	if err != nil || string(r.Stdout) != "call b c\n" {
		t.Errorf("env: %q, %v", r.Stdout, err)
	}
}

// THREAT[SE-01]: nothing of the host's environment is in the guest's.
func TestEnvironmentIsolated(t *testing.T) {
	t.Setenv("SECRET_CANARY", "c4n4ry")
	sb := newSandbox(t, Config{})
	for _, script := range []string{"env", "set", "export -p", "awk 'BEGIN{for(k in ENVIRON)print k,ENVIRON[k]}'", "jq -n env"} {
		r := shell(t, sb, script)
		if len(r.Stdout) == 0 {
			t.Errorf("%s printed nothing: %s", script, r.Stderr)
		}
		if out := string(r.Stdout) + string(r.Stderr); strings.Contains(out, "c4n4ry") || strings.Contains(out, os.Getenv("HOME")+"/") {
			t.Errorf("%s shows the host's environment: %s", script, out)
		}
	}
}

func TestDestroyed(t *testing.T) {
	sb, err := testRuntime(t).New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	session := sb.Session()
	if err := errors.Join(sb.Destroy(), sb.Destroy()); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	calls := map[string]func() error{
		"Exec":      func() error { _, err := sb.Exec(ctx, "echo"); return err },
		"ExecJS":    func() error { _, err := sb.ExecJS(ctx, "1"); return err },
		"Session":   func() error { _, err := session.Exec(ctx, "echo"); return err },
		"ReadFile":  func() error { _, err := sb.ReadFile("x"); return err },
		"WriteFile": func() error { return sb.WriteFile("x", nil) },
		"ListDir":   func() error { _, err := sb.ListDir(""); return err },
		"Diff":      func() error { _, err := sb.Diff(); return err },
		"Commit":    sb.Commit,
		"Discard":   sb.Discard,
		"Fetch":     func() error { _, err := sb.Fetch(ctx, fetch.Request{URL: "https://example.com"}); return err },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, ErrDestroyed) {
			t.Errorf("%s after Destroy: %v", name, err)
		}
	}
}

func TestBadConfig(t *testing.T) {
	rt := testRuntime(t)
	file := filepath.Join(hostDir(t, map[string]string{"f": ""}), "f")
	dir := t.TempDir()
	for name, c := range map[string]struct {
		config Config
		says   string
	}{
		"missing work dir": {Config{WorkDir: dir + "/nothing"}, "WorkDir: " + dir + "/nothing: no such file or directory"},
		"file as work dir": {Config{WorkDir: file}, "WorkDir: " + file + ": not a directory"},
		"mount over work":  {Config{Mounts: []Mount{{Host: dir, Guest: "/work"}}}, "Mounts: /work is mounted already"},
		"mount twice":      {Config{Mounts: []Mount{{Host: dir, Guest: "/a"}, {Host: dir, Guest: "/a/"}}}, "Mounts: /a is mounted already"},
		"relative mount":   {Config{Mounts: []Mount{{Host: dir, Guest: "a"}}}, "Mounts: guest path a is not absolute"},
		"mount of nothing": {Config{Mounts: []Mount{{Guest: "/a"}}}, "Mounts: /a needs a host path or an FS, one of the two"},
		"little memory":    {Config{MemoryLimit: 1000}, "MemoryLimit: less than 1 MiB"},
		"bad variable":     {Config{Env: map[string]string{"A=B": "c"}}, "Env: bad variable name or value: A=B"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rt.New(c.config)
			var bad *ConfigError
			if !errors.As(err, &bad) || err.Error() != c.says {
				t.Errorf("got %v, want %s", err, c.says)
			}
		})
	}
}
