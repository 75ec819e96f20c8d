package image

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
)

// goGuest builds testdata/guest for WASI.
func goGuest(t testing.TB) []byte {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a guest")
	}
	file := filepath.Join(t.TempDir(), "guest.wasm")
	build := exec.Command("go", "build", "-ldflags", "-s -w -X runtime.godebugDefault=gcstoptheworld=1", "-o", file, "./testdata/guest")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	wasm, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

// commands runs WASI command modules.
type commands struct {
	ctx     context.Context
	rt      wazero.Runtime
	granted int64
}

func newCommands(t testing.TB, config wazero.RuntimeConfig) *commands {
	t.Helper()
	c := &commands{ctx: context.Background()}
	c.rt = wazero.NewRuntimeWithConfig(c.ctx, config)
	t.Cleanup(func() { c.rt.Close(c.ctx) })
	wasi_snapshot_preview1.MustInstantiate(c.ctx, c.rt)
	refuel := func(_ context.Context, m api.Module, _ []uint64) {
		checkStack(m)
		const slice = 5_000_000
		left := m.ExportedGlobal(FuelGlobal).(api.MutableGlobal)
		left.Set(left.Get() + slice)
		c.granted += slice
	}
	_, err := c.rt.NewHostModuleBuilder(FuelModule).NewFunctionBuilder().
		WithGoModuleFunction(api.GoModuleFunc(refuel), nil, nil).Export(FuelFunc).Instantiate(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *commands) compile(t testing.TB, wasm []byte) wazero.CompiledModule {
	t.Helper()
	compiled, err := c.rt.CompileModule(c.ctx, wasm)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// run returns what the command prints, and its fuel.
func (c *commands) run(t testing.TB, m wazero.CompiledModule, args ...string) (string, int64) {
	t.Helper()
	var out bytes.Buffer
	c.granted = 0
	config := wazero.NewModuleConfig().WithName("").WithStdout(&out).WithStderr(&out).
		WithArgs(append([]string{"guest"}, args...)...).WithStartFunctions()
	mod, err := c.rt.InstantiateModule(c.ctx, m, config)
	if err != nil {
		t.Fatal(err)
	}
	defer mod.Close(c.ctx)
	_, err = mod.ExportedFunction("_start").Call(c.ctx)
	if g := mod.ExportedGlobal(FuelGlobal); g != nil {
		return out.String(), c.granted - int64(g.Get())
	}
	return out.String(), 0
}

// A metered Go program prints what the original does, and takes the same fuel
// each time and on each engine.
func TestGoGuest(t *testing.T) {
	wasm := goGuest(t)
	compiler, interpreter := newCommands(t, wazero.NewRuntimeConfig()), newCommands(t, wazero.NewRuntimeConfigInterpreter())
	withFuel := metered(t, wasm, MeterOptions{Stack: 1 << 30})
	original, fast, slow := compiler.compile(t, wasm), compiler.compile(t, withFuel), interpreter.compile(t, withFuel)
	for _, args := range [][]string{{"nothing", "1"}, {"awk", "3000"}, {"grep", "200"}, {"sort", "500"}, {"json", "50"},
		{"hash", "10000"}, {"gzip", "100"}, {"deep", "200"}, {"alloc", "500"}} {
		want, _ := compiler.run(t, original, args...)
		got, fuel := compiler.run(t, fast, args...)
		if got != want {
			t.Errorf("%q prints %q, metered %q", args, want, got)
		}
		if again, f := compiler.run(t, fast, args...); again != want || f != fuel {
			t.Errorf("%q: %d units of fuel, then %d", args, fuel, f)
		}
		if again, f := interpreter.run(t, slow, args...); again != want || f != fuel {
			t.Errorf("%q: %d units of fuel compiled, %d interpreted", args, fuel, f)
		}
	}
}

// What metering costs: compare original and metered of the same work.
func BenchmarkGuest(b *testing.B) {
	wasm := goGuest(b)
	c := newCommands(b, wazero.NewRuntimeConfig())
	variants := []struct {
		name string
		wasm []byte
	}{
		{"original", wasm},
		{"metered", metered(b, wasm, MeterOptions{})},
		{"depth", metered(b, wasm, MeterOptions{Stack: 1 << 30})},
	}
	for _, work := range [][]string{{"awk", "300000"}, {"grep", "10000"}, {"json", "3000"}, {"gzip", "10000"}, {"alloc", "100000"}, {"loop", "30000000"}} {
		for _, v := range variants {
			compiled := c.compile(b, v.wasm)
			b.Run(work[0]+"/"+v.name, func(b *testing.B) {
				for range b.N {
					c.run(b, compiled, work...)
				}
			})
		}
	}
}

func BenchmarkParse(b *testing.B)  { benchmark(b, func(m *Module) { _ = m }) }
func BenchmarkMeter(b *testing.B)  { benchmark(b, func(m *Module) { m.Meter(MeterOptions{}) }) }
func BenchmarkEncode(b *testing.B) { benchmark(b, func(m *Module) { m.Encode() }) }

// benchmark measures Parse and what comes after.
func benchmark(b *testing.B, then func(*Module)) {
	wasm := goGuest(b)
	b.SetBytes(int64(len(wasm)))
	b.ResetTimer()
	for range b.N {
		m, err := Parse(wasm, DefaultLimits())
		if err != nil {
			b.Fatal(err)
		}
		then(m)
	}
}
