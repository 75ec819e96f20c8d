package curl_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"agentsandbox/core/abi"
	"agentsandbox/core/fetch"
	"agentsandbox/toolbox/cmd/curl"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs/devfs"
	"agentsandbox/vfs/mountfs"
	"agentsandbox/vfs/rootfs"
)

var record = flag.Bool("record", false, "record what the real curl does")

// outcomes is where that is kept, by the arguments.
const outcomes = "testdata/outcomes.json"

// TestAgainstCurl runs ours, each time in a directory of its own, and compares
// output, status, text and files with what the real curl did against the same
// server. With -record it asks the real one.
func TestAgainstCurl(t *testing.T) {
	server, tries := newServer(t)
	address := server.Listener.Addr().String()
	if *record {
		recordAll(t, address, tries)
	}
	data, err := os.ReadFile(outcomes)
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]outcome{}
	if err := json.Unmarshal(data, &wanted); err != nil {
		t.Fatal(err)
	}
	client := newClient(t)
	for _, c := range cases(t) {
		t.Run(fmt.Sprintf("line%d", c.line), func(t *testing.T) {
			want, ok := wanted[c.args]
			if !ok {
				t.Fatalf("not recorded: curl %s", c.args)
			}
			tries.reset()
			got := runOurs(t, client, c.argv(address)).at(address)
			if c.stderrVaries {
				want.Stderr, got.Stderr = "", ""
			}
			if diff := want.diff(got); diff != "" {
				t.Errorf("curl %s\n%s", c.args, diff)
			}
		})
	}
}

// recordAll asks the real curl.
func recordAll(t *testing.T, address string, tries *counter) {
	real, err := exec.LookPath("curl")
	if err != nil {
		t.Fatal(err)
	}
	if out, _ := exec.Command(real, "--version").Output(); !bytes.HasPrefix(out, []byte("curl 7.88.1 ")) {
		t.Fatal("another curl than the one that ours follows")
	}
	all := map[string]outcome{}
	for _, c := range cases(t) {
		tries.reset()
		all[c.args] = runReal(t, real, c.argv(address)).at(address)
	}
	data, err := json.MarshalIndent(all, "", " ")
	if err == nil {
		err = os.WriteFile(outcomes, append(data, '\n'), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// outcome is what a run did.
type outcome struct {
	Stdout string `json:"stdout,omitempty"`
	Stderr string `json:"stderr,omitempty"`
	Status int    `json:"status,omitempty"`
	Files  string `json:"files,omitempty"` // names and what is in them
}

// at takes the server's address out of an outcome.
func (o outcome) at(address string) outcome {
	_, port, _ := net.SplitHostPort(address)
	for _, s := range []*string{&o.Stdout, &o.Stderr, &o.Files} {
		*s = legible(strings.ReplaceAll(*s, port, "PORT1"))
	}
	return o
}

// legible is what is kept of an output: text as it is, bytes quoted, and of
// what is long its sum.
func legible(s string) string {
	switch {
	case len(s) > 4000:
		return fmt.Sprintf("%d bytes, SHA-256 %x", len(s), sha256.Sum256([]byte(s)))
	case !utf8.ValidString(s):
		return strconv.QuoteToASCII(s)
	}
	return s
}

func (o outcome) diff(got outcome) string {
	var b strings.Builder
	compare := func(what, want, got string) {
		if want != got {
			fmt.Fprintf(&b, "--- %s: want\n%q\n--- got\n%q\n", what, want, got)
		}
	}
	compare("stdout", o.Stdout, got.Stdout)
	compare("stderr", o.Stderr, got.Stderr)
	compare("status", fmt.Sprint(o.Status), fmt.Sprint(got.Status))
	compare("files", o.Files, got.Files)
	return b.String()
}

type oracleCase struct {
	line         int
	args         string
	stderrVaries bool
}

func (c oracleCase) argv(address string) []string {
	return split(strings.ReplaceAll(c.args, "$U", "http://"+address))
}

// cases reads the invocations: one a line; "~" in front has stderr not compared.
func cases(t testing.TB) []oracleCase {
	data, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []oracleCase
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		args, varies := strings.CutPrefix(line, "~")
		all = append(all, oracleCase{i + 1, args, varies})
	}
	return all
}

// split takes a line apart as a shell does: blanks, single and double quotes,
// and \n in double quotes.
func split(line string) []string {
	var words []string
	var word strings.Builder
	started := false
	quote := byte(0)
	for i := range len(line) {
		switch c := line[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, started = c, true
		case quote == 0 && c == ' ':
			if started {
				words = append(words, word.String())
				word.Reset()
			}
			started = false
		default:
			word.WriteByte(c)
			started = true
		}
	}
	if started {
		words = append(words, word.String())
	}
	return words
}

// lay makes the files that every run begins with.
func lay(t testing.TB) string {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.txt": "alpha\nbeta\r\ngamma\n", "b.json": `{"k":"v"}`, "page.html": "<p>hi</p>\n", "part.txt": "one\n",
		"bin": "\x00\x01\xff\n", "heads": "X-One: 1\nX-Two: 2\n", "fmt": "%{http_code}\n", "sp ace.txt": "space\n",
		"rc": "# remark\nsilent\nshow-error\nuser-agent = \"from rc\"\n-H \"X-Rc: 1\"\n",
		"ck": "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tfile\tcookie\n.127.0.0.1\tTRUE\t/\tFALSE\t1\told\tgone\nexample.com\tFALSE\t/\tFALSE\t0\tother\thost\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "dir"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func runReal(t testing.TB, real string, argv []string) outcome {
	dir := lay(t)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, real, argv...)
	cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.Stdin = strings.NewReader("from stdin\n")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return outcome{stable(stdout.String()), stable(stderr.String()), cmd.ProcessState.ExitCode(), tree(t, dir)}
}

// newClient is the native way to the network. The server is a local one.
func newClient(t testing.TB) *fetch.Client {
	client := fetch.New(&fetch.Policy{
		AllowPrivateIPs: true, AllowedPorts: allPorts(), MaxRequestsPerMinute: 1 << 20,
		AllowedMethods: append(fetch.DefaultMethods(), "FOO", "get", "PURGE"),
	})
	t.Cleanup(func() { client.Close() })
	return client
}

func allPorts() []uint16 {
	var all []uint16
	for p := 1; p < 1<<16; p++ {
		all = append(all, uint16(p))
	}
	return all
}

func runOurs(t testing.TB, client *fetch.Client, argv []string) outcome {
	dir := lay(t)
	root, err := rootfs.New(dir, rootfs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	files := mountfs.New(root)
	dev, err := devfs.New(devfs.Config{})
	if err == nil {
		err = files.Mount("dev", dev)
	}
	if err != nil {
		t.Fatal(err)
	}
	state := &abi.State{Doer: client}
	var stdout, stderr bytes.Buffer
	x := &tool.Exec{
		Name: "curl", Args: argv, Env: []string{"HOME=/"}, Dir: "/", FS: tool.SpaceFS(files), Umask: 0o022,
		Stdin: strings.NewReader("from stdin\n"), Stdout: &stdout, Stderr: &stderr,
		Now: time.Now, Rand: rand.Reader, Fetch: state.Open,
		Sleep: func(context.Context, time.Duration) error { return nil },
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	status := tool.Main(ctx, tool.Command{Name: "curl", Run: curl.Run}, x)
	return outcome{stable(stdout.String()), stable(stderr.String()), status, tree(t, dir)}
}

var (
	milliseconds = regexp.MustCompile(`after \d+ m(s|illiseconds)`)
	pointers     = regexp.MustCompile(`(?m)^\* (Found bundle for host|Can not multiplex|Please rewind|Ignoring the response-body|Closing connection|Mark bundle|Connection #\d+ to host|upload completely|We are completely|HTTP 1.0, assume|no chunk, no close|Excess found|Server auth using|Added cookie|Replaced cookie|The requested URL returned|Maximum|transfer closed|Empty reply|HTTP error before|Disabling time|Failed writing|Failure writing|Stopped the pause|Hostname|Received HTTP/0.9|nghttp|Illegal|Could not|connect to|Failed to connect|skipping cookie).*\n`)
	seconds      = regexp.MustCompile(`"?(time_\w+|speed_\w+|local_ip|local_port|curl_version|expires)"?[:=] ?("[^"]*"|[\w.-]+),?`)
	jarTime      = regexp.MustCompile(`(TRUE|FALSE)\t(\d{10})\t`)
	dataSize     = regexp.MustCompile(`(?m)^([{}]) \[\d+ bytes data\]\n`)
)

// stable takes out what differs from run to run.
func stable(s string) string {
	s = milliseconds.ReplaceAllString(s, "after N ms")
	s = pointers.ReplaceAllString(s, "")
	s = seconds.ReplaceAllString(s, "$1")
	s = jarTime.ReplaceAllString(s, "$1\tTIME\t")
	s = dataSize.ReplaceAllString(s, "")
	return s
}

// tree lists the files of a directory with what is in them.
func tree(t testing.TB, dir string) string {
	var b strings.Builder
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		short, _ := filepath.Rel(dir, name)
		if d.IsDir() {
			fmt.Fprintf(&b, "%s/\n", short)
			return nil
		}
		data, err := os.ReadFile(name)
		fmt.Fprintf(&b, "%s %q\n", short, stable(string(data)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
