package main

import (
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"agentsandbox/core"
)

// options are the flags that exec, sh, run and js share.
type options struct {
	work                      string
	write, apply, diff, patch bool
	json                      bool
	mounts                    []core.Mount
	env                       map[string]string
	timeout                   time.Duration
	memory                    size
	fuel                      uint64
	engine                    string
	network                   network
}

// newFlags defines the shared flags of one verb.
func (a *app) newFlags(name string) (*flag.FlagSet, *options) {
	o := &options{env: map[string]string{}}
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(a.stderr)
	f.StringVar(&o.work, "work", ".", "`dir` that the command sees as /work, as an overlay: nothing lands on disk")
	f.BoolVar(&o.write, "write", false, "let writes to the work dir land at once")
	f.BoolVar(&o.apply, "apply", false, "let writes land at the end, if the exit status is 0")
	f.BoolVar(&o.diff, "diff", false, "list what changed in the work dir")
	f.BoolVar(&o.patch, "patch", false, "print what changed as a unified diff for git apply")
	f.BoolVar(&o.json, "json", false, "print one JSON object: exit code, output, changes, usage")
	f.Func("mount", "`host:guest[:ro|rw]` is one more directory to see; read-only unless rw", o.addMount)
	f.Func("env", "`K=V` is added to the environment; nothing else of yours is in it", o.addEnv)
	f.DurationVar(&o.timeout, "timeout", core.DefaultTimeout, "wall time of a command; 0 is no limit")
	f.Var(&o.memory, "memory", "`bytes` of memory for a command, with K, M or G (default 512M)")
	f.Uint64Var(&o.fuel, "fuel", core.DefaultFuelLimit, fmt.Sprintf("`units` of %d instructions for a command", core.FuelUnit))
	f.StringVar(&o.engine, "engine", "", "`name`: compiler or interpreter (default the compiler, where there is one)")
	o.network.flags(f)
	f.Usage = func() {
		fmt.Fprintf(f.Output(), "Usage: %s %s\n\nFlags:\n", a.name, synopsis(name))
		f.PrintDefaults()
	}
	return f, o
}

func synopsis(name string) string {
	for _, v := range verbs() {
		if v.name == name {
			return v.name + " " + v.args
		}
	}
	return name
}

// parse parses args, and returns a status where the program is to end.
func (a *app) parse(f *flag.FlagSet, args []string) (status int, done bool) {
	switch err := f.Parse(args); {
	case err == nil:
		return 0, false
	case errors.Is(err, flag.ErrHelp):
		return 0, true
	}
	return statusFailed, true
}

func (o *options) addMount(s string) error {
	parts := strings.Split(s, ":")
	if len(parts) < 2 || len(parts) > 3 || parts[0] == "" {
		return errors.New("want host:guest or host:guest:ro|rw")
	}
	m := core.Mount{Host: parts[0], Guest: parts[1]}
	if len(parts) == 3 {
		switch parts[2] {
		case "rw":
			m.Writable = true
		case "ro":
		default:
			return fmt.Errorf("%q is neither ro nor rw", parts[2])
		}
	}
	o.mounts = append(o.mounts, m)
	return nil
}

func (o *options) addEnv(s string) error {
	key, value, ok := strings.Cut(s, "=")
	if !ok || key == "" {
		return errors.New("want NAME=VALUE")
	}
	o.env[key] = value
	return nil
}

// config is the sandbox that the flags describe.
func (o *options) config() (core.Config, error) {
	dir, err := filepath.Abs(o.work)
	if err != nil {
		return core.Config{}, err
	}
	if o.write && o.apply {
		return core.Config{}, errors.New("--write and --apply exclude one another: writes land at once or at the end")
	}
	if o.write && o.patch {
		return core.Config{}, errors.New("--patch needs what was there before: use --apply instead of --write")
	}
	policy, err := o.network.fetchPolicy()
	if err != nil {
		return core.Config{}, err
	}
	c := core.Config{
		WorkDir: dir, Overlay: !o.write, Mounts: o.mounts, Env: o.env, FetchPolicy: policy,
		Timeout: o.timeout, MemoryLimit: uint64(o.memory), FuelLimit: o.fuel,
	}
	if o.timeout <= 0 {
		c.Timeout = -1
	}
	if !o.json {
		c.Limits.Stdout, c.Limits.Stderr = -1, -1
	}
	return c, nil
}

// size is a number of bytes with a suffix.
type size uint64

func (s *size) String() string { return strconv.FormatUint(uint64(*s), 10) }

func (s *size) Set(text string) error {
	digits := strings.TrimRight(strings.ToUpper(text), "IB")
	shift := 0
	if n := len(digits); n > 0 {
		if at := strings.IndexByte("KMGT", digits[n-1]); at >= 0 {
			shift, digits = 10*(at+1), digits[:n-1]
		}
	}
	v, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || v == 0 || v > 1<<62>>shift {
		return errors.New("want a number of bytes such as 64M")
	}
	*s = size(v << shift)
	return nil
}

// isSet reports whether a flag was given.
func isSet(f *flag.FlagSet, name string) bool {
	found := false
	f.Visit(func(g *flag.Flag) { found = found || g.Name == name })
	return found
}
