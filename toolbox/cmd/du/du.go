/*
Package du sums up the disk space that files use.

	du [OPTION]... [FILE]...

	-a, --all               of all files, not only directories
	-s, --summarize         only of each FILE
	-d, --max-depth=N       only so many levels below each FILE
	-c, --total             with the sum of all
	-S, --separate-dirs     directories without those below them
	-h, --human-readable; --si; -k, -m, -b, -B, --block-size=SIZE
	--apparent-size         sizes of files, not of the blocks that they use
	--inodes                numbers of files, not sizes
	-t, --threshold=SIZE    only what is larger, or smaller than -SIZE
	--exclude=PATTERN, -X, --exclude-from=FILE
	-L, --dereference; -D, -H, --dereference-args; -P, --no-dereference
	-l, --count-links       files of several names each time
	-x, --one-file-system   stay on that of each FILE
	--time[=WORD], --time-style=STYLE  with the time of the last change
	-0, --null              end lines with NUL
	--files0-from=FILE      names from FILE, which end in NUL

The disk has blocks of 4 KiB.
*/
package du

import (
	"bufio"
	"context"
	"path"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	o, files, err := parse(x)
	if err != nil {
		return err
	}
	s := summer{options: o, ctx: ctx, x: x, out: x.Writer(), seen: map[fileID]bool{}}
	err = s.all(files)
	if flushErr := s.out.Flush(); err == nil {
		err = flushErr
	}
	if err != nil {
		return err
	}
	return tool.Exit(s.status)
}

type fileID struct{ dev, ino uint64 }

// usage is what files use: bytes, how many they are, and their latest time.
type usage struct {
	bytes, files uint64
	time         int64
}

func (u *usage) add(v usage) {
	u.bytes += v.bytes
	u.files += v.files
	u.time = max(u.time, v.time)
}

// summer sums up in one run of the command.
type summer struct {
	options
	ctx    context.Context
	x      *tool.Exec
	out    *bufio.Writer
	seen   map[fileID]bool // files that were counted
	many   bool            // operands may overlap: all files are remembered
	status int
}

func (s *summer) all(files []string) error {
	s.many = len(files) > 1 || s.follow == followAll
	var total usage
	for _, name := range files {
		if name == "" {
			s.fail("invalid zero-length file name")
			continue
		}
		u, err := s.operand(name)
		if err != nil {
			return err
		}
		total.add(u)
	}
	if s.total {
		s.print(total, "total")
	}
	return nil
}

func (s *summer) operand(name string) (usage, error) {
	stat := s.x.Lstat
	if s.follow != followNone {
		stat = s.x.Stat
	}
	info, err := stat(name)
	if err != nil {
		s.fail("cannot access %s: %s", tool.Quote(name), tool.ErrText(err))
		return usage{}, nil
	}
	u, _, err := s.file(name, info, 0, info.Dev)
	return u, err
}

// file sums up a file with what is below it; own is what it counts for in the
// directory above where directories are summed up by themselves.
func (s *summer) file(name string, info vfs.Info, depth int, dev uint64) (sum, own usage, err error) {
	if err := s.ctx.Err(); err != nil {
		return sum, own, err
	}
	if s.excluded(name) || s.oneFS && info.Dev != dev || s.counted(info) {
		return sum, own, nil
	}
	own = s.of(info)
	if !info.IsDir() {
		if depth == 0 || s.everything && s.shows(depth) {
			s.print(own, name)
		}
		return own, own, nil
	}
	sum, err = s.dir(name, own, depth, dev)
	if err == nil && s.shows(depth) {
		s.print(sum, name)
	}
	if s.separate {
		own = usage{time: sum.time}
	} else {
		own = sum
	}
	return sum, own, err
}

// dir sums up what is in a directory.
func (s *summer) dir(name string, sum usage, depth int, dev uint64) (usage, error) {
	entries, err := s.x.ReadDir(name)
	if err != nil {
		s.fail("cannot read directory %s: %s", tool.Quote(name), tool.ErrText(err))
		return sum, nil
	}
	stat := s.x.Lstat
	if s.follow == followAll {
		stat = s.x.Stat
	}
	for _, e := range entries {
		child := tool.Join(name, e.Name)
		info, err := stat(child)
		if err != nil {
			s.fail("cannot access %s: %s", tool.Quote(child), tool.ErrText(err))
			continue
		}
		_, own, err := s.file(child, info, depth+1, dev)
		if err != nil {
			return sum, err
		}
		sum.add(own)
	}
	return sum, nil
}

// counted reports whether a file was counted under another name, and takes
// note of it.
func (s *summer) counted(info vfs.Info) bool {
	if s.countLinks || !s.many && (info.IsDir() || info.Nlink < 2) {
		return false
	}
	id := fileID{info.Dev, info.Ino}
	if s.seen[id] {
		return true
	}
	s.seen[id] = true
	return false
}

func (s *summer) excluded(name string) bool {
	for _, p := range s.excludes {
		if p.Match(name) || p.Match(path.Base(name)) {
			return true
		}
		for i := range name {
			if name[i] == '/' && p.Match(name[i+1:]) {
				return true
			}
		}
	}
	return false
}

// of is what a file uses by itself.
func (s *summer) of(info vfs.Info) usage {
	u := usage{files: 1}
	switch {
	case !s.apparent:
		u.bytes = tool.DiskBlocks(info) * 512
	case info.IsDir() || info.Mode.IsRegular() || info.Size > 0:
		u.bytes = uint64(info.Size)
	}
	switch s.time {
	case accessTime:
		u.time = info.Atime
	case changeTime:
		u.time = info.Ctime
	default:
		u.time = info.Mtime
	}
	return u
}

func (s *summer) shows(depth int) bool { return s.maxDepth < 0 || depth <= s.maxDepth }

func (s *summer) fail(format string, args ...any) {
	s.out.Flush()
	s.x.Errorf(format, args...)
	s.status = 1
}
