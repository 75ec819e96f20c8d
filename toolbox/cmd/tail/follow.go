package tail

import (
	"io"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// followAll writes what is appended to the files until the context ends, or
// nothing is left to follow.
func (t *tail) followAll(inputs []*input) error {
	if len(inputs) == 1 && inputs[0].f != nil && inputs[0].f.Stream() {
		return nil // a pipe has come to its end
	}
	if err := t.w.Flush(); err != nil {
		return err
	}
	for {
		live := false
		for _, in := range inputs {
			if in.f != nil && !in.f.Stream() || t.retry && in.name != "-" {
				live = true
			}
		}
		if !live {
			t.failed = true
			return t.say("no files remaining")
		}
		if err := t.x.Sleep(t.ctx, t.interval); err != nil {
			return err
		}
		for _, in := range inputs {
			if err := t.look(in); err != nil {
				return err
			}
		}
	}
}

// look writes what is new in one file.
func (t *tail) look(in *input) error {
	if in.f != nil && in.f.Stream() {
		return nil
	}
	if t.byName && in.name != "-" {
		if err := t.reopen(in); err != nil {
			return err
		}
	}
	if in.f == nil {
		return t.retryOpen(in)
	}
	info, err := in.f.Stat()
	if err != nil {
		return nil
	}
	pos, _ := in.f.Seek(0, io.SeekCurrent)
	switch {
	case info.Size < pos:
		if err := t.say("%s: file truncated", tool.QuoteFile(in.shown)); err != nil {
			return err
		}
		in.f.Seek(0, io.SeekStart)
	case info.Size == pos:
		return nil
	}
	return t.more(in)
}

// more writes the rest of a file, below its header if another was last.
func (t *tail) more(in *input) error {
	wrote := false
	err := tool.Blocks(t.ctx, in.f, func(block []byte) error {
		if !wrote && t.headers && t.last != in {
			t.header(in)
		}
		wrote = true
		return t.write(block)
	})
	if tool.ReadFailed(err) {
		return t.report("error reading %s: %s", tool.Quote(in.shown), tool.ErrText(err))
	}
	return err
}

// reopen sees whether the name leads to another file by now.
func (t *tail) reopen(in *input) error {
	info, err := t.x.Stat(in.name)
	switch {
	case err != nil && !in.gone:
		in.gone = true
		if in.f != nil {
			in.drop()
		}
		if !t.retry {
			return t.say("%s: %s", tool.QuoteFile(in.shown), tool.ErrText(err))
		}
		return t.say("%s has become inaccessible: %s", tool.Quote(in.shown), tool.ErrText(err))
	case err != nil || in.f == nil:
		return nil
	}
	now, err := in.f.Stat()
	if err == nil && same(now, info) {
		return nil
	}
	if err := t.more(in); err != nil {
		return err
	}
	in.drop()
	return t.open(in, "%s has been replaced;  following new file")
}

func same(a, b vfs.Info) bool { return a.Dev == b.Dev && a.Ino == b.Ino }

// retryOpen tries a file again that could not be opened.
func (t *tail) retryOpen(in *input) error {
	if !t.retry || in.name == "-" {
		return nil
	}
	if info, err := t.x.Stat(in.name); err != nil || info.IsDir() {
		return nil
	}
	return t.open(in, "%s has appeared;  following new file")
}

func (t *tail) open(in *input, message string) error {
	f, err := t.x.Open(in.name)
	if err != nil {
		return nil
	}
	in.f, in.close, in.gone = f, f.Close, false
	if err := t.say(message, tool.Quote(in.shown)); err != nil {
		return err
	}
	return t.more(in)
}
