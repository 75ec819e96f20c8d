package shell

import (
	"bytes"
	"context"
	"io"
	"testing"

	"agentsandbox/vfs"
)

func TestPipeOrder(t *testing.T) {
	p := newPipe()
	ctx := context.Background()
	var sent []byte
	for i := range 300000 {
		sent = append(sent, byte(i), byte(i>>8))
	}
	go func() {
		for rest := sent; len(rest) > 0; {
			n := min(len(rest), 7001)
			p.write(ctx, rest[:n])
			rest = rest[n:]
		}
		p.closeWrite()
	}()
	var got []byte
	buf := make([]byte, 4093)
	for {
		n, err := p.read(ctx, buf)
		got = append(got, buf[:n]...)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(got, sent) {
		t.Errorf("%d bytes went in, %d other bytes came out", len(sent), len(got))
	}
}

func TestPipeEnds(t *testing.T) {
	ctx := context.Background()
	p := newPipe()
	p.write(ctx, []byte("ab"))
	p.closeRead()
	if n, err := p.write(ctx, []byte("c")); n != 0 || err != vfs.EPIPE {
		t.Errorf("write without a reader: %d, %v", n, err)
	}
	p = newPipe()
	p.write(ctx, []byte("ab"))
	p.closeWrite()
	buf := make([]byte, 8)
	if n, err := p.read(ctx, buf); n != 2 || err != nil {
		t.Errorf("what was written is read: %d, %v", n, err)
	}
	if _, err := p.read(ctx, buf); err != io.EOF {
		t.Errorf("then the end: %v", err)
	}
}

// TestPipeFull: a writer waits for room, and is told when none will come.
func TestPipeFull(t *testing.T) {
	p := newPipe()
	done := make(chan error)
	go func() {
		_, err := p.write(context.Background(), make([]byte, 3*pipeSize))
		done <- err
	}()
	buf := make([]byte, pipeSize)
	for range 2 {
		if _, err := p.read(context.Background(), buf); err != nil {
			t.Fatal(err)
		}
	}
	p.closeRead()
	if err := <-done; err != nil && err != vfs.EPIPE {
		t.Error(err)
	}
}

func TestPipeCancel(t *testing.T) {
	p := newPipe()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		_, err := p.read(ctx, make([]byte, 1))
		done <- err
	}()
	cancel()
	if err := <-done; err != vfs.EINTR {
		t.Error(err)
	}
}

// TestAssocOrder: the order is that of bash's own table.
func TestAssocOrder(t *testing.T) {
	m := newAssoc()
	for _, key := range []string{"one", "two", "three", "four", "five"} {
		m.set(key, key)
	}
	m.unset("two")
	m.set("one", "1")
	want := []string{"four", "five", "one", "three"}
	got := m.keys()
	if len(got) != len(want) {
		t.Fatalf("keys %q", got)
	}
	c := m.clone()
	for i := range got {
		if got[i] != c.keys()[i] {
			t.Errorf("a clone walks in another order: %q, %q", got, c.keys())
		}
	}
}

func TestArray(t *testing.T) {
	a := newArray([]string{"a", "b", "c"})
	a.set(7, "h")
	a.unset(1)
	a.set(3, "d")
	if got := a.indices(); len(got) != 4 || got[1] != "2" || got[3] != "7" {
		t.Errorf("indices %q", got)
	}
	if v, ok := a.get(3); v != "d" || !ok || a.end() != 8 {
		t.Errorf("element 3 is %q %v, the end %d", v, ok, a.end())
	}
	if a.set(-1, "x") || !a.set(1<<63-1, "x") || a.set(a.end(), "x") {
		t.Error("what is no index was taken, or one was not")
	}
}
