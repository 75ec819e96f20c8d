package platform

import (
	"slices"
	"strconv"
	"testing"

	"agentsandbox/core/image"
)

func fn(module, name string, params, results []image.ValType) image.Import {
	return image.Import{Module: module, Name: name, Extern: image.Extern{Params: params, Results: results}}
}

// The bridge exports a function of the right type for each import, and imports
// what the glue provides.
func TestBridge(t *testing.T) {
	imports := []image.Import{
		fn("m", "none", nil, nil),
		fn("m", "mixed", []image.ValType{image.I32, image.I64}, []image.ValType{image.I64}),
		{Module: "m", Name: "memory", Extern: image.Extern{Kind: image.ExternMemory}},
		fn("n", "nine", slices.Repeat([]image.ValType{image.I32}, 9), []image.ValType{image.I32}),
	}
	wasm, err := Bridge(imports)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := image.Parse(wasm, image.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	info := parsed.Inspect()
	for i, want := range []image.Import{imports[0], imports[1], imports[3]} {
		got := info.Exports[i]
		if got.Name != strconv.Itoa(i) || !slices.Equal(got.Params, want.Params) || !slices.Equal(got.Results, want.Results) {
			t.Errorf("export %d is %v, want the type of %v", i, got, want)
		}
	}
	var names []string
	for _, im := range info.Imports {
		names = append(names, im.Module+"."+im.Name)
	}
	want := []string{"go.agentsandbox_call", "go.agentsandbox_wide", "glue.unwind", "glue.opaque",
		"glue.handle", "index.0", "index.1", "index.2"}
	if !slices.Equal(names, want) {
		t.Errorf("it imports %v, want %v", names, want)
	}
}

func TestBridgeRefuses(t *testing.T) {
	for name, im := range map[string]image.Import{
		"ten parameters": fn("m", "f", slices.Repeat([]image.ValType{image.I32}, 10), nil),
		"a float":        fn("m", "f", []image.ValType{image.F64}, nil),
		"two results":    fn("m", "f", nil, []image.ValType{image.I32, image.I32}),
		"a float result": fn("m", "f", nil, []image.ValType{image.F32}),
	} {
		if _, err := Bridge([]image.Import{im}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestGiven(t *testing.T) {
	if name, ok := given(Given("toolbox")); !ok || name != "toolbox" {
		t.Errorf("got %q, %v", name, ok)
	}
	for _, wasm := range []string{"", "\x00asm\x01\x00\x00\x00", "given:x"} {
		if name, ok := given([]byte(wasm)); ok {
			t.Errorf("%q was given as %q", wasm, name)
		}
	}
}
