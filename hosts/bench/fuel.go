package main

import (
	"fmt"
	"os"

	"agentsandbox/core"
	"agentsandbox/core/guest"
)

// fuel measures what counting fuel costs, beside the same toolbox without it.
func (b *bench) fuel() error {
	if b.free == "" {
		return nil
	}
	img, err := guest.Read(os.DirFS(b.free))
	if err != nil {
		return err
	}
	rt, err := core.NewRuntime(b.ctx, core.RuntimeConfig{Toolbox: img, CacheDir: cacheDir})
	if err != nil {
		return err
	}
	defer rt.Close()
	counted, err := b.rt.New(core.Config{WorkDir: b.dir})
	if err != nil {
		return err
	}
	defer counted.Destroy()
	free, err := rt.New(core.Config{WorkDir: b.dir})
	if err != nil {
		return err
	}
	defer free.Destroy()
	for _, t := range []task{awkLoop, grepCount} {
		ratio, err := medianRatio(func() error { return b.shell(counted, t.script) }, func() error { return b.shell(free, t.script) })
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
		b.rows = append(b.rows, row{name: "what counting fuel costs: " + t.name, note: fmt.Sprintf("%.0f %%", 100*(ratio-1))})
	}
	return nil
}
