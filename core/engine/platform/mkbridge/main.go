// Command mkbridge makes the bridge of a guest ahead of time, for JavaScript
// hosts that compile nothing at run time:
//
//	go run ./core/engine/platform/mkbridge -o bridge.wasm guest.wasm
package main

import (
	"flag"
	"fmt"
	"os"

	"agentsandbox/core/engine/platform"
	"agentsandbox/core/image"
)

func main() {
	out := flag.String("o", "", "`file` to write to")
	flag.Parse()
	if *out == "" || flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: mkbridge -o OUT.wasm GUEST.wasm")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *out); err != nil {
		fmt.Fprintln(os.Stderr, "mkbridge:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	wasm, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	guest, err := image.Parse(wasm, image.DefaultLimits())
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	bridge, err := platform.Bridge(guest.Inspect().Imports)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	return os.WriteFile(out, bridge, 0o644)
}
