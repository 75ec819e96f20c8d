package wasi_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"agentsandbox/core/wasi"
	"agentsandbox/core/wasi/conformance"
	"agentsandbox/vfs"
)

// cancelled is a guest whose context ends after 50 ms.
func cancelled(t *testing.T, config wasi.Config) (g *guest, since func() time.Duration) {
	host := conformance.Host()
	config.Now, config.Monotonic, config.Sleep = host.Now, host.Monotonic, host.Sleep
	g = newGuest(t, config)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	t.Cleanup(cancel)
	g.ctx = ctx
	start := time.Now()
	return g, func() time.Duration { return time.Since(start) }
}

// THREAT[EN-08] every call that can block ends when the context does.
func TestCancelled(t *testing.T) {
	calls := map[string]func(g *guest) vfs.Errno{
		"read":  func(g *guest) vfs.Errno { _, errno := g.tryRead(0, 10); return errno },
		"write": func(g *guest) vfs.Errno { _, errno := g.tryWrite(1, "x"); return errno },
		"sleep": func(g *guest) vfs.Errno {
			g.subscribe(clockSub(1, monotonic, 1e18, 0))
			return g.call("poll_oneoff", vector, buffer, 1, result)
		},
		"poll": func(g *guest) vfs.Errno {
			g.subscribe(fdSub(1, read, 0))
			return g.call("poll_oneoff", vector, buffer, 1, result)
		},
		"poll and sleep": func(g *guest) vfs.Errno {
			g.subscribe(fdSub(1, read, 0), clockSub(1, monotonic, 1e18, 0))
			return g.call("poll_oneoff", vector, buffer, 2, result)
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stdin, feed := io.Pipe()
				sink, stdout := io.Pipe()
				g, since := cancelled(t, wasi.Config{Stdin: stdin, Stdout: stdout})
				errno := call(g)
				if errno != vfs.EINTR || !g.p.Interrupted() || since() != 50*time.Millisecond {
					t.Errorf("%v after %v (interrupted: %v)", errno, since(), g.p.Interrupted())
				}
				if errno := call(g); errno != vfs.EINTR { // a guest that runs on all the same
					t.Errorf("again: %v", errno)
				}
				feed.Close() // and nothing is left behind, or synctest complains
				sink.Close()
			})
		})
	}
}

func TestBlockedRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stdin, feed := io.Pipe()
		g, _ := cancelled(t, wasi.Config{Stdin: stdin})
		go func() {
			time.Sleep(10 * time.Millisecond)
			io.WriteString(feed, "hello")
			feed.Close()
		}()
		if got := g.read(0, 2) + g.read(0, 10); got != "hello" {
			t.Errorf("read %q", got)
		}
		if got := g.read(0, 10); got != "" {
			t.Errorf("read %q at the end", got)
		}
		if g.p.Interrupted() {
			t.Error("interrupted")
		}
	})
}

func TestNonblockingRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stdin, feed := io.Pipe()
		g, since := cancelled(t, wasi.Config{Stdin: stdin})
		g.must("fd_fdstat_set_flags", 0, 4)
		if _, errno := g.tryRead(0, 10); errno != vfs.EAGAIN {
			t.Errorf("read of nothing: %v", errno)
		}
		go func() {
			time.Sleep(10 * time.Millisecond)
			io.WriteString(feed, "hello")
			feed.Close()
		}()
		if got := g.poll(clockSub(1, monotonic, 5e6, 0), fdSub(2, read, 0)); !slices.Equal(got, []string{"1:0:0"}) {
			t.Errorf("events %q before there is input", got)
		}
		if got := g.poll(clockSub(1, monotonic, 3e7, 0), fdSub(2, read, 0)); !slices.Equal(got, []string{"2:1:0"}) {
			t.Errorf("events %q when there is", got)
		}
		if since() != 10*time.Millisecond {
			t.Errorf("after %v", since())
		}
		if got := g.read(0, 10); got != "hello" {
			t.Errorf("read %q", got)
		}
	})
}

// Reads into several pieces take what there is, and wait for no more.
func TestReadvDoesNotWait(t *testing.T) {
	for _, copies := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			stdin, feed := io.Pipe()
			g, _ := cancelled(t, wasi.Config{Stdin: stdin})
			g.mem.copies = copies
			go io.WriteString(feed, "12345")
			ptr, n := g.iovecs(buffer, 2, buffer+100, 3, buffer+200, 10)
			g.must("fd_read", 0, ptr, n, result)
			if got := g.u32(result); got != 5 {
				t.Errorf("read %d", got)
			}
			feed.Close()
			synctest.Wait()
		})
	}
}

func TestLongWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sink, stdout := io.Pipe()
		g, _ := cancelled(t, wasi.Config{Stdout: stdout})
		g.mem.b = bytes.Repeat([]byte("0123456789"), 30_000)
		want := string(g.mem.b[buffer:][:200_000])
		got := make(chan string)
		go func() {
			data, _ := io.ReadAll(sink)
			got <- string(data)
		}()
		ptr, n := g.iovecs(buffer, 200_000)
		g.must("fd_write", 1, ptr, n, result)
		stdout.Close()
		if g.u32(result) != 200_000 || <-got != want {
			t.Error("not all was written")
		}
	})
}

// failWriter takes some bytes, and then fails.
type failWriter struct {
	room int
	err  error
}

func (w *failWriter) Write(p []byte) (int, error) {
	n := min(w.room, len(p))
	w.room -= n
	if n < len(p) {
		return n, w.err
	}
	return n, nil
}

func (*failWriter) Blocks() bool { return false }

func TestWriteErrors(t *testing.T) {
	for want, err := range map[vfs.Errno]error{
		vfs.EPIPE: io.ErrClosedPipe, vfs.ENOSPC: vfs.ENOSPC, vfs.EIO: errors.New("other"),
	} {
		g := newGuest(t, wasi.Config{Stdout: &failWriter{room: 3, err: err}})
		if n, errno := g.tryWrite(1, "12345"); n != 3 || errno != 0 {
			t.Errorf("%v: short write of %d, %v", err, n, errno)
		}
		if _, errno := g.tryWrite(1, "45"); errno != want {
			t.Errorf("%v: arrives as %v", err, errno)
		}
	}
	g := newGuest(t, wasi.Config{Stderr: &failWriter{err: syscall.EPIPE}})
	if _, errno := g.tryWrite(2, "x"); errno != vfs.EPIPE {
		t.Errorf("the system's broken pipe arrives as %v", errno)
	}
}

func TestReadErrors(t *testing.T) {
	text := strings.NewReader("12345")
	cases := map[string]struct {
		stdin io.Reader
		want  string
		errno vfs.Errno
	}{
		"none":         {nil, "", 0},
		"in memory":    {bytes.NewBufferString("12345"), "12345", 0},
		"byte a time":  {iotest.OneByteReader(strings.NewReader("12345")), "12345", 0},
		"with its end": {iotest.DataErrReader(strings.NewReader("12345")), "12345", 0},
		"error":        {io.MultiReader(text, iotest.ErrReader(vfs.EIO)), "12345", vfs.EIO},
		"stuck":        {stuck{}, "", vfs.EIO},
	}
	for name, c := range cases {
		g := newGuest(t, wasi.Config{Stdin: c.stdin})
		got := ""
		for {
			s, errno := g.tryRead(0, 3)
			got += s
			if s == "" {
				if got != c.want || errno != c.errno {
					t.Errorf("%s: read %q, %v", name, got, errno)
				}
				break
			}
		}
	}
}

// stuck reads nothing, for ever.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }
