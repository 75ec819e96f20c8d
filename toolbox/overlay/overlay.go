// Command overlay prints the -overlay file for builds of the guest: which files
// of the standard library, in GOROOT, those in a folder stand in for.
//
//	go run ./toolbox/overlay toolbox/overlay $(go env GOROOT) >build/overlay.json
//
// Go's port to WebAssembly compares memory byte by byte and looks for a byte by
// four. The assembly in bytealg does the same by eight and sixteen, under the same
// names, so that all that is built on it gains: strings, maps, sorting.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: overlay FOLDER GOROOT")
		os.Exit(2)
	}
	text, err := replacements(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "overlay:", err)
		os.Exit(1)
	}
	os.Stdout.Write(append(text, '\n'))
}

// replacements is the overlay of the files below dir on those of goroot. A file
// that stands in for none is an error.
func replacements(dir, goroot string) ([]byte, error) {
	files, err := filepath.Glob(filepath.Join(dir, "bytealg", "*.s"))
	if err != nil {
		return nil, err
	}
	replace := map[string]string{}
	for _, file := range files {
		old := filepath.Join(goroot, "src", "internal", "bytealg", filepath.Base(file))
		if _, err := os.Stat(old); err != nil {
			return nil, err
		}
		if replace[old], err = filepath.Abs(file); err != nil {
			return nil, err
		}
	}
	return json.Marshal(map[string]any{"Replace": replace})
}
