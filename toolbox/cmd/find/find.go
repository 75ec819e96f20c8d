/*
Package find walks trees of files and evaluates an expression on each.

	find [-H] [-L] [-P] [PATH]... [EXPRESSION]

Without PATH it starts at ".", without an action it prints. Links are not
followed (-P), only those named as PATH (-H), or all (-L).

Operators, by precedence: ( EXPR ), ! EXPR (-not), EXPR EXPR (-a, -and),
EXPR -o EXPR (-or), EXPR , EXPR.

Options, always true: -daystart -depth -d -follow -maxdepth N -mindepth N
-mount -xdev -noleaf -regextype TYPE -warn -nowarn -ignore_readdir_race.

Tests, N being a number, +N for more or -N for less: -amin N -atime N -cmin N
-ctime N -mmin N -mtime N -used N, -anewer FILE -cnewer FILE -newer FILE
-newerXY REFERENCE (X of a, c, m; Y of a, c, m, t), -empty, -size N[bcwkMG],
-type, -xtype [bcdflps],…, -links N -inum N -samefile FILE, -perm [-/]MODE
-readable -writable -executable, -user, -group NAME -uid, -gid N -nouser
-nogroup -fstype TYPE, -name, -iname PATTERN -path, -ipath, -wholename,
-iwholename PATTERN -lname, -ilname PATTERN -regex, -iregex PATTERN, -true
-false.

Actions: -print -print0 -printf FORMAT -ls -prune -quit -delete, -fprint,
-fprint0, -fls FILE -fprintf FILE FORMAT, -exec COMMAND ; -exec COMMAND {} +
-execdir … -ok … -okdir … .
*/
package find

import (
	"bufio"
	"context"
	"errors"
	"strings"
	"time"

	"agentsandbox/toolbox/tool"
	"agentsandbox/toolbox/zone"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	f := &finder{ctx: ctx, x: x, out: x.Writer(), maxDepth: -1, regexSyntax: defaultSyntax}
	f.zone = zone.Load(x.Getenv("TZ"))
	f.now = x.Now().In(f.zone)
	f.dayStart = f.now.Add(-24 * time.Hour)
	f.warnings = x.IsTerminal(0)
	paths, expr := f.split(x.Args)
	test, err := f.parse(expr)
	if err == nil {
		err = f.start(paths, test)
	}
	err = f.finish(err)
	if err != nil {
		return err
	}
	return tool.Exit(f.status)
}

// errQuit ends the walk without failure.
var errQuit = errors.New("quit")

// test evaluates a part of the expression. The error ends the run.
type test func(*file) (bool, error)

// finder is one run of the command.
type finder struct {
	ctx   context.Context
	x     *tool.Exec
	out   *bufio.Writer
	outs  []*output // of -fprint and its like
	now   time.Time
	zone  *time.Location
	above []fileID // the directories being walked, to find loops

	follow         follow
	depthFirst     bool
	minDepth       int
	maxDepth       int // -1 is no bound
	oneFS          bool
	dayStart       time.Time
	regexSyntax    string
	warnings       bool
	pending        []*batch // of -exec … +
	status         int
	startDev       uint64
	printsByItself bool // the expression has an action
}

type follow int

const (
	followNone follow = iota
	followPaths
	followAll
)

type fileID struct{ dev, ino uint64 }

// split takes the leading options off, and divides the rest into paths and
// expression.
func (f *finder) split(args []string) (paths, expr []string) {
leading:
	for len(args) > 0 {
		switch arg := args[0]; {
		case arg == "-P":
			f.follow = followNone
		case arg == "-H":
			f.follow = followPaths
		case arg == "-L":
			f.follow = followAll
		case arg == "-D" && len(args) > 1:
			args = args[1:]
		case arg == "--":
			args = args[1:]
			break leading
		case strings.HasPrefix(arg, "-O") && len(arg) == 3:
		default:
			break leading
		}
		args = args[1:]
	}
	n := 0
	for n < len(args) && !startsExpression(args[n]) {
		n++
	}
	return args[:n], args[n:]
}

func startsExpression(arg string) bool {
	return len(arg) > 1 && arg[0] == '-' || arg == "(" || arg == "!"
}

// start walks the paths.
func (f *finder) start(paths []string, t test) error {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	for _, path := range paths {
		if err := f.path(path, t); err != nil {
			return err
		}
	}
	return nil
}

// finish runs what commands are pending, closes files, and flushes.
func (f *finder) finish(err error) error {
	if err == nil || err == errQuit {
		err = f.runPending()
	}
	for _, out := range f.outs {
		if closeErr := out.close(); err == nil {
			err = closeErr
		}
	}
	if flushErr := f.out.Flush(); err == nil {
		err = flushErr
	}
	return err
}

// fail reports what makes the exit status 1.
func (f *finder) fail(format string, args ...any) {
	f.out.Flush()
	f.x.Errorf(format, args...)
	f.status = 1
}

// failFile reports a file that could not be looked at.
func (f *finder) failFile(name string, err error) {
	f.fail("%s: %s", tool.QuoteText(name), tool.ErrText(err))
}
