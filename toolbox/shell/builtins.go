package shell

import "slices"

// builtin runs a builtin command; argv[0] is its name.
type builtin func(sh *Shell, argv []string) int

// builtinFor finds a builtin that is enabled, nil if there is none.
func (sh *Shell) builtinFor(name string) builtin {
	if sh.disabled.get(name) {
		return nil
	}
	return findBuiltin(name)
}

func findBuiltin(name string) builtin {
	switch name {
	case ":", "true":
		return func(*Shell, []string) int { return 0 }
	case "false":
		return func(*Shell, []string) int { return 1 }
	case ".", "source":
		return (*Shell).source
	case "[", "test":
		return (*Shell).test
	case "alias":
		return (*Shell).alias
	case "bg", "fg":
		return (*Shell).foreground
	case "bind":
		return func(*Shell, []string) int { return 0 }
	case "break", "continue":
		return (*Shell).breakLoop
	case "builtin":
		return (*Shell).runBuiltin
	case "caller":
		return (*Shell).caller
	case "cd":
		return (*Shell).cd
	case "command":
		return (*Shell).commandCmd
	case "compgen":
		return (*Shell).compgen
	case "complete":
		return (*Shell).complete
	case "compopt":
		return (*Shell).compopt
	case "declare", "typeset", "local":
		return (*Shell).declare
	case "dirs":
		return (*Shell).dirsCmd
	case "disown":
		return (*Shell).disown
	case "echo":
		return (*Shell).echo
	case "enable":
		return (*Shell).enable
	case "eval":
		return (*Shell).eval
	case "exec":
		return (*Shell).execCmd
	case "exit", "logout":
		return (*Shell).exit
	case "export", "readonly":
		return (*Shell).export
	}
	return findMore(name)
}

func findMore(name string) builtin {
	switch name {
	case "fc":
		return (*Shell).fc
	case "getopts":
		return (*Shell).getoptsCmd
	case "hash":
		return (*Shell).hash
	case "help":
		return (*Shell).help
	case "history":
		return (*Shell).history
	case "jobs":
		return (*Shell).jobsCmd
	case "kill":
		return (*Shell).killCmd
	case "let":
		return (*Shell).let
	case "mapfile", "readarray":
		return (*Shell).mapfile
	case "popd":
		return (*Shell).popd
	case "printf":
		return (*Shell).printf
	case "pushd":
		return (*Shell).pushd
	case "pwd":
		return (*Shell).pwd
	case "read":
		return (*Shell).read
	case "return":
		return (*Shell).returnCmd
	case "set":
		return (*Shell).set
	case "shift":
		return (*Shell).shift
	case "shopt":
		return (*Shell).shoptCmd
	case "suspend":
		return (*Shell).suspend
	case "times":
		return (*Shell).times
	case "trap":
		return (*Shell).trap
	case "type":
		return (*Shell).typeCmd
	case "ulimit":
		return (*Shell).ulimit
	case "umask":
		return (*Shell).umaskCmd
	case "unalias":
		return (*Shell).unalias
	case "unset":
		return (*Shell).unsetCmd
	case "wait":
		return (*Shell).wait
	}
	return nil
}

// builtinNames are the names of all builtins, sorted.
func builtinNames() []string {
	return []string{".", ":", "[", "alias", "bg", "bind", "break", "builtin", "caller", "cd", "command", "compgen", "complete",
		"compopt", "continue", "declare", "dirs", "disown", "echo", "enable", "eval", "exec", "exit", "export", "false", "fc",
		"fg", "getopts", "hash", "help", "history", "jobs", "kill", "let", "local", "logout", "mapfile", "popd", "printf",
		"pushd", "pwd", "read", "readarray", "readonly", "return", "set", "shift", "shopt", "source", "suspend", "test",
		"times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "wait"}
}

// isSpecialBuiltin reports whether POSIX calls the builtin special.
func isSpecialBuiltin(name string) bool {
	return slices.Contains(specialBuiltins[:], name)
}

var specialBuiltins = [...]string{".", ":", "break", "continue", "eval", "exec", "exit", "export", "readonly", "return",
	"set", "shift", "source", "times", "trap", "unset"}

// keywords are the reserved words, in the order of compgen -k.
var keywords = [...]string{"if", "then", "else", "elif", "fi", "case", "esac", "for", "select", "while", "until", "do", "done",
	"in", "function", "time", "{", "}", "!", "[[", "]]", "coproc"}

func isKeyword(name string) bool { return slices.Contains(keywords[:], name) }
