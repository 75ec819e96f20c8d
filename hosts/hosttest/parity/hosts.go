//go:build !js && !wasip1

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"agentsandbox/core"
	"agentsandbox/hosts/api/apitest"
	"agentsandbox/hosts/hosttest"
	"agentsandbox/hosts/worker/workerd"
	"agentsandbox/toolbox/tooltest"
)

// host is a line of the table.
type host struct {
	name, what string
	run        func(ctx context.Context, all []*tooltest.Transcript, parts []string) (hosttest.Report, error)
}

var hosts = []host{
	{"native", "wazero, compiled", compiler},
	{"interpreter", "wazero, interpreted: those named " + smoke, interpreter},
	{"node", "Node's engine, through the npm package", script("node")},
	{"chromium", "Chromium's engine, through the npm package", script("chromium")},
	{"workerd", "the Worker, through its HTTP API", worker},
}

// missing is why a host could not be run here.
type missing string

func (m missing) Error() string { return "skipped: " + string(m) }

func isMissing(err error) bool {
	var m missing
	return errors.As(err, &m)
}

func compiler(ctx context.Context, all []*tooltest.Transcript, _ []string) (hosttest.Report, error) {
	return native(ctx, "compiler", all)
}

// smoke are the transcripts of the interpreter, which is thirty times as slow
// and runs the same instructions.
const smoke = "m*_basic"

func interpreter(ctx context.Context, all []*tooltest.Transcript, _ []string) (hosttest.Report, error) {
	var some []*tooltest.Transcript
	for _, t := range all {
		if ok, err := filepath.Match(smoke+".txtar", t.Name); ok && err == nil {
			some = append(some, t)
		}
	}
	return native(ctx, "interpreter", some)
}

func native(ctx context.Context, engine string, transcripts []*tooltest.Transcript) (hosttest.Report, error) {
	rt, err := core.NewRuntime(ctx, core.RuntimeConfig{Engine: engine, CacheDir: "build/cache"})
	if err != nil {
		return hosttest.Report{}, err
	}
	defer rt.Close()
	return hosttest.Check(ctx, hosttest.Native{Runtime: rt}, transcripts, 1)
}

func worker(ctx context.Context, all []*tooltest.Transcript, _ []string) (hosttest.Report, error) {
	binary, err := workerd.Binary(".")
	if err != nil {
		return hosttest.Report{}, missing(err.Error())
	}
	objects, err := os.MkdirTemp("", "agentsandbox-parity-")
	if err != nil {
		return hosttest.Report{}, err
	}
	defer os.RemoveAll(objects)
	token := rand.Text()
	s, err := workerd.Start(ctx, binary, workerd.Options{
		Modules: "build/worker", Objects: objects, Env: map[string]string{"AGENT_SANDBOX_TOKEN": token},
	})
	if err != nil {
		return hosttest.Report{}, err
	}
	defer s.Stop()
	return hosttest.Check(ctx, hosttest.HTTP{Client: apitest.Client{URL: s.URL, Token: token}}, all, 2)
}

// script runs web/test/transcripts.mjs for a host of JavaScript.
func script(name string) func(context.Context, []*tooltest.Transcript, []string) (hosttest.Report, error) {
	return func(ctx context.Context, _ []*tooltest.Transcript, parts []string) (hosttest.Report, error) {
		node, err := exec.LookPath("node")
		if err != nil {
			return hosttest.Report{}, missing(err.Error())
		}
		var errs bytes.Buffer
		cmd := exec.CommandContext(ctx, node, append([]string{"web/test/transcripts.mjs", "-v", "--host", name}, parts...)...)
		cmd.Stderr = &errs
		out, err := cmd.Output()
		report, found := parse(name, string(out))
		switch {
		case found != nil:
			return report, found
		case len(report.Differences) == 0 && err != nil:
			return report, fmt.Errorf("%w: %s", err, errs.String())
		}
		return report, nil
	}
}

var counts = regexp.MustCompile(`(?m)^(?:\w+: )?(?:skipped: (.*)|(\d+) passed, (\d+) failed)$`)

// differs begins what is said of a case that differs.
var differs = regexp.MustCompile(`(?m)^(\S+\.txtar:\d+): `)

// parse reads what the script prints: the counts, and then what differs.
func parse(name, out string) (hosttest.Report, error) {
	var r hosttest.Report
	m := counts.FindStringSubmatch(out)
	switch {
	case m == nil:
		return r, fmt.Errorf("%s: no counts in what the script printed: %q", name, out)
	case m[1] != "":
		return r, missing(m[1])
	}
	failed, err := strconv.Atoi(m[3])
	if err == nil {
		r.Passed, err = strconv.Atoi(m[2])
	}
	r.Total = r.Passed + failed
	starts := differs.FindAllStringSubmatchIndex(out, -1)
	for i, at := range starts {
		end := len(out)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		r.Differences = append(r.Differences, hosttest.Difference{Where: out[at[2]:at[3]], How: strings.TrimSpace(out[at[1]:end])})
	}
	return r, err
}
