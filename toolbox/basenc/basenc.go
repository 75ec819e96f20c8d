// Package basenc is what base64 and base32 have in common: text that stands
// for bytes, in groups of characters, broken into lines.
package basenc

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/bits"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Codec is an encoding.
type Codec struct {
	// Alphabet holds the characters by value.
	Alphabet string
	// Chars is how many characters stand for a group of Bytes bytes.
	Chars, Bytes int
	// Partial says that a group that breaks off gives the bytes it has.
	Partial bool
	// Encode appends the encoding of src, padded, to dst.
	Encode func(dst, src []byte) []byte
	// Decode, if not nil, turns a whole group of characters, by value, into
	// bytes; ok is false for one that stands for none. Without it each
	// character stands for the same number of bits.
	Decode func(dst []byte, values []byte) (out []byte, ok bool)
	// Whole says that there must be whole groups only.
	Whole bool
}

// Choice is an option that chooses a codec.
type Choice struct {
	Option string
	Codec
}

// run is one run.
type run struct {
	codec   Codec
	choices []Choice
	decode  bool
	ignore  bool // garbage
	wrap    int  // columns, 0 for one line

	w *bufio.Writer
}

// Run runs the command of a codec.
func Run(ctx context.Context, x *tool.Exec, codec Codec) error {
	r := run{codec: codec, wrap: 76, w: x.Writer()}
	return r.run(ctx, x)
}

// RunChoice runs the command whose options choose a codec.
func RunChoice(ctx context.Context, x *tool.Exec, choices []Choice) error {
	r := run{choices: choices, wrap: 76, w: x.Writer()}
	return r.run(ctx, x)
}

func (r *run) run(ctx context.Context, x *tool.Exec) error {
	name, err := r.parse(x)
	if err != nil {
		return err
	}
	f, closeFile, err := x.OpenInput(name)
	if err != nil {
		return x.Fail(1, "%s: %s", tool.QuoteFile(name), tool.ErrText(err))
	}
	defer closeFile()
	if r.decode {
		err = r.decodeAll(ctx, f)
	} else {
		err = r.encodeAll(ctx, f)
	}
	if flushErr := r.w.Flush(); flushErr != nil {
		return flushErr
	}
	if tool.ReadFailed(err) {
		return x.Fail(1, "read error: %s", tool.ErrText(err))
	}
	return err
}

func (r *run) parse(x *tool.Exec) (name string, err error) {
	f := tool.NewFlags(x)
	f.BoolVar(&r.decode, true, 'd', "decode")
	f.BoolVar(&r.ignore, true, 'i', "ignore-garbage")
	f.Func('w', "wrap", func(s string) error {
		n, err := tool.ParseSize(s, "")
		if err != nil && n == 0 {
			return fmt.Errorf("invalid wrap size: %s", tool.QuoteText(s))
		}
		if r.wrap = int(n); err != nil || r.wrap < 0 {
			r.wrap = 0 // wider than any text
		}
		return nil
	})
	for _, c := range r.choices {
		f.Switch(0, c.Option, func() { r.codec = c.Codec })
	}
	names, err := f.Parse()
	switch {
	case err != nil:
		return "", err
	case r.codec.Encode == nil:
		return "", f.Errorf("missing encoding type")
	case len(names) > 1:
		return "", f.Errorf("extra operand %s", tool.QuoteText(names[1]))
	case len(names) == 0:
		return "-", nil
	}
	return names[0], nil
}

func (r *run) decodeAll(ctx context.Context, f *tool.File) error {
	d := r.decoder()
	err := tool.Blocks(ctx, f, func(block []byte) error {
		if err := d.block(block); err != nil {
			return err
		}
		return r.w.Flush()
	})
	if err != nil {
		return err
	}
	return d.end()
}

func (r *run) encodeAll(ctx context.Context, f *tool.File) error {
	var held, text []byte // a group that is not whole; its encoding
	column := 0
	err := tool.Blocks(ctx, f, func(block []byte) error {
		held = append(held, block...)
		whole := len(held) - len(held)%r.codec.Bytes
		if r.codec.Whole && len(held) != whole && len(held) < wholeBlock {
			return nil // it may turn out not to be whole
		}
		text = r.codec.Encode(text[:0], held[:whole])
		held = held[:copy(held, held[whole:])]
		column = r.lines(text, column)
		return r.w.Flush()
	})
	if err != nil {
		return err
	}
	if r.codec.Whole && len(held)%r.codec.Bytes > 0 {
		return errNotWhole
	}
	column = r.lines(r.codec.Encode(text[:0], held), column)
	if r.wrap > 0 && column > 0 {
		r.w.WriteByte('\n')
	}
	return nil
}

// wholeBlock is how much a codec of whole groups waits for what is missing.
const wholeBlock = 4200

// lines writes text in lines, the first of which has begun already.
func (r *run) lines(text []byte, column int) int {
	if r.wrap == 0 {
		r.w.Write(text)
		return 0
	}
	for len(text) > 0 {
		if column == r.wrap {
			r.w.WriteByte('\n')
			column = 0
		}
		n := min(r.wrap-column, len(text))
		r.w.Write(text[:n])
		text = text[n:]
		column += n
	}
	return column
}

// decoder turns characters back into bytes.
type decoder struct {
	codec  Codec
	ignore bool
	bits   int       // of a character
	value  [256]int8 // of a character, -1 for none
	group  []byte
	w      *bufio.Writer
}

func (r *run) decoder() *decoder {
	d := &decoder{codec: r.codec, ignore: r.ignore, w: r.w, bits: bits.Len(uint(len(r.codec.Alphabet) - 1))}
	for i := range d.value {
		d.value[i] = -1
	}
	for i, c := range []byte(r.codec.Alphabet) {
		d.value[c] = int8(i)
	}
	return d
}

// errInvalid is what a text that is no encoding ends with.
var errInvalid = errors.New("invalid input")

// errNotWhole is what bytes that can't be encoded end with.
var errNotWhole = errors.New("invalid input (length must be multiple of 4 characters)")

func (d *decoder) block(block []byte) error {
	for _, c := range block {
		if c == '\n' || d.ignore && d.value[c] < 0 && c != '=' {
			continue
		}
		d.group = append(d.group, c)
		if len(d.group) == d.codec.Chars {
			if err := d.decode(); err != nil {
				return err
			}
		}
	}
	return nil
}

// end decodes what is left, which is not a whole group.
func (d *decoder) end() error {
	if len(d.group) == 0 {
		return nil
	}
	if d.codec.Partial {
		d.decode()
	}
	return errInvalid
}

// decode writes the bytes of a group: as many as its characters make before
// the padding or what is wrong.
func (d *decoder) decode() error {
	group := string(d.group)
	d.group = d.group[:0]
	if d.codec.Decode != nil {
		return d.decodeGroup(group)
	}
	text := strings.TrimRight(group, "=")
	acc, have := uint64(0), 0
	for i := range len(text) {
		v := d.value[text[i]]
		if v < 0 {
			return errInvalid
		}
		acc = acc<<d.bits | uint64(v)
		if have += d.bits; have >= 8 {
			have -= 8
			d.w.WriteByte(byte(acc >> have))
		}
	}
	if len(group) < d.codec.Chars || !d.padded(len(text)) {
		return errInvalid
	}
	return nil
}

// decodeGroup decodes a group in the codec's own way.
func (d *decoder) decodeGroup(group string) error {
	values := make([]byte, len(group))
	for i := range len(group) {
		v := d.value[group[i]]
		if v < 0 {
			return errInvalid
		}
		values[i] = byte(v)
	}
	out, ok := d.codec.Decode(nil, values)
	if !ok || len(group) < d.codec.Chars {
		return errInvalid
	}
	d.w.Write(out)
	return nil
}

// padded reports whether a group of n characters and padding is one that an
// encoder makes: one that ends within its last byte.
func (d *decoder) padded(n int) bool {
	for bytes := 1; bytes <= d.codec.Bytes; bytes++ {
		if n == (bytes*d.codec.Chars+d.codec.Bytes-1)/d.codec.Bytes {
			return true
		}
	}
	return false
}
