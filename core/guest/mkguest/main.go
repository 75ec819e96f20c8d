// Command mkguest makes a guest image out of the toolbox as Go builds it:
// vetted, metered, run up to the point where it waits for its first command,
// and taken apart into the files of an image.
//
//	go run ./toolbox | go run ./core/guest/mkguest -o core/guest/image build/toolbox.wasm
//
// The names of its commands are read from standard input, a line each.
//
// With -small the image is small, for JavaScript hosts, which download it and
// copy its memory at a reset: little memory is free, a trap's stack trace has no
// names, and code that has run for the last time is left out. With -free the
// code is not metered: to measure what that costs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"agentsandbox/core"
	"agentsandbox/core/guest"
	"agentsandbox/core/image"
	"agentsandbox/core/image/gomem"
	"agentsandbox/toolbox/cmd"
)

func main() {
	out := flag.String("o", "", "`folder` to write to")
	small := flag.Bool("small", false, "leave little memory free and no names for stack traces")
	meter := guest.MeterOptions
	flag.BoolVar(&meter.Free, "free", false, "do not meter the code")
	flag.Parse()
	if *out == "" || flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: mkguest [-small] [-free] -o FOLDER IN.wasm")
		os.Exit(2)
	}
	if err := run(context.Background(), flag.Arg(0), *out, *small, meter); err != nil {
		fmt.Fprintln(os.Stderr, "mkguest:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, in, out string, small bool, meter image.MeterOptions) error {
	wasm, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	names, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	img, err := makeImage(ctx, wasm, strings.Fields(string(names)), small, meter)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	return img.Write(func(name string, data []byte) error {
		return replace(filepath.Join(out, name), data)
	})
}

func makeImage(ctx context.Context, wasm []byte, commands []string, small bool, meter image.MeterOptions) (*guest.Image, error) {
	m, err := image.Parse(wasm, image.DefaultLimits())
	if err != nil {
		return nil, err
	}
	m.StripCustom(image.DebugSection)
	if err := m.Meter(meter); err != nil {
		return nil, err
	}
	if _, err := m.ExportGlobals(); err != nil {
		return nil, err
	}
	metered := m.Encode()
	state, err := initialise(ctx, metered, small)
	if err != nil {
		return nil, err
	}
	constant, err := gomem.Constant(state.Memory)
	if err != nil {
		return nil, err
	}
	if small {
		if err := gomem.StripTraces(state.Memory); err != nil {
			return nil, err
		}
	}
	if err := m.Snapshot(state.Memory, state.Globals); err != nil {
		return nil, err
	}
	info := guest.Info{
		Commands: commands, File: cmd.Placeholder, Run: "run", Session: "session", Dir: "session_dir",
		State: "session_state", Resume: "session_resume",
	}
	if small {
		if err := prune(m, state.Memory, info.Run, info.Session, info.Dir, info.State, info.Resume); err != nil {
			return nil, err
		}
	}
	code, err := m.Prepare()
	if err != nil {
		return nil, err
	}
	code.Constant = constant
	return &guest.Image{Code: code, Info: info}, nil
}

// prune takes out of a module the code that has run when its memory was like
// this, and that nothing can run again.
func prune(m *image.Module, memory []byte, exports ...string) error {
	if err := gomem.ForgetInit(memory); err != nil {
		return err
	}
	refs, err := gomem.Functions(memory)
	if err != nil {
		return err
	}
	m.Prune(exports, refs, gomem.CodeShift)
	return nil
}

// initialise runs the start of the program, and what it does ahead of its
// first command.
func initialise(ctx context.Context, wasm []byte, small bool) (core.State, error) {
	m, err := image.Parse(wasm, image.DefaultLimits())
	if err != nil {
		return core.State{}, err
	}
	code, err := m.Prepare()
	if err != nil {
		return core.State{}, err
	}
	prepare := "prepare"
	if small {
		prepare = "prepare_small"
	}
	return core.Initialise(ctx, code, "_initialize", prepare)
}

// replace writes the file whole or not at all.
func replace(name string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".image-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), name)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
	}
	return err
}
