// Package digest is what md5sum, sha1sum and their kin have in common:
// checksums of files, written and verified.
package digest

import (
	"bufio"
	"context"
	"encoding/hex"
	"hash"
	"strings"

	"agentsandbox/toolbox/tool"
)

// Algorithm is a checksum.
type Algorithm struct {
	Tag  string // its name in a line of --tag: "SHA256"
	Size int    // bytes
	New  func() hash.Hash
	// Sized, if not nil, is the algorithm with sums of another size; Size is
	// the largest then.
	Sized func(size int) Algorithm
}

// Options is how a run writes and verifies checksums. Several runs may share
// one only if none changes it.
type Options struct {
	Algorithm
	Binary bool
	Tagged bool // BSD style: "MD5 (file) = …"
	Zero   bool // lines end in NUL, and names are not escaped

	Quiet, Status, Strict, Warn, IgnoreMissing bool

	// ByTag finds the algorithm of a tagged line; nil: only Algorithm's own.
	ByTag func(tag string) (Algorithm, bool)
}

// Run runs the command of one algorithm.
func Run(ctx context.Context, x *tool.Exec, a Algorithm) error {
	o := Options{Algorithm: a}
	var text, check bool
	f := tool.NewFlags(x)
	f.Switch('b', "binary", func() { o.Binary, text = true, false })
	f.BoolVar(&check, true, 'c', "check")
	f.BoolVar(&o.Tagged, true, 0, "tag")
	f.Switch('t', "text", func() { o.Binary, text = false, true })
	f.BoolVar(&o.Zero, true, 'z', "zero")
	o.Verifying(f)
	if a.Sized != nil {
		f.Func('l', "length", o.length(x))
	}
	names, err := f.Parse()
	if err != nil {
		return err
	}
	switch {
	case o.Tagged && text:
		return f.Errorf("--tag does not support --text mode")
	case o.Zero && check:
		return f.Errorf("the --zero option is not supported when verifying checksums")
	case o.Tagged && check:
		return f.Errorf("the --tag option is meaningless when verifying checksums")
	case check && (o.Binary || text):
		return f.Errorf("the --binary and --text options are meaningless when verifying checksums")
	}
	if check {
		return o.Check(ctx, x, names)
	}
	if err := o.Misplaced(f); err != nil {
		return err
	}
	return o.Print(ctx, x, names)
}

// length reads the size of a sum in bits; 0 is the usual one.
func (o *Options) length(x *tool.Exec) func(string) error {
	most := o.Algorithm
	return func(v string) error {
		n, err := tool.ParseSize(v, "")
		switch {
		case err != nil || n%8 != 0:
			x.Errorf("invalid length: %s", tool.Quote(v))
			if err != nil {
				return tool.Exit(1)
			}
			return x.Fail(1, "length is not a multiple of 8")
		case n > uint64(8*most.Size):
			x.Errorf("invalid length: %s", tool.Quote(v))
			return x.Fail(1, "maximum digest length for %s is %d bits", tool.QuoteText("BLAKE2b"), 8*most.Size)
		case n > 0:
			o.Algorithm = most.Sized(int(n / 8))
		default:
			o.Algorithm = most
		}
		o.Algorithm.Sized = most.Sized
		return nil
	}
}

// Verifying defines the options of -c.
func (o *Options) Verifying(f *tool.Flags) {
	f.BoolVar(&o.IgnoreMissing, true, 0, "ignore-missing")
	f.Switch(0, "quiet", func() { o.Quiet, o.Status, o.Warn = true, false, false })
	f.Switch(0, "status", func() { o.Status, o.Quiet, o.Warn = true, false, false })
	f.BoolVar(&o.Strict, true, 0, "strict")
	f.Switch('w', "warn", func() { o.Warn, o.Status, o.Quiet = true, false, false })
}

// Misplaced is the error of an option of -c without it.
func (o *Options) Misplaced(f *tool.Flags) error {
	for _, v := range []struct {
		on   bool
		name string
	}{{o.IgnoreMissing, "ignore-missing"}, {o.Status, "status"}, {o.Warn, "warn"}, {o.Quiet, "quiet"}, {o.Strict, "strict"}} {
		if v.on {
			return f.Errorf("the --%s option is meaningful only when verifying checksums", v.name)
		}
	}
	return nil
}

// Print writes the checksum of each file, of standard input for none.
func (o *Options) Print(ctx context.Context, x *tool.Exec, names []string) error {
	w := x.Writer()
	err := x.EachInput(w, names, func(name string, f *tool.File) error {
		sum, err := o.sum(ctx, f)
		if err == nil {
			o.line(w, name, sum)
		}
		return err
	})
	if flushErr := w.Flush(); flushErr != nil {
		return flushErr
	}
	return err
}

func (o *Options) sum(ctx context.Context, f *tool.File) (string, error) {
	h := o.New()
	err := tool.Blocks(ctx, f, func(block []byte) error {
		h.Write(block)
		return nil
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

func (o *Options) line(w *bufio.Writer, name, sum string) {
	if !o.Zero {
		if escaped := escape(name); escaped != name {
			w.WriteByte('\\')
			name = escaped
		}
	}
	switch {
	case o.Tagged:
		w.WriteString(o.Tag + " (" + name + ") = " + sum)
	case o.Binary:
		w.WriteString(sum + " *" + name)
	default:
		w.WriteString(sum + "  " + name)
	}
	if o.Zero {
		w.WriteByte(0)
	} else {
		w.WriteByte('\n')
	}
}

// escape and unescape keep a name within its line.
func escape(name string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`).Replace(name)
}

func unescape(name string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] != '\\' {
			b.WriteByte(name[i])
			continue
		}
		i++
		at := -1
		if i < len(name) {
			at = strings.IndexByte(`n\r`, name[i])
		}
		if at < 0 {
			return "", false
		}
		b.WriteByte("\n\\\r"[at])
	}
	return b.String(), true
}
