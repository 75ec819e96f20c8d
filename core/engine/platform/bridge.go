package platform

import (
	"fmt"
	"slices"
	"strconv"

	"agentsandbox/core/image"
)

// maxParams is how many parameters a host function may have.
const maxParams = 9

// Bridge makes the module that stands between a guest with these imports and
// the Go program. For the guest's k-th imported function it exports a function
// of that type, named by k, which
//
//   - makes sure that there is stack left for Go to run on, since an overflow
//     inside Go would leave Go in pieces; here it ends the guest;
//   - calls agentsandbox_call with the instance's handle, the number of the host
//     function and the parameters as 64 bits each;
//   - calls glue.unwind, which throws, if the status says so, and else returns
//     the result.
//
// A bridge is instantiated for each instance of the guest: the handle and the
// numbers of the host functions are globals that it imports (glue.handle, index.k).
// So it depends on the guest alone and can be made when the guest is built, for
// hosts where nothing can be compiled at run time.
func Bridge(imports []image.Import) ([]byte, error) {
	b := bridge{}
	for _, im := range imports {
		if im.Kind != image.ExternFunc {
			continue
		}
		if err := b.check(im); err != nil {
			return nil, err
		}
		b.stubs = append(b.stubs, im)
	}
	return b.encode(), nil
}

type bridge struct {
	stubs []image.Import
	types [][]byte
}

func (b *bridge) check(im image.Import) error {
	number := func(t image.ValType) bool { return t == image.I32 || t == image.I64 }
	if len(im.Params) > maxParams || len(im.Results) > 1 ||
		slices.ContainsFunc(slices.Concat(im.Params, im.Results), func(t image.ValType) bool { return !number(t) }) {
		return fmt.Errorf("import %s.%s has a type that no host function has", im.Module, im.Name)
	}
	return nil
}

// Value types and opcodes that the bridge is written in.
const (
	i32 = byte(image.I32)
	i64 = byte(image.I64)

	opUnreachable = 0x00
	opIf          = 0x04
	opEnd         = 0x0b
	opCall        = 0x10
	opLocalGet    = 0x20
	opLocalSet    = 0x21
	opLocalTee    = 0x22
	opGlobalGet   = 0x23
	opI32Const    = 0x41
	opI64Const    = 0x42
	opI32LtS      = 0x48
	opI32Sub      = 0x6b
	opI64ShrU     = 0x88
	opI32Wrap     = 0xa7
	opI64ExtendU  = 0xad

	emptyBlock = 0x40
)

// Indices of the imports, which come in this order.
const (
	funcCall   = 0 // (handle, index, nine times i64) -> status<<32 | result
	funcWide   = 1 // (handle) -> the i64 result of the call before
	funcUnwind = 2 // throws
	funcOpaque = 3 // () -> i64: of the probe
	funcProbe  = 4 // the first function of the bridge itself

	globalHandle = 0
	firstIndex   = 1
)

// The stack that the bridge makes sure of, in frames of the probe.
const (
	probeSlots = 2048 // 8 bytes each
	probeDepth = 12   // 192 KiB
)

func (b *bridge) encode() []byte {
	none := b.typ(nil, nil)
	call := b.typ(append([]byte{i32, i32}, slices.Repeat([]byte{i64}, maxParams)...), []byte{i64})
	wide := b.typ([]byte{i32}, []byte{i64})
	opaque := b.typ(nil, []byte{i64})
	probe := b.typ([]byte{i32}, nil)

	imports := [][]byte{
		importFunc("go", "agentsandbox_call", call),
		importFunc("go", "agentsandbox_wide", wide),
		importFunc("glue", "unwind", none),
		importFunc("glue", "opaque", opaque),
		importGlobal("glue", "handle"),
	}
	funcs, bodies := [][]byte{uleb(probe)}, [][]byte{probeBody()}
	exports := [][]byte{}
	for k, im := range b.stubs {
		imports = append(imports, importGlobal("index", strconv.Itoa(k)))
		funcs = append(funcs, uleb(b.typ(valTypes(im.Params), valTypes(im.Results))))
		bodies = append(bodies, stubBody(im, uint32(firstIndex+k)))
		exports = append(exports, slices.Concat(name(strconv.Itoa(k)), []byte{0}, uleb(uint32(funcProbe+1+k))))
	}
	out := []byte("\x00asm\x01\x00\x00\x00")
	for _, s := range []struct {
		id    byte
		items [][]byte
	}{{1, b.types}, {2, imports}, {3, funcs}, {7, exports}, {10, bodies}} {
		body := slices.Concat(uleb(uint32(len(s.items))), slices.Concat(s.items...))
		out = slices.Concat(out, []byte{s.id}, uleb(uint32(len(body))), body)
	}
	return out
}

// stubBody is one exported function.
func stubBody(im image.Import, index uint32) []byte {
	n := len(im.Params)
	code := slices.Concat([]byte{opI32Const, probeDepth, opCall, funcProbe,
		opGlobalGet, globalHandle, opGlobalGet}, uleb(index))
	for i := range maxParams {
		switch {
		case i >= n:
			code = append(code, opI64Const, 0)
		case im.Params[i] == image.I32:
			code = append(code, opLocalGet, byte(i), opI64ExtendU)
		default:
			code = append(code, opLocalGet, byte(i))
		}
	}
	status := byte(n)
	code = append(code, opCall, funcCall, opLocalTee, status,
		opI64Const, 32, opI64ShrU, opI32Wrap,
		opIf, emptyBlock, opCall, funcUnwind, opUnreachable, opEnd)
	switch {
	case len(im.Results) == 0:
	case im.Results[0] == image.I32:
		code = append(code, opLocalGet, status, opI32Wrap)
	default:
		code = append(code, opGlobalGet, globalHandle, opCall, funcWide)
	}
	return function([]byte{1, 1, i64}, append(code, opEnd))
}

// probeBody is a function whose frame is large, and which calls itself, so that
// it runs out of stack if Go might. Its locals are filled on a path that is never
// taken, each from a call and all alive at once, so that every compiler gives them room in
// the frame and none spends time on them.
func probeBody() []byte {
	const depth, first = 0, 1
	code := []byte{opGlobalGet, globalHandle, opI32Const, 0, opI32LtS, opIf, emptyBlock}
	for i := range uint32(probeSlots) {
		code = append(append(code, opCall, funcOpaque, opLocalSet), uleb(first+i)...)
	}
	for i := range uint32(probeSlots) {
		code = append(append(code, opLocalGet), uleb(first+i)...)
		code = append(code, opI32Wrap, opCall, funcProbe)
	}
	code = append(code, opEnd,
		opLocalGet, depth, opIf, emptyBlock,
		opLocalGet, depth, opI32Const, 1, opI32Sub, opCall, funcProbe,
		opEnd, opEnd)
	return function(slices.Concat([]byte{1}, uleb(probeSlots), []byte{i64}), code)
}

// function is a body with its locals.
func function(locals, code []byte) []byte {
	return slices.Concat(uleb(uint32(len(locals)+len(code))), locals, code)
}

// typ is the index of a function type.
func (b *bridge) typ(params, results []byte) uint32 {
	t := slices.Concat([]byte{0x60}, uleb(uint32(len(params))), params, uleb(uint32(len(results))), results)
	for i, have := range b.types {
		if slices.Equal(have, t) {
			return uint32(i)
		}
	}
	b.types = append(b.types, t)
	return uint32(len(b.types) - 1)
}

func valTypes(types []image.ValType) []byte {
	out := make([]byte, len(types))
	for i, t := range types {
		out[i] = byte(t)
	}
	return out
}

func importFunc(module, field string, typ uint32) []byte {
	return slices.Concat(name(module), name(field), []byte{0}, uleb(typ))
}

// importGlobal imports an immutable i32.
func importGlobal(module, field string) []byte {
	return slices.Concat(name(module), name(field), []byte{3, i32, 0})
}

func name(s string) []byte { return append(uleb(uint32(len(s))), s...) }

func uleb(n uint32) []byte {
	var b []byte
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}
