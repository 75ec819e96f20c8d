package tar_test

import (
	stdtar "archive/tar"
	"bytes"
	"strings"
	"testing"

	"agentsandbox/toolbox/cmd/tar"
	"agentsandbox/toolbox/tooltest"
	"agentsandbox/vfs"
)

// archive makes an archive that no well-meant program makes.
func archive(t testing.TB, headers ...stdtar.Header) string {
	t.Helper()
	var b bytes.Buffer
	w := stdtar.NewWriter(&b)
	for _, h := range headers {
		h.Format = stdtar.FormatPAX
		data := ""
		if strings.HasSuffix(h.Name, "/") {
			h.Typeflag = stdtar.TypeDir
		}
		if h.Typeflag == stdtar.TypeReg {
			data = "evil"
			h.Size = int64(len(data))
		}
		if h.Mode == 0 {
			h.Mode = 0o644
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// extract extracts an archive into /in, with files around it.
func extract(t testing.TB, data string) (*tooltest.Exec, int) {
	e := tooltest.NewExec(t.(*testing.T), "tar", "x.tar="+data, "in/", "out/kept=precious")
	return e, e.Run(tar.Run, "-xf", "x.tar", "-C", "in")
}

// outside reports what an extraction changed outside of /in.
func outside(t testing.TB, e *tooltest.Exec) string {
	t.Helper()
	var found []string
	for _, dir := range []string{"/", "/out"} {
		entries, err := e.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			found = append(found, strings.TrimSuffix(dir, "/")+"/"+entry.Name)
		}
	}
	data, err := e.ReadFile("/out/kept", 100)
	if err != nil || string(data) != "precious" {
		found = append(found, "and /out/kept changed")
	}
	if got := strings.Join(found, " "); got != "/in /out /x.tar /out/kept" {
		return got
	}
	return ""
}

// TestNames: THREAT[AR-01] no name of a member leads out of the directory.
func TestNames(t *testing.T) {
	for _, name := range []string{"../evil", "/evil", "a/../../evil", "./../evil", "..", "../", "/", "//evil", "a/b/../../../out/kept",
		"../out/kept", "/out/kept", "..//..//evil", strings.Repeat("../", 60) + "evil", "in/../../evil"} {
		e, status := extract(t, archive(t, stdtar.Header{Name: name, Typeflag: stdtar.TypeReg},
			stdtar.Header{Name: "good", Typeflag: stdtar.TypeReg}))
		if left := outside(t, e); left != "" {
			t.Errorf("%s: %s", name, left)
		}
		if _, err := e.Lstat("/in/good"); err != nil {
			t.Errorf("%s: the rest is not extracted (status %d): %v", name, status, err)
		}
	}
	// Not so many names mean something: a backslash is a character.
	e, _ := extract(t, archive(t, stdtar.Header{Name: `..\evil`, Typeflag: stdtar.TypeReg}))
	if _, err := e.Lstat(`/in/..\evil`); err != nil {
		t.Error(err)
	}
}

// TestLinks: THREAT[AR-02] nothing is extracted through a link of the archive.
func TestLinks(t *testing.T) {
	link := func(name, target string) stdtar.Header {
		return stdtar.Header{Name: name, Linkname: target, Typeflag: stdtar.TypeSymlink}
	}
	hard := func(name, target string) stdtar.Header {
		return stdtar.Header{Name: name, Linkname: target, Typeflag: stdtar.TypeLink}
	}
	file := func(name string) stdtar.Header { return stdtar.Header{Name: name, Typeflag: stdtar.TypeReg} }
	dir := func(name string) stdtar.Header {
		return stdtar.Header{Name: name, Typeflag: stdtar.TypeDir, Mode: 0o755}
	}
	for name, headers := range map[string][]stdtar.Header{
		"to the root":          {link("l", "/"), file("l/evil")},
		"up":                   {link("l", ".."), file("l/evil")},
		"to a file":            {link("l", "/out/kept"), file("l")},
		"by a hard link":       {link("l", "/out/kept"), hard("h", "l"), file("h")},
		"hard link out":        {hard("h", "../out/kept"), file("h")},
		"hard link absolute":   {hard("h", "/out/kept"), file("h")},
		"chain":                {link("a", "."), link("a/b", ".."), file("a/b/evil")},
		"chain of two":         {link("a", "b"), link("b", ".."), file("a/evil")},
		"directory on link":    {link("l", "/out"), dir("l"), file("l/kept")},
		"link on directory":    {dir("l"), link("l", "/out"), file("l/kept")},
		"a dot in the way":     {link("l", "./../out"), file("l/kept")},
		"file, then directory": {file("f"), dir("f"), file("f/evil")},
	} {
		e, _ := extract(t, archive(t, headers...))
		if left := outside(t, e); left != "" {
			t.Errorf("%s: %s\n%s", name, left, e.Err.String())
		}
	}
}

// TestSpecials: THREAT[AR-03] devices and FIFOs are refused, set-user-ID is dropped.
func TestSpecials(t *testing.T) {
	e, status := extract(t, archive(t, stdtar.Header{Name: "dev", Typeflag: stdtar.TypeChar, Devmajor: 1, Devminor: 3},
		stdtar.Header{Name: "fifo", Typeflag: stdtar.TypeFifo}, stdtar.Header{Name: "su", Typeflag: stdtar.TypeReg, Mode: 0o6755}))
	if status != 2 || !strings.Contains(e.Err.String(), "dev: Cannot mknod: Operation not permitted") {
		t.Errorf("status %d: %s", status, e.Err.String())
	}
	info, err := e.Lstat("/in/su")
	if err != nil || info.Mode != 0o755 {
		t.Errorf("%v, %v", info.Mode, err)
	}
	for _, name := range []string{"/in/dev", "/in/fifo"} {
		if _, err := e.Lstat(name); vfs.ToErrno(err) != vfs.ENOENT {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDamage cuts and changes an archive everywhere: the run ends, and nothing
// leaves the directory.
func TestDamage(t *testing.T) {
	whole := archive(t, stdtar.Header{Name: "a", Typeflag: stdtar.TypeReg}, stdtar.Header{Name: strings.Repeat("long/", 30) + "b", Typeflag: stdtar.TypeReg})
	for i := 0; i < len(whole); i += 7 {
		e, _ := extract(t, whole[:i])
		if left := outside(t, e); left != "" {
			t.Errorf("cut at %d: %s", i, left)
		}
		bad := []byte(whole)
		bad[i] ^= 0x21
		if e, _ = extract(t, string(bad)); outside(t, e) != "" {
			t.Errorf("changed at %d: %s", i, outside(t, e))
		}
	}
}
