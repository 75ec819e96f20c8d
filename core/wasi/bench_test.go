package wasi_test

import (
	"testing"

	"agentsandbox/core/wasi"
)

func BenchmarkProcess(b *testing.B) {
	config := wasi.Config{Args: []string{"echo", "hello"}, Env: []string{"PATH=/bin"}, FS: newMemFS(b)}
	b.ReportAllocs()
	for b.Loop() {
		if err := wasi.NewProcess(config).Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReset(b *testing.B) {
	config := wasi.Config{FS: newMemFS(b)}
	p := wasi.NewProcess(config)
	b.ReportAllocs()
	for b.Loop() {
		if err := p.Reset(config); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCalls(b *testing.B) {
	calls := []struct {
		name string
		args func(g *guest, fd uint64) []uint64
	}{
		{"clock_time_get", func(*guest, uint64) []uint64 { return []uint64{0, 1, result} }},
		{"fd_pread", func(g *guest, fd uint64) []uint64 {
			ptr, n := g.iovecs(buffer, 4096)
			return []uint64{fd, ptr, n, 0, result}
		}},
		{"fd_pwrite", func(g *guest, fd uint64) []uint64 {
			ptr, n := g.iovecs(buffer, 4096)
			return []uint64{fd, ptr, n, 0, result}
		}},
		{"fd_filestat_get", func(_ *guest, fd uint64) []uint64 { return []uint64{fd, result} }},
		{"path_filestat_get", func(g *guest, _ uint64) []uint64 {
			ptr, n := g.put(text, "file")
			return []uint64{3, 1, ptr, n, result}
		}},
	}
	for _, c := range calls {
		b.Run(c.name, func(b *testing.B) {
			g := newGuest(b, wasi.Config{FS: newMemFS(b), Now: func() int64 { return 1e18 }})
			g.create("file", string(make([]byte, 4096)))
			args := c.args(g, g.open("file", 0, mayAll))
			stack := make([]uint64, len(args))
			f, mem := g.fns[c.name], wasi.Memory(g.mem)
			b.ReportAllocs()
			for b.Loop() {
				copy(stack, args)
				if f.Call(g.ctx, g.p, mem, stack); stack[0] != 0 {
					b.Fatal(stack[0])
				}
			}
		})
	}
}
