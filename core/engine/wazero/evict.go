package wazero

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	// maxCache is how many bytes of entries a cache keeps: those of some three
	// versions of the toolbox.
	maxCache = 512 << 20
	// abandoned is how old what a process was about to write must be to be taken
	// for a dead one's.
	abandoned = time.Hour
)

// used notes that a mark's entry was used, which keeps it.
func used(mark string) {
	now := time.Now()
	_ = os.Chtimes(mark, now, now) // else it looks older than it is, and may be made again
}

// evict removes the entries that were not used for longest, until those that
// stay take no more than max bytes, and what processes left that died. The caller has
// the lock. Whoever has an entry open keeps it; whoever is about to open it makes it
// again. The last one stays, whatever its size.
func evict(dir string, max int64) error {
	marks, err := byUse(dir)
	if err != nil {
		return err
	}
	keep := map[string]bool{}
	total := int64(0)
	for _, mark := range marks {
		id, err := os.ReadFile(mark)
		if err != nil {
			return err
		}
		info, err := os.Stat(filepath.Join(dir, string(id)+".code"))
		if err == nil && !keep[string(id)] {
			total += info.Size()
		}
		if err != nil || total > max && len(keep) > 0 {
			_ = os.Remove(mark)
			continue
		}
		keep[string(id)] = true
	}
	return sweep(dir, keep)
}

// byUse lists the marks of a cache, the last one used first.
func byUse(dir string) ([]string, error) {
	marks, err := filepath.Glob(filepath.Join(dir, "*.mark"))
	if err != nil {
		return nil, err
	}
	at := map[string]time.Time{}
	for _, m := range marks {
		info, err := os.Lstat(m)
		if err != nil {
			return nil, err
		}
		at[m] = info.ModTime()
	}
	slices.SortFunc(marks, func(a, b string) int { return at[b].Compare(at[a]) })
	return marks, nil
}

// sweep removes all entries but those to keep, and what was abandoned. A file
// that can't be removed, since a system keeps those that are open, is left for the
// next time.
func sweep(dir string, keep map[string]bool) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		id, kind, _ := strings.Cut(f.Name(), ".")
		stale := (kind == "code" || kind == "seen") && !keep[id]
		if strings.HasPrefix(f.Name(), entryTemp) || strings.HasPrefix(f.Name(), compileTemp) {
			info, err := f.Info()
			stale = err == nil && time.Since(info.ModTime()) > abandoned
		}
		if stale {
			_ = os.RemoveAll(filepath.Join(dir, f.Name()))
		}
	}
	return nil
}
