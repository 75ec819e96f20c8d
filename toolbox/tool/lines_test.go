package tool_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

func readAll(t *testing.T, l *tool.Lines) []string {
	t.Helper()
	var got []string
	for {
		rec, err := l.Next()
		if err == io.EOF {
			return got
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(rec))
	}
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	tests := []struct {
		name, in string
		delim    byte
		want     []string
	}{
		{"empty", "", '\n', nil},
		{"one", "a\n", '\n', []string{"a\n"}},
		{"last unended", "a\nb", '\n', []string{"a\n", "b"}},
		{"empty lines", "\n\na\n", '\n', []string{"\n", "\n", "a\n"}},
		{"NUL", "a\nb\x00c", 0, []string{"a\nb\x00", "c"}},
		{"longer than a block", long + "\nb\n", '\n', []string{long + "\n", "b\n"}},
	}
	for _, tt := range tests {
		for kind, wrap := range map[string]func(io.Reader) io.Reader{
			"whole":         func(r io.Reader) io.Reader { return r },
			"half":          iotest.HalfReader,
			"data with EOF": iotest.DataErrReader,
		} {
			x := &tool.Exec{}
			got := readAll(t, x.Lines(context.Background(), wrap(strings.NewReader(tt.in)), tt.delim))
			if strings.Join(got, "|") != strings.Join(tt.want, "|") {
				t.Errorf("%s, %s: got %d records, want %d", tt.name, kind, len(got), len(tt.want))
			}
		}
	}
}

func TestLinesLimit(t *testing.T) {
	x := &tool.Exec{Budget: tool.Budget{Record: 10}}
	l := x.Lines(context.Background(), iotest.OneByteReader(strings.NewReader(strings.Repeat("x", 100)+"\n")), '\n')
	if _, err := l.Next(); err == nil || !strings.Contains(err.Error(), "longer than 10 bytes") {
		t.Errorf("a record beyond the budget gives %v", err)
	}
}

func TestLinesReadError(t *testing.T) {
	x := &tool.Exec{}
	in := io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(vfs.EISDIR))
	l := x.Lines(context.Background(), in, '\n')
	if rec, err := l.Next(); string(rec) != "a\n" || err != nil {
		t.Fatalf("first record: %q, %v", rec, err)
	}
	if _, err := l.Next(); !tool.ReadFailed(err) || vfs.ToErrno(err) != vfs.EISDIR {
		t.Errorf("a record that breaks off gives %v", err)
	}
}

func TestLinesCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	x := &tool.Exec{}
	if _, err := x.Lines(ctx, strings.NewReader("a\n"), '\n').Next(); err != context.Canceled {
		t.Errorf("a run that was cancelled reads %v", err)
	}
}

func TestLinesAllocateNothing(t *testing.T) {
	in := bytes.Repeat([]byte("some text on a line\n"), 1000)
	x := &tool.Exec{}
	n := testing.AllocsPerRun(10, func() {
		l := x.Lines(context.Background(), bytes.NewReader(in), '\n')
		for {
			if _, err := l.Next(); err != nil {
				return
			}
		}
	})
	if n > 6 {
		t.Errorf("1000 records take %v allocations", n)
	}
}

func TestBlocks(t *testing.T) {
	want := strings.Repeat("0123456789", 50_000)
	var got strings.Builder
	err := tool.Blocks(context.Background(), strings.NewReader(want), func(block []byte) error {
		got.Write(block)
		return nil
	})
	if err != nil || got.String() != want {
		t.Errorf("got %d bytes of %d, %v", got.Len(), len(want), err)
	}
}
