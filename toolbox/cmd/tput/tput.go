/*
Package tput writes what a terminal understands, or says what it can do.

	tput [-T TERM] [-S] CAPABILITY [PARAMETER]...

CAPABILITY is one of the usual names, of which TERM has none if it is dumb: bold
dim rev smul rmul smso rmso sitm ritm blink invis sgr0 setaf setab op clear ed
el el1 cup home cuu cud cuf cub cuu1 cud1 cuf1 cub1 sc rc civis cnorm smcup
rmcup bel cr ht ind hpa vpa ech dch il1 dl1 reset init longname; or cols, lines,
colors, it. It exits with 1 where TERM has not got it, 4 for an unknown name.
*/
package tput

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
)

// texts are those of a terminal like xterm; %1 and %2 are parameters, and one
// more where a ' stands behind.
var texts = map[string]string{
	"bold": "\x1b[1m", "dim": "\x1b[2m", "rev": "\x1b[7m", "smul": "\x1b[4m", "rmul": "\x1b[24m", "smso": "\x1b[7m",
	"rmso": "\x1b[27m", "sitm": "\x1b[3m", "ritm": "\x1b[23m", "blink": "\x1b[5m", "invis": "\x1b[8m", "sgr0": "\x1b(B\x1b[m",
	"op": "\x1b[39;49m", "clear": "\x1b[H\x1b[2J\x1b[3J", "ed": "\x1b[J", "el": "\x1b[K", "el1": "\x1b[1K", "home": "\x1b[H",
	"cup": "\x1b[%1';%2'H", "cuu": "\x1b[%1A", "cud": "\x1b[%1B", "cuf": "\x1b[%1C", "cub": "\x1b[%1D",
	"cuu1": "\x1b[A", "cud1": "\n", "cuf1": "\x1b[C", "cub1": "\b", "sc": "\x1b7", "rc": "\x1b8",
	"civis": "\x1b[?25l", "cnorm": "\x1b[?12l\x1b[?25h", "cvvis": "\x1b[?12;25h", "smcup": "\x1b[?1049h\x1b[22;0;0t",
	"rmcup": "\x1b[?1049l\x1b[23;0;0t", "bel": "\a", "cr": "\r", "ht": "\t", "ind": "\n", "hpa": "\x1b[%1'G", "vpa": "\x1b[%1'd",
	"ech": "\x1b[%1X", "dch": "\x1b[%1P", "dch1": "\x1b[P", "il1": "\x1b[L", "dl1": "\x1b[M", "flash": "\x1b[?5h\x1b[?5l",
	"csr": "\x1b[%1';%2'r", "smkx": "\x1b[?1h\x1b=", "rmkx": "\x1b[?1l\x1b>", "reset": "\x1bc\x1b[!p\x1b[?3;4l\x1b[4l\x1b>",
	"init": "\x1b[!p\x1b[?3;4l\x1b[4l\x1b>", "setaf": "", "setab": "",
}

// dumb is what a terminal that can do nothing can do.
var dumb = map[string]string{"bel": "\a", "cr": "\r", "cud1": "\n", "ind": "\n"}

const usage = "Usage: tput [options] [command]\n\nOptions:\n  -S <<       read commands from standard input\n" +
	"  -T TERM     use this instead of $TERM\n  -V          print curses-version\n  -x          do not try to clear scrollback\n\n" +
	"Commands:\n  clear       clear the screen\n  init        initialize the terminal\n  reset       reinitialize the terminal\n" +
	"  capname     unlike clear/init/reset, print value for capability \"capname\"\n"

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	f := tool.NewFlags(x)
	f.Usage, f.Posix = 2, true
	term := f.String('T', "", x.Getenv("TERM"))
	fromInput := f.Bool('S', "")
	f.Bool('x', "")
	f.Version('V')
	args, err := f.Parse()
	if err != nil {
		return err
	}
	if *fromInput {
		return lines(x, *term)
	}
	if len(args) == 0 {
		io.WriteString(x.Stderr, usage)
		return tool.Exit(2)
	}
	if *term == "" {
		return x.Fail(2, "No value for $TERM and no -T specified")
	}
	return one(x, *term, args)
}

// lines treats each line of standard input.
func lines(x *tool.Exec, term string) error {
	in := x.Lines(context.Background(), x.Stdin, '\n')
	for {
		line, _, err := in.NextText()
		if err != nil {
			return nil
		}
		if args := strings.Fields(string(line)); len(args) > 0 {
			if err := one(x, term, args); err != nil {
				return err
			}
		}
	}
}

func one(x *tool.Exec, term string, args []string) error {
	plain := term == "dumb" || term == "unknown"
	switch args[0] {
	case "cols", "columns":
		return say(x, size(x, "COLUMNS", 80))
	case "lines":
		return say(x, size(x, "LINES", 24))
	case "colors":
		switch {
		case plain:
			return say(x, "-1")
		case strings.Contains(term, "256color"):
			return say(x, "256")
		}
		return say(x, "8")
	case "it":
		return say(x, "8")
	case "longname":
		_, err := fmt.Fprint(x.Stdout, term)
		return err
	}
	text, known := texts[args[0]]
	if !known {
		return x.Fail(4, "unknown terminfo capability '%s'", args[0])
	}
	if plain {
		if text, known = dumb[args[0]]; !known {
			return tool.Exit(1)
		}
	}
	if !plain && (args[0] == "setaf" || args[0] == "setab") {
		text = color(args[0] == "setab", number(args, 1), strings.Contains(term, "256color"))
	}
	for i := 1; i <= 2; i++ {
		n := number(args, i)
		text = strings.ReplaceAll(text, fmt.Sprintf("%%%d'", i), strconv.Itoa(n+1))
		text = strings.ReplaceAll(text, fmt.Sprintf("%%%d", i), strconv.Itoa(n))
	}
	_, err := fmt.Fprint(x.Stdout, text)
	return err
}

func size(x *tool.Exec, name string, fallback int) string {
	if n, err := strconv.Atoi(x.Getenv(name)); err == nil && n > 0 {
		return strconv.Itoa(n)
	}
	return strconv.Itoa(fallback)
}

func say(x *tool.Exec, s string) error {
	_, err := fmt.Fprintln(x.Stdout, s)
	return err
}

func number(args []string, i int) int {
	if i >= len(args) {
		return 0
	}
	n, _ := strconv.Atoi(args[i])
	return n
}

// color sets the color of text, or of what is behind it.
func color(behind bool, n int, many bool) string {
	base, bright := 30, 90
	if behind {
		base, bright = 40, 100
	}
	switch {
	case n < 8 || !many:
		return fmt.Sprintf("\x1b[%dm", base+n)
	case n < 16:
		return fmt.Sprintf("\x1b[%dm", bright+n-8)
	}
	return fmt.Sprintf("\x1b[%d;5;%dm", base+8, n)
}
