package curl

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"agentsandbox/toolbox/sandboxabi"
	"agentsandbox/toolbox/tool"
)

// runner is one run of the command.
type runner struct {
	x       *tool.Exec
	global  global
	stderr  io.Writer
	closers []io.Closer

	jar         *jar
	formMissing bool // a form names a file that can't be read
	number      int  // of transfers so far
	connections map[string]int
	meterShown  bool
}

func (r *runner) errorf(format string, args ...any) {
	fmt.Fprintf(r.stderr, "curl: "+format+"\n", args...)
}

func (r *runner) hint() {
	fmt.Fprint(r.stderr, "curl: try 'curl --help' or 'curl --manual' for more information\n")
}

// warnWidth is how much text a line of a warning holds.
const warnWidth = 79 - len("Warning: ")

// warn prints a warning, wrapped at blanks, unless the run is silent.
func (r *runner) warn(format string, args ...any) {
	if r.global.silent {
		return
	}
	text := fmt.Sprintf(format, args...)
	for len(text) > warnWidth {
		cut := strings.LastIndexAny(text[:warnWidth], " \t")
		if cut <= 0 {
			cut = warnWidth - 1
		}
		fmt.Fprintf(r.stderr, "Warning: %s\n", text[:cut+1])
		text = text[cut+1:]
	}
	if text != "" {
		fmt.Fprintf(r.stderr, "Warning: %s\n", text)
	}
}

// readFile reads a file, "-" as standard input.
func (r *runner) readFile(name string) ([]byte, error) {
	return r.x.ReadFile(name, maxFile)
}

func (r *runner) now() time.Time {
	if r.x.Now == nil {
		return time.Time{}
	}
	return r.x.Now()
}

// operate runs all transfers and returns the status of the last one.
func (r *runner) operate(ctx context.Context, ops []*config) int {
	r.connections = map[string]int{}
	status := 0
	for _, c := range ops {
		code, stop := r.operation(ctx, c)
		status = code
		if stop {
			break
		}
	}
	for _, c := range r.closers {
		c.Close()
	}
	return status
}

// operation runs the transfers of one set of options. stop ends the run.
func (r *runner) operation(ctx context.Context, c *config) (status int, stop bool) {
	if err := r.openJar(c); err != nil {
		return r.report(err), true
	}
	for _, spec := range c.urls {
		if !spec.urlSet {
			if spec.outSet && !spec.uploadSet {
				r.warn("Got more output options than URLs")
			}
			continue
		}
		var stop bool
		if status, stop = r.expand(ctx, c, spec); stop {
			return status, true
		}
	}
	r.saveJar(c)
	return status, false
}

// expand runs the transfers that one URL stands for.
func (r *runner) expand(ctx context.Context, c *config, spec *urlSpec) (status int, stop bool) {
	urls := []globURL{{url: spec.url}}
	if !c.globOff {
		expanded, err := glob(spec.url)
		if err != nil {
			return r.report(failure(3, "%s", err)), true
		}
		urls = expanded
	}
	for _, u := range urls {
		if err := r.one(ctx, c, spec, u); err != nil {
			status = r.report(err)
			if r.global.failEarly || err.fatal() || ctx.Err() != nil {
				return status, true
			}
			continue
		}
		status = 0
	}
	return status, false
}

// fatal reports whether no later transfer is tried: the fault lies with the
// command line.
func (e *transferError) fatal() bool { return e.code == 2 || e.code == 26 }

// report prints an error and returns its code.
func (r *runner) report(err *transferError) int {
	if (!r.global.silent || r.global.showError) && err.text != "" {
		r.errorf("(%d) %s", err.code, err.text)
	}
	return err.code
}

// one runs a transfer, again where it fails for a while.
func (r *runner) one(ctx context.Context, c *config, spec *urlSpec, u globURL) *transferError {
	begun := r.now()
	delay := time.Second
	for left := c.retries; ; left-- {
		t := &transfer{r: r, c: c, spec: spec, parts: u.parts, number: r.number}
		err := t.run(ctx, u.url)
		wait, why := t.retry(err, left, delay)
		if why == "" || c.retryMax > 0 && r.now().Sub(begun)+wait > c.retryMax {
			r.number++
			t.finish(err)
			return err
		}
		if err != nil {
			r.report(err)
		}
		r.warn("Problem %s. Will retry in %s seconds. %d %s left.", why, plainSeconds(wait), left, plural(left, "retry", "retries"))
		t.discard()
		if r.x.Sleep != nil {
			if r.x.Sleep(ctx, wait) != nil {
				return err
			}
		}
		delay = min(2*delay, 10*time.Minute)
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// plainSeconds writes a duration as seconds, without a needless fraction.
func plainSeconds(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.3f", d.Seconds()), "0"), ".")
}

// connected notes that there is a connection to a host now, and reports whether
// there was one before.
func (r *runner) connected(l location, resp *sandboxabi.Response) bool {
	if _, known := r.connections[l.origin()]; known || resp.RemoteAddr == "" {
		return known
	}
	r.connections[l.origin()] = len(r.connections)
	return false
}
