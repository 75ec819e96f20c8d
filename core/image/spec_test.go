package image

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// roomy are limits that the specification's modules, which go to the edge of
// what there is, stay within.
func roomy() Limits {
	l := DefaultLimits()
	l.MemoryPages, l.TableElements = maxPages, noCeiling
	return l
}

// THREAT[EN-01] what the specification calls malformed or invalid is refused, by
// us or, where types do not match, by the engine behind us.
func TestSpecRefused(t *testing.T) {
	ctx := context.Background()
	rt := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithCoreFeatures(api.CoreFeaturesV2))
	defer rt.Close(ctx)
	for _, version := range []string{"v1", "v2"} {
		for name, s := range scripts(t, version) {
			for i := range s.Commands {
				c := &s.Commands[i]
				wasm := s.wasm(t, c)
				if wasm == nil || c.Type != "assert_malformed" && c.Type != "assert_invalid" {
					continue
				}
				for what, got := range rewritten(t, wasm) {
					if _, err := rt.CompileModule(ctx, got); err == nil && !laterValid[fmt.Sprintf("%s/%s:%d", version, name, c.Line)] {
						t.Errorf("%s/%s:%d: %s (%s) is accepted, %s", version, name, c.Line, c.Filename, c.Text, what)
					}
				}
			}
		}
	}
}

// laterValid are things that version 1 of the specification forbids and
// version 2, which is what we accept, does not.
var laterValid = map[string]bool{
	"v1/unreached-invalid:539": true,
	"v1/imports:318":           true, // two tables
	"v1/func:493":              true, // several results
	"v1/func:497":              true,
	"v1/type:53":               true,
	"v1/type:57":               true,
}

// rewritten returns what becomes of a module in the ways of this package; it is
// empty for one that is refused.
func rewritten(t testing.TB, wasm []byte) map[string][]byte {
	t.Helper()
	m, err := Parse(wasm, roomy())
	if err != nil {
		if !errors.As(err, new(*VetError)) {
			t.Errorf("the error is %T: %v", err, err)
		}
		return nil
	}
	out := map[string][]byte{"encoded": m.Encode()}
	if err := m.Meter(MeterOptions{Stack: 1 << 30}); err == nil {
		out["metered"] = m.Encode()
	}
	return out
}

// A metered module does what the original does, on both engines, with the
// same count of fuel.
func TestSpecMetered(t *testing.T) {
	for _, version := range []string{"v1", "v2"} {
		for name, s := range scripts(t, version) {
			t.Run(version+"/"+name, func(t *testing.T) {
				t.Parallel()
				if testing.Short() && (strings.HasPrefix(name, "simd") || len(s.Commands) > 1000) {
					t.Skip("long")
				}
				original := play(t, s, wazero.NewRuntimeConfigInterpreter(), false)
				interpreted := play(t, s, wazero.NewRuntimeConfigInterpreter(), true)
				compiled := play(t, s, wazero.NewRuntimeConfig(), true)
				for i, c := range s.Commands {
					if original.results[i] != interpreted.results[i] {
						t.Errorf("line %d, %s %s: %s, metered %s", c.Line, c.Type, c.Action.Field, original.results[i], interpreted.results[i])
					}
					if c.Type == "assert_exhaustion" {
						break // how deep it goes is the engine's own
					}
					if interpreted.fuel[i] != compiled.fuel[i] {
						t.Fatalf("line %d: %d units of fuel interpreted, %d compiled", c.Line, interpreted.fuel[i], compiled.fuel[i])
					}
				}
			})
		}
	}
}

// player runs a script and notes what each command gives.
type player struct {
	ctx     context.Context
	rt      wazero.Runtime
	meter   bool
	named   map[string]api.Module
	last    api.Module
	all     []api.Module
	granted int64
	results []string
	fuel    []int64
}

func play(t *testing.T, s *script, config wazero.RuntimeConfig, meter bool) *player {
	ctx := context.Background()
	p := &player{ctx: ctx, meter: meter, named: map[string]api.Module{}}
	p.rt = wazero.NewRuntimeWithConfig(ctx, config.WithCoreFeatures(api.CoreFeaturesV2))
	defer p.rt.Close(ctx)
	p.host(t)
	for i := range s.Commands {
		result, err := p.command(s.wasm(t, &s.Commands[i]), s.Commands, i)
		if err != nil {
			result = "error: " + reason(err)
		}
		p.results = append(p.results, result)
		p.fuel = append(p.fuel, p.used())
	}
	return p
}

// host provides what the scripts import.
func (p *player) host(t *testing.T) {
	wasm, err := os.ReadFile(filepath.Join(wazeroDir(t), specDir, "testdata", "spectest.wasm"))
	if err != nil {
		t.Skip("the specification's host module is not at hand")
	}
	config := wazero.NewModuleConfig().WithName("spectest")
	if _, err := p.rt.InstantiateWithConfig(p.ctx, wasm, config); err != nil {
		t.Fatal(err)
	}
	p.named["spectest"] = p.rt.Module("spectest")
	refuel := func(_ context.Context, m api.Module, _ []uint64) {
		checkStack(m)
		g := m.ExportedGlobal(FuelGlobal).(api.MutableGlobal)
		const slice = 1_000_000
		g.Set(g.Get() + slice)
		p.granted += slice
	}
	_, err = p.rt.NewHostModuleBuilder(FuelModule).NewFunctionBuilder().
		WithGoModuleFunction(api.GoModuleFunc(refuel), nil, nil).Export(FuelFunc).Instantiate(p.ctx)
	if err != nil {
		t.Fatal(err)
	}
}

// used is the fuel that all modules have used.
func (p *player) used() int64 {
	used := p.granted
	for _, m := range p.all {
		if g := m.ExportedGlobal(FuelGlobal); g != nil {
			used -= int64(g.Get())
		}
	}
	return used
}

func (p *player) command(wasm []byte, all []command, i int) (string, error) {
	switch c := &all[i]; c.Type {
	case "module":
		return "", p.instantiate(wasm, all, i)
	case "assert_uninstantiable", "assert_unlinkable":
		return "", p.instantiate(wasm, nil, 0)
	case "register", "assert_malformed", "assert_invalid":
		return "", nil
	default:
		return p.act(&c.Action)
	}
}

func (p *player) instantiate(wasm []byte, all []command, i int) error {
	if wasm == nil {
		return errors.New("text")
	}
	if p.meter {
		m, err := Parse(wasm, roomy())
		if err != nil {
			return err
		}
		if err := m.Meter(MeterOptions{Stack: 1 << 30}); err != nil {
			return err
		}
		wasm = m.Encode()
	}
	mod, err := p.rt.InstantiateWithConfig(p.ctx, wasm, wazero.NewModuleConfig().WithName(registered(all, i)).WithStartFunctions())
	if err != nil {
		return err
	}
	p.all = append(p.all, mod)
	if all != nil {
		p.last = mod
		p.named[all[i].Name] = mod
	}
	return nil
}

// registered is the name by which others will import the module of command i.
func registered(all []command, i int) string {
	for j := i + 1; j < len(all); j++ {
		c := &all[j]
		switch {
		case c.Type == "register" && (c.Name == all[i].Name || c.Name == ""):
			return c.As
		case c.Type == "module" && all[i].Name == "":
			return ""
		}
	}
	return ""
}

func (p *player) act(a *action) (string, error) {
	mod := p.last
	if a.Module != "" {
		mod = p.named[a.Module]
	}
	if mod == nil {
		return "no module", nil
	}
	if a.Type == "get" {
		return fmt.Sprint(mod.ExportedGlobal(a.Field).Get()), nil
	}
	var params []uint64
	for _, v := range a.Args {
		params = append(params, v.bits()...)
	}
	results, err := mod.ExportedFunction(a.Field).Call(p.ctx, params...)
	return fmt.Sprint(results), err
}

// bits is the value as the engine takes it.
func (v value) bits() []uint64 {
	if v.Type != "v128" {
		s, _ := v.Value.(string)
		n, _ := strconv.ParseUint(s, 10, 64)
		if v.Type == "externref" {
			n++ // 0 is null
		}
		return []uint64{n}
	}
	lanes, _ := v.Value.([]any)
	width := 128 / len(lanes)
	out := make([]uint64, 2)
	for i, lane := range lanes {
		n, _ := strconv.ParseUint(lane.(string), 10, 64)
		out[i*width/64] |= n << (i * width % 64)
	}
	return out
}

// reason is an error without what names functions by number.
func reason(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	if i := strings.Index(first, "wasm error:"); i >= 0 {
		first = first[i:]
	}
	return first
}

// THREAT[EN-13] modules of the proposals that we do not run are refused by
// name.
func TestProposalsRefused(t *testing.T) {
	for dir, names := range map[string][]string{
		"threads":                   {"threads"},
		"tail-call":                 {"tail calls"},
		"exception-handling":        {"exceptions", "tail calls", "typed function references", "garbage collection"},
		"extended-const":            {"extended constant expressions"},
		"typed-function-references": {"typed function references", "garbage collection", "tail calls"},
	} {
		refused := 0
		for name, s := range scripts(t, dir) {
			for i := range s.Commands {
				c := &s.Commands[i]
				wasm := s.wasm(t, c)
				if wasm == nil || c.Type != "module" {
					continue
				}
				_, err := Parse(wasm, roomy())
				var vet *VetError
				if err == nil {
					continue // it does without
				}
				refused++
				if !errors.As(err, &vet) || vet.Kind != Unsupported ||
					!slices.ContainsFunc(names, func(n string) bool { return strings.Contains(err.Error(), n) }) {
					t.Errorf("%s/%s:%d: %s: %v", dir, name, c.Line, c.Filename, err)
				}
			}
		}
		if refused == 0 {
			t.Errorf("%s: nothing is refused", dir)
		}
	}
}
