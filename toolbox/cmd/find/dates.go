package find

import (
	"bufio"
	"fmt"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/strftime"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// date shows the directives of times: %a %c %t whole, %Ak %Ck %Tk in parts.
func (f *finder) date(d piece, info vfs.Info) string {
	letter := byte('m')
	switch d.verb {
	case 'a', 'A':
		letter = 'a'
	case 'c', 'C':
		letter = 'c'
	}
	t := time.Unix(0, timeOf(info, letter)).In(f.zone)
	fraction := fmt.Sprintf(".%09d0", t.Nanosecond())
	switch d.kind {
	case 0:
		return strftime.Format("%a %b %e %H:%M:%S", t) + fraction + strftime.Format(" %Y", t)
	case '@':
		return strconv.FormatInt(t.Unix(), 10) + fraction
	case '+':
		return strftime.Format("%Y-%m-%d+%H:%M:%S", t) + fraction
	case 'S', 'T', 'X':
		return strftime.Format("%"+string(d.kind), t) + fraction
	}
	if strings.IndexByte("aAbBcdDeFgGhHIjklmMnprRstuUVwWxyYzZCZ", d.kind) < 0 {
		return "%" + string(d.kind)
	}
	return strftime.Format("%"+string(d.kind), t)
}

// ls makes -ls and -fls.
func (f *finder) ls(out *bufio.Writer) test {
	return func(e *file) (bool, error) {
		info, err := e.stat()
		if err != nil {
			f.failFile(e.path, err)
			return true, nil
		}
		fmt.Fprintf(out, "%9d %6d %s %3d %-8s %-8s %8d %s %s", info.Ino, (tool.DiskBlocks(info)+1)/2,
			filemode.String(info.Mode), info.Nlink, tool.User, tool.Group, info.Size, f.age(info.Mtime), tool.QuoteName(e.path, tool.QuoteEscape, ""))
		if isLink(info.Mode) {
			target, _ := linkTarget(e)
			out.WriteString(" -> " + tool.QuoteName(target, tool.QuoteEscape, ""))
		}
		return true, out.WriteByte('\n')
	}
}

// age is a date as -ls shows it: with the time of day for about half a year.
func (f *finder) age(ns int64) string {
	t := time.Unix(0, ns).In(f.zone)
	if old := f.now.Sub(t); old > 6*30*day || old < -time.Hour {
		return strftime.Format("%b %e  %Y", t)
	}
	return strftime.Format("%b %e %H:%M", t)
}
