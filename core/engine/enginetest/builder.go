package enginetest

import "slices"

// builder writes small modules: enough of the binary format for the suite.
type builder struct {
	types   [][]byte
	imports [][]byte
	funcs   [][]byte // type index
	exports [][]byte
	bodies  [][]byte
	globals [][]byte
	data    [][]byte
	memory  []byte
	table   []byte
	elem    []byte
	start   []byte
	nimport uint32
}

// Value types and opcodes that the suite writes.
const (
	i32 = 0x7f
	i64 = 0x7e
)

// Opcodes.
const (
	opUnreachable  = 0x00
	opLoop         = 0x03
	opEnd          = 0x0b
	opBr           = 0x0c
	opCall         = 0x10
	opCallIndirect = 0x11
	opDrop         = 0x1a
	opLocalGet     = 0x20
	opGlobalGet    = 0x23
	opGlobalSet    = 0x24
	opI32Load      = 0x28
	opI32Store     = 0x36
	opMemorySize   = 0x3f
	opMemoryGrow   = 0x40
	opI32Const     = 0x41
	opI64Const     = 0x42
	opI32Add       = 0x6a
	opI32DivS      = 0x6d
)

func uleb(n uint32) []byte {
	var b []byte
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}

func sleb(n int64) []byte {
	var b []byte
	for {
		c := byte(n & 0x7f)
		n >>= 7
		if n == 0 && c&0x40 == 0 || n == -1 && c&0x40 != 0 {
			return append(b, c)
		}
		b = append(b, c|0x80)
	}
}

func name(s string) []byte { return append(uleb(uint32(len(s))), s...) }

// typ adds a function type and returns its index.
func (b *builder) typ(params, results []byte) uint32 {
	t := slices.Concat([]byte{0x60}, uleb(uint32(len(params))), params, uleb(uint32(len(results))), results)
	b.types = append(b.types, t)
	return uint32(len(b.types) - 1)
}

// imports a function; all imports come before all functions.
func (b *builder) hostFunc(module, fn string, params, results []byte) uint32 {
	t := b.typ(params, results)
	b.imports = append(b.imports, slices.Concat(name(module), name(fn), []byte{0}, uleb(t)))
	b.nimport++
	return b.nimport - 1
}

// fn adds a function, exported if it has a name, and returns its index.
func (b *builder) fn(export string, params, results []byte, code ...[]byte) uint32 {
	t := b.typ(params, results)
	b.funcs = append(b.funcs, uleb(t))
	body := slices.Concat([]byte{0}, slices.Concat(code...), []byte{opEnd})
	b.bodies = append(b.bodies, slices.Concat(uleb(uint32(len(body))), body))
	index := b.nimport + uint32(len(b.funcs)) - 1
	if export != "" {
		b.exports = append(b.exports, slices.Concat(name(export), []byte{0}, uleb(index)))
	}
	return index
}

// mem adds the memory, exported, of some pages.
func (b *builder) mem(pages, most uint32) {
	b.memory = slices.Concat([]byte{1, 1}, uleb(pages), uleb(most))
	b.exports = append(b.exports, slices.Concat(name("memory"), []byte{2, 0}))
}

// global adds a mutable i32 and returns its index.
func (b *builder) global(value int64) uint32 {
	b.globals = append(b.globals, slices.Concat([]byte{i32, 1, opI32Const}, sleb(value), []byte{opEnd}))
	return uint32(len(b.globals) - 1)
}

func (b *builder) text(offset int64, text string) {
	b.data = append(b.data, slices.Concat([]byte{0, opI32Const}, sleb(offset), []byte{opEnd}, name(text)))
}

func op(code byte, operand ...[]byte) []byte {
	return append([]byte{code}, slices.Concat(operand...)...)
}

func constant(v int64) []byte { return op(opI32Const, sleb(v)) }

// load and store are 32 bits wide; the address is on the stack.
func load() []byte  { return []byte{opI32Load, 2, 0} }
func store() []byte { return []byte{opI32Store, 2, 0} }

func (b *builder) build() []byte {
	out := []byte("\x00asm\x01\x00\x00\x00")
	section := func(id byte, items [][]byte) {
		if len(items) == 0 {
			return
		}
		body := slices.Concat(uleb(uint32(len(items))), slices.Concat(items...))
		out = slices.Concat(out, []byte{id}, uleb(uint32(len(body))), body)
	}
	raw := func(id byte, body []byte) {
		if len(body) > 0 {
			out = slices.Concat(out, []byte{id}, uleb(uint32(len(body))), body)
		}
	}
	section(1, b.types)
	section(2, b.imports)
	section(3, b.funcs)
	raw(4, b.table)
	raw(5, b.memory)
	section(6, b.globals)
	section(7, b.exports)
	raw(8, b.start)
	raw(9, b.elem)
	section(10, b.bodies)
	section(11, b.data)
	return out
}
