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
	sizes, err := bundle(*out, *image)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
	all := 0
	for _, s := range sizes {
		all += s.bytes
		fmt.Printf("%9d %s\n", s.bytes, s.name)
	}
	fmt.Printf("bundle: %.2f MB gzipped\n", float64(all)/1e6)
}

// size is how large a module is, gzipped.
type size struct {
	name  string
	bytes int
}

// modules are the files that are copied, beside the image's.
var modules = []string{
	"hosts/worker/worker.mjs", "hosts/worker/program.mjs", "hosts/worker/storage.mjs",
	"hosts/api/openapi.json",
	"core/engine/platform/glue.mjs", "core/engine/platform/guest.mjs",
}

// config tells workerd what there is.
const config = "hosts/worker/config.capnp"

// bundle makes the folder and returns the sizes of what is uploaded, the largest
// first.
func bundle(out, image string) ([]size, error) {
	goroot, err := output("go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		return nil, err
	}
	files := append(slices.Clone(modules), filepath.Join(goroot, "lib/wasm/wasm_exec.js"))
	for _, name := range []string{"guest.wasm", "memory.bin", "guest.json"} {
		files = append(files, filepath.Join(image, name))
	}
	for _, from := range append(slices.Clone(files), config) {
		if err := copyFile(out, from); err != nil {
			return nil, err
		}
	}
	if err := compile(out, image); err != nil {
		return nil, err
	}
	var sizes []size
	for _, name := range append(files, "program.wasm", "bridge.wasm") {
		data, err := os.ReadFile(filepath.Join(out, filepath.Base(name)))
		if err != nil {
			return nil, err
		}
		sizes = append(sizes, size{filepath.Base(name), gzipped(data)})
	}
	slices.SortFunc(sizes, func(a, b size) int { return b.bytes - a.bytes })
	return sizes, nil
}

// compile makes the program and the bridge.
func compile(out, image string) error {
	dir, err := os.MkdirTemp("", "worker")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	named := filepath.Join(dir, "program.wasm")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", named, "./hosts/worker")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	strip := exec.Command("go", "run", "./hosts/browser/mkhost", "-o", filepath.Join(out, "program.wasm"), named)
	link := exec.Command("go", "run", "./core/engine/platform/mkbridge", "-o", filepath.Join(out, "bridge.wasm"), filepath.Join(image, "guest.wasm"))
	for _, cmd := range []*exec.Cmd{build, strip, link} {
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, text)
		}
	}
	return nil
}

func copyFile(out, from string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, filepath.Base(from)), data, 0o666)
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
