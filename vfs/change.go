package vfs

// ChangeKind says what became of a name between two states of a tree.
type ChangeKind uint8

// The kinds of change.
const (
	Created  ChangeKind = iota + 1 // the name is new
	Modified                       // the name was there, with other content, mode or type
	Deleted                        // the name is gone
)

// String returns "created", "modified" or "deleted".
func (k ChangeKind) String() string {
	switch k {
	case Created:
		return "created"
	case Modified:
		return "modified"
	case Deleted:
		return "deleted"
	}
	return "unknown"
}

// Change is one name that differs between two states of a tree. A file that
// moved is two changes: its old name is deleted, its new name is created.
type Change struct {
	Path string // clean name
	Kind ChangeKind
	Dir  bool // a directory, now or, if deleted, before
}
