package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"agentsandbox/core"
)

// many measures what many sandboxes, or many files, cost.
func (b *bench) many() error {
	return errors.Join(b.bigTree(), b.parallel(), b.idle())
}

// bigTree changes 50 of 50,000 files and asks what changed.
func (b *bench) bigTree() error {
	dir := filepath.Join(b.dir, "big")
	if err := writeTree(dir, 50_000); err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	created, err := median(func() error {
		sb, err := b.rt.New(core.Config{WorkDir: dir, Overlay: true})
		if err != nil {
			return err
		}
		return sb.Destroy()
	})
	if err != nil {
		return err
	}
	sb, err := b.rt.New(core.Config{WorkDir: dir, Overlay: true})
	if err != nil {
		return err
	}
	defer sb.Destroy()
	if err := b.shell(sb, "for i in {0..49}; do echo changed >>d0$((i+10))/f$((i*100+1000)).go; done"); err != nil {
		return err
	}
	diff, err := median(func() error {
		changes, err := sb.Diff()
		if err == nil && len(changes) != 50 {
			err = fmt.Errorf("%d changes", len(changes))
		}
		return err
	})
	b.rows = append(b.rows, row{name: "new sandbox over 50,000 files on disk, overlay", ours: created},
		row{name: "diff after 50 changes among 50,000 files", ours: diff})
	return err
}

// parallel runs a command in each of 100 new sandboxes, on all cores.
func (b *bench) parallel() error {
	const sandboxes = 100
	var err error
	r := row{name: "100 new sandboxes at once, a small pipeline in each"}
	const script = "seq 100 | sort -rn | head -1"
	r.ours, err = median(func() error {
		return atOnce(sandboxes, func() error {
			return b.fresh(func(sb *core.Sandbox) error { return b.shell(sb, script) })
		})
	})
	if err != nil {
		return err
	}
	r.bash, err = median(func() error {
		return atOnce(sandboxes, func() error { return b.bash(script, b.dir) })
	})
	b.rows = append(b.rows, r)
	return err
}

func atOnce(n int, work func() error) error {
	errs := make([]error, n)
	gate := make(chan struct{}, runtime.NumCPU())
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			gate <- struct{}{}
			errs[i] = work()
			<-gate
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// idle keeps 1,000 sandboxes that have each run a command.
func (b *bench) idle() error {
	const count = 1000
	before := memory()
	sandboxes := make([]*core.Sandbox, count)
	for i := range sandboxes {
		sb, err := b.rt.New(core.Config{})
		if err != nil {
			return err
		}
		defer sb.Destroy()
		if err := b.shell(sb, "echo $RANDOM >file"); err != nil {
			return err
		}
		sandboxes[i] = sb
	}
	each := float64(memory()-before) / count / 1024
	b.rows = append(b.rows, row{name: "memory of an idle sandbox, of 1,000", note: fmt.Sprintf("%.1f KB", each)})
	runtime.KeepAlive(sandboxes)
	return nil
}

// memory is the heap in use after a collection, in bytes.
func memory() int64 {
	runtime.GC()
	time.Sleep(10 * time.Millisecond)
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
