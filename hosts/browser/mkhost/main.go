// Command mkhost makes a Go program for JavaScript hosts smaller to download: it has no names for stack traces then.
//
//	go run ./hosts/browser/mkhost -o build/host.wasm build/host-go.wasm
package main

import (
	"flag"
	"fmt"
	"os"

	"agentsandbox/core/image"
	"agentsandbox/core/image/gomem"
)

func main() {
	out := flag.String("o", "", "`file` to write")
	flag.Parse()
	if *out == "" || flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: mkhost -o OUT.wasm IN.wasm")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *out); err != nil {
		fmt.Fprintln(os.Stderr, "mkhost:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	wasm, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	m, err := image.Parse(wasm, image.DefaultLimits())
	if err != nil {
		return err
	}
	start, err := m.Split()
	if err != nil {
		return err
	}
	memory := start.Bytes()
	if err := gomem.StripTraces(memory); err != nil {
		return err
	}
	if err := m.Fill(memory); err != nil {
		return err
	}
	return os.WriteFile(out, m.Encode(), 0o644)
}
