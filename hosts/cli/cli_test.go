package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"agentsandbox/core/guest"
	"agentsandbox/hosts/api"
)

// result is what a run of the program printed and returned.
type result struct {
	stdout, stderr string
	status         int
}

// runCLI runs the program as main does, with stdin as its input.
func runCLI(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	if _, err := guest.Toolbox(); err != nil {
		t.Skipf("%v", err)
	}
	cache, err := filepath.Abs("../../build/cache")
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	a := &app{
		name: "agent-sandbox", stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr,
		cacheDir: cache, terminal: func(int) bool { return false },
	}
	status := a.main(context.Background(), args)
	return result{stdout.String(), stderr.String(), status}
}

func project(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"a.txt": "one\ntwo\n", "d/b.txt": "b\n", "bin.dat": "x\x00y\n"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestExec(t *testing.T) {
	dir := project(t)
	for _, c := range []struct {
		stdin string
		args  []string
		want  result
	}{
		{"", []string{"exec", "--work", dir, "--", "cat", "a.txt"}, result{"one\ntwo\n", "", 0}},
		{"in\x00\xff", []string{"exec", "--work", dir, "cat"}, result{"in\x00\xff", "", 0}},
		{"", []string{"exec", "--work", dir, "--", "sh", "-c", "exit 7"}, result{"", "", 7}},
		{"", []string{"exec", "--work", dir, "nosuch"}, result{"", "command not found: nosuch\n", 127}},
		{"", []string{"sh", "--work", dir, "-c", "pwd; echo $1", "sh", "arg"}, result{"/work\narg\n", "", 0}},
		{"echo from stdin\n", []string{"sh", "--work", dir}, result{"from stdin\n", "", 0}},
		{"", []string{"exec", "--work", dir, "--env", "A=b c", "--", "printenv", "A"}, result{"b c\n", "", 0}},
		{"", []string{"exec", "--work", dir, "--timeout", "50ms", "sleep", "9"}, result{"", "agent-sandbox: timed out after 50 ms\n", 124}},
		{"", []string{"js", "--work", dir, "-e", "1"}, result{"", "command not found: node\n", 127}},
	} {
		if got := runCLI(t, c.stdin, c.args...); got != c.want {
			t.Errorf("%q:\n got %+v\nwant %+v", c.args, got, c.want)
		}
	}
}

func TestBadFlags(t *testing.T) {
	dir := project(t)
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"nonsense"}, `unknown command "nonsense"`},
		{[]string{"exec"}, "no command"},
		{[]string{"exec", "--work", dir + "/none", "ls"}, dir + "/none: no such file or directory"},
		{[]string{"exec", "--work", dir + "/a.txt", "ls"}, dir + "/a.txt: not a directory"},
		{[]string{"exec", "--mount", dir + ":/work", "ls"}, "/work is mounted already"},
		{[]string{"exec", "--mount", dir, "ls"}, "want host:guest"},
		{[]string{"exec", "--mount", dir + ":/x:wo", "ls"}, `"wo" is neither ro nor rw`},
		{[]string{"exec", "--memory", "much", "ls"}, "want a number of bytes"},
		{[]string{"exec", "--nonsense", "ls"}, "flag provided but not defined"},
		{[]string{"exec", "--write", "--apply", "ls"}, "exclude one another"},
		{[]string{"exec", "--engine", "v8", "ls"}, `"v8" is neither`},
		{[]string{"run", "--work", dir, dir + "/a.txt"}, "load program:"},
		{[]string{"run", "--work", dir, dir + "/none.wasm"}, "no such file"},
	} {
		got := runCLI(t, "", c.args...)
		if got.status != statusFailed || !strings.Contains(got.stderr, c.says) || got.stdout != "" {
			t.Errorf("%q: %+v, want status %d and %q", c.args, got, statusFailed, c.says)
		}
	}
	if found, _ := os.ReadDir(dir); len(found) != 3 {
		t.Errorf("bad input left %v", found)
	}
}

const changing = "echo three >>a.txt; rm d/b.txt; echo new >new.txt; printf 'z\\0' >bin.dat; chmod +x new.txt; ln -s a.txt link"

// Nothing lands unless it is asked for.
func TestLanding(t *testing.T) {
	for _, c := range []struct {
		flag, script string
		lands        bool
	}{
		{"--diff", changing, false}, {"--write", changing, true}, {"--apply", changing, true}, {"--apply", changing + "; exit 1", false},
	} {
		dir := project(t)
		runCLI(t, "", "sh", "--work", dir, c.flag, "-c", c.script)
		if got := read(t, dir+"/a.txt") == "one\ntwo\nthree\n"; got != c.lands {
			t.Errorf("%s, %s: landed %v", c.flag, c.script, got)
		}
		if _, err := os.Stat(dir + "/d/b.txt"); (err != nil) != c.lands {
			t.Errorf("%s: deleted: %v", c.flag, err)
		}
	}
}

func TestDiff(t *testing.T) {
	got := runCLI(t, "", "sh", "--work", project(t), "--diff", "-c", changing+"; mkdir e")
	want := "modified a.txt\nmodified bin.dat\ndeleted  d/b.txt\ncreated  e/\ncreated  link\ncreated  new.txt\n"
	if got.stdout != want || got.status != 0 {
		t.Errorf("%+v, want\n%s", got, want)
	}
}

// git apply makes of the patch what the sandbox made of the files.
func TestPatch(t *testing.T) {
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("no git on this machine")
	}
	dir := project(t)
	got := runCLI(t, "", "sh", "--work", dir, "--patch", "-c", changing+"; printf 'no newline' >d/c.txt; rm a.txt; ln -s new.txt a.txt")
	if got.status != 0 {
		t.Fatalf("%+v", got)
	}
	cmd := exec.Command(git, "apply", "--whitespace=nowarn", "-")
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(got.stdout)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, got.stdout)
	}
	if target, err := os.Readlink(dir + "/a.txt"); err != nil || target != "new.txt" {
		t.Errorf("a.txt: %q, %v", target, err)
	}
	if all := read(t, dir+"/new.txt") + read(t, dir+"/bin.dat") + read(t, dir+"/d/c.txt"); all != "new\nz\x00no newline" {
		t.Errorf("git made %q", all)
	}
	if _, err := os.Stat(dir + "/d/b.txt"); err == nil {
		t.Error("d/b.txt is still there")
	}
	if info, err := os.Stat(dir + "/new.txt"); err != nil || info.Mode()&0o100 == 0 {
		t.Errorf("new.txt is not executable: %v", err)
	}
}

func TestJSON(t *testing.T) {
	got := runCLI(t, "", "sh", "--work", project(t), "--json", "-c", `echo out; printf '\xff' >&2; echo x >f; exit 3`)
	var r report
	if err := json.Unmarshal([]byte(got.stdout), &r); err != nil {
		t.Fatalf("%v: %s", err, got.stdout)
	}
	if got.status != 3 || r.ExitCode != 3 || r.Stdout != "out\n" || r.StderrBase64 != "/w==" || len(r.Changes) != 1 ||
		r.Changes[0] != (api.Change{Path: "f", Kind: "created"}) || r.Usage.Fuel == 0 || r.Limit != nil {
		t.Errorf("%+v", r)
	}
	got = runCLI(t, "", "sh", "--work", project(t), "--json", "--fuel", "100000", "-c", "while :; do :; done")
	if err := json.Unmarshal([]byte(got.stdout), &r); err != nil || r.Limit == nil || r.Limit.Kind != "fuel" || got.status != 137 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestMount(t *testing.T) {
	dir, other := project(t), project(t)
	got := runCLI(t, "", "sh", "--work", dir, "--mount", other+":/ro", "--mount", other+"/d:/rw:rw", "-c", "cat /ro/a.txt; echo no >/ro/a.txt; echo yes >/rw/b.txt; mount 2>/dev/null; df 2>/dev/null | grep -c "+filepath.Base(other))
	if !strings.HasPrefix(got.stdout, "one\ntwo\n") || !strings.Contains(got.stderr, "Read-only file system") {
		t.Errorf("%+v", got)
	}
	if read(t, other+"/a.txt") != "one\ntwo\n" || read(t, other+"/d/b.txt") != "yes\n" {
		t.Error("the mounts hold something else")
	}
}

func TestTools(t *testing.T) {
	got := runCLI(t, "", "tools")
	for _, name := range []string{"awk", "bash", "cat", "grep", "jq", "sed", "sh"} {
		if !strings.Contains(got.stdout, "\n"+name+"\n") {
			t.Errorf("%s is not listed in %q", name, got.stdout)
		}
	}
}
