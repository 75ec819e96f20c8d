package tool

// Who and where a command runs. All of it is virtual: files have no other
// owner, and nothing of the host shows.
const (
	User  = "sandbox"
	Group = "sandbox"
	UID   = 1000
	GID   = 1000
	Home  = "/home/sandbox"
	Shell = "/bin/bash"

	Hostname = "sandbox"
	// The fields of uname, in the order of uname -a.
	Kernel        = "Linux"
	KernelRelease = "6.1.0"
	KernelVersion = "#1 SMP"
	Machine       = "wasm32"
	System        = "GNU/Linux"
)

// UserName returns the name of a user, and whether there is such a user.
func UserName(uid int) (string, bool) { return nameOf(uid, UID, User) }

// GroupName returns the name of a group, and whether there is such a group.
func GroupName(gid int) (string, bool) { return nameOf(gid, GID, Group) }

func nameOf(id, own int, name string) (string, bool) {
	switch id {
	case 0:
		return "root", true
	case own:
		return name, true
	}
	return "", false
}

// UserID finds the id of a user by name: root, or the sandbox's one user.
func UserID(name string) (int, bool) { return idOf(name, User, UID) }

// GroupID finds the id of a group by name, likewise.
func GroupID(name string) (int, bool) { return idOf(name, Group, GID) }

func idOf(name, own string, id int) (int, bool) {
	switch name {
	case "root":
		return 0, true
	case own:
		return id, true
	}
	return 0, false
}
