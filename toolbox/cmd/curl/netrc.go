package curl

import "strings"

// netrc looks up "user:password" of a host, where -n or its kin ask for it.
func (r *runner) netrc(c *config, host string) string {
	if !c.netrc && !c.netrcOptional && c.netrcFile == "" {
		return ""
	}
	file := c.netrcFile
	if file == "" {
		file = r.x.Getenv("HOME") + "/.netrc"
	}
	data, err := r.readFile(file)
	if err != nil {
		return ""
	}
	words := strings.Fields(string(data))
	matched := false
	var login, password string
	for i := 0; i < len(words); i++ {
		arg := ""
		if i+1 < len(words) {
			arg = words[i+1]
		}
		switch words[i] {
		case "machine":
			if matched {
				return login + ":" + password
			}
			matched = strings.EqualFold(arg, host)
			i++
		case "default":
			if matched {
				return login + ":" + password
			}
			matched = true
		case "login":
			if matched {
				login = arg
			}
			i++
		case "password":
			if matched {
				password = arg
			}
			i++
		}
	}
	if !matched {
		return ""
	}
	return login + ":" + password
}
