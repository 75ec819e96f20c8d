// Command bundle lays the modules of the Worker out in a folder, and prints how
// large they are compressed, which is what an upload is measured by:
//
//	go run ./hosts/worker/bundle -o build/worker
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	out := flag.String("o", "build/worker", "`folder` to write to")
	image := flag.String("image", "build/web/guest", "`folder` with the guest's image")
	flag.Parse()
	size, err := bundle(*out, *image)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
	fmt.Printf("bundle: %.2f MB gzipped\n", float64(size)/1e6)
}

// modules are the files that are copied, beside the image's.
var modules = []string{
	"hosts/worker/worker.mjs", "hosts/worker/program.mjs", "hosts/worker/storage.mjs",
	"hosts/worker/config.capnp", "hosts/api/openapi.json",
	"core/engine/platform/glue.mjs", "core/engine/platform/guest.mjs",
}

// bundle makes the folder and returns the gzipped size of what is in it.
func bundle(out, image string) (int, error) {
	goroot, err := output("go", "env", "GOROOT")
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		return 0, err
	}
	size := 0
	files := append(slices.Clone(modules), filepath.Join(goroot, "lib/wasm/wasm_exec.js"))
	for _, name := range []string{"guest.wasm", "memory.bin", "guest.json"} {
		files = append(files, filepath.Join(image, name))
	}
	for _, from := range files {
		n, err := copyFile(out, from)
		if err != nil {
			return 0, err
		}
		size += n
	}
	n, err := compile(out, image)
	return size + n, err
}

// compile makes the program and the bridge.
func compile(out, image string) (int, error) {
	program, bridge := filepath.Join(out, "program.wasm"), filepath.Join(out, "bridge.wasm")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "./hosts/worker")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	make := exec.Command("go", "run", "./core/engine/platform/mkbridge", "-o", bridge, filepath.Join(image, "guest.wasm"))
	for _, cmd := range []*exec.Cmd{build, make} {
		if text, err := cmd.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, text)
		}
	}
	size := 0
	for _, name := range []string{program, bridge} {
		data, err := os.ReadFile(name)
		if err != nil {
			return 0, err
		}
		size += gzipped(data)
	}
	return size, nil
}

func copyFile(out, from string) (int, error) {
	data, err := os.ReadFile(from)
	if err != nil {
		return 0, err
	}
	return gzipped(data), os.WriteFile(filepath.Join(out, filepath.Base(from)), data, 0o666)
}

func gzipped(data []byte) int {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a valid one
	_, _ = w.Write(data)                                  // a Buffer takes all
	_ = w.Close()
	return b.Len()
}

func output(name string, args ...string) (string, error) {
	text, err := exec.Command(name, args...).Output()
	return strings.TrimSpace(string(text)), err
}
