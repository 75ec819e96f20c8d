package core

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"agentsandbox/core/image"
)

// section is a section of a WebAssembly module, less than 2 MiB long.
func section(id byte, body ...byte) []byte { return append([]byte{id}, sized(body)...) }

// sized is a body behind its length.
func sized(body []byte) []byte {
	n := len(body)
	return append([]byte{byte(n&0x7f) | 0x80, byte(n>>7&0x7f) | 0x80, byte(n >> 14)}, body...)
}

// command is a module with one function, exported as _start, of the given
// locals and code. Function 0 is proc_exit, function 1 is itself; it has a page of memory.
func command(code ...byte) []byte { return commandOf(nil, code) }

// commandOf is command with as many i64 locals as count, a number in LEB128 behind
// how many groups of them there are, or none.
func commandOf(count, code []byte) []byte {
	locals := []byte{0}
	if count != nil {
		locals = append(count, 0x7e)
	}
	body := append(append(locals, code...), 0x0b)
	return slices.Concat([]byte("\x00asm\x01\x00\x00\x00"),
		section(1, []byte("\x02\x60\x01\x7f\x00\x60\x00\x00")...),
		section(2, []byte("\x01\x16wasi_snapshot_preview1\x09proc_exit\x00\x00")...),
		section(3, 1, 1),
		section(5, 1, 0, 1),
		section(7, []byte("\x02\x06_start\x00\x01\x06memory\x02\x00")...),
		section(10, append([]byte{1}, sized(body)...)...))
}

func TestProgramExit(t *testing.T) {
	sb := newSandbox(t, Config{})
	for name, c := range map[string]struct {
		code   []byte
		status int
		trap   string
	}{
		"returns":    {nil, 0, ""},
		"exits 3":    {[]byte{0x41, 3, 0x10, 0}, 3, ""},
		"exits -1":   {[]byte{0x41, 0x7f, 0x10, 0}, 255, ""},                         // 0xffffffff
		"exits efff": {[]byte{0x41, 0xff, 0xff, 0xff, 0xff, 0x7e, 0x10, 0}, 255, ""}, // 0xefffffff
		"traps":      {[]byte{0x00}, ExitTrap, "unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := testRuntime(t).Load(t.Context(), command(c.code...))
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			r, err := sb.RunProgram(t.Context(), p, Cmd{Name: "prog"})
			if err != nil || r.ExitCode != c.status || r.Trap != c.trap || r.Limit != nil {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// THREAT[EN-09] [M6] [M7] [M8]: what can't be run is refused, and says why.
func TestProgramRefused(t *testing.T) {
	good := command()
	for name, c := range map[string]struct {
		wasm []byte
		says string
	}{
		"empty":          {nil, "load program: "},
		"text":           {[]byte("#!/bin/sh\necho\n"), "load program: "},
		"cut":            {good[:len(good)-3], "load program: "},
		"no _start":      {[]byte(strings.Replace(string(good), "_start", "_stort", 1)), "no function _start"},
		"unknown import": {[]byte(strings.Replace(string(good), "proc_exit", "proc_exot", 1)), "wasi_snapshot_preview1.proc_exot"},
		"unknown module": {[]byte(strings.Replace(string(good), "wasi_snapshot_preview1", "wasi_snapshot_preview2", 1)), "wasi_snapshot_preview2.proc_exit"},
		"nested blocks":  {command(slices.Concat(slices.Repeat([]byte{0x02, 0x40}, 25000), slices.Repeat([]byte{0x0b}, 25000))...), "nest"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := testRuntime(t).Load(t.Context(), c.wasm)
			if err == nil {
				p.Close()
				t.Fatal("was loaded")
			}
			if !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q, want %q", err, c.says)
			}
		})
	}
	var vet *image.VetError
	if _, err := testRuntime(t).Load(t.Context(), nil); !errors.As(err, &vet) {
		t.Errorf("not a VetError: %v", err)
	}
}

// THREAT[M8] [EN-03]: what is slow to compile is refused with what to do, which
// helps; and compiling ends with its context.
func TestProgramSlow(t *testing.T) {
	const ifs = 17_600 // 24 s of a compiler
	wasm := command(slices.Repeat([]byte{0x41, 0, 0x04, 0x40, 0x0b}, ifs)...)
	var vet *image.VetError
	p, err := testRuntime(t).Load(t.Context(), wasm)
	if err == nil {
		p.Close()
	}
	if !errors.As(err, &vet) || vet.Kind != image.Slow || !strings.Contains(err.Error(), "let the interpreter run it") {
		t.Errorf("the compiler: %v", err)
	}
	rt := newRuntime(t, RuntimeConfig{Engine: "interpreter"})
	p, err = rt.Load(t.Context(), wasm)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	sb, err := rt.New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer sb.Destroy()
	if r, err := sb.RunProgram(t.Context(), p, Cmd{Name: "prog"}); err != nil || r.ExitCode != 0 || r.Usage.Fuel == 0 {
		t.Errorf("the interpreter: %+v, %v", r, err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel() // and the code is in no cache
	if _, err := testRuntime(t).Load(ctx, command(0x41, 42, 0x1a)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// THREAT[EN-07]: a program that spins is stopped by time and by fuel.
func TestProgramSpins(t *testing.T) {
	p, err := testRuntime(t).Load(t.Context(), command(0x03, 0x40, 0x0c, 0, 0x0b))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	sb := newSandbox(t, Config{})
	r, err := sb.RunProgram(t.Context(), p, Cmd{Name: "prog", FuelLimit: 1000})
	if err != nil || r.Limit == nil || r.Limit.Kind != LimitFuel {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = sb.RunProgram(t.Context(), p, Cmd{Name: "prog", Timeout: 20 * time.Millisecond})
	if err != nil || r.Limit == nil || r.Limit.Kind != LimitTime {
		t.Errorf("%+v, %v", r, err)
	}
}

// A program of another toolchain's shape: Go's own, with arguments, files and
// an exit status.
func TestProgramOfGo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	dir := t.TempDir()
	writeHost(t, dir+"/go.mod", "module prog\ngo 1.26\n")
	writeHost(t, dir+"/main.go", `package main
import ("fmt"; "io"; "os")
func main() {
	in, _ := io.ReadAll(os.Stdin)
	data, err := os.ReadFile("/work/f")
	fmt.Println(os.Args[1:], os.Getenv("A"), string(in), string(data), err)
	os.WriteFile("/work/out", []byte("written"), 0o644)
	_, err = os.ReadFile("/etc/shadow")
	fmt.Println(err)
	os.Exit(5)
}`)
	wasm := filepath.Join(dir, "prog.wasm")
	build := exec.Command("go", "build", "-o", wasm, ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	code, err := os.ReadFile(wasm)
	if err != nil {
		t.Fatal(err)
	}
	p, err := testRuntime(t).Load(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	sb := newSandbox(t, Config{Env: map[string]string{"A": "a"}})
	if err := sb.WriteFile("f", []byte("file")); err != nil {
		t.Fatal(err)
	}
	r, err := sb.RunProgram(t.Context(), p, Cmd{Name: "prog", Args: []string{"x", "y z"}, Stdin: strings.NewReader("in")})
	if err != nil || r.ExitCode != 5 || string(r.Stdout) != "[x y z] a in file <nil>\nopen /etc/shadow: No such file or directory\n" {
		t.Errorf("%+v, %s, %v", r, r.Stdout, err)
	}
	if data, err := sb.ReadFile("out"); err != nil || string(data) != "written" {
		t.Errorf("out: %q, %v", data, err)
	}
}
