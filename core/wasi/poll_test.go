package wasi_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"agentsandbox/core/wasi"
	"agentsandbox/vfs"
)

// sub is a subscription of 48 bytes.
type sub [48]byte

func clockSub(user uint64, clock uint32, timeout uint64, flags uint16) (s sub) {
	binary.LittleEndian.PutUint64(s[:], user)
	binary.LittleEndian.PutUint32(s[16:], clock)
	binary.LittleEndian.PutUint64(s[24:], timeout)
	binary.LittleEndian.PutUint16(s[40:], flags)
	return s
}

func fdSub(user uint64, kind byte, fd uint32) (s sub) {
	binary.LittleEndian.PutUint64(s[:], user)
	s[8] = kind
	binary.LittleEndian.PutUint32(s[16:], fd)
	return s
}

func (g *guest) subscribe(subs ...sub) {
	for i, s := range subs {
		copy(g.mem.b[vector+48*i:], s[:])
	}
}

// poll polls, and returns the events as "user:type:errno".
func (g *guest) poll(subs ...sub) []string {
	g.Helper()
	g.subscribe(subs...)
	g.must("poll_oneoff", vector, buffer, uint64(len(subs)), result)
	var events []string
	for i := range g.u32(result) {
		e := g.mem.b[buffer+32*i:]
		events = append(events, fmt.Sprintf("%d:%d:%d",
			binary.LittleEndian.Uint64(e), e[10], binary.LittleEndian.Uint16(e[8:])))
	}
	return events
}

const clock, read, write = 0, 1, 2

func TestPoll(t *testing.T) {
	const now = int64(1e18)
	cases := []struct {
		name  string
		subs  []sub
		want  []string
		slept time.Duration
	}{
		{"relative", []sub{clockSub(7, monotonic, 5e6, 0)}, []string{"7:0:0"}, 5e6},
		{"the soonest", []sub{clockSub(1, monotonic, 9, 0), clockSub(2, realtime, 5, 0), clockSub(3, monotonic, 5, 0)},
			[]string{"2:0:0", "3:0:0"}, 5},
		{"absolute", []sub{clockSub(1, realtime, uint64(now+4e6), 1)}, []string{"1:0:0"}, 4e6},
		{"past", []sub{clockSub(1, realtime, uint64(now-1), 1), clockSub(2, monotonic, 1e9, 0)}, []string{"1:0:0"}, 0},
		{"for ever", []sub{clockSub(1, monotonic, 1<<64-1, 0)}, []string{"1:0:0"}, 1<<63 - 1},
		{"no such clock", []sub{clockSub(1, 2, 5, 0)}, []string{"1:0:28"}, 0},
		{"no such flag", []sub{clockSub(1, monotonic, 5, 2)}, []string{"1:0:28"}, 0},
		{"write", []sub{fdSub(1, write, 1), fdSub(2, write, 4), clockSub(3, monotonic, 5, 0)}, []string{"1:2:0", "2:2:0"}, 0},
		{"read", []sub{clockSub(3, monotonic, 5, 0), fdSub(1, read, 0), fdSub(2, read, 4)}, []string{"1:1:0", "2:1:0"}, 0},
		{"bad", []sub{fdSub(1, read, 99), fdSub(2, read, 1), fdSub(3, read, 3), fdSub(4, write, 3)},
			[]string{"1:1:8", "2:1:8", "3:1:31", "4:2:8"}, 0},
	}
	for _, c := range cases {
		var slept time.Duration
		g := newGuest(t, wasi.Config{
			FS: newMemFS(t), Stdin: strings.NewReader("input"), Now: func() int64 { return now },
			Sleep: func(_ context.Context, d time.Duration) error { slept += d; return nil },
		})
		g.create("file", "")
		g.open("file", 0, mayAll)
		if got := g.poll(c.subs...); !slices.Equal(got, c.want) || slept != c.slept {
			t.Errorf("%s: %q after %v, want %q after %v", c.name, got, slept, c.want, c.slept)
		}
	}
}

func TestPollRefuses(t *testing.T) {
	g := abiGuest(t, false)
	g.refuse(vfs.EINVAL, "poll_oneoff", vector, buffer, 0, result)
	g.refuse(vfs.EINVAL, "poll_oneoff", vector, buffer, 4097, result)
	g.refuse(vfs.EINVAL, "poll_oneoff", vector, buffer, 1<<32-1, result)
	g.refuse(vfs.EFAULT, "poll_oneoff", memSize-47, buffer, 1, result)
	g.refuse(vfs.EFAULT, "poll_oneoff", vector, memSize-31, 1, result)
	g.refuse(vfs.EFAULT, "poll_oneoff", vector, buffer, 1, memSize-3)
	g.subscribe(fdSub(1, 3, 0))
	g.refuse(vfs.EINVAL, "poll_oneoff", vector, buffer, 1, result)
}

// Events may be asked for over the subscriptions.
func TestPollOverlaps(t *testing.T) {
	g := abiGuest(t, true)
	subs := make([]sub, 500)
	for i := range subs {
		subs[i] = fdSub(uint64(i), write, 1)
	}
	g.subscribe(subs...)
	g.must("poll_oneoff", vector, vector, uint64(len(subs)), result)
	if n := g.u32(result); n != 500 {
		t.Fatalf("%d events", n)
	}
	for i := range subs {
		if user := g.u64(uint32(vector + 32*i)); user != uint64(i) {
			t.Fatalf("event %d is of %d", i, user)
		}
	}
}

func TestPollTellsHowMuch(t *testing.T) {
	g := abiGuest(t, false) // its file holds 7 bytes, its stdin 5
	g.must("fd_seek", 4, 2, 0, result)
	g.poll(fdSub(1, read, 4), fdSub(2, read, 0))
	if file, stdin := g.u64(buffer+16), g.u64(buffer+32+16); file != 5 || stdin != 5 {
		t.Errorf("%d bytes of the file, %d of stdin", file, stdin)
	}
	g.read(0, 10)
	g.poll(fdSub(2, read, 0))
	if hangup := g.mem.b[buffer+24]; hangup != 1 {
		t.Error("the end of stdin is not told")
	}
}

// lines is a stream that brings what is sent to it.
type lines struct {
	text   chan string
	closed chan struct{}
}

func newLines() *lines { return &lines{make(chan string, 1), make(chan struct{})} }

func (l *lines) Read(p []byte) (int, error) {
	select {
	case s := <-l.text:
		return copy(p, s), nil
	case <-l.closed:
		return 0, io.EOF
	}
}

func (l *lines) Close() error { close(l.closed); return nil }

// Streams that the host adds are waited for together, and read as they come.
func TestPollStreams(t *testing.T) {
	g := newGuest(t, wasi.Config{FS: newMemFS(t)})
	var all []*lines
	var subs []sub
	for i := range 5 {
		l := newLines()
		fd, err := g.p.AddStream(l)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
		subs = append(subs, fdSub(uint64(i), read, fd))
	}
	for _, i := range []int{3, 0, 4, 4} {
		all[i].text <- "x"
		if got := g.poll(subs...); len(got) != 1 || got[0] != fmt.Sprintf("%d:1:0", i) {
			t.Errorf("got %v", got)
		}
		vec, n := g.iovecs(buffer, 100)
		g.must("fd_read", uint64(4+i), vec, n, result)
		if g.u32(result) != 1 {
			t.Errorf("read %d bytes", g.u32(result))
		}
	}
	g.must("fd_close", 5)
	<-all[1].closed
	g.refuse(vfs.EBADF, "fd_write", 4, vector, 1, result)
	g.p.Close()
	for _, l := range all {
		<-l.closed
	}
}

// THREAT[AB-06] Streams count as descriptors.
func TestTooManyStreams(t *testing.T) {
	g := newGuest(t, wasi.Config{MaxFiles: 5})
	for i := range 10 {
		if _, err := g.p.AddStream(newLines()); (err == nil) != (i < 2) {
			t.Errorf("%d: %v", i, err)
		}
	}
}
