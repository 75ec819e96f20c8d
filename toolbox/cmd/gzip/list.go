package gzip

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"agentsandbox/toolbox/codec"
	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/zone"
)

// lister prints the table of -l.
type lister struct {
	*gzip
	w        *bufio.Writer
	packed   int64
	unpacked int64
	files    int
}

func (g *gzip) listAll(names []string) error {
	l := &lister{gzip: g, w: g.x.Writer()}
	for _, name := range names {
		if err := g.ctx.Err(); err != nil {
			return err
		}
		if err := l.operand(name); err != nil {
			return err
		}
	}
	if l.files > 1 && !g.quiet {
		if g.verbose {
			fmt.Fprint(l.w, "                            ")
		}
		fmt.Fprintf(l.w, "%19d %19d %s (totals)\n", l.packed, l.unpacked, percent(l.unpacked-l.packed, l.unpacked))
	}
	return l.w.Flush()
}

func (l *lister) operand(name string) error {
	if name == "-" {
		return l.entry("stdin", "stdout", 0, l.x.Stdin)
	}
	name, info, ok := l.find(name)
	switch {
	case !ok:
		return nil
	case info.IsDir():
		return l.directory(name)
	}
	f, err := l.x.Open(name)
	if err != nil {
		l.fail("%s: %s", name, tool.ErrText(err))
		return nil
	}
	defer f.Close()
	shown := l.original(name)
	if shown == "" {
		shown = name
	}
	return l.entry(name, shown, info.Mtime/1e9, f)
}

func (l *lister) directory(name string) error {
	if !l.recursive {
		l.warn("%s is a directory -- ignored", name)
		return nil
	}
	entries, err := l.x.ReadDir(name)
	if err != nil {
		l.fail("%s: %s", name, tool.ErrText(err))
	}
	for _, e := range entries {
		if err := l.operand(tool.Join(name, e.Name)); err != nil {
			return err
		}
	}
	return nil
}

// entry prints the line of one stream. The trailer is believed where there is
// one member, as in what gzip itself makes; all is decompressed to be sure.
func (l *lister) entry(name, shown string, mtime int64, r io.Reader) error {
	cr := &countReader{ctx: l.ctx, r: r}
	in := bufio.NewReaderSize(cr, 32<<10)
	z, err := codec.NewGzipReader(in)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		_, err := l.broken(name, err)
		return err
	}
	size, err := io.Copy(io.Discard, z)
	if err != nil && err != codec.ErrGarbage {
		_, err := l.broken(name, err)
		return err
	}
	l.heading()
	l.files++
	l.packed += cr.n
	l.unpacked += size
	if l.name > 0 && z.Header.Name != "" {
		shown = z.Header.Name
	}
	if l.verbose {
		if z.Header.MTime != 0 {
			mtime = int64(z.Header.MTime)
		}
		at := time.Unix(mtime, 0).In(zone.Load(l.x.Getenv("TZ")))
		fmt.Fprintf(l.w, "defla %08x %s ", z.CRC, at.Format("Jan _2 15:04"))
	}
	fmt.Fprintf(l.w, "%19d %19d %s %s\n", cr.n, size, percent(size-(cr.n-headerSize(z.Header)), size), shown)
	return nil
}

func (l *lister) heading() {
	if l.files > 0 || l.quiet {
		return
	}
	if l.verbose {
		fmt.Fprint(l.w, "method  crc     date  time  ")
	}
	fmt.Fprintf(l.w, "%19s %19s  ratio uncompressed_name\n", "compressed", "uncompressed")
}
