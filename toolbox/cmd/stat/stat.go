/*
Package stat prints what is known of files.

	stat [-Lft] [-c FORMAT | --printf=FORMAT] FILE...

	-c, --format=FORMAT   print FORMAT and a newline for each file
	--printf=FORMAT       print FORMAT, with backslash escapes, and no newline
	-L, --dereference     of links, what they lead to
	-t, --terse           one line a file
	-f, --file-system     of the file system that holds the file
	--cached=MODE         taken and ignored

FORMAT of files: %a permissions in octal, %A as letters, %b blocks, %B their
size, %C SELinux context, %d device number, %Hd major, %Ld minor, %D in hex, %f
mode in hex, %F type, %g group number, %G name, %h names, %i inode, %m mount
point, %n name, %N quoted name and target, %o I/O size, %s size, %r, %Hr, %Lr,
%t, %T of a device, %u user number, %U name, %w %W birth, %x %X access, %y %Y
modification, %z %Z change: as a date, and as seconds since 1970.

FORMAT of file systems: %a %b %c %d %f free, all and left blocks and inodes, %i
id, %l longest name, %n name, %s %S block size, %t %T type.
*/
package stat

import (
	"bufio"
	"context"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/zone"
	"agentsandbox/vfs"
)

const (
	fileFormat = "  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n" +
		"Device: %Hd,%Ld\tInode: %-10i  Links: %h\n" + ownerFormat
	deviceFormat = "  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n" +
		"Device: %Hd,%Ld\tInode: %-10i  Links: %-5h Device type: %Hr,%Lr\n" + ownerFormat
	ownerFormat = "Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n" +
		"Access: %x\nModify: %y\nChange: %z\n Birth: %w\n"
	terseFormat  = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n"
	systemFormat = "  File: \"%n\"\n    ID: %-8i Namelen: %-7l Type: %T\n" +
		"Block size: %-10s Fundamental block size: %S\n" +
		"Blocks: Total: %-10b Free: %-10f Available: %a\nInodes: Total: %-10c Free: %d\n"
	terseSystem = "%n %i %l %t %s %S %b %f %a %c %d\n"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	p := printer{x: x, out: x.Writer(), zone: zone.Load(x.Getenv("TZ")), quoting: tool.QuoteShellEscapeAlways}
	files, err := p.parse()
	if err != nil {
		return err
	}
	status := 0
	for _, name := range files {
		ok, err := p.file(name)
		if err != nil {
			p.out.Flush()
			return err
		}
		if !ok {
			status = 1
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if err := p.out.Flush(); err != nil {
		return err
	}
	return tool.Exit(status)
}

// printer prints files by a format.
type printer struct {
	x                     *tool.Exec
	out                   *bufio.Writer
	zone                  *time.Location
	quoting               tool.Quoting
	format                string
	escapes               bool // of --printf
	follow, system, terse bool
}

func (p *printer) parse() ([]string, error) {
	flags := tool.NewFlags(p.x)
	given := false
	flags.Func('c', "format", func(s string) error { p.format, p.escapes, given = s+"\n", false, true; return nil })
	flags.Func(0, "printf", func(s string) error { p.format, p.escapes, given = s, true, true; return nil })
	flags.BoolVar(&p.follow, true, 'L', "dereference")
	flags.BoolVar(&p.system, true, 'f', "file-system")
	flags.BoolVar(&p.terse, true, 't', "terse")
	flags.Func(0, "cached", func(s string) error {
		_, err := flags.Pick("--cached", s, []tool.Choice{{"default"}, {"never"}, {"always"}})
		return err
	})
	files, err := flags.Parse()
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, flags.Errorf("missing operand")
	}
	if !given {
		p.quoting = tool.QuoteLiteral
		p.format = p.standard()
	}
	if style, ok := tool.ParseQuoting(p.x.Getenv("QUOTING_STYLE")); ok && given {
		p.quoting = style
	}
	return files, nil
}

// standard is the format where none is given.
func (p *printer) standard() string {
	switch {
	case p.system && p.terse:
		return terseSystem
	case p.system:
		return systemFormat
	case p.terse:
		return terseFormat
	}
	return fileFormat
}

// file prints one file. ok is false if it is not there.
func (p *printer) file(name string) (ok bool, err error) {
	f := subject{printer: p, name: name}
	if p.system {
		return p.fileSystem(&f)
	}
	if f.info, err = p.look(name); err != nil {
		if name == "-" {
			p.warn("cannot stat standard input: %s", tool.ErrText(err))
		} else {
			p.warn("cannot statx %s: %s", tool.Quote(name), tool.ErrText(err))
		}
		return false, nil
	}
	format := p.format
	if format == fileFormat && f.info.Mode&modeDevice != 0 {
		format = deviceFormat
	}
	return f.print(format, f.directive)
}

func (p *printer) fileSystem(f *subject) (ok bool, err error) {
	if f.name == "-" {
		p.warn("using '-' to denote standard input does not work in file system mode")
		return false, nil
	}
	if f.info, err = p.x.Stat(f.name); err != nil {
		p.warn("cannot read file system information for %s: %s", tool.Quote(f.name), tool.ErrText(err))
		return false, nil
	}
	return f.print(p.format, f.systemDirective)
}

func (p *printer) look(name string) (vfs.Info, error) {
	switch {
	case name == "-":
		return p.stdin()
	case p.follow:
		return p.x.Stat(name)
	}
	return p.x.Lstat(name)
}

// stdin describes standard input: the file, or a pipe.
func (p *printer) stdin() (vfs.Info, error) {
	if f, ok := p.x.Stdin.(*tool.File); ok && !f.Stream() {
		return f.Stat()
	}
	now := p.x.Now().UnixNano()
	return vfs.Info{Mode: modePipe | 0o600, Ino: 1, Nlink: 1, Atime: now, Mtime: now, Ctime: now}, nil
}

// warn prints a message behind what was printed so far.
func (p *printer) warn(format string, args ...any) {
	p.out.Flush()
	p.x.Errorf(format, args...)
}
