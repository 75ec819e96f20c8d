package stat

import (
	"io/fs"
	"time"

	"agentsandbox/toolbox/filemode"
	"agentsandbox/toolbox/strftime"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

const (
	modeDevice = fs.ModeDevice
	modePipe   = fs.ModeNamedPipe

	blockSize = 4096
)

// subject is the file being printed.
type subject struct {
	*printer
	name string
	info vfs.Info
}

// directive shows what a directive of the format for files stands for.
func (f *subject) directive(v verb) string {
	i := &f.info
	switch v.letter {
	case 'a':
		return v.number(uint64(filemode.Of(i.Mode)), 8)
	case 'A':
		return v.text(filemode.String(i.Mode))
	case 'b':
		return v.number(tool.DiskBlocks(*i), 10)
	case 'B':
		return v.number(512, 10)
	case 'f':
		return v.number(uint64(filemode.Unix(i.Mode)), 16)
	case 'F':
		return v.text(filemode.TypeName(i.Mode, i.Size))
	case 'h':
		return v.number(i.Nlink, 10)
	case 'i':
		return v.number(i.Ino, 10)
	case 'm':
		return v.text("/")
	case 'n':
		return v.text(f.name)
	case 'N':
		return v.text(f.quoted())
	case 'o':
		return v.number(blockSize, 10)
	case 's':
		return v.number(uint64(i.Size), 10)
	}
	return f.owner(v)
}

// owner shows the directives of owners and devices.
func (f *subject) owner(v verb) string {
	switch v.letter {
	case 'g':
		return v.number(tool.GID, 10)
	case 'G':
		return v.text(tool.Group)
	case 'u':
		return v.number(tool.UID, 10)
	case 'U':
		return v.text(tool.User)
	case 'C':
		return v.text("?")
	case 'd', 'D':
		return device(v, f.info.Dev)
	case 'r', 'R':
		return device(v, 0)
	case 't', 'T':
		return v.number(0, 16)
	case '%':
		return "%"
	}
	return f.time(v)
}

// device shows the number of a device, or a half of it.
func device(v verb, dev uint64) string {
	switch {
	case v.part == 'H':
		return v.number(dev>>8&0xfff, 10)
	case v.part == 'L':
		return v.number(dev&0xff|dev>>12&0xfff00, 10)
	case v.letter == 'D' || v.letter == 'R':
		return v.number(dev, 16)
	}
	return v.number(dev, 10)
}

// time shows the directives of times.
func (f *subject) time(v verb) string {
	switch v.letter {
	case 'w':
		return v.text("-")
	case 'W':
		return v.epoch(0)
	case 'x':
		return v.text(f.date(f.info.Atime))
	case 'X':
		return v.epoch(f.info.Atime)
	case 'y':
		return v.text(f.date(f.info.Mtime))
	case 'Y':
		return v.epoch(f.info.Mtime)
	case 'z':
		return v.text(f.date(f.info.Ctime))
	case 'Z':
		return v.epoch(f.info.Ctime)
	}
	return "?"
}

func (f *subject) date(ns int64) string {
	return strftime.Format("%Y-%m-%d %H:%M:%S.%N %z", time.Unix(0, ns).In(f.zone))
}

// quoted is the name in quotes, with the target of a link.
func (f *subject) quoted() string {
	s := tool.QuoteName(f.name, f.quoting, "")
	if f.info.Mode&fs.ModeSymlink != 0 {
		if target, err := f.x.FS.Readlink(f.x.Abs(f.name)); err == nil {
			s += " -> " + tool.QuoteName(target, f.quoting, "")
		}
	}
	return s
}

// systemDirective shows what a directive of the format for file systems stands
// for. The file system has fixed figures: how much is left is not known.
func (f *subject) systemDirective(v verb) string {
	const (
		blocks = 512 << 20 / blockSize
		inodes = 100_000
		ramfs  = 0x858458f6
	)
	switch v.letter {
	case 'n':
		return v.text(f.name)
	case 'i':
		return v.number(f.info.Dev, 16)
	case 'l':
		return v.number(vfs.MaxName, 10)
	case 't':
		return v.number(ramfs, 16)
	case 'T':
		return v.text("ramfs")
	case 'b', 'f', 'a':
		return v.number(blocks, 10)
	case 's', 'S':
		return v.number(blockSize, 10)
	case 'c', 'd':
		return v.number(inodes, 10)
	case '%':
		return "%"
	}
	return "?"
}
