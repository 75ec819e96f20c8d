package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// writeFixtures lays text.txt, 5 MB of a log, and tree, 5,000 files.
func writeFixtures(dir string) error {
	if err := os.WriteFile(filepath.Join(dir, "text.txt"), logText(5<<20), 0o644); err != nil {
		return err
	}
	return writeTree(filepath.Join(dir, "tree"), 5000)
}

// logText is text that looks like a server's log, the same every time.
func logText(size int) []byte {
	var out bytes.Buffer
	paths := []string{"/", "/index.html", "/api/v1/items", "/static/app.js", "/login", "/search?q=go"}
	state := uint32(1)
	next := func(n uint32) uint32 {
		state = state*1664525 + 1013904223
		return (state >> 8) % n
	}
	for line := 0; out.Len() < size; line++ {
		level := "INFO"
		if next(17) == 0 {
			level = "ERROR"
		}
		fmt.Fprintf(&out, "10.0.%d.%d - user%d [%02d:%02d:%02d] %s %s %d %d TODO%d\n", next(4), next(24), next(20),
			line/3600%24, line/60%60, line%60, level, paths[next(6)], 200+next(4)*100, next(9999), next(100))
	}
	return out.Bytes()
}

// writeTree makes files small files in folders of a hundred.
func writeTree(dir string, files int) error {
	for i := range files {
		name := filepath.Join(dir, fmt.Sprintf("d%03d", i/100), fmt.Sprintf("f%d.go", i))
		if i%100 == 0 {
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				return err
			}
		}
		text := fmt.Sprintf("package d%d\n\nfunc F%d() int { return %d }\n", i/100, i, i)
		if i%50 == 0 {
			text += "// TODO: something\n"
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
