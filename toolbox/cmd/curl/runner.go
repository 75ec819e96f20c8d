package curl

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
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

	formMissing bool // a form names a file that can't be read
	number      int  // of transfers so far
	meterShown  bool
	parallel    bool
	most        int // transfers at once

	mu          sync.Mutex
	jar         *jar           // guarded by mu while transfers run
	connections map[string]int // guarded by mu
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

// operate runs all transfers. It returns the status of the last one, or, in
// parallel, of the last to fail.
func (r *runner) operate(ctx context.Context, ops []*config) int {
	r.connections = map[string]int{}
	defer func() {
		for _, c := range r.closers {
			c.Close()
		}
	}()
	if r.parallel {
		return r.inParallel(ctx, ops)
	}
	status := 0
	for _, c := range ops {
		code, stop := r.operation(ctx, c)
		status = code
		if stop {
			break
		}
	}
	return status
}

// operation runs the transfers of one set of options. stop ends the run.
func (r *runner) operation(ctx context.Context, c *config) (status int, stop bool) {
	r.openJar(c)
	for _, spec := range c.urls {
		urls, err := r.expand(c, spec)
		if err != nil {
			return r.report(err), true
		}
		for _, u := range urls {
			t := r.newTransfer(c, u)
			err := t.complete(ctx)
			if ctx.Err() != nil {
				return statusTerminated, true
			}
			if status = 0; err != nil {
				status = r.report(err)
				if r.global.failEarly || err.fatal() {
					return status, true
				}
			}
		}
	}
	r.saveJar(c)
	return status, false
}

// statusTerminated is the status of a run that was ended.
const statusTerminated = 143

// target is one transfer to make: a URL, and what was said of it.
type target struct {
	globURL
	spec *urlSpec
}

// expand lists the transfers that one URL on the command line stands for: each of
// its own URLs for each of the files of -T.
func (r *runner) expand(c *config, spec *urlSpec) ([]target, *transferError) {
	switch {
	case !spec.urlSet && spec.outSet && !spec.uploadSet:
		r.warn("Got more output options than URLs")
		return nil, nil
	case !spec.urlSet:
		return nil, nil
	case c.globOff:
		return []target{{globURL{url: spec.url}, spec}}, nil
	}
	uploads := []globURL{{url: spec.upload}}
	var err error
	if spec.uploadSet && spec.upload != "" {
		if uploads, err = glob(spec.upload); err != nil {
			return nil, failure(3, "%s", err)
		}
	}
	urls, err := glob(spec.url)
	if err != nil {
		return nil, failure(3, "%s", err)
	}
	var all []target
	for _, upload := range uploads {
		one := *spec
		one.upload = upload.url
		for _, u := range urls {
			all = append(all, target{u, &one})
		}
	}
	return all, nil
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

// newTransfer makes the next transfer.
func (r *runner) newTransfer(c *config, u target) *transfer {
	t := &transfer{r: r, c: c, spec: u.spec, given: u.url, parts: u.parts, number: r.number, begun: r.now()}
	r.number++
	return t
}

// complete runs a transfer, again where it fails for a while.
func (t *transfer) complete(ctx context.Context) *transferError {
	r, c := t.r, t.c
	first := *t
	delay := time.Second
	for left := c.retries; ; left-- {
		err := t.run(ctx)
		if ctx.Err() != nil {
			t.finish(err)
			return err
		}
		wait, why := t.retry(err, left, delay)
		if why == "" || c.retryMax > 0 && r.now().Sub(first.begun)+wait > c.retryMax {
			t.finish(err)
			return err
		}
		if err != nil {
			r.report(err)
		}
		r.warn("Problem %s. Will retry in %s seconds. %d %s left.", why, plainSeconds(wait), left, plural(left, "retry", "retries"))
		t.discard()
		if r.x.Sleep != nil && r.x.Sleep(ctx, wait) != nil {
			return err
		}
		*t = first
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
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.connections[l.origin()]; known || resp.RemoteAddr == "" {
		return known
	}
	r.connections[l.origin()] = len(r.connections)
	return false
}

// connection is the number of the connection to a host.
func (r *runner) connection(l location) (number int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	number, ok = r.connections[l.origin()]
	return number, ok
}
