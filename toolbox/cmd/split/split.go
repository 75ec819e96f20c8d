/*
Package split writes a file in pieces.

	split [OPTION]... [FILE [PREFIX]]

The pieces are PREFIXaa, PREFIXab, ...; PREFIX is x unless given. Without FILE,
or for "-", it reads standard input.

	-a, --suffix-length=N    suffixes of length N (2, more as needed)
	    --additional-suffix=SUFFIX
	                         append SUFFIX to the names
	-b, --bytes=SIZE         SIZE bytes a piece
	-C, --line-bytes=SIZE    at most SIZE bytes of whole lines a piece
	-d, --numeric-suffixes[=FROM]
	                         number the pieces, from 0 or FROM
	-x, --hex-suffixes[=FROM]
	                         the same in hexadecimal
	-e, --elide-empty-files  with -n, make no empty pieces
	    --filter=COMMAND     give each piece to a shell COMMAND; its name is $FILE
	-l, --lines=N            N lines a piece (1000)
	-n, --number=CHUNKS      N pieces of the same size; K/N: only the K-th, to
	                         standard output; l/N, l/K/N: without breaking lines;
	                         r/N, r/K/N: line by line in turn
	-t, --separator=SEP      lines end in SEP; '\0' is NUL
	-u, --unbuffered         ignored
	    --verbose            say which files are made
	-N                       as -l N
*/
package split

import (
	"context"
	"io"
	"math"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	s := split{ctx: ctx, x: x}
	name, err := s.parse()
	if err != nil {
		return err
	}
	f, closeFile, err := x.OpenInput(name)
	if err != nil {
		return x.Fail(1, "cannot open %s for reading: %s", tool.Quote(name), tool.ErrText(err))
	}
	defer closeFile()
	s.in = f
	s.out = &pieces{ctx: ctx, x: x, names: &s.names, filter: s.filter, verbose: s.verbose}
	if !f.Stream() {
		s.out.input, _ = f.Stat()
	}
	err = s.run(name)
	if closeErr := s.out.close(); err == nil {
		err = closeErr
	}
	if tool.ReadFailed(err) {
		return x.Fail(1, "%s: %s", tool.QuoteFile(name), tool.ErrText(err))
	}
	return err
}

// split is one run.
type split struct {
	options
	ctx context.Context
	x   *tool.Exec
	in  *tool.File
	out *pieces
}

func (s *split) run(name string) error {
	switch s.by {
	case byBytes:
		return s.bytes(s.size, math.MaxUint64)
	case byLineBytes:
		return s.lineBytes()
	case byChunks, byLineChunks:
		size, err := s.fileSize(name)
		if err != nil {
			return err
		}
		if s.by == byChunks {
			return s.chunks(size)
		}
		return s.lineChunks(size)
	case byTurns:
		return s.turns()
	}
	return s.lines()
}

// fileSize is what the input still holds.
func (s *split) fileSize(name string) (int64, error) {
	if s.in.Stream() {
		return 0, s.x.Fail(1, "%s: cannot determine file size", tool.QuoteFile(name))
	}
	info, err := s.in.Stat()
	if err != nil {
		return 0, err
	}
	pos, _ := s.in.Seek(0, io.SeekCurrent)
	return max(info.Size-pos, 0), nil
}

// bytes makes pieces of size bytes; what is over after most pieces goes to the
// last.
func (s *split) bytes(size, most uint64) error {
	left, made := uint64(0), uint64(0)
	err := tool.Blocks(s.ctx, s.in, func(block []byte) error {
		for len(block) > 0 {
			if left == 0 && made < most {
				if err := s.out.next(); err != nil {
					return err
				}
				left = size
				if made++; made == most {
					left = math.MaxUint64
				}
			}
			n := min(left, uint64(len(block)))
			if err := s.out.write(block[:n]); err != nil {
				return err
			}
			left -= n
			block = block[n:]
		}
		return nil
	})
	for ; err == nil && most < math.MaxUint64 && made < most && !s.elide; made++ {
		err = s.out.next()
	}
	return err
}

// record reads the next line with its end; ok is false where there is none.
func record(lines *tool.Lines) (line []byte, ok bool, err error) {
	line, err = lines.Next()
	if err == io.EOF {
		return nil, false, nil
	}
	return line, err == nil, err
}

func (s *split) lines() error {
	lines := s.x.Lines(s.ctx, s.in, s.end)
	for n := uint64(0); ; n++ {
		line, ok, err := record(lines)
		if err != nil || !ok {
			return err
		}
		if n%s.size == 0 {
			if err := s.out.next(); err != nil {
				return err
			}
		}
		if err := s.out.write(line); err != nil {
			return err
		}
	}
}

// lineBytes makes pieces of whole lines; a line that is too long for any is
// broken.
func (s *split) lineBytes() error {
	lines := s.x.Lines(s.ctx, s.in, s.end)
	room := uint64(0)
	for {
		line, ok, err := record(lines)
		if err != nil || !ok {
			return err
		}
		if uint64(len(line)) > room {
			room = 0
		}
		for len(line) > 0 {
			if room == 0 {
				if err := s.out.next(); err != nil {
					return err
				}
				room = s.size
			}
			n := min(room, uint64(len(line)))
			if err := s.out.write(line[:n]); err != nil {
				return err
			}
			room -= n
			line = line[n:]
		}
	}
}

// chunks makes pieces of the same size, or writes one of them. Where there are
// more pieces than bytes, the last ones are empty.
func (s *split) chunks(size int64) error {
	size = max(size, int64(s.size))
	each := uint64(size) / s.size
	if s.only == 0 {
		return s.bytes(each, s.size)
	}
	from, to := each*(s.only-1), each*s.only
	if s.only == s.size {
		to = uint64(size)
	}
	if _, err := s.in.Seek(int64(from), io.SeekCurrent); err != nil {
		return err
	}
	out := tool.WriteErrors(s.x.Stdout, "-")
	return tool.Blocks(s.ctx, io.LimitReader(s.in, int64(to-from)), func(block []byte) error {
		_, err := out.Write(block)
		return err
	})
}

// lineChunks makes pieces of about the same size: each ends with the line that
// goes over its end.
func (s *split) lineChunks(size int64) error {
	each := max(size/int64(s.size), 1)
	lines := s.x.Lines(s.ctx, s.in, s.end)
	out := tool.WriteErrors(s.x.Stdout, "-")
	pos, chunk := int64(0), uint64(0) // the chunk that is open, from 1
	for {
		line, ok, err := record(lines)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		// The chunk in which the line begins, or the last.
		home := min(uint64(pos/each)+1, s.size)
		if err := s.openChunks(&chunk, home); err != nil {
			return err
		}
		switch {
		case s.only == 0:
			err = s.out.write(line)
		case s.only == home:
			_, err = out.Write(line)
		}
		if err != nil {
			return err
		}
		pos += int64(len(line))
	}
	if s.only > 0 || s.elide {
		return nil
	}
	return s.openChunks(&chunk, s.size)
}

// openChunks makes the pieces up to chunk to; those that are passed over stay
// empty.
func (s *split) openChunks(at *uint64, to uint64) error {
	for ; *at < to; *at++ {
		if s.only > 0 || s.elide && *at+1 < to {
			continue
		}
		if err := s.out.next(); err != nil {
			return err
		}
	}
	return nil
}

// turns deals the lines out to the pieces.
func (s *split) turns() error {
	lines := s.x.Lines(s.ctx, s.in, s.end)
	out := tool.WriteErrors(s.x.Stdout, "-")
	var open []*piece
	for n := uint64(0); ; n++ {
		line, ok, err := record(lines)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		at := n % s.size
		switch {
		case s.only > 0:
			if at+1 == s.only {
				_, err = out.Write(line)
			}
		default:
			if at == uint64(len(open)) {
				if uint64(len(open)) == maxOpen {
					return vfs.EMFILE
				}
				var p *piece
				if p, err = s.out.open(); err != nil {
					return err
				}
				open = append(open, p)
			}
			err = open[at].write(line)
		}
		if err != nil {
			return err
		}
	}
	if s.only > 0 {
		return nil
	}
	for uint64(len(open)) < s.size && !s.elide {
		p, err := s.out.open()
		if err != nil {
			return err
		}
		open = append(open, p)
	}
	for _, p := range open {
		if err := p.close(); err != nil {
			return err
		}
	}
	return nil
}

// maxOpen bounds how many pieces are open at once.
const maxOpen = 512
