// Command leaf is a small guest: the commands of the toolbox that start no
// other and are a few hundred lines each. A process that runs one of them, and
// has to load its code first, starts several times as fast as with the whole
// toolbox.
package main

import (
	"agentsandbox/toolbox/cmd/arch"
	"agentsandbox/toolbox/cmd/base32"
	"agentsandbox/toolbox/cmd/base64"
	"agentsandbox/toolbox/cmd/basename"
	"agentsandbox/toolbox/cmd/cat"
	"agentsandbox/toolbox/cmd/chmod"
	"agentsandbox/toolbox/cmd/cksum"
	"agentsandbox/toolbox/cmd/clear"
	"agentsandbox/toolbox/cmd/comm"
	"agentsandbox/toolbox/cmd/cp"
	"agentsandbox/toolbox/cmd/cut"
	"agentsandbox/toolbox/cmd/date"
	"agentsandbox/toolbox/cmd/dirname"
	"agentsandbox/toolbox/cmd/du"
	"agentsandbox/toolbox/cmd/echo"
	"agentsandbox/toolbox/cmd/expand"
	"agentsandbox/toolbox/cmd/expr"
	falsecmd "agentsandbox/toolbox/cmd/false"
	"agentsandbox/toolbox/cmd/fold"
	"agentsandbox/toolbox/cmd/grep"
	"agentsandbox/toolbox/cmd/groups"
	"agentsandbox/toolbox/cmd/head"
	"agentsandbox/toolbox/cmd/hostname"
	"agentsandbox/toolbox/cmd/id"
	"agentsandbox/toolbox/cmd/link"
	"agentsandbox/toolbox/cmd/ln"
	"agentsandbox/toolbox/cmd/logname"
	"agentsandbox/toolbox/cmd/ls"
	"agentsandbox/toolbox/cmd/md5sum"
	"agentsandbox/toolbox/cmd/mkdir"
	"agentsandbox/toolbox/cmd/mktemp"
	"agentsandbox/toolbox/cmd/mv"
	"agentsandbox/toolbox/cmd/nl"
	"agentsandbox/toolbox/cmd/nproc"
	"agentsandbox/toolbox/cmd/paste"
	"agentsandbox/toolbox/cmd/pathchk"
	"agentsandbox/toolbox/cmd/printenv"
	"agentsandbox/toolbox/cmd/printf"
	"agentsandbox/toolbox/cmd/pwd"
	"agentsandbox/toolbox/cmd/readlink"
	"agentsandbox/toolbox/cmd/realpath"
	"agentsandbox/toolbox/cmd/rev"
	"agentsandbox/toolbox/cmd/rm"
	"agentsandbox/toolbox/cmd/rmdir"
	"agentsandbox/toolbox/cmd/seq"
	"agentsandbox/toolbox/cmd/sha1sum"
	"agentsandbox/toolbox/cmd/sha224sum"
	"agentsandbox/toolbox/cmd/sha256sum"
	"agentsandbox/toolbox/cmd/sha384sum"
	"agentsandbox/toolbox/cmd/sha512sum"
	"agentsandbox/toolbox/cmd/sleep"
	"agentsandbox/toolbox/cmd/sort"
	"agentsandbox/toolbox/cmd/stat"
	"agentsandbox/toolbox/cmd/sync"
	"agentsandbox/toolbox/cmd/tac"
	"agentsandbox/toolbox/cmd/tail"
	"agentsandbox/toolbox/cmd/tee"
	"agentsandbox/toolbox/cmd/test"
	"agentsandbox/toolbox/cmd/touch"
	"agentsandbox/toolbox/cmd/tr"
	truecmd "agentsandbox/toolbox/cmd/true"
	"agentsandbox/toolbox/cmd/truncate"
	"agentsandbox/toolbox/cmd/tty"
	"agentsandbox/toolbox/cmd/uname"
	"agentsandbox/toolbox/cmd/unexpand"
	"agentsandbox/toolbox/cmd/uniq"
	"agentsandbox/toolbox/cmd/unlink"
	"agentsandbox/toolbox/cmd/wc"
	"agentsandbox/toolbox/cmd/which"
	"agentsandbox/toolbox/cmd/whoami"
	"agentsandbox/toolbox/cmd/yes"
	"agentsandbox/toolbox/tool"
)

// table lists the commands by name, sorted. All of them are in cmd.Table too.
var table = []tool.Command{
	{Name: "[", Run: test.Run},
	{Name: "arch", Run: arch.Run},
	{Name: "base32", Run: base32.Run},
	{Name: "base64", Run: base64.Run},
	{Name: "basename", Run: basename.Run},
	{Name: "cat", Run: cat.Run},
	{Name: "chmod", Run: chmod.Run},
	{Name: "cksum", Run: cksum.Run},
	{Name: "clear", Run: clear.Run},
	{Name: "comm", Run: comm.Run},
	{Name: "cp", Run: cp.Run},
	{Name: "cut", Run: cut.Run},
	{Name: "date", Run: date.Run},
	{Name: "dirname", Run: dirname.Run},
	{Name: "du", Run: du.Run},
	{Name: "echo", Run: echo.Run},
	{Name: "egrep", Run: grep.Run},
	{Name: "expand", Run: expand.Run},
	{Name: "expr", Run: expr.Run},
	{Name: "false", Run: falsecmd.Run},
	{Name: "fgrep", Run: grep.Run},
	{Name: "fold", Run: fold.Run},
	{Name: "grep", Run: grep.Run},
	{Name: "groups", Run: groups.Run},
	{Name: "head", Run: head.Run},
	{Name: "hostname", Run: hostname.Run},
	{Name: "id", Run: id.Run},
	{Name: "link", Run: link.Run},
	{Name: "ln", Run: ln.Run},
	{Name: "logname", Run: logname.Run},
	{Name: "ls", Run: ls.Run},
	{Name: "md5sum", Run: md5sum.Run},
	{Name: "mkdir", Run: mkdir.Run},
	{Name: "mktemp", Run: mktemp.Run},
	{Name: "mv", Run: mv.Run},
	{Name: "nl", Run: nl.Run},
	{Name: "nproc", Run: nproc.Run},
	{Name: "paste", Run: paste.Run},
	{Name: "pathchk", Run: pathchk.Run},
	{Name: "printenv", Run: printenv.Run},
	{Name: "printf", Run: printf.Run},
	{Name: "pwd", Run: pwd.Run},
	{Name: "readlink", Run: readlink.Run},
	{Name: "realpath", Run: realpath.Run},
	{Name: "rev", Run: rev.Run},
	{Name: "rm", Run: rm.Run},
	{Name: "rmdir", Run: rmdir.Run},
	{Name: "seq", Run: seq.Run},
	{Name: "sha1sum", Run: sha1sum.Run},
	{Name: "sha224sum", Run: sha224sum.Run},
	{Name: "sha256sum", Run: sha256sum.Run},
	{Name: "sha384sum", Run: sha384sum.Run},
	{Name: "sha512sum", Run: sha512sum.Run},
	{Name: "sleep", Run: sleep.Run},
	{Name: "sort", Run: sort.Run},
	{Name: "stat", Run: stat.Run},
	{Name: "sync", Run: sync.Run},
	{Name: "tac", Run: tac.Run},
	{Name: "tail", Run: tail.Run},
	{Name: "tee", Run: tee.Run},
	{Name: "test", Run: test.Run},
	{Name: "touch", Run: touch.Run},
	{Name: "tr", Run: tr.Run},
	{Name: "true", Run: truecmd.Run},
	{Name: "truncate", Run: truncate.Run},
	{Name: "tty", Run: tty.Run},
	{Name: "uname", Run: uname.Run},
	{Name: "unexpand", Run: unexpand.Run},
	{Name: "uniq", Run: uniq.Run},
	{Name: "unlink", Run: unlink.Run},
	{Name: "wc", Run: wc.Run},
	{Name: "which", Run: which.Run},
	{Name: "whoami", Run: whoami.Run},
	{Name: "yes", Run: yes.Run},
}
