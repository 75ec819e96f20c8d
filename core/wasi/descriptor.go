package wasi

import (
	"io"
	"path"
	"strings"

	"agentsandbox/vfs"
)

// descriptor is an entry of the descriptor table; it is free where open is nil.
type descriptor struct {
	*open
	base, inherit rights
	dropped       rights // what base had, and fd_fdstat_set_rights took away
}

// stdio sets descriptors 0 to 2 up.
func (p *Process) stdio() {
	for fd := range 3 {
		o := &p.opens[fd]
		may := rightRead
		switch fd {
		case 0:
			o.attach(p.cfg.Stdin, nil)
		case 1:
			o.attach(nil, p.cfg.Stdout)
			may = rightWrite
		case 2:
			o.attach(nil, p.cfg.Stderr)
			may = rightWrite
		}
		if p.cfg.Terminal != nil && p.cfg.Terminal(fd) {
			o.terminal, o.kind = true, characterDevice
		}
		base := o.supports() &^ (rightRead | rightWrite)
		p.fds = append(p.fds, descriptor{open: o, base: base | may})
	}
}

// preopen sets the preopened directories up. They are opened when needed.
func (p *Process) preopen() {
	if p.cfg.FS == nil {
		return
	}
	if p.cfg.Preopens == nil {
		o := &p.opens[3]
		*o = open{refs: 1, kind: directory, name: ".", preopen: "/"}
		p.fds = append(p.fds, descriptor{open: o, base: dirRights, inherit: inheritRights})
		return
	}
	for _, dir := range p.cfg.Preopens {
		name := path.Clean("/" + dir)[1:]
		if name == "" {
			name = "."
		}
		o := &open{refs: 1, kind: directory, name: name, preopen: dir}
		p.fds = append(p.fds, descriptor{open: o, base: dirRights, inherit: inheritRights})
	}
}

// fd returns the open descriptor n.
func (p *Process) fd(n uint32) (*descriptor, vfs.Errno) {
	if uint64(n) >= uint64(len(p.fds)) || p.fds[n].open == nil {
		return nil, vfs.EBADF
	}
	return &p.fds[n], success
}

// dirFD returns the open directory descriptor n.
func (p *Process) dirFD(n uint32) (*descriptor, vfs.Errno) {
	d, errno := p.fd(n)
	if errno == success && d.kind != directory {
		return nil, vfs.ENOTDIR
	}
	return d, errno
}

// freeFD returns the lowest number that is free; EMFILE if there is none.
//
// THREAT[AB-06] the table does not grow beyond MaxFiles.
func (p *Process) freeFD() (uint32, vfs.Errno) {
	for n := range p.fds {
		if p.fds[n].open == nil {
			return uint32(n), success
		}
	}
	if len(p.fds) >= p.cfg.MaxFiles {
		return 0, vfs.EMFILE
	}
	return uint32(len(p.fds)), success
}

// install makes n, which is free, a descriptor of o.
func (p *Process) install(n uint32, d descriptor) {
	if int(n) == len(p.fds) {
		p.fds = append(p.fds, descriptor{})
	}
	p.fds[n] = d
}

// AddStream makes r a descriptor of the running guest, to read and to poll, and
// returns its number. It is closed with the descriptor, while a Read waits if
// need be. EMFILE where MaxFiles are open; r is not closed then.
func (p *Process) AddStream(r io.ReadCloser) (fd uint32, err error) {
	fd, errno := p.freeFD()
	if errno != success {
		return 0, errno
	}
	o := &open{refs: 1, closer: r, stream: stream{r: r, blocks: mayBlock(r)}}
	p.install(fd, descriptor{open: o, base: streamRights &^ rightWrite})
	return fd, nil
}

// closeFD frees n, and closes what is open there if no other number has it.
func (p *Process) closeFD(n uint32) vfs.Errno {
	d, errno := p.fd(n)
	if errno != success {
		return errno
	}
	o := d.open
	*d = descriptor{}
	return vfs.ToErrno(o.release())
}

// keepsDirs reports whether a directory is open beyond the preopens.
func (p *Process) keepsDirs() bool {
	for n := range p.fds {
		if o := p.fds[n].open; o != nil && o.kind == directory && o.preopen == "" {
			return true
		}
	}
	return false
}

// renamed follows the rename of a directory: descriptors know directories by name.
func (p *Process) renamed(from, to string) {
	for n := range p.fds {
		o := p.fds[n].open
		if o == nil || o.kind != directory || o.preopen != "" {
			continue
		}
		if rest, ok := strings.CutPrefix(o.name, from); ok && (rest == "" || rest[0] == '/') {
			o.name = to + rest
		}
	}
}
