//go:build !js && !wasip1

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ergochat/readline"

	"agentsandbox/core"
)

// interactive is a shell at a terminal: a session with line editing, history
// and completion. Ctrl-C ends the command that runs, not the session.
func (a *app) interactive(ctx context.Context, o *options) int {
	return a.withSandbox(ctx, o, func(rt *core.Runtime, sb *core.Sandbox) (*core.Result, error) {
		t := &terminal{app: a, rt: rt, sb: sb, session: sb.Session(), last: &core.Result{}}
		defer t.session.Close()
		if _, err := t.session.Exec(ctx, atTerminal); err != nil {
			return nil, err
		}
		return t.last, t.loop(ctx)
	})
}

// atTerminal is how a shell at a terminal differs from that of a script.
const atTerminal = "set -m -o history -o histexpand; shopt -s expand_aliases"

// terminal is the state of an interactive shell.
type terminal struct {
	app     *app
	rt      *core.Runtime
	sb      *core.Sandbox
	session *core.Session
	line    *readline.Instance
	last    *core.Result
}

func (t *terminal) loop(ctx context.Context) error {
	line, err := readline.NewFromConfig(&readline.Config{
		Prompt: t.prompt(ctx), HistoryFile: t.historyFile(), AutoComplete: t,
		Stdout: t.app.stdout, Stderr: t.app.stderr,
	})
	if err != nil {
		return err
	}
	t.line = line
	defer line.Close()
	for pending := ""; ; {
		text, err := line.ReadLine()
		switch {
		case errors.Is(err, readline.ErrInterrupt):
			pending = ""
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		default:
			more, exit, err := t.run(pending + text)
			if err != nil || exit {
				return err
			}
			if pending += text + "\n"; !more {
				pending = ""
			}
		}
		line.SetPrompt("> ")
		if pending == "" {
			line.SetPrompt(t.prompt(ctx))
		}
	}
}

// run runs a script that a user has typed. more says that it is not complete,
// exit that the shell has ended.
func (t *terminal) run(script string) (more, exit bool, err error) {
	if strings.TrimSpace(script) == "" {
		return false, false, nil
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	stderr := &incomplete{w: t.app.stderr}
	result, err := t.session.Run(ctx, core.Cmd{
		Args: []string{script}, Stdin: t.app.stdin, Stdout: t.app.stdout, Stderr: stderr, Terminal: t.app.terminal, Keep: true,
	})
	if err != nil {
		return false, false, err
	}
	t.last = result
	switch { // the terminal itself has shown ^C
	case result.Canceled && result.StateLost:
		_, err = io.WriteString(t.app.stderr, "\nagent-sandbox: interrupted: jobs in the background and redirections of the shell are lost\n")
	case result.Canceled:
		_, err = io.WriteString(t.app.stderr, "\n")
	case result.StateLost || result.Limit != nil || result.Trap != "":
		err = t.app.report(&options{}, t.sb, result)
	}
	return stderr.met, result.Exited, err
}

func (t *terminal) prompt(ctx context.Context) string {
	dir := t.session.Dir(ctx)
	if dir == "/home/sandbox" {
		dir = "~"
	}
	return "\x1b[32msandbox\x1b[0m:\x1b[34m" + dir + "\x1b[0m$ "
}

func (t *terminal) historyFile() string {
	if t.app.cacheDir == "" {
		return ""
	}
	return filepath.Join(t.app.cacheDir, "history")
}

// incomplete passes on what the shell says, but for the error of a script that
// ends too early: that asks for another line.
type incomplete struct {
	w   io.Writer
	met bool
}

func (i *incomplete) Write(p []byte) (int, error) {
	if bytes.Contains(p, []byte("unexpected end of file")) || bytes.Contains(p, []byte("unexpected EOF while looking")) {
		i.met = true
	}
	if i.met {
		return len(p), nil
	}
	return i.w.Write(p)
}

// Do completes the word before the cursor: a command at the start, a path
// elsewhere. It implements readline.AutoCompleter.
func (t *terminal) Do(line []rune, pos int) (tails [][]rune, length int) {
	before := string(line[:pos])
	at := strings.LastIndexAny(before, " \t;|&<>(") + 1
	word := before[at:]
	var names []string
	if strings.TrimSpace(before[:at]) == "" && !strings.Contains(word, "/") {
		names = t.rt.Tools()
	} else {
		word, names = t.paths(word)
	}
	for _, name := range names {
		if tail, ok := strings.CutPrefix(name, word); ok {
			tails = append(tails, []rune(tail))
		}
	}
	return slices.Clip(tails), len([]rune(word))
}

// paths lists the names in the directory of a word, folders with a slash.
func (t *terminal) paths(word string) (prefix string, names []string) {
	dir, prefix := path.Split(word)
	if !path.IsAbs(dir) {
		dir = path.Join(t.session.Dir(context.Background()), dir)
	}
	entries, err := t.sb.ListDir(dir)
	if err != nil {
		return prefix, nil
	}
	for _, e := range entries {
		name := e.Name + " "
		if e.Mode.IsDir() {
			name = e.Name + "/"
		}
		names = append(names, name)
	}
	return prefix, names
}
