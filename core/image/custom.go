package image

import "strings"

// Custom returns the contents of the first custom section of that name, which
// alias the module.
func (m *Module) Custom(name string) ([]byte, bool) {
	for _, c := range m.customs {
		if c.name == name {
			return c.data, true
		}
	}
	return nil, false
}

// SetCustom puts a custom section at the end, in place of any of that name.
func (m *Module) SetCustom(name string, data []byte) {
	m.StripCustom(func(n string) bool { return n == name })
	m.customs = append(m.customs, custom{name: name, data: data, after: rank[secData]})
}

// StripCustom removes the custom sections whose name drop reports true for.
func (m *Module) StripCustom(drop func(name string) bool) {
	kept := m.customs[:0:0]
	for _, c := range m.customs {
		if !drop(c.name) {
			kept = append(kept, c)
		}
	}
	m.customs = kept
}

// DebugSection reports whether a custom section of that name is for debuggers, linkers
// or readers of stack traces: no code depends on it.
func DebugSection(name string) bool {
	return name == "name" || name == "producers" || tellsOffsets(name)
}

// tellsOffsets reports whether a custom section speaks of offsets in the code or
// indices that a rewrite makes wrong.
func tellsOffsets(name string) bool {
	switch name {
	case "linking", "sourceMappingURL", "external_debug_info", "dylink", "dylink.0":
		return true
	}
	for _, p := range []string{".debug_", "reloc.", "metadata.code."} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}
