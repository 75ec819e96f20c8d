// Command agent-sandbox runs commands in a sandbox, on a real folder that
// stays as it is unless you say otherwise.
//
//	agent-sandbox exec [flags] -- CMD ARGS...
//	agent-sandbox sh   [flags] [-c SCRIPT | FILE ARGS...]
//	agent-sandbox run  [flags] FILE.wasm ARGS...
//	agent-sandbox js   [flags] -e CODE
//	agent-sandbox fetch [flags] URL
//	agent-sandbox serve [flags]
//	agent-sandbox tools
//
// The exit status is the command's own; 124 for a time-out, 125 when the
// command could not be run.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"golang.org/x/term"
)

// statusFailed is the exit status for what is our own failure or the caller's.
const statusFailed = 125

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{
		name: "agent-sandbox", stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		terminal: func(fd int) bool { return term.IsTerminal(fd) },
	}
	if dir, err := os.UserCacheDir(); err == nil {
		a.cacheDir = filepath.Join(dir, "agent-sandbox")
	}
	os.Exit(a.main(ctx, os.Args[1:]))
}

// app is the program and its world.
type app struct {
	name           string
	stdin          io.Reader
	stdout, stderr io.Writer
	cacheDir       string // "" keeps no compiled code
	terminal       func(fd int) bool
}

// verb is one of the program's commands.
type verb struct {
	name, args, about string
	run               func(a *app, ctx context.Context, args []string) int
}

// verbs lists the commands in the order in which help shows them.
func verbs() []verb {
	return []verb{
		{"exec", "[flags] -- CMD ARGS...", "run one command", (*app).exec},
		{"sh", "[flags] [-c SCRIPT | FILE ARGS...]", "run a script, or an interactive shell", (*app).sh},
		{"run", "[flags] FILE.wasm ARGS...", "run a WASI program of your own", (*app).runFile},
		{"js", "[flags] -e CODE", "run JavaScript", (*app).js},
		{"fetch", "[flags] URL", "make an HTTP request as a sandbox may", (*app).fetch},
		{"serve", "[flags]", "serve the HTTP API", (*app).serve},
		{"tools", "", "list the commands of the toolbox", (*app).tools},
		{"warm", "", "compile the toolbox now instead of at the first command", (*app).warm},
	}
}

func (a *app) main(ctx context.Context, args []string) int {
	if len(args) == 0 {
		a.usage(a.stderr)
		return statusFailed
	}
	switch args[0] {
	case "help", "-h", "--help", "-help":
		a.usage(a.stdout)
		return 0
	}
	for _, v := range verbs() {
		if v.name == args[0] {
			return v.run(a, ctx, args[1:])
		}
	}
	return a.fail(fmt.Errorf("unknown command %q: see '%s help'", args[0], a.name))
}

func (a *app) usage(w io.Writer) {
	fmt.Fprintf(w, "Usage: %s COMMAND ...\n\nCommands:\n", a.name)
	for _, v := range verbs() {
		fmt.Fprintf(w, "  %-6s %s\n         %s\n", v.name, v.args, v.about)
	}
	fmt.Fprintf(w, "\n'%s exec -h' lists the flags.\n", a.name)
}

// fail prints an error as one line and returns the status for it.
func (a *app) fail(err error) int {
	fmt.Fprintf(a.stderr, "%s: %v\n", a.name, err)
	return statusFailed
}
