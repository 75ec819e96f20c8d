package diff

import (
	"errors"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"

	"agentsandbox/toolbox/zone"
	"agentsandbox/vfs"
)

// dirs compares two directories, one of which may be missing.
func (d *diff) dirs(x, y *file, above []vfs.Info) (int, error) {
	for _, f := range []*file{x, y} {
		for _, up := range above {
			if !f.missing && up.Ino != 0 && up.Ino == f.info.Ino && up.Dev == f.info.Dev {
				return trouble, d.warn(f.name, errors.New("recursive directory loop"))
			}
		}
	}
	var names [2][]string
	status := same
	for i, f := range []*file{x, y} {
		if f.missing {
			continue
		}
		list, err := d.list(f.name, above == nil)
		if err != nil {
			status = trouble
			if err := d.warn(f.name, err); err != nil {
				return trouble, err
			}
		}
		names[i] = list
	}
	if status != same {
		return status, nil
	}
	above = append(above[:len(above):len(above)], x.info, y.info)
	for _, pair := range d.match(names[0], names[1]) {
		if err := d.ctx.Err(); err != nil {
			return trouble, err
		}
		s, err := d.entry(x, y, pair, above)
		if err != nil {
			return trouble, err
		}
		status = max(status, s)
	}
	return status, nil
}

// list is the names in a directory that are not left out.
func (d *diff) list(name string, first bool) ([]string, error) {
	entries, err := d.x.ReadDir(name)
	if err != nil {
		var pe *fs.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if !d.excluded(e.Name) && !(first && d.startAt != "" && d.order(e.Name, d.startAt) < 0) {
			names = append(names, e.Name)
		}
	}
	sort.Slice(names, func(i, j int) bool {
		o := d.order(names[i], names[j])
		return o < 0 || o == 0 && names[i] < names[j]
	})
	return names, nil
}

func (d *diff) order(a, b string) int {
	if d.foldNames {
		a, b = strings.ToLower(a), strings.ToLower(b)
	}
	return strings.Compare(a, b)
}

func (d *diff) excluded(name string) bool {
	for _, pattern := range d.exclude {
		pattern = strings.ReplaceAll(pattern, "[!", "[^")
		if ok, err := path.Match(pattern, name); ok || err != nil && pattern == name {
			return true
		}
	}
	return false
}

// match pairs the names of two sorted lists; "" is none.
func (d *diff) match(a, b []string) [][2]string {
	var pairs [][2]string
	for len(a) > 0 || len(b) > 0 {
		o := 0
		switch {
		case len(a) == 0:
			o = 1
		case len(b) == 0:
			o = -1
		default:
			o = d.order(a[0], b[0])
		}
		var pair [2]string
		if o <= 0 {
			pair[0], a = a[0], a[1:]
		}
		if o >= 0 {
			pair[1], b = b[0], b[1:]
		}
		pairs = append(pairs, pair)
	}
	return pairs
}

// entry compares what is in two directories under a name.
func (d *diff) entry(x, y *file, pair [2]string, above []vfs.Info) (int, error) {
	only := func(dir *file, name string) (int, error) {
		return different, d.say("Only in " + dir.name + ": " + name)
	}
	a, b := pair[0], pair[1]
	switch {
	case a == "" && !d.newFile && !d.newFirst:
		return only(y, b)
	case b == "" && !d.newFile:
		return only(x, a)
	}
	var files [2]*file
	status := same
	for i, dir := range []*file{x, y} {
		name := pair[i]
		if name == "" {
			files[i] = &file{name: join(dir.name, pair[1-i]), missing: true}
			continue
		}
		f, err := d.stat(join(dir.name, name))
		if err != nil {
			status = trouble
			if err := d.warn(f.name, err); err != nil {
				return trouble, err
			}
		}
		files[i] = f
	}
	if status != same {
		return status, nil
	}
	if d.oneDir(files[0], files[1]) && !d.recursive {
		if a == "" {
			return only(y, b)
		}
		return only(x, a)
	}
	return d.files(files[0], files[1], above)
}

// zone is the time zone of the run.
func (d *diff) zone() *time.Location { return zone.Load(d.x.Getenv("TZ")) }
