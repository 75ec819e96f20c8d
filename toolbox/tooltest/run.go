package tooltest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var record = flag.Bool("record", false, "record the outputs of the transcripts from the real programs of this machine")

// A Host runs the cases of one transcript, in order, in one file system.
type Host interface {
	// Run runs bash -c script in /work and returns what it printed.
	Run(script string) (Output, error)
}

// Open makes a Host with the files of a transcript laid below /work.
type Open func(t *testing.T, files []File) Host

// File is one file to lay before the first case. Times are all MTime.
type File struct {
	Name string // relative to /work
	Dir  bool
	Link string // target, for a symbolic link
	Data []byte
}

// MTime is the modification time of laid files: 2024-02-03 04:05:06 UTC.
const MTime = 1706933106

// Run runs every transcript that matches pattern, on hosts made by open. With
// the flag -record it writes what the real programs print into the files
// instead, and compares nothing.
func Run(t *testing.T, pattern string, open Open) {
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no transcript matches %s (%v)", pattern, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			script, err := Load(name)
			if err != nil {
				t.Fatal(err)
			}
			if *record {
				script.record(t, name)
				return
			}
			t.Parallel()
			script.check(t, open(t, Layout(script.Files)))
		})
	}
}

// check runs the cases, and logs how many passed; make shell-report adds them up.
func (t *Transcript) check(tt *testing.T, host Host) {
	passed := 0
	defer func() { tt.Logf("cases: %s %d of %d", filepath.Base(t.Name), passed, len(t.Cases)) }()
	for _, c := range t.Cases {
		got, err := host.Run(c.Script)
		if err != nil {
			tt.Fatalf("%s:%d: $ %s\n%v", t.Name, c.Line, c.Script, err)
		}
		if diff := c.Diff(got); diff != "" {
			tt.Errorf("%s:%d: %s", t.Name, c.Line, diff)
			continue
		}
		passed++
	}
}

func (t *Transcript) record(tt *testing.T, name string) {
	host := newReal(tt, Layout(t.Files))
	var outs []Output
	for _, c := range t.Cases {
		out, err := host.Run(c.Script)
		if err != nil {
			tt.Fatalf("%s:%d: %v", t.Name, c.Line, err)
		}
		outs = append(outs, out)
	}
	if err := os.WriteFile(name, t.Update(outs), 0o644); err != nil {
		tt.Fatal(err)
	}
}

// Layout reads the files of an archive as what to lay.
func Layout(files []txtar.File) []File {
	var out []File
	for _, f := range files {
		file := File{Name: f.Name, Data: f.Data}
		if name, target, ok := strings.Cut(f.Name, " -> "); ok {
			file = File{Name: name, Link: target}
		} else if name, ok := strings.CutSuffix(f.Name, "/"); ok {
			file = File{Name: name, Dir: true}
		}
		out = append(out, file)
	}
	return out
}
