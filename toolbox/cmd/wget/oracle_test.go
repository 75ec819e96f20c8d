package wget_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"agentsandbox/core/abi"
	"agentsandbox/core/fetch"
	"agentsandbox/toolbox/cmd/wget"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs/rootfs"
)

// cases are invocations; U is the server.
var cases = []string{
	"-q U/text",
	"-q U/text U/text",
	"-nv U/text",
	"U/text",
	"U/text U/missing",
	"U/big",
	"-q -O - U/echo",
	"-qO- U/echo",
	"-O - U/echo",
	"-O f U/text",
	"-q -O f U/text U/echo",
	"-nv -O f U/text",
	"-q U/",
	"-q U",
	"-q U/dir/",
	"-q U/echo?a=b",
	"-q -P dir U/text",
	"-q -P new/dir U/text",
	"-nc U/have",
	"-q -nc U/have",
	"-q U/have",
	"-c -q U/have",
	"-c -q -O have U/text",
	"-q --header=X-A:1 -O - U/echo",
	"-q --header X-A:1 --header X-B:2 -O - U/echo",
	"-q -U me -O - U/echo",
	"-q --user-agent=me --referer=http://r/ -O - U/echo",
	"-q --post-data=a=b -O - U/echo",
	"-q --post-file=have -O - U/echo",
	"-q --method=PUT --body-data=x -O - U/echo",
	"-q --method=DELETE -O - U/echo",
	"-q -i list",
	"-i nofile",
	"-q -i list -O all",
	"--spider U/text",
	"--spider -nv U/text",
	"--spider U/missing",
	"-q --spider U/missing",
	"U/missing",
	"-nv U/missing",
	"-q U/missing",
	"-q --content-on-error U/missing",
	"-q U/moved",
	"U/moved",
	"-nv U/moved",
	"-q -O - U/moved",
	"--max-redirect=2 U/loop",
	"--max-redirect=0 U/loop",
	"-S -O f U/text",
	"-q -S U/text",
	"-q --content-disposition U/named",
	"-o log U/text",
	"-q -o log U/text",
	"-nv -a log U/text",
	"-q -N U/text U/text",
	"-N U/dated U/dated",
	"-q U/dated",
	"-q --no-use-server-timestamps U/dated",
	"-q -O f -t 2 --waitretry=0 U/whole",
	"-N U/text",
	"-N -nv U/have",
	"-q --no-use-server-timestamps U/text",
	"-q -T 5 -t 1 U/text",
	"-q --timeout=5 --tries=2 U/text",
	"-nv -t 1 U/short",
	"-q -t 2 --waitretry=0 U/short",
	"-q -O f -t 2 --waitretry=0 U/short",
	"-q -t 1 U/short",
	"-q -O - -t 1 U/short",
	"-q -c U/have",
	"-nv -c -t 1 U/have",
	"-O no/such U/text",
	"-q http://127.0.0.1:1/",
	"http://127.0.0.1:1/",
	"",
	"--foo",
	"-O",
	"foo://x",
}

// hijack answers with exactly these bytes and hangs up.
func hijack(w http.ResponseWriter, text string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	io.WriteString(conn, text)
}

func handler(w http.ResponseWriter, r *http.Request) {
	w.Header()["Date"] = nil
	switch r.URL.Path {
	case "/text", "/have":
		http.ServeContent(w, r, "t.txt", time.Time{}, strings.NewReader("one\ntwo\nthree\n"))
	case "/dated":
		http.ServeContent(w, r, "d.txt", time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC), strings.NewReader("dated\n"))
	case "/whole": // breaks off at first, and knows no ranges
		if r.Header.Get("Range") == "" {
			hijack(w, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\none two t")
			return
		}
		io.WriteString(w, "one two tre\n")
	case "/short": // nine bytes of twelve, and then the rest
		if r.Header.Get("Range") == "" {
			hijack(w, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\none two t")
			return
		}
		http.ServeContent(w, r, "s.txt", time.Time{}, strings.NewReader("one two tre\n"))
	case "/big":
		w.Write(make([]byte, 200_000))
	case "/missing":
		w.WriteHeader(404)
		io.WriteString(w, "nothing\n")
	case "/moved":
		w.Header().Set("Location", "/text")
		w.WriteHeader(302)
	case "/loop":
		w.Header().Set("Location", "/loop")
		w.WriteHeader(302)
	case "/named":
		w.Header().Set("Content-Disposition", `attachment; filename="given.txt"`)
		io.WriteString(w, "named\n")
	default:
		body, _ := io.ReadAll(r.Body)
		h := r.Header.Clone()
		for _, name := range []string{"Connection", "Content-Length"} {
			h.Del(name)
		}
		fmt.Fprintf(w, "%s %s %s\n", r.Method, r.URL, body)
		h.Write(w)
	}
}

// outcome is what a run did.
type outcome struct{ stdout, stderr, status, files string }

func TestAgainstWget(t *testing.T) {
	real, err := exec.LookPath("wget")
	if err != nil {
		t.Skip("no wget here")
	}
	if out, _ := exec.Command(real, "--version").Output(); !bytes.HasPrefix(out, []byte("GNU Wget 1.21.3 ")) {
		t.Skip("another wget than the one that ours follows")
	}
	server := httptest.NewServer(http.HandlerFunc(handler))
	defer server.Close()
	for _, c := range cases {
		t.Run(c, func(t *testing.T) {
			argv := strings.Fields(strings.ReplaceAll(c, "U/", server.URL+"/"))
			for i := range argv {
				if argv[i] == "U" {
					argv[i] = server.URL
				}
			}
			want, got := runReal(t, real, argv), runOurs(t, argv)
			for _, d := range [][3]string{
				{"stdout", want.stdout, got.stdout}, {"stderr", want.stderr, got.stderr},
				{"status", want.status, got.status}, {"files", want.files, got.files},
			} {
				if d[1] != d[2] {
					t.Errorf("%s: want\n%q\ngot\n%q", d[0], d[1], d[2])
				}
			}
		})
	}
}

func lay(t *testing.T) string {
	dir := t.TempDir()
	for name, text := range map[string]string{"have": "one\n", "list": "http://127.0.0.1:1/x\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func runReal(t *testing.T, real string, argv []string) outcome {
	dir := lay(t)
	cmd := exec.Command(real, argv...)
	cmd.Args[0] = "wget"
	cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "LC_ALL=C", "TZ=UTC"}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Run()
	os.Remove(filepath.Join(dir, ".wget-hsts"))
	return outcome{stdout.String(), stable(stderr.String()), fmt.Sprint(cmd.ProcessState.ExitCode()), tree(t, dir)}
}

func runOurs(t *testing.T, argv []string) outcome {
	dir := lay(t)
	root, err := rootfs.New(dir, rootfs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var ports []uint16
	for p := 1; p < 1<<16; p++ {
		ports = append(ports, uint16(p))
	}
	client := fetch.New(&fetch.Policy{AllowPrivateIPs: true, AllowedPorts: ports})
	defer client.Close()
	var stdout, stderr bytes.Buffer
	x := &tool.Exec{
		Name: "wget", Args: argv, Dir: "/", FS: tool.SpaceFS(root), Umask: 0o022, Stdin: strings.NewReader(""),
		Stdout: &stdout, Stderr: &stderr, Now: time.Now, Fetch: (&abi.State{Doer: client}).Open,
	}
	status := tool.Main(context.Background(), tool.Command{Name: "wget", Run: wget.Run}, x)
	return outcome{stdout.String(), stable(stderr.String()), fmt.Sprint(status), tree(t, dir)}
}

var (
	times  = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`)
	speeds = regexp.MustCompile(`\([\d.]+ .B/s\)`)
	meters = regexp.MustCompile(`(?m)^( *\d+K[ .]+[ .])( +\d+%)? *[\d.]+[BKMG](=[\d.]+s| 0s)?$`)
	spent  = regexp.MustCompile(`(time: |in )[\d.]+s`)
)

// stable takes out times and speeds, and how far the dots came.
func stable(s string) string {
	s = times.ReplaceAllString(s, "TIME")
	s = speeds.ReplaceAllString(s, "SPEED")
	s = spent.ReplaceAllString(s, "${1}SPENT")
	return meters.ReplaceAllString(s, "DOTS")
}

func tree(t *testing.T, dir string) string {
	var b strings.Builder
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == dir {
			return err
		}
		short, _ := filepath.Rel(dir, name)
		if d.IsDir() {
			fmt.Fprintf(&b, "%s/\n", short)
			return nil
		}
		data, err := os.ReadFile(name)
		fmt.Fprintf(&b, "%s %q\n", short, stable(string(data)))
		if info, infoErr := d.Info(); infoErr == nil && info.ModTime().Year() == 2024 {
			fmt.Fprintf(&b, "  of %s\n", info.ModTime().UTC())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
