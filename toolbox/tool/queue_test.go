package tool

import (
	"strings"
	"testing"

	"agentsandbox/vfs"
)

func TestQueue(t *testing.T) {
	var q Queue
	var want, got strings.Builder
	for i := range 2000 {
		line := strings.Repeat("ab", i%97) + "\n"
		want.WriteString(line)
		if err := q.Push([]byte(line)); err != nil {
			t.Fatal(err)
		}
		if i%7 == 0 {
			got.Write(q.Pop(i % 50))
		}
	}
	for q.Len() > 0 {
		got.Write(q.Pop(1000))
	}
	if got.String() != want.String() {
		t.Error("what comes out is not what went in")
	}
	if q.Pop(5) != nil {
		t.Error("an empty queue gives something")
	}
}

func TestQueuePopLines(t *testing.T) {
	var q Queue
	q.Push([]byte("a\nb\nc"))
	part, ends := q.PopLines(2, '\n')
	if string(part) != "a\nb\n" || ends != 2 {
		t.Errorf("got %q, %d ends", part, ends)
	}
	if part, ends = q.PopLines(1, '\n'); string(part) != "c" || ends != 0 {
		t.Errorf("the rest: %q, %d ends", part, ends)
	}
}

// THREAT[SH-10]
func TestQueueIsBounded(t *testing.T) {
	q := Queue{len: MaxHeld}
	if err := q.Push([]byte("x")); err != vfs.ENOMEM {
		t.Errorf("a full queue gives %v", err)
	}
}
