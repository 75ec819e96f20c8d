package xz

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	codec "agentsandbox/toolbox/codec/xz"
	"agentsandbox/toolbox/repack"
	"agentsandbox/toolbox/tool"
)

// totals are the figures of a line of -l.
type totals struct {
	streams, blocks  int
	packed, unpacked int64
	checks           uint32
}

func (r *runner) listAll(names []string) error {
	var all totals
	files := 0
	for _, name := range names {
		if name == "-" {
			r.fail("--list does not support reading from standard input")
			continue
		}
		one, ok, err := r.measure(name)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		if files++; files == 1 {
			fmt.Fprintln(r.out, "Strms  Blocks   Compressed Uncompressed  Ratio  Check   Filename")
		}
		r.line(one, name)
		all.streams += one.streams
		all.blocks += one.blocks
		all.packed += one.packed
		all.unpacked += one.unpacked
		all.checks |= one.checks
	}
	if files > 1 {
		fmt.Fprintln(r.out, strings.Repeat("-", 79))
		r.line(all, strconv.Itoa(files)+" files")
	}
	return nil
}

// measure decompresses a file to count what it holds.
func (r *runner) measure(name string) (t totals, ok bool, err error) {
	if !r.regular(name) {
		return t, false, nil
	}
	in, err := r.x.Open(name)
	if err != nil {
		r.fail("%s: %s", name, tool.ErrText(err))
		return t, false, nil
	}
	defer in.Close()
	info, err := in.Stat()
	if err == nil && info.Size < smallest {
		r.fail("%s: Too small to be a valid .xz file", name)
		return t, false, nil
	}
	z, err := codec.NewReader(repack.Reader(r.ctx, in))
	var n int64
	if err == nil {
		n, err = io.Copy(io.Discard, z)
	}
	if err != nil {
		return t, false, r.report(name, err)
	}
	return totals{z.Streams, z.Blocks, info.Size, n, z.Checks}, true, nil
}

// smallest is the size of a file with nothing in it.
const smallest = 32

func (r *runner) line(t totals, name string) {
	ratio := "---"
	if v := float64(t.packed) / float64(t.unpacked); v <= 9.999 {
		ratio = fmt.Sprintf("%.3f", v)
	}
	fmt.Fprintf(r.out, "%5d %7d  %11s  %11s  %5s  %-7s %s\n", t.streams, t.blocks, size(t.packed), size(t.unpacked), ratio, checkNames(t.checks), name)
}

// size renders bytes for people.
func size(n int64) string {
	if n < 10000 {
		return strconv.FormatInt(n, 10) + " B"
	}
	v, unit := float64(n)/1024, 0
	for v > 9999.9 && unit < 3 {
		v /= 1024
		unit++
	}
	return strconv.FormatFloat(v, 'f', 1, 64) + " " + [...]string{"KiB", "MiB", "GiB", "TiB"}[unit]
}

func checkNames(set uint32) string {
	var names []string
	for _, c := range []struct {
		check codec.Check
		name  string
	}{{codec.CheckNone, "None"}, {codec.CheckCRC32, "CRC32"}, {codec.CheckCRC64, "CRC64"}, {codec.CheckSHA256, "SHA-256"}} {
		if set&(1<<c.check) != 0 {
			names = append(names, c.name)
		}
	}
	return strings.Join(names, ",")
}
