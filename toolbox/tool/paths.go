package tool

import "strings"

// Base is the last piece of a path as it was given, without slashes at its
// end; "/" of the root.
func Base(path string) string {
	trimmed := strings.TrimRight(path, "/")
	if trimmed == "" && path != "" {
		return "/"
	}
	return trimmed[strings.LastIndexByte(trimmed, '/')+1:]
}

// Join puts name below dir, both shown as they were given.
func Join(dir, name string) string {
	if strings.HasSuffix(dir, "/") {
		return dir + strings.TrimLeft(name, "/")
	}
	return dir + "/" + strings.TrimLeft(name, "/")
}
