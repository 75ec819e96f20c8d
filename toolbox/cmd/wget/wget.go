/*
Package wget retrieves files from HTTP servers.

	wget [OPTION]... [URL]...

The sandbox's host makes the requests, under its network policy. One file a URL
is retrieved, none recursively.

	-O, --output-document=FILE  write documents to FILE, "-" is standard output
	-P, --directory-prefix=DIR  save files below DIR
	-c, --continue              go on with a file that is there in part
	-N, --timestamping          only what is newer than the file that is there
	    --no-use-server-timestamps  leave files the time of their making
	-nc, --no-clobber           leave files alone that are there
	-i, --input-file=FILE       take URLs from FILE, one a line
	-q, --quiet                 no messages
	-nv, --no-verbose           few messages
	-o, --output-file=FILE      messages to FILE; -a, --append-output=FILE appends
	-S, --server-response       show the server's header
	    --spider                do not retrieve, only look whether it is there
	    --header=LINE           send a header line
	-U, --user-agent=NAME       instead of Wget/1.21.3
	    --referer=URL
	    --user=NAME --password=PASSWORD (also --http-user, --http-password)
	    --post-data=TEXT --post-file=FILE
	    --method=METHOD --body-data=TEXT --body-file=FILE
	    --content-on-error      keep what comes with an HTTP error
	    --content-disposition   take the file name from the server
	    --max-redirect=N        20 unless set
	-t, --tries=N               20 unless set; 0 is for ever
	    --waitretry=SECONDS     wait up to so long between tries (10)
	-T, --timeout=SECONDS       also --connect-timeout, --read-timeout
	    --no-check-certificate  taken, with a warning: certificates are always checked

Retrieving recursively (-r, -m, -p, -k) is refused.

The exit status is 0; 1 for a bad URL, 2 for bad usage, 3 where a file can't be
written, 4 where the network fails or is not allowed, 5 for a bad certificate,
8 where the server answers with an error.
*/
package wget

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/tool"
)

const version = "1.21.3"

// Exit statuses.
const (
	exitGeneric  = 1
	exitUsage    = 2
	exitFile     = 3
	exitNetwork  = 4
	exitTLS      = 5
	exitResponse = 8
	exitPipe     = 141 // nobody reads its output any more
)

// errNothing ends a run whose list of URLs is empty.
var errNothing = errors.New("no URLs found")

// maxFile bounds what is read of a file into memory.
const maxFile = 64 << 20

// run is one run of the command.
type run struct {
	x   *tool.Exec
	log io.Writer

	document, prefix       string
	resume, keep           bool
	quiet, terse           bool
	response, spider       bool
	headers                []string
	agent, referer         string
	user, password         string
	method                 string
	body                   []byte
	hasBody                bool
	keepErrors, serverName bool
	redirects, tries       int
	timeout                time.Duration
	insecure               bool
	newer                  bool          // -N
	ownTime                bool          // the server's is not taken
	retryWait              time.Duration // at most, between tries

	out    io.Writer // of -O
	files  int       // that were saved, and their bytes and seconds
	bytes  int64
	took   float64
	status int
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	r := &run{x: x, log: x.Stderr, redirects: 20, tries: 20, retryWait: 10 * time.Second, agent: "Wget/" + version}
	urls, err := r.parse()
	switch {
	case err == errNothing:
		return nil
	case err != nil:
		return err
	}
	if len(urls) == 0 {
		return r.usage("missing URL", exitGeneric)
	}
	if r.insecure && !r.quiet {
		fmt.Fprintln(r.log, "WARNING: certificates are always checked here: --no-check-certificate has no effect")
	}
	if close, err := r.openDocument(); err != nil {
		return err
	} else {
		defer close()
	}
	begun := r.now()
	for _, url := range urls {
		if err := ctx.Err(); err != nil {
			return err
		}
		if status := r.retrieve(ctx, url); status != 0 {
			r.status = max(r.status, status)
		}
	}
	if len(urls) > 1 {
		r.summary(begun)
	}
	return tool.Exit(r.status)
}

func (r *run) usage(message string, status int) error {
	fmt.Fprintf(r.x.Stderr, "%s: %s\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n", r.x.Name, message)
	return tool.Exit(status)
}

// parse reads the options and returns the URLs.
func (r *run) parse() ([]string, error) {
	var said bytes.Buffer
	quiet := *r.x
	quiet.Stderr = &said
	f := tool.NewFlags(&quiet)
	f.Usage = exitUsage
	input := ""
	r.flags(f, &input)
	urls, err := f.ParseArgs(spellOut(r.x.Args))
	if err != nil {
		if line, _, ok := strings.Cut(said.String(), "\n"); ok {
			return nil, r.usage(strings.TrimPrefix(line, r.x.Name+": "), exitUsage)
		}
		return nil, err
	}
	if input != "" {
		return r.readURLs(input, urls)
	}
	return urls, nil
}

// spellOut writes -nv and its kin as the long options that they are.
func spellOut(args []string) []string {
	var out []string
	for i, arg := range args {
		if arg == "--" {
			return append(out, args[i:]...)
		}
		switch arg {
		case "-nv":
			arg = "--no-verbose"
		case "-nc":
			arg = "--no-clobber"
		case "-nd", "-nH", "-np":
			continue
		}
		out = append(out, arg)
	}
	return out
}

func (r *run) flags(f *tool.Flags, input *string) {
	text := func(short byte, long string, v *string) {
		f.Func(short, long, func(s string) error { *v = s; return nil })
	}
	text('O', "output-document", &r.document)
	text('P', "directory-prefix", &r.prefix)
	text('i', "input-file", input)
	text('U', "user-agent", &r.agent)
	text(0, "referer", &r.referer)
	for _, name := range []string{"user", "http-user"} {
		text(0, name, &r.user)
	}
	for _, name := range []string{"password", "http-password"} {
		text(0, name, &r.password)
	}
	text(0, "method", &r.method)
	f.BoolVar(&r.resume, true, 'c', "continue")
	f.BoolVar(&r.keep, true, 0, "no-clobber")
	f.BoolVar(&r.quiet, true, 'q', "quiet")
	f.BoolVar(&r.terse, true, 0, "no-verbose")
	f.BoolVar(&r.terse, false, 'v', "verbose")
	f.BoolVar(&r.response, true, 'S', "server-response")
	f.BoolVar(&r.spider, true, 0, "spider")
	f.BoolVar(&r.keepErrors, true, 0, "content-on-error")
	f.BoolVar(&r.serverName, true, 0, "content-disposition")
	f.BoolVar(&r.insecure, true, 0, "no-check-certificate")
	f.BoolVar(&r.newer, true, 'N', "timestamping")
	f.BoolVar(&r.ownTime, true, 0, "no-use-server-timestamps")
	f.Func(0, "header", func(s string) error { r.headers = append(r.headers, s); return nil })
	r.bodyFlags(f)
	r.limitFlags(f)
	r.refuse(f)
	f.Func('o', "output-file", func(s string) error { return r.openLog(s, r.x.Create) })
	f.Func('a', "append-output", func(s string) error { return r.openLog(s, r.x.OpenAppend) })
	for _, name := range []string{"no-cache", "no-cookies", "no-dns-cache", "no-proxy", "no-hsts", "no-iri", "inet4-only", "inet6-only", "trust-server-names", "no-config", "show-progress", "no-http-keep-alive", "no-passive-ftp"} {
		f.Switch(ignoredShort(name), name, func() {})
	}
	for _, name := range []string{"progress", "compression", "secure-protocol", "limit-rate", "wait", "prefer-family", "restrict-file-names", "local-encoding", "remote-encoding"} {
		f.Func(0, name, func(string) error { return nil })
	}
}

// refuse defines the options for what is not done here.
func (r *run) refuse(f *tool.Flags) {
	for name, short := range map[string]byte{"recursive": 'r', "mirror": 'm', "page-requisites": 'p', "convert-links": 'k'} {
		f.Do(short, name, func() error {
			return fmt.Errorf("--%s is refused: one file a URL is retrieved in this sandbox, none recursively", name)
		})
	}
}

func ignoredShort(name string) byte {
	switch name {
	case "inet4-only":
		return '4'
	case "inet6-only":
		return '6'
	}
	return 0
}

func (r *run) bodyFlags(f *tool.Flags) {
	set := func(read func(string) ([]byte, error)) func(string) error {
		return func(s string) (err error) {
			r.hasBody = true
			r.body, err = read(s)
			return err
		}
	}
	asIs := func(s string) ([]byte, error) { return []byte(s), nil }
	file := func(s string) ([]byte, error) { return r.x.ReadFile(s, maxFile) }
	f.Func(0, "post-data", set(asIs))
	f.Func(0, "post-file", set(file))
	f.Func(0, "body-data", set(asIs))
	f.Func(0, "body-file", set(file))
}

func (r *run) limitFlags(f *tool.Flags) {
	number := func(short byte, long string, v *int) {
		f.Func(short, long, func(s string) error {
			n, err := strconv.Atoi(s)
			if s == "inf" {
				n, err = 0, nil
			}
			if err != nil || n < 0 {
				return fmt.Errorf("--%s: Invalid number '%s'.", long, s)
			}
			*v = n
			return nil
		})
	}
	number('t', "tries", &r.tries)
	number(0, "max-redirect", &r.redirects)
	f.Func(0, "waitretry", func(s string) error {
		seconds, err := strconv.ParseFloat(s, 64)
		if err != nil || seconds < 0 || seconds > 1e9 {
			return fmt.Errorf("--waitretry: Invalid time period '%s'", s)
		}
		r.retryWait = time.Duration(seconds * float64(time.Second))
		return nil
	})
	for long, short := range map[string]byte{"timeout": 'T', "connect-timeout": 0, "read-timeout": 0, "dns-timeout": 0} {
		f.Func(short, long, func(s string) error {
			seconds, err := strconv.ParseFloat(s, 64)
			if err != nil || seconds < 0 || seconds > 1e9 {
				return fmt.Errorf("--%s: Invalid time period '%s'", long, s)
			}
			r.timeout = time.Duration(seconds * float64(time.Second))
			return nil
		})
	}
}

func (r *run) openLog(name string, open func(string) (*tool.File, error)) error {
	if name == "-" {
		r.log = r.x.Stdout
		return nil
	}
	f, err := open(name)
	if err != nil {
		return err
	}
	r.log = f
	return nil
}

// readURLs adds the URLs of a file.
func (r *run) readURLs(name string, urls []string) ([]string, error) {
	data, err := r.x.ReadFile(name, maxFile)
	if err != nil {
		fmt.Fprintf(r.log, "%s\nNo URLs found in %s.\n", tool.Text(err), name)
		return nil, errNothing
	}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			urls = append(urls, line)
		}
	}
	if len(urls) == 0 {
		fmt.Fprintf(r.log, "No URLs found in %s.\n", name)
		return nil, errNothing
	}
	return urls, nil
}

// openDocument opens the file of -O, which takes all documents.
func (r *run) openDocument() (closeFile func(), err error) {
	none := func() {}
	switch {
	case r.document == "":
		return none, nil
	case r.document == "-":
		r.out = r.x.Stdout
		return none, nil
	case r.spider:
		return none, nil
	}
	open := r.x.Create
	if r.resume {
		open = r.x.OpenAppend
	}
	f, err := open(r.document)
	if err != nil {
		fmt.Fprintf(r.x.Stderr, "%s: %s\n", r.document, tool.ErrText(err))
		return nil, tool.Exit(exitGeneric)
	}
	r.out = f
	return func() { f.Close() }, nil
}
