package core

import (
	"crypto/rand"
	"io"
	"math"
	"path"
	"strings"
	"time"

	"agentsandbox/core/fetch"
	"agentsandbox/vfs"
)

// Config says what a sandbox holds and what it may use. The zero value is a
// sandbox with an empty work dir in memory and the default limits.
type Config struct {
	// WorkDir is a host directory, seen by guests as /work. "" is an empty
	// directory in memory.
	WorkDir string
	// Overlay keeps writes to the work dir in memory, until Commit.
	Overlay bool
	// FS holds the work dir instead of WorkDir. The sandbox does not close it.
	FS vfs.FS
	// Mounts are more directories for the guest to see.
	Mounts []Mount
	// Env is added to the environment of every command.
	Env map[string]string
	// Timeout bounds the wall time of one command. 0 is DefaultTimeout;
	// negative is none.
	Timeout time.Duration
	// MemoryLimit bounds a guest's linear memory in bytes, stack included.
	// 0 is DefaultMemoryLimit.
	MemoryLimit uint64
	// FuelLimit bounds the work of one command in units of FuelUnit
	// instructions. 0 is DefaultFuelLimit.
	FuelLimit uint64
	// FetchPolicy opens the network as far as it says; nil keeps it off. It
	// must not change while the sandbox is in use.
	FetchPolicy *fetch.Policy
	// Limits holds the lesser limits.
	Limits Limits
	// Now and Rand are the guest's clock (wall time) and randomness; the
	// system's if nil.
	Now  func() time.Time
	Rand io.Reader
}

// Mount is a directory that the guest sees at Guest.
type Mount struct {
	Host     string // host directory
	FS       vfs.FS // instead of Host
	Guest    string // absolute guest path
	Writable bool
}

// Limits are the lesser limits of a sandbox; a zero field is its default.
type Limits struct {
	Stdout, Stderr int64 // bytes of output kept or passed on per command; 1 MiB each
	OpenFiles      int   // descriptors of one guest; 1,024
	Files          int64 // files made in the sandbox; 100,000
	Bytes          int64 // bytes of files written, 512 MiB
	Depth          int   // nesting of directories; 100
	Count          bool  // what the work dir holds at the start is counted too: it is walked
	Args           int64 // bytes of argv and environment; 1 MiB
	ArgCount       int   // entries of argv and environment; 4,096
	Stack          int64 // bytes that a guest's calls within calls may take, as estimated; 128 MiB
}

// Defaults of a Config.
const (
	DefaultTimeout     = 30 * time.Second
	DefaultMemoryLimit = 512 << 20
	DefaultFuelLimit   = 1_000_000_000
	DefaultOutput      = 1 << 20
	DefaultStack       = 128 << 20

	// FuelUnit is how many WebAssembly instructions a unit of fuel is.
	FuelUnit = 32
)

// WorkPath is where guests see the work dir.
const WorkPath = "/work"

func (l Limits) withDefaults() Limits {
	defaults := Limits{
		Stdout: DefaultOutput, Stderr: DefaultOutput, OpenFiles: 1024,
		Files: 100_000, Bytes: 512 << 20, Depth: 100, Args: 1 << 20, ArgCount: 4096,
		Stack: DefaultStack,
	}
	pick(&l.Stdout, defaults.Stdout)
	pick(&l.Stderr, defaults.Stderr)
	pick(&l.OpenFiles, defaults.OpenFiles)
	pick(&l.Files, defaults.Files)
	pick(&l.Bytes, defaults.Bytes)
	pick(&l.Depth, defaults.Depth)
	pick(&l.Args, defaults.Args)
	pick(&l.ArgCount, defaults.ArgCount)
	pick(&l.Stack, defaults.Stack)
	return l
}

func pick[T int | int64 | uint64 | time.Duration](v *T, fallback T) {
	if *v == 0 {
		*v = fallback
	}
}

// withDefaults checks c and fills in what was left out.
func (c Config) withDefaults() (Config, error) {
	pick(&c.Timeout, DefaultTimeout)
	pick(&c.MemoryLimit, DefaultMemoryLimit)
	pick(&c.FuelLimit, DefaultFuelLimit)
	c.Limits = c.Limits.withDefaults()
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	switch {
	case c.WorkDir != "" && c.FS != nil:
		return c, &ConfigError{"FS", "a work dir is given by WorkDir or by FS, not by both"}
	case c.MemoryLimit < 1<<20:
		return c, &ConfigError{"MemoryLimit", "less than 1 MiB"}
	case c.MemoryLimit > 4<<30:
		return c, &ConfigError{"MemoryLimit", "more than 4 GiB"}
	case c.Limits.Stack < 0 || c.Limits.Stack > 1<<30:
		return c, &ConfigError{"Limits.Stack", "not between 1 byte and 1 GiB"}
	case c.FuelLimit > math.MaxInt64/FuelUnit:
		return c, &ConfigError{"FuelLimit", "too large"}
	}
	for key, value := range c.Env {
		if key == "" || strings.ContainsAny(key, "=\x00") || strings.Contains(value, "\x00") {
			return c, &ConfigError{"Env", "bad variable name or value: " + key}
		}
	}
	if c.FetchPolicy != nil {
		if err := c.FetchPolicy.Validate(); err != nil {
			return c, &ConfigError{"FetchPolicy", err.Error()}
		}
	}
	return c, checkMounts(c.Mounts)
}

func checkMounts(mounts []Mount) error {
	seen := map[string]bool{"/": true, WorkPath: true, "/dev": true}
	for _, m := range mounts {
		guest := path.Clean(m.Guest)
		switch {
		case !path.IsAbs(m.Guest):
			return &ConfigError{"Mounts", "guest path " + m.Guest + " is not absolute"}
		case seen[guest]:
			return &ConfigError{"Mounts", guest + " is mounted already"}
		case (m.Host == "") == (m.FS == nil):
			return &ConfigError{"Mounts", guest + " needs a host path or an FS, one of the two"}
		}
		seen[guest] = true
	}
	return nil
}
