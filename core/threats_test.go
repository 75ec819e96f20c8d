package core

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	threatTag = regexp.MustCompile(`THREAT(?:\s*(?:THREAT)?\[(?:M\d+|[A-Z]{2}-\d+)\])+`)
	threatID  = regexp.MustCompile(`M\d+|[A-Z]{2}-\d+`)
	threatRow = regexp.MustCompile(`(?m)^\| (M\d+|[A-Z]{2}-\d+) \| \S`)
)

// TestThreats keeps the list of threats and the tags the same: each threat has a
// test, and each tag names a threat.
func TestThreats(t *testing.T) {
	text, err := os.ReadFile("../SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, row := range threatRow.FindAllSubmatch(text, -1) {
		if id := string(row[1]); listed[id] {
			t.Errorf("SECURITY.md has %s twice", id)
		} else {
			listed[id] = true
		}
	}
	tested := map[string]bool{}
	for file, ids := range threatTags(t) {
		for _, id := range ids {
			if !listed[id] {
				t.Errorf("%s answers %s, which is not in SECURITY.md", file, id)
			}
			if isTest(file) {
				tested[id] = true
			}
		}
	}
	for id := range listed {
		if !tested[id] {
			t.Errorf("%s is in SECURITY.md, and no test bears its tag", id)
		}
	}
}

// isTest tells tests, and the packages of tests that others call.
func isTest(file string) bool {
	folder := filepath.Base(filepath.Dir(file))
	return strings.HasSuffix(file, "_test.go") || strings.HasSuffix(folder, "test")
}

// threatTags are the ids in the tags of each source file that has some.
func threatTags(t *testing.T) map[string][]string {
	tags := map[string][]string{}
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if base := d.Name(); d.IsDir() && (base == "node_modules" || base == "build" || base == "dist" || base == ".git") {
			return fs.SkipDir
		}
		if ext := filepath.Ext(name); ext != ".go" && ext != ".ts" {
			return nil
		}
		source, err := os.ReadFile(name)
		for _, tag := range threatTag.FindAllString(string(source), -1) {
			tags[name] = append(tags[name], threatID.FindAllString(tag, -1)...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return tags
}
