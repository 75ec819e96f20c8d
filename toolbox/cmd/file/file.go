/*
Package file says what kind of data files hold.

	file [OPTION]... FILE...

	-b, --brief          without names
	-i, --mime           as MIME type and encoding
	--mime-type          as MIME type; --mime-encoding: only the encoding
	-L, --dereference    of links, what they lead to; -h: themselves
	-f, --files-from=F   names from the lines of F
	-F, --separator=S    S behind names, not ":"
	-N, --no-pad         no columns
	-0, --print0         NUL behind names
	-E                   exit with 1 where a file cannot be opened
	-k, -n, -p, -r, -s, -z, -v: taken and ignored

It knows common formats: archives, images, documents, programs, scripts and
text in its encodings.
*/
package file

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	t := teller{x: x, separator: ":"}
	names, err := t.parse()
	if err != nil {
		return err
	}
	for _, name := range names {
		t.width = max(t.width, textWidth(name))
	}
	status := 0
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		failed, err := t.tell(name)
		if err != nil {
			return err
		}
		if failed && t.exits {
			status = 1
		}
	}
	return tool.Exit(status)
}

// teller is one run of the command.
type teller struct {
	x                    *tool.Exec
	brief, follow, exits bool
	mimeType, encoding   bool
	noPad, nul           bool
	separator            string
	width                int
}

const usage = `Usage: file [-bcCdEhikLlNnprsSvzZ0] [--apple] [--extension] [--mime-encoding]
            [--mime-type] [-e <testname>] [-F <separator>]  [-f <namefile>]
            [-m <magicfiles>] [-P <parameter=value>] [--exclude-quiet]
            <file> ...
       file -C [-m <magicfiles>]
       file [--help]`

func (t *teller) parse() ([]string, error) {
	flags := tool.NewFlags(t.x)
	flags.BoolVar(&t.brief, true, 'b', "brief")
	flags.Switch('i', "mime", func() { t.mimeType, t.encoding = true, true })
	flags.Switch(0, "mime-type", func() { t.mimeType = true })
	flags.Switch(0, "mime-encoding", func() { t.encoding = true })
	flags.BoolVar(&t.follow, true, 'L', "dereference")
	flags.BoolVar(&t.follow, false, 'h', "no-dereference")
	flags.BoolVar(&t.noPad, true, 'N', "no-pad")
	flags.BoolVar(&t.nul, true, '0', "print0")
	flags.BoolVar(&t.exits, true, 'E', "")
	flags.Func('F', "separator", func(s string) error { t.separator = s; return nil })
	for _, c := range "knprsSvzZ" {
		flags.Switch(byte(c), "", func() {})
	}
	for _, c := range "emP" {
		flags.Func(byte(c), "", func(string) error { return nil })
	}
	from := flags.String('f', "files-from", "")
	names, err := flags.Parse()
	if err != nil {
		return nil, err
	}
	if *from != "" {
		data, err := t.x.ReadFile(*from, maxRead)
		if err != nil {
			return nil, t.x.Fail(1, "cannot open `%s' (%s)", *from, tool.ErrText(err))
		}
		names = append(strings.Split(strings.TrimSuffix(string(data), "\n"), "\n"), names...)
	}
	if len(names) == 0 {
		fmt.Fprintln(t.x.Stderr, usage)
		return nil, tool.Exit(1)
	}
	return names, nil
}

func textWidth(s string) int {
	n := 0
	for _, r := range s {
		n += max(tool.RuneWidth(r), 0)
	}
	return n
}

// tell prints what one file is. failed says that it could not be opened.
func (t *teller) tell(name string) (failed bool, err error) {
	k, openErr := t.kind(name)
	text := k.show(t.mimeType, t.encoding)
	shown := name
	if name == "-" {
		shown = "/dev/stdin"
	}
	if openErr != nil {
		text = fmt.Sprintf("cannot open `%s' (%s)", name, tool.ErrText(openErr))
	}
	if t.brief {
		_, err = fmt.Fprintln(t.x.Stdout, text)
		return openErr != nil, err
	}
	end := t.separator
	if t.nul {
		end = "\x00" + end
	}
	pad := ""
	if !t.noPad {
		pad = strings.Repeat(" ", max(t.width-textWidth(name), 0))
	}
	_, err = fmt.Fprintf(t.x.Stdout, "%s%s%s %s\n", shown, end, pad, text)
	return openErr != nil, err
}

// maxRead is how much of a file is looked at.
const maxRead = 1 << 20

// kind finds out what a file is.
func (t *teller) kind(name string) (kind, error) {
	if name == "-" {
		head, err := io.ReadAll(io.LimitReader(t.x.Stdin, maxRead))
		return ofData(head), err
	}
	info, err := t.x.Lstat(name)
	if err != nil {
		return kind{}, err
	}
	if info.Mode&fs.ModeSymlink != 0 {
		target, readErr := t.x.FS.Readlink(t.x.Abs(name))
		behind, statErr := t.x.Stat(name)
		switch {
		case readErr != nil:
			return kind{}, readErr
		case statErr != nil:
			return kind{text: "broken symbolic link to " + target, mime: "inode/symlink", charset: "binary"}, nil
		case !t.follow:
			return kind{text: "symbolic link to " + target, mime: "inode/symlink", charset: "binary"}, nil
		}
		info = behind
	}
	return t.ofInfo(name, info)
}

func (t *teller) ofInfo(name string, info vfs.Info) (kind, error) {
	switch mode := info.Mode; {
	case mode.IsDir():
		if mode&fs.ModeSticky != 0 {
			return kind{text: "sticky, directory", mime: "inode/directory", charset: "binary"}, nil
		}
		return kind{text: "directory", mime: "inode/directory", charset: "binary"}, nil
	case mode&fs.ModeCharDevice != 0:
		return kind{text: "character special", mime: "inode/chardevice", charset: "binary"}, nil
	case mode&fs.ModeNamedPipe != 0:
		return kind{text: "fifo (named pipe)", mime: "inode/fifo", charset: "binary"}, nil
	case mode.IsRegular() && info.Size == 0:
		return ofData(nil), nil
	}
	f, err := t.x.OpenFile(name, vfs.Read, 0)
	if err != nil {
		return kind{}, err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, maxRead))
	return ofData(head), err
}
