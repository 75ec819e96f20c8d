//go:build !js && !wasip1

// Command parity runs the transcripts of the toolbox on every host and prints
// one table of how many print what they should, byte for byte, on each:
//
//	go run ./hosts/hosttest/parity [-v] [-host HOST,...] [PART OF A NAME ...]
//
// It is run in the root of the repository, and takes what make parity has built.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"agentsandbox/hosts/hosttest"
	"agentsandbox/toolbox/tooltest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	only := flag.String("host", "", "`hosts` to run, comma-separated; all if empty")
	verbose := flag.Bool("v", false, "print how outputs differ, not only where")
	flag.Parse()
	same, err := run(ctx, *only, flag.Args(), *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, "parity:", err)
		os.Exit(2)
	}
	if !same {
		os.Exit(1)
	}
}

// run reports whether no host differs.
func run(ctx context.Context, only string, parts []string, verbose bool) (bool, error) {
	transcripts, err := load(parts)
	if err != nil {
		return false, err
	}
	var chosen []host
	for _, h := range hosts {
		if only == "" || slices.Contains(strings.Split(only, ","), h.name) {
			chosen = append(chosen, h)
		}
	}
	results := make([]result, len(chosen))
	var wait sync.WaitGroup
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, h := range chosen {
		wait.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			report, err := h.run(ctx, transcripts, parts)
			results[i] = result{h, report, err}
		})
	}
	wait.Wait()
	return print(os.Stdout, results, verbose), nil
}

// load loads the transcripts one of whose parts of a name fits; all without any.
func load(parts []string) ([]*tooltest.Transcript, error) {
	names, err := filepath.Glob("toolbox/testdata/*.txtar")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("no transcripts in toolbox/testdata: run it in the root of the repository (%v)", err)
	}
	var out []*tooltest.Transcript
	for _, name := range names {
		if len(parts) > 0 && !slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(filepath.Base(name), part) }) {
			continue
		}
		t, err := tooltest.Load(name)
		if err != nil {
			return nil, err
		}
		t.Name = filepath.Base(name)
		out = append(out, t)
	}
	return out, nil
}

// result is what came of a host.
type result struct {
	host
	report hosttest.Report
	err    error
}

// print prints the table and what differs, and reports whether nothing does.
func print(w io.Writer, results []result, verbose bool) bool {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "host\tpassed\ttotal\t")
	same := true
	for _, r := range results {
		switch {
		case r.err != nil:
			fmt.Fprintf(table, "%s\t–\t–\t%s\n", r.name, firstLine(r.err))
		default:
			fmt.Fprintf(table, "%s\t%d\t%d\t%s\n", r.name, r.report.Passed, r.report.Total, r.what)
		}
		same = same && (r.err == nil || isMissing(r.err)) && r.report.Passed == r.report.Total
	}
	_ = table.Flush() // the table of a command that prints nothing else
	for _, r := range results {
		for _, d := range r.report.Differences {
			fmt.Fprintf(w, "\n%s: %s", r.name, d.Where)
			if verbose {
				fmt.Fprintf(w, ": %s", d.How)
			}
		}
		if len(r.report.Differences) > 0 {
			fmt.Fprintln(w)
		}
	}
	return same
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
