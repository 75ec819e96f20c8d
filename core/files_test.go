package core

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"agentsandbox/vfs"
)

func TestFiles(t *testing.T) {
	for name, config := range map[string]func(t *testing.T) Config{
		"memory":  func(*testing.T) Config { return Config{} },
		"direct":  func(t *testing.T) Config { return Config{WorkDir: t.TempDir()} },
		"overlay": func(t *testing.T) Config { return Config{WorkDir: t.TempDir(), Overlay: true} },
	} {
		t.Run(name, func(t *testing.T) { testFiles(t, newSandbox(t, config(t))) })
	}
}

// What /proc tells of the machine, the commands tell too.
//
// THREAT[FS-09]
func TestProc(t *testing.T) {
	sb := newSandbox(t, Config{MemoryLimit: 64 << 20})
	want(t, sb, `cd /proc/sys/kernel
		[ "$(uname -srvm)" = "$(cat ostype osrelease version | paste -sd' ') $(uname -m)" ] && [ $HOSTNAME = $(<hostname) ]; echo $?
		grep MemTotal /proc/meminfo; nproc; grep -c ^processor /proc/cpuinfo; wc -c </proc/meminfo
		[[ $(<random/uuid) != $(cat random/uuid) ]]; echo $?
		echo in | cat /proc/self/fd/0; test -e /proc/1; echo $?; cat /proc/self/environ 2>&1; true`,
		"0\nMemTotal:          65536 kB\n1\n1\n196\n0\nin\n1\ncat: /proc/self/environ: No such file or directory\n")
}

func testFiles(t *testing.T, sb *Sandbox) {
	data := []byte("bytes \x00\xff\n")
	for _, name := range []string{"a.txt", "d/e/f.bin", "/work/abs.txt", "/tmp/t"} {
		if err := sb.WriteFile(name, data); err != nil {
			t.Fatal(err)
		}
		if got, err := sb.ReadFile(name); err != nil || string(got) != string(data) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	want(t, sb, "cat /work/d/e/f.bin; echo from guest >g; ls", string(data)+"a.txt\nabs.txt\nd\ng\n")
	if got, err := sb.ReadFile("g"); err != nil || string(got) != "from guest\n" {
		t.Errorf("g: %q, %v", got, err)
	}
	entries, err := sb.ListDir("")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, fmt.Sprintf("%s %v %d", e.Name, e.Mode.IsDir(), len(e.Name)))
	}
	if got := strings.Join(names, ","); got != "a.txt false 5,abs.txt false 7,d true 1,g false 1" {
		t.Errorf("ListDir: %s", got)
	}
	for _, name := range []string{"missing", "a.txt/x", "d"} {
		_, err := sb.ReadFile(name)
		var pe *fs.PathError
		if !errors.As(err, &pe) || pe.Path != name {
			t.Errorf("ReadFile(%q): %v", name, err)
		}
	}
	if _, err := sb.ListDir("a.txt"); !errors.Is(err, vfs.ENOTDIR) {
		t.Errorf("ListDir of a file: %v", err)
	}
}

// THREAT[FS-01]: no spelling of a path leads out of the work dir on the host.
func TestTraversal(t *testing.T) {
	outer := hostDir(t, map[string]string{"secret": "host secret", "work/in": "in"})
	work := filepath.Join(outer, "work")
	if data := readHost(t, work+"/../secret"); data != "host secret" {
		t.Fatal("the attack is not real")
	}
	sb := newSandbox(t, Config{WorkDir: work})
	for _, name := range []string{
		"../secret", "./../secret", "in/../../secret", "d/../../secret", "..//secret", "../work/../secret",
		"/work/../../../../" + outer + "/secret", outer + "/secret", "....//secret", "..%2fsecret", `..\secret`,
	} {
		if data, _ := sb.ReadFile(name); string(data) == "host secret" {
			t.Errorf("ReadFile(%q) reads the host's file", name)
		}
		_ = sb.WriteFile(name, []byte("PWNED"))
		_, _ = sb.ListDir(name)
		r, err := sb.Run(t.Context(), Cmd{Name: "sh", Args: []string{"-c", `cat "$1"; echo PWNED >"$1"; ls "$1"`, "sh", name}})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(r.Stdout), "host secret") {
			t.Errorf("the guest read %q", name)
		}
	}
	if got := readHost(t, outer+"/secret"); got != "host secret" {
		t.Errorf("the host's file is now %q", got)
	}
	if found, _ := filepath.Glob(outer + "/*"); len(found) != 2 {
		t.Errorf("outside the work dir there is now %v", found)
	}
}

// THREAT[FS-03] [M1]: links lead to guest paths only, whoever made them.
func TestSymlinkEscape(t *testing.T) {
	outer := hostDir(t, map[string]string{"secret": "host secret", "work/in": "in"})
	work := filepath.Join(outer, "work")
	for name, target := range map[string]string{"rel": "../secret", "abs": outer + "/secret", "dir": "..", "chain": "rel"} {
		if err := os.Symlink(target, filepath.Join(work, name)); err != nil {
			t.Fatal(err)
		}
	}
	if readHost(t, work+"/rel") != "host secret" || readHost(t, work+"/dir/secret") != "host secret" {
		t.Fatal("the attack is not real")
	}
	sb := newSandbox(t, Config{WorkDir: work})
	r := shell(t, sb, `
		ln -s ../secret guest; ln -s `+outer+` gdir
		for f in rel abs dir/secret chain guest gdir/secret gdir; do
			cat $f; cp $f copied; grep -r secret $f; find $f -type f; head $f; wc $f; ls -lL $f
			echo PWNED >$f; rm -rf $f/secret
		done; cat copied; grep -r "host secret" .`)
	if strings.Contains(string(r.Stdout), "host secret") {
		t.Errorf("the guest read the host's file:\n%s", r.Stdout)
	}
	for _, name := range []string{"rel", "abs", "dir/secret", "chain", "guest", "gdir/secret", "dir/new", "gdir/new"} {
		if data, err := sb.ReadFile(name); err == nil && string(data) == "host secret" {
			t.Errorf("ReadFile(%q) reads the host's file", name)
		}
		_ = sb.WriteFile(name, []byte("PWNED"))
	}
	if got := readHost(t, outer+"/secret"); got != "host secret" {
		t.Errorf("the host's file is now %q", got)
	}
	if _, err := os.Lstat(outer + "/new"); err == nil {
		t.Error("a file was made outside")
	}
}

// THREAT[FS-06] [M2]: a read-only mount is not written through a writable one.
func TestReadOnlyMount(t *testing.T) {
	ro := hostDir(t, map[string]string{"f": "untouched"})
	rw := t.TempDir()
	sb := newSandbox(t, Config{Mounts: []Mount{{Host: ro, Guest: "/ro"}, {Host: rw, Guest: "/rw", Writable: true}}})
	want(t, sb, "cat /ro/f; echo ok >/rw/f; cat /rw/f", "untouchedok\n")
	r := shell(t, sb, `
		ln -s ../ro/f /rw/s; echo PWNED >/rw/s; ln /ro/f /rw/h; echo PWNED >/rw/h
		echo PWNED >/ro/f; echo PWNED >>/ro/f; rm /ro/f; mv /ro/f /rw/g; touch /ro/f; chmod 777 /ro/f
		mkdir /ro/d; ln -s x /ro/l; truncate -s 0 /ro/f`)
	if !strings.Contains(string(r.Stderr), "Read-only file system") {
		t.Errorf("stderr: %s", r.Stderr)
	}
	if got := readHost(t, ro+"/f"); got != "untouched" {
		t.Errorf("the read-only file is now %q", got)
	}
	if found, _ := filepath.Glob(ro + "/*"); len(found) != 1 {
		t.Errorf("the read-only directory holds %v", found)
	}
}

// THREAT[FS-17]: no error shows a path of the host.
func TestNoHostPath(t *testing.T) {
	dir := hostDir(t, map[string]string{"f": "x", "d/g": "y"})
	sb := newSandbox(t, Config{WorkDir: dir})
	r := shell(t, sb, `cat missing d f/x; mkdir f; rmdir d; mv d f; ln f d/g; rm d; cd f; ls nothing; readlink f; find nothing; cp d e; chmod 1 missing; awk 1 missing; sed 1d missing; jq . missing; sort missing; $PWD/f; pwd -P`)
	_, err1 := sb.ReadFile("missing")
	_, err2 := sb.ListDir("f")
	all := string(r.Stdout) + string(r.Stderr) + fmt.Sprint(err1, err2)
	if strings.Contains(all, dir) || strings.Contains(all, filepath.Base(filepath.Dir(dir))) {
		t.Errorf("a host path shows:\n%s", all)
	}
}

func diffOf(t *testing.T, sb *Sandbox) string {
	t.Helper()
	changes, err := sb.Diff()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range changes {
		lines = append(lines, c.Kind.String()+" "+c.Path)
	}
	if !slices.IsSortedFunc(changes, func(a, b Change) int { return strings.Compare(a.Path, b.Path) }) {
		t.Errorf("not sorted: %v", lines)
	}
	return strings.Join(lines, ", ")
}

const changingScript = `echo new >created; echo more >>changed; rm gone; mkdir d; echo x >d/x; echo tmp >tmp; rm tmp; mv moved renamed`

func TestDiff(t *testing.T) {
	for _, overlay := range []bool{false, true} {
		dir := hostDir(t, map[string]string{"changed": "1\n", "gone": "2\n", "same": "3\n", "moved": "4\n"})
		sb := newSandbox(t, Config{WorkDir: dir, Overlay: overlay})
		if got := diffOf(t, sb); got != "" {
			t.Errorf("overlay %v: before anything: %s", overlay, got)
		}
		want(t, sb, changingScript+"; cat same >/dev/null", "")
		if got, want := diffOf(t, sb), "modified changed, created created, created d, created d/x, deleted gone, deleted moved, created renamed"; got != want {
			t.Errorf("overlay %v:\n got %s\nwant %s", overlay, got, want)
		}
		if _, err := os.Stat(dir + "/gone"); (err == nil) != overlay {
			t.Errorf("overlay %v: the host's file: %v", overlay, err)
		}
	}
}

func TestOverlayCommitAndDiscard(t *testing.T) {
	dir := hostDir(t, map[string]string{"changed": "1\n", "gone": "2\n", "moved": "4\n"})
	sb := newSandbox(t, Config{WorkDir: dir, Overlay: true})
	want(t, sb, changingScript, "")
	if old, mode, err := sb.Original("changed"); err != nil || string(old) != "1\n" || !mode.IsRegular() {
		t.Errorf("Original: %q, %v, %v", old, mode, err)
	}
	if err := sb.Discard(); err != nil {
		t.Fatal(err)
	}
	want(t, sb, "ls; cat changed", "changed\ngone\nmoved\n1\n")
	if got := diffOf(t, sb); got != "" {
		t.Errorf("after Discard: %s", got)
	}
	want(t, sb, changingScript, "")
	if err := sb.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := diffOf(t, sb); got != "" {
		t.Errorf("after Commit: %s", got)
	}
	if got := readHost(t, dir+"/changed") + readHost(t, dir+"/d/x") + readHost(t, dir+"/renamed"); got != "1\nmore\nx\n4\n" {
		t.Errorf("the host holds %q", got)
	}
	if _, err := os.Stat(dir + "/gone"); err == nil {
		t.Error("a deleted file is still there")
	}
	direct := newSandbox(t, Config{WorkDir: dir})
	if err := direct.Commit(); !errors.Is(err, ErrNotOverlay) {
		t.Errorf("Commit without an overlay: %v", err)
	}
}

func TestOverlaySameContent(t *testing.T) {
	dir := hostDir(t, map[string]string{"f": "same\n"})
	sb := newSandbox(t, Config{WorkDir: dir, Overlay: true})
	want(t, sb, "echo other >f; echo same >f", "")
	if got := diffOf(t, sb); got != "" {
		t.Errorf("a file that holds what it held is listed: %s", got)
	}
}

// THREAT[FS-12]: the quota is met before anything is taken.
func TestQuota(t *testing.T) {
	sb := newSandbox(t, Config{Limits: Limits{Bytes: 1 << 20, Files: 50}})
	r := shell(t, sb, "head -c 2000000 /dev/zero >big; truncate -s 4E huge; for i in $(seq 60); do : >f$i; done")
	if got := strings.Count(string(r.Stderr), "No space left on device"); got < 3 {
		t.Errorf("stderr: %s", r.Stderr)
	}
	want(t, sb, "rm -f big huge f*; head -c 1000000 /dev/zero >big; wc -c <big", "1000000\n")
}

// THREAT[FS-12]: where it is asked for, what an earlier sandbox left in a work dir
// is counted, so that a new one can't add as much again.
func TestQuotaCounts(t *testing.T) {
	dir := hostDir(t, map[string]string{"d/f": strings.Repeat("x", 900_000)})
	limits := Limits{Bytes: 1 << 20, Count: true}
	sb := newSandbox(t, Config{WorkDir: dir, Limits: limits})
	if r := shell(t, sb, "head -c 200000 /dev/zero >g"); !strings.Contains(string(r.Stderr), "No space left on device") {
		t.Errorf("%d %s", r.ExitCode, r.Stderr)
	}
	want(t, sb, "rm d/f; head -c 200000 /dev/zero >g; wc -c <g", "200000\n")
}

// Stored counts what is in memory.
func TestStored(t *testing.T) {
	sb := newSandbox(t, Config{})
	if got := sb.Stored(); got != 0 {
		t.Errorf("%d bytes in a new sandbox", got)
	}
	if err := sb.WriteFile("f", make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	if err := sb.WriteFile("/tmp/g", make([]byte, 500)); err != nil {
		t.Fatal(err)
	}
	if got := sb.Stored(); got != 1500 {
		t.Errorf("%d bytes", got)
	}
	onDisk := newSandbox(t, Config{WorkDir: t.TempDir()})
	if err := onDisk.WriteFile("f", make([]byte, 1000)); err != nil || onDisk.Stored() != 0 {
		t.Errorf("%d bytes of a host directory, %v", onDisk.Stored(), err)
	}
}
