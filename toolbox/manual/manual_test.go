package manual_test

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"agentsandbox/toolbox/cmd"
	"agentsandbox/toolbox/manual"
)

var update = flag.Bool("update", false, "write pages.txt anew from the comments of the packages")

// TestPages shows that pages.txt is what the comments say.
func TestPages(t *testing.T) {
	want := collect(t)
	if *update {
		if err := os.WriteFile("pages.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile("pages.txt")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("pages.txt is not what the comments say: go test ./toolbox/manual -update")
	}
}

// TestEveryCommand shows that each command of the table has a page.
func TestEveryCommand(t *testing.T) {
	if *update {
		t.Skip("pages.txt is being written")
	}
	for _, c := range cmd.Table {
		if page, ok := manual.Page(c.Name); !ok || len(page) < 20 {
			t.Errorf("%s has no manual page", c.Name)
		}
	}
	if _, ok := manual.Page("no such command"); ok {
		t.Error("a page for no command")
	}
}

var entry = regexp.MustCompile(`\{Name: "([^"]+)", Run: (\w+)\.`)

// collect makes the text of pages.txt: the comment of each package of the
// table, below the names that it answers to.
func collect(t *testing.T) string {
	t.Helper()
	src, err := os.ReadFile("../cmd/cmd.go")
	if err != nil {
		t.Fatal(err)
	}
	folders := imports(t)
	names := map[string][]string{}
	for _, m := range entry.FindAllStringSubmatch(string(src), -1) {
		names[folders[m[2]]] = append(names[folders[m[2]]], m[1])
	}
	var keys []string
	for folder := range names {
		keys = append(keys, folder)
	}
	slices.Sort(keys)
	var out strings.Builder
	for _, folder := range keys {
		out.WriteString("\x0c" + strings.Join(names[folder], " ") + "\n" + comment(t, folder))
	}
	return out.String()
}

// imports maps the names of packages in cmd.go to their folders.
func imports(t *testing.T) map[string]string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../cmd/cmd.go", nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, im := range f.Imports {
		path := strings.Trim(im.Path.Value, `"`)
		name := filepath.Base(path)
		if im.Name != nil {
			name = im.Name.Name
		}
		out[name] = strings.TrimPrefix(path, "agentsandbox/toolbox/")
	}
	return out
}

func comment(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if text := pageOf(f.Doc); text != "" {
			return text
		}
	}
	return ""
}

// pageOf is a package comment as a manual page: "Package x does" is "x does".
func pageOf(doc *ast.CommentGroup) string {
	if doc == nil {
		return ""
	}
	return strings.TrimPrefix(strings.TrimLeft(doc.Text(), "\n"), "Package ")
}
