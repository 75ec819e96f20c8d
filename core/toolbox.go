package core

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"agentsandbox/core/engine"
	"agentsandbox/core/guest"
)

// toolbox is a guest image, compiled at its first use, and its waiting instances.
type toolbox struct {
	engine engine.Engine
	image  func() (*guest.Image, error)

	mu     sync.Mutex
	module engine.Module // nil until loaded; guarded by mu
	info   guest.Info    // set by load
	pool   pool          // set by load
}

func newToolbox(e engine.Engine, image func() (*guest.Image, error), idle int) *toolbox {
	return &toolbox{engine: e, image: image, pool: pool{most: idle}}
}

// load compiles the image. Concurrent first uses compile it once.
func (t *toolbox) load(ctx context.Context) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.module != nil {
		return nil
	}
	img, err := t.image()
	if err != nil {
		return err
	}
	module, err := t.engine.Compile(ctx, img.Code)
	if err != nil {
		return fmt.Errorf("toolbox image: %w", err)
	}
	t.module, t.info, t.pool.module = module, img.Info, module
	return nil
}

// answers reports whether the image has a command of that name.
func (t *toolbox) answers(command string) bool {
	img, err := t.image()
	if err != nil {
		return false
	}
	_, ok := slices.BinarySearch(img.Commands, command)
	return ok
}

func (t *toolbox) close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.module == nil {
		return nil
	}
	t.pool.close()
	err := t.module.Close()
	t.module = nil
	return err
}
