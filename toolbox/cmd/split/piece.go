package split

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// pieces makes the pieces one after the other.
type pieces struct {
	ctx     context.Context
	x       *tool.Exec
	names   *names
	filter  string
	verbose bool
	input   vfs.Info // of the input, which must not be written over

	current *piece
}

// piece is one piece: a file, or what a command is to be given.
type piece struct {
	*pieces
	name string
	f    *tool.File
	w    *bufio.Writer
	held bytes.Buffer
}

// next closes the piece that is open and opens another.
func (p *pieces) next() error {
	if err := p.close(); err != nil {
		return err
	}
	var err error
	p.current, err = p.open()
	return err
}

func (p *pieces) close() error {
	if p.current == nil {
		return nil
	}
	c := p.current
	p.current = nil
	return c.close()
}

func (p *pieces) write(data []byte) error { return p.current.write(data) }

func (p *pieces) open() (*piece, error) {
	if err := p.ctx.Err(); err != nil {
		return nil, err
	}
	name, ok := p.names.next()
	if !ok {
		return nil, p.x.Fail(1, "output file suffixes exhausted")
	}
	piece := &piece{pieces: p, name: name}
	if p.filter != "" {
		if p.verbose {
			fmt.Fprintf(p.x.Stdout, "executing with FILE=%s\n", tool.QuoteFile(name))
		}
		return piece, nil
	}
	if p.verbose {
		fmt.Fprintf(p.x.Stdout, "creating file %s\n", tool.Quote(name))
	}
	if info, err := p.x.Stat(name); err == nil && p.input.Ino != 0 && info.Ino == p.input.Ino && info.Dev == p.input.Dev {
		return nil, p.x.Fail(1, "%s would overwrite input; aborting", tool.Quote(name))
	}
	f, err := p.x.Create(name)
	if err != nil {
		return nil, p.x.Fail(1, "%s: %s", tool.QuoteFile(name), tool.ErrText(err))
	}
	piece.f, piece.w = f, bufio.NewWriterSize(tool.WriteErrors(f, tool.QuoteFile(name)), 32<<10)
	return piece, nil
}

func (p *piece) write(data []byte) error {
	if p.f != nil {
		_, err := p.w.Write(data)
		return err
	}
	if p.held.Len()+len(data) > tool.MaxHeld {
		return p.x.Fail(1, "memory exhausted")
	}
	p.held.Write(data)
	return nil
}

func (p *piece) close() error {
	if p.f != nil {
		err := p.w.Flush()
		if closeErr := p.f.Close(); err == nil {
			err = closeErr
		}
		return err
	}
	if p.x.Spawn == nil {
		return vfs.ENOSYS
	}
	x := *p.x
	x.Stdin = io.Reader(&p.held)
	x.Env = append(append([]string{}, x.Env...), "FILE="+p.name)
	status, err := p.x.Spawn(p.ctx, &x, []string{"sh", "-c", p.filter})
	switch {
	case err != nil:
		return err
	case status != 0:
		p.x.Errorf("with FILE=%s, exit %d from command: %s", tool.QuoteFile(p.name), status, p.filter)
		return tool.Exit(status)
	}
	return nil
}
