//go:build !js

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "worker is for GOOS=js GOARCH=wasm: see hosts/worker/worker.mk")
	os.Exit(2)
}
