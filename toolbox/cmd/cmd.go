// Package cmd is the table of the toolbox: which commands there are, and how
// one is found and run.
package cmd

import (
	"context"
	"fmt"
	"strings"

	"agentsandbox/toolbox/cmd/arch"
	"agentsandbox/toolbox/cmd/awk"
	"agentsandbox/toolbox/cmd/b2sum"
	"agentsandbox/toolbox/cmd/base32"
	"agentsandbox/toolbox/cmd/base64"
	"agentsandbox/toolbox/cmd/basename"
	"agentsandbox/toolbox/cmd/basenc"
	"agentsandbox/toolbox/cmd/bc"
	"agentsandbox/toolbox/cmd/bzip2"
	"agentsandbox/toolbox/cmd/cat"
	"agentsandbox/toolbox/cmd/chmod"
	"agentsandbox/toolbox/cmd/chown"
	"agentsandbox/toolbox/cmd/cksum"
	"agentsandbox/toolbox/cmd/clear"
	"agentsandbox/toolbox/cmd/cmp"
	"agentsandbox/toolbox/cmd/column"
	"agentsandbox/toolbox/cmd/comm"
	"agentsandbox/toolbox/cmd/cp"
	"agentsandbox/toolbox/cmd/curl"
	"agentsandbox/toolbox/cmd/cut"
	"agentsandbox/toolbox/cmd/date"
	"agentsandbox/toolbox/cmd/dd"
	"agentsandbox/toolbox/cmd/df"
	"agentsandbox/toolbox/cmd/diff"
	"agentsandbox/toolbox/cmd/dirname"
	"agentsandbox/toolbox/cmd/du"
	"agentsandbox/toolbox/cmd/echo"
	"agentsandbox/toolbox/cmd/env"
	"agentsandbox/toolbox/cmd/envsubst"
	"agentsandbox/toolbox/cmd/expand"
	"agentsandbox/toolbox/cmd/expr"
	"agentsandbox/toolbox/cmd/factor"
	falsecmd "agentsandbox/toolbox/cmd/false"
	"agentsandbox/toolbox/cmd/file"
	findcmd "agentsandbox/toolbox/cmd/find"
	fmtcmd "agentsandbox/toolbox/cmd/fmt"
	"agentsandbox/toolbox/cmd/fold"
	"agentsandbox/toolbox/cmd/getconf"
	"agentsandbox/toolbox/cmd/getopt"
	"agentsandbox/toolbox/cmd/grep"
	"agentsandbox/toolbox/cmd/groups"
	"agentsandbox/toolbox/cmd/gzip"
	"agentsandbox/toolbox/cmd/head"
	"agentsandbox/toolbox/cmd/hexdump"
	"agentsandbox/toolbox/cmd/hostname"
	"agentsandbox/toolbox/cmd/iconv"
	"agentsandbox/toolbox/cmd/id"
	"agentsandbox/toolbox/cmd/install"
	"agentsandbox/toolbox/cmd/join"
	"agentsandbox/toolbox/cmd/jq"
	"agentsandbox/toolbox/cmd/less"
	"agentsandbox/toolbox/cmd/link"
	"agentsandbox/toolbox/cmd/ln"
	"agentsandbox/toolbox/cmd/logname"
	"agentsandbox/toolbox/cmd/ls"
	"agentsandbox/toolbox/cmd/man"
	"agentsandbox/toolbox/cmd/md5sum"
	"agentsandbox/toolbox/cmd/mkdir"
	"agentsandbox/toolbox/cmd/mktemp"
	"agentsandbox/toolbox/cmd/mv"
	"agentsandbox/toolbox/cmd/nice"
	"agentsandbox/toolbox/cmd/nl"
	"agentsandbox/toolbox/cmd/nohup"
	"agentsandbox/toolbox/cmd/nproc"
	"agentsandbox/toolbox/cmd/numfmt"
	"agentsandbox/toolbox/cmd/od"
	"agentsandbox/toolbox/cmd/paste"
	"agentsandbox/toolbox/cmd/patch"
	"agentsandbox/toolbox/cmd/pathchk"
	"agentsandbox/toolbox/cmd/printenv"
	"agentsandbox/toolbox/cmd/printf"
	"agentsandbox/toolbox/cmd/pwd"
	"agentsandbox/toolbox/cmd/readlink"
	"agentsandbox/toolbox/cmd/realpath"
	"agentsandbox/toolbox/cmd/rev"
	"agentsandbox/toolbox/cmd/rg"
	"agentsandbox/toolbox/cmd/rm"
	"agentsandbox/toolbox/cmd/rmdir"
	"agentsandbox/toolbox/cmd/sed"
	"agentsandbox/toolbox/cmd/seq"
	"agentsandbox/toolbox/cmd/sha1sum"
	"agentsandbox/toolbox/cmd/sha224sum"
	"agentsandbox/toolbox/cmd/sha256sum"
	"agentsandbox/toolbox/cmd/sha384sum"
	"agentsandbox/toolbox/cmd/sha512sum"
	"agentsandbox/toolbox/cmd/shuf"
	"agentsandbox/toolbox/cmd/sleep"
	"agentsandbox/toolbox/cmd/sort"
	"agentsandbox/toolbox/cmd/split"
	"agentsandbox/toolbox/cmd/stat"
	stringscmd "agentsandbox/toolbox/cmd/strings"
	"agentsandbox/toolbox/cmd/sync"
	"agentsandbox/toolbox/cmd/tac"
	"agentsandbox/toolbox/cmd/tail"
	"agentsandbox/toolbox/cmd/tar"
	"agentsandbox/toolbox/cmd/tee"
	"agentsandbox/toolbox/cmd/test"
	"agentsandbox/toolbox/cmd/timeout"
	"agentsandbox/toolbox/cmd/touch"
	"agentsandbox/toolbox/cmd/tput"
	"agentsandbox/toolbox/cmd/tr"
	"agentsandbox/toolbox/cmd/tree"
	truecmd "agentsandbox/toolbox/cmd/true"
	"agentsandbox/toolbox/cmd/truncate"
	"agentsandbox/toolbox/cmd/tsort"
	"agentsandbox/toolbox/cmd/tty"
	"agentsandbox/toolbox/cmd/uname"
	"agentsandbox/toolbox/cmd/unexpand"
	"agentsandbox/toolbox/cmd/uniq"
	"agentsandbox/toolbox/cmd/unlink"
	"agentsandbox/toolbox/cmd/unzip"
	"agentsandbox/toolbox/cmd/uuidgen"
	"agentsandbox/toolbox/cmd/wc"
	"agentsandbox/toolbox/cmd/wget"
	"agentsandbox/toolbox/cmd/which"
	"agentsandbox/toolbox/cmd/whoami"
	"agentsandbox/toolbox/cmd/xargs"
	"agentsandbox/toolbox/cmd/xxd"
	"agentsandbox/toolbox/cmd/xz"
	"agentsandbox/toolbox/cmd/yes"
	"agentsandbox/toolbox/cmd/zip"
	"agentsandbox/toolbox/shell"
	"agentsandbox/toolbox/tool"
)

// Table lists the commands by name, sorted. A command is one folder beside
// this file and one line here.
var Table = []tool.Command{
	{Name: "[", Run: test.Run},
	{Name: "arch", Run: arch.Run},
	{Name: "awk", Run: awk.Run},
	{Name: "b2sum", Run: b2sum.Run},
	{Name: "base32", Run: base32.Run},
	{Name: "base64", Run: base64.Run},
	{Name: "basename", Run: basename.Run},
	{Name: "basenc", Run: basenc.Run},
	{Name: "bash", Run: shell.Run},
	{Name: "bc", Run: bc.Run},
	{Name: "bunzip2", Run: bzip2.Run},
	{Name: "bzcat", Run: bzip2.Run},
	{Name: "bzip2", Run: bzip2.Run},
	{Name: "cat", Run: cat.Run},
	{Name: "chgrp", Run: chown.Run},
	{Name: "chmod", Run: chmod.Run},
	{Name: "chown", Run: chown.Run},
	{Name: "cksum", Run: cksum.Run},
	{Name: "clear", Run: clear.Run},
	{Name: "cmp", Run: cmp.Run},
	{Name: "column", Run: column.Run},
	{Name: "comm", Run: comm.Run},
	{Name: "cp", Run: cp.Run},
	{Name: "curl", Run: curl.Run},
	{Name: "cut", Run: cut.Run},
	{Name: "date", Run: date.Run},
	{Name: "dd", Run: dd.Run},
	{Name: "df", Run: df.Run},
	{Name: "diff", Run: diff.Run},
	{Name: "dirname", Run: dirname.Run},
	{Name: "du", Run: du.Run},
	{Name: "echo", Run: echo.Run},
	{Name: "egrep", Run: grep.Run},
	{Name: "env", Run: env.Run},
	{Name: "envsubst", Run: envsubst.Run},
	{Name: "expand", Run: expand.Run},
	{Name: "expr", Run: expr.Run},
	{Name: "factor", Run: factor.Run},
	{Name: "false", Run: falsecmd.Run},
	{Name: "fgrep", Run: grep.Run},
	{Name: "file", Run: file.Run},
	{Name: "find", Run: findcmd.Run},
	{Name: "fmt", Run: fmtcmd.Run},
	{Name: "fold", Run: fold.Run},
	{Name: "gawk", Run: awk.Run},
	{Name: "getconf", Run: getconf.Run},
	{Name: "getopt", Run: getopt.Run},
	{Name: "grep", Run: grep.Run},
	{Name: "groups", Run: groups.Run},
	{Name: "gunzip", Run: gzip.Run},
	{Name: "gzip", Run: gzip.Run},
	{Name: "hd", Run: hexdump.Run},
	{Name: "head", Run: head.Run},
	{Name: "hexdump", Run: hexdump.Run},
	{Name: "hostname", Run: hostname.Run},
	{Name: "iconv", Run: iconv.Run},
	{Name: "id", Run: id.Run},
	{Name: "install", Run: install.Run},
	{Name: "ionice", Run: nice.Run},
	{Name: "join", Run: join.Run},
	{Name: "jq", Run: jq.Run},
	{Name: "less", Run: less.Run},
	{Name: "link", Run: link.Run},
	{Name: "ln", Run: ln.Run},
	{Name: "logname", Run: logname.Run},
	{Name: "ls", Run: ls.Run},
	{Name: "man", Run: man.Run},
	{Name: "md5sum", Run: md5sum.Run},
	{Name: "mkdir", Run: mkdir.Run},
	{Name: "mktemp", Run: mktemp.Run},
	{Name: "more", Run: less.Run},
	{Name: "mv", Run: mv.Run},
	{Name: "nice", Run: nice.Run},
	{Name: "nl", Run: nl.Run},
	{Name: "nohup", Run: nohup.Run},
	{Name: "nproc", Run: nproc.Run},
	{Name: "numfmt", Run: numfmt.Run},
	{Name: "od", Run: od.Run},
	{Name: "paste", Run: paste.Run},
	{Name: "patch", Run: patch.Run},
	{Name: "pathchk", Run: pathchk.Run},
	{Name: "printenv", Run: printenv.Run},
	{Name: "printf", Run: printf.Run},
	{Name: "pwd", Run: pwd.Run},
	{Name: "readlink", Run: readlink.Run},
	{Name: "realpath", Run: realpath.Run},
	{Name: "rev", Run: rev.Run},
	{Name: "rg", Run: rg.Run},
	{Name: "rm", Run: rm.Run},
	{Name: "rmdir", Run: rmdir.Run},
	{Name: "sed", Run: sed.Run},
	{Name: "seq", Run: seq.Run},
	{Name: "setsid", Run: nice.Run},
	{Name: "sh", Run: shell.Run},
	{Name: "sha1sum", Run: sha1sum.Run},
	{Name: "sha224sum", Run: sha224sum.Run},
	{Name: "sha256sum", Run: sha256sum.Run},
	{Name: "sha384sum", Run: sha384sum.Run},
	{Name: "sha512sum", Run: sha512sum.Run},
	{Name: "shuf", Run: shuf.Run},
	{Name: "sleep", Run: sleep.Run},
	{Name: "sort", Run: sort.Run},
	{Name: "split", Run: split.Run},
	{Name: "stat", Run: stat.Run},
	{Name: "stdbuf", Run: nice.Run},
	{Name: "strings", Run: stringscmd.Run},
	{Name: "sum", Run: cksum.Run},
	{Name: "sync", Run: sync.Run},
	{Name: "tac", Run: tac.Run},
	{Name: "tail", Run: tail.Run},
	{Name: "tar", Run: tar.Run},
	{Name: "tee", Run: tee.Run},
	{Name: "test", Run: test.Run},
	{Name: "timeout", Run: timeout.Run},
	{Name: "touch", Run: touch.Run},
	{Name: "tput", Run: tput.Run},
	{Name: "tr", Run: tr.Run},
	{Name: "tree", Run: tree.Run},
	{Name: "true", Run: truecmd.Run},
	{Name: "truncate", Run: truncate.Run},
	{Name: "tsort", Run: tsort.Run},
	{Name: "tty", Run: tty.Run},
	{Name: "uname", Run: uname.Run},
	{Name: "unexpand", Run: unexpand.Run},
	{Name: "uniq", Run: uniq.Run},
	{Name: "unlink", Run: unlink.Run},
	{Name: "unxz", Run: xz.Run},
	{Name: "unzip", Run: unzip.Run},
	{Name: "uuidgen", Run: uuidgen.Run},
	{Name: "wc", Run: wc.Run},
	{Name: "wget", Run: wget.Run},
	{Name: "which", Run: which.Run},
	{Name: "whoami", Run: whoami.Run},
	{Name: "xargs", Run: xargs.Run},
	{Name: "xxd", Run: xxd.Run},
	{Name: "xz", Run: xz.Run},
	{Name: "xzcat", Run: xz.Run},
	{Name: "yes", Run: yes.Run},
	{Name: "zcat", Run: gzip.Run},
	{Name: "zip", Run: zip.Run},
}

// Lookup finds a command by name. It is a search of its own, since that of
// package slices costs a start several times as much.
func Lookup(name string) (tool.Command, bool) {
	low, high := 0, len(Table)
	for low < high {
		if mid := (low + high) / 2; Table[mid].Name < name {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == len(Table) || Table[low].Name != name {
		return tool.Command{}, false
	}
	return Table[low], true
}

// Run runs argv as a process of its own would be: a command of the table by its
// name, anything else as Spawn finds it. What can't be run is said in one line
// on standard error; the status is 127 or 126 then. Run takes x over.
func Run(ctx context.Context, x *tool.Exec, argv []string) int {
	if c, ok := Lookup(argv[0]); ok {
		x.Name, x.Args = argv[0], argv[1:]
		return tool.Main(ctx, c, x)
	}
	status, err := Spawn(ctx, x, argv)
	switch {
	case err == nil:
	case status == statusNotFound && !strings.Contains(argv[0], "/"):
		fmt.Fprintf(x.Stderr, "command not found: %s\n", argv[0])
	default:
		fmt.Fprintf(x.Stderr, "%s: %s\n", argv[0], tool.ErrText(err))
	}
	return status
}
