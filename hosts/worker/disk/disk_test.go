package disk

import (
	"errors"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"testing"

	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
)

// table is rows in memory.
type table struct {
	rows    map[string]Row
	commits int
	last    []string // names of the last commit
	err     error
}

func (t *table) Commit(changes []Row) error {
	if t.err != nil {
		return t.err
	}
	t.commits++
	t.last = nil
	for _, c := range changes {
		t.last = append(t.last, c.Name)
		delete(t.rows, c.Name)
		if !c.Deleted {
			t.rows[c.Name] = c
		}
	}
	slices.Sort(t.last)
	return nil
}

func (t *table) Each(visit func(Row) error) error {
	for _, name := range slices.Sorted(maps.Keys(t.rows)) {
		if err := visit(t.rows[name]); err != nil {
			return err
		}
	}
	return nil
}

// layer makes files as a sandbox does.
type layer struct{ vfs.FS }

func (l layer) WriteFile(name string, data []byte) error {
	for i, c := range name {
		if c != '/' {
			continue
		}
		if err := l.Mkdir(name[:i], 0o755); err != nil && !errors.Is(err, vfs.EEXIST) {
			return err
		}
	}
	h, err := l.Open(name, vfs.Write|vfs.Create|vfs.Truncate, 0o644)
	if err != nil {
		return err
	}
	_, err = h.Append(data)
	return errors.Join(err, h.Close())
}

func (l layer) Remove(name string) error { return l.Unlink(name) }

// newLayer is a file system whose clock moves with every look at it.
func newLayer() layer {
	now := int64(0)
	return layer{memfs.New(memfs.Config{Now: func() int64 { now++; return now }})}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// fill makes one of everything.
func fill(t *testing.T, l layer) {
	t.Helper()
	must(t, l.WriteFile("d/e/f", []byte("one")), l.WriteFile("n\xff", nil), l.Mkdir("empty", 0o700),
		l.Symlink("d/e/f", "link"), l.Symlink("nowhere", "d/dangling"), l.Chmod("d/e/f", 0o755),
		l.Chtimes("d/e/f", vfs.Omit, 123456789), l.Chtimes("d", vfs.Omit, 5), l.Chtimes("link", vfs.Omit, 6))
}

func TestSaveWritesWhatChanged(t *testing.T) {
	l, rows := newLayer(), &table{rows: map[string]Row{}}
	d := New(l, rows)
	fill(t, l)
	for _, step := range []struct {
		name   string
		change func() error
		want   []string
	}{
		{"first", func() error { return nil }, []string{"d", "d/dangling", "d/e", "d/e/f", "empty", "link", "n\xff"}},
		{"same size", func() error { return l.WriteFile("d/e/f", []byte("two")) }, []string{"d/e/f"}},
		{"mode", func() error { return l.Chmod("empty", 0o755) }, []string{"empty"}},
		{"removed", func() error { return l.Unlink("d/e/f") }, []string{"d/e", "d/e/f"}},
		{"renamed", func() error { return l.Rename("n\xff", "m") }, []string{"m", "n\xff"}},
		{"file to directory", func() error { return errors.Join(l.Unlink("m"), l.Mkdir("m", 0o755)) }, []string{"m"}},
	} {
		must(t, step.change(), d.Save())
		if !slices.Equal(rows.last, step.want) {
			t.Errorf("%s: %q, want %q", step.name, rows.last, step.want)
		}
	}
	before := rows.commits
	must(t, d.Save())
	if rows.commits != before {
		t.Error("nothing changed, yet it was committed")
	}
}

// describe is all that is to survive.
func describe(t *testing.T, d *Disk) map[string]Row {
	t.Helper()
	all := map[string]Row{}
	must(t, d.walk(".", func(name string, info vfs.Info) error {
		data, err := d.contents(name, info)
		all[name] = Row{Name: name, Mode: info.Mode, Mtime: info.Mtime, Data: data}
		return err
	}))
	return all
}

func TestLoad(t *testing.T) {
	l, rows := newLayer(), &table{rows: map[string]Row{}}
	d := New(l, rows)
	fill(t, l)
	must(t, d.Save())
	want := describe(t, d)

	again := newLayer()
	d = New(again, rows)
	must(t, d.Load(again))
	if got := describe(t, d); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
	before := rows.commits
	must(t, d.Save())
	if rows.commits != before {
		t.Errorf("what was loaded was saved again: %q", rows.last)
	}
	must(t, again.Unlink("link"), d.Save())
	if _, ok := rows.rows["link"]; ok {
		t.Error("what was loaded and removed is still in the rows")
	}
}

// THREAT[RL-11]: a commit that fails leaves nothing half done, and is made up for.
func TestCommitFails(t *testing.T) {
	l, rows := newLayer(), &table{rows: map[string]Row{}}
	d := New(l, rows)
	must(t, l.WriteFile("a", []byte("1")))
	rows.err = fs.ErrClosed
	if err := d.Save(); !errors.Is(err, fs.ErrClosed) {
		t.Fatalf("Save: %v", err)
	}
	rows.err = nil
	must(t, l.WriteFile("b", nil), d.Save())
	if !slices.Equal(rows.last, []string{"a", "b"}) {
		t.Errorf("made up for: %q", rows.last)
	}
	if got := string(rows.rows["a"].Data); got != "1" {
		t.Errorf("data: %q", got)
	}
}
