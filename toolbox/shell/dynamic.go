package shell

import (
	"encoding/binary"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/shell/syntax"
)

// Version is the version of bash that the shell is true to.
const Version = "5.2.15(1)-release"

// defaultVars sets what a shell sets at its start. The environment may have
// other values for some.
func (sh *Shell) defaultVars() {
	set := func(name, value string, a attr) {
		sh.put(sh.newVar(variable{name: name, attr: a, set: true, str: value}))
	}
	set("IFS", " \t\n", 0)
	set("OPTIND", "1", 0)
	set("OPTERR", "1", 0)
	set("PS4", "+ ", 0)
	set("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 0)
	set("TERM", "dumb", 0)
	set("HOSTNAME", "sandbox", 0)
	set("BASH", "/usr/bin/bash", 0)
	set("BASH_VERSION", Version, 0)
	set("HOSTTYPE", "x86_64", 0)
	set("MACHTYPE", "x86_64-pc-linux-gnu", 0)
	set("OSTYPE", "linux-gnu", 0)
	set("SHELL", "/bin/bash", 0)
	for _, name := range []string{"UID", "EUID"} {
		set(name, "1000", attrReadonly|attrInteger)
	}
	set("PPID", "", attrReadonly|attrInteger)
	sh.put(sh.newVar(variable{name: "BASH_VERSINFO", attr: attrReadonly | attrArray, set: true,
		arr: newArray([]string{"5", "2", "15", "1", "release", "x86_64-pc-linux-gnu"})}))
}

// noteLevel warns of a SHLVL that cannot be right.
func (sh *Shell) noteLevel() {
	if v := sh.vars.get("SHLVL"); len(v.str) > 3 {
		sh.stderr(fmt.Sprintf("%s: warning: shell level (%s) too high, resetting to 1\n", sh.name, v.str))
		v.str = "1"
	}
}

func (sh *Shell) sameDir(name string) bool {
	if !path.IsAbs(name) {
		return false
	}
	if name == sh.cwd {
		return true
	}
	a, err := sh.x.FS.Stat(name)
	if err != nil {
		return false
	}
	b, err := sh.x.FS.Stat(sh.cwd)
	return err == nil && a.Ino == b.Ino && a.Dev == b.Dev
}

// dynamic makes the variable of a special name whose value the shell computes;
// nil for any other name.
func (sh *Shell) dynamic(name string) *variable {
	if sh.gone.get(name) {
		return nil
	}
	text := func(s string, a attr) *variable { return &variable{name: name, attr: a, set: true, str: s} }
	list := func(vals []string) *variable {
		return &variable{name: name, attr: attrArray, set: true, arr: newArray(vals)}
	}
	switch name {
	case "RANDOM":
		return text(strconv.Itoa(sh.random()), attrInteger)
	case "SRANDOM":
		var b [4]byte
		io.ReadFull(sh.x.Rand, b[:])
		return text(strconv.FormatUint(uint64(binary.LittleEndian.Uint32(b[:])), 10), attrInteger)
	case "SECONDS":
		return text(strconv.FormatInt(int64(sh.x.Now().Sub(sh.seconds)/time.Second), 10), attrInteger)
	case "EPOCHSECONDS":
		return text(strconv.FormatInt(sh.x.Now().Unix(), 10), 0)
	case "EPOCHREALTIME":
		now := sh.x.Now()
		return text(fmt.Sprintf("%d.%06d", now.Unix(), now.Nanosecond()/1000), 0)
	case "LINENO":
		return text(strconv.Itoa(sh.line), attrInteger)
	case "BASHPID":
		return text(strconv.Itoa(sh.ownPid()), attrInteger)
	case "BASH_SUBSHELL":
		return text(strconv.Itoa(sh.sublevel), 0)
	case "BASH_COMMAND":
		if sh.current == nil {
			return text("", 0)
		}
		return text(syntax.PrintHead(sh.current), 0)
	case "BASH_EXECUTION_STRING":
		if sh.command == "" {
			return nil
		}
		return text(sh.command, 0)
	case "BASH_ARGV0":
		return text(sh.name, 0)
	case "SHELLOPTS":
		return text(sh.opt.names(), attrReadonly)
	case "BASHOPTS":
		return text(sh.shopts.names(), attrReadonly)
	case "_":
		return text(sh.last, 0)
	case "PIPESTATUS":
		vals := make([]string, len(sh.pipes))
		for i, s := range sh.pipes {
			vals[i] = strconv.Itoa(s)
		}
		return list(vals)
	case "DIRSTACK":
		return list(append([]string{sh.tildeDir(sh.cwd)}, sh.dirs...))
	case "GROUPS":
		return list([]string{"1000"})
	case "FUNCNAME":
		if sh.depth == 0 {
			return &variable{name: name, attr: attrArray}
		}
		return list(sh.funcNames())
	case "BASH_SOURCE":
		return list(sh.sources())
	case "BASH_LINENO":
		return list(sh.callLines())
	case "BASH_ARGC", "BASH_ARGV":
		return list(sh.callArgs(name == "BASH_ARGC"))
	case "BASH_ALIASES":
		m := newAssoc()
		for k, v := range sh.aliases.m {
			m.set(k, v)
		}
		return &variable{name: name, attr: attrAssoc, set: true, assoc: m}
	case "BASH_CMDS":
		m := newAssoc()
		for k, v := range sh.hashed.m {
			m.set(k, v.path)
		}
		return &variable{name: name, attr: attrAssoc, set: true, assoc: m}
	case "COMP_WORDBREAKS":
		return text(" \t\n\"'><=;|&(:", 0)
	case "HISTCMD":
		return text(itoa(sh.hist.number()), attrInteger)
	}
	return nil
}

// dynamicNames are the names of dynamic, for listings.
func dynamicNames() []string {
	return []string{"BASHOPTS", "BASHPID", "BASH_ALIASES", "BASH_ARGC", "BASH_ARGV", "BASH_CMDS", "BASH_EXECUTION_STRING",
		"BASH_LINENO", "BASH_SOURCE", "BASH_SUBSHELL", "COMP_WORDBREAKS", "DIRSTACK", "EPOCHREALTIME", "EPOCHSECONDS",
		"FUNCNAME", "GROUPS", "HISTCMD", "LINENO", "PIPESTATUS", "RANDOM", "SECONDS", "SHELLOPTS", "SRANDOM", "_"}
}

// setDynamic reacts to an assignment to a special variable; true if nothing
// is to be stored.
func (sh *Shell) setDynamic(name, value string) bool {
	if sh.gone.get(name) {
		return false
	}
	switch name {
	case "RANDOM":
		n, _ := sh.arithText(value)
		sh.rand, sh.seeded = uint32(n), true
	case "SECONDS":
		n, _ := sh.arithText(value)
		sh.seconds = sh.x.Now().Add(-time.Duration(n) * time.Second)
	case "BASH_ARGV0":
		sh.name = value
	case "LINENO", "BASHPID", "BASH_SUBSHELL", "BASH_COMMAND", "EPOCHSECONDS", "EPOCHREALTIME", "SRANDOM",
		"PIPESTATUS", "GROUPS", "FUNCNAME", "BASH_SOURCE", "BASH_LINENO", "BASH_ARGC", "BASH_ARGV", "HISTCMD", "_",
		"COMP_WORDBREAKS", "DIRSTACK":
	default:
		return false
	}
	sh.drop(name)
	return true
}

func (sh *Shell) setDynamicIndex(name string, i int64, value string) bool {
	switch name {
	case "DIRSTACK":
		if n := int(i) - 1; n >= 0 && n < len(sh.dirs) {
			sh.dirs[n] = value
		}
	case "PIPESTATUS", "GROUPS", "FUNCNAME", "BASH_SOURCE", "BASH_LINENO", "BASH_ARGC", "BASH_ARGV":
	default:
		return false
	}
	sh.drop(name)
	return !sh.gone.get(name)
}

// removeDynamic makes a special variable an ordinary one.
func (sh *Shell) removeDynamic(name string) {
	if sh.vars.get(name) != nil || sh.dynamic(name) == nil {
		return
	}
	sh.gone.put(name, true)
}

// random is bash's generator: seeded, it gives bash's own numbers.
func (sh *Shell) random() int {
	if !sh.seeded {
		var b [4]byte
		if sh.x.Rand != nil {
			io.ReadFull(sh.x.Rand, b[:])
		}
		sh.rand, sh.seeded = binary.LittleEndian.Uint32(b[:]), true
	}
	seed := sh.rand
	if seed == 0 {
		seed = 123459876
	}
	h := int64(seed) / 127773
	l := int64(seed) % 127773
	t := 16807*l - 2836*h
	if t < 0 {
		t += 0x7fffffff
	}
	sh.rand = uint32(t)
	return int((sh.rand>>16 ^ sh.rand&0xffff) & 32767)
}

// ownPid is the shell's process id; a lean subshell takes one when it is asked.
func (sh *Shell) ownPid() int {
	if !sh.lean {
		return sh.proc.pid
	}
	if sh.leanPid == 0 {
		sh.leanPid = sh.sys.takePid()
	}
	return sh.leanPid
}

// special returns the value of a one-character parameter.
func (sh *Shell) special(c byte) string {
	switch c {
	case '?':
		return strconv.Itoa(sh.status)
	case '#':
		return strconv.Itoa(len(sh.args))
	case '$':
		return strconv.Itoa(sh.shellPid())
	case '!':
		if sh.lastBg == 0 {
			return ""
		}
		return strconv.Itoa(sh.lastBg)
	case '-':
		return sh.opt.letters()
	case '0':
		return sh.name
	}
	return ""
}

// joinIFS joins with the first character of IFS, as "$*" does.
func (sh *Shell) joinIFS(list []string) string {
	return strings.Join(list, sh.ifsFirst())
}
