//go:build !js

// Command browser is the sandbox as a program for JavaScript hosts; it has to
// be built with GOOS=js GOARCH=wasm. See README.md.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "browser: build me with GOOS=js GOARCH=wasm; see hosts/browser/README.md")
	os.Exit(2)
}
