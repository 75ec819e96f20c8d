package tooltest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// real is the host of recording: bash and the tools of this machine, in a
// temporary directory whose path is shown as /work.
type real struct{ dir string }

func newReal(t *testing.T, files []File) real {
	r := real{filepath.Join(t.TempDir(), "work")}
	if err := os.Mkdir(r.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := r.lay(f); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r real) lay(f File) error {
	name := filepath.Join(r.dir, f.Name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	var err error
	switch {
	case f.Link != "":
		return os.Symlink(f.Link, name)
	case f.Dir:
		err = os.MkdirAll(name, 0o755)
	default:
		err = os.WriteFile(name, f.Data, 0o644)
	}
	if err != nil {
		return err
	}
	return os.Chtimes(name, time.Unix(MTime, 0), time.Unix(MTime, 0))
}

// Environ is the environment of every case. U is the server of the network
// transcripts, where our own has one.
func Environ() []string {
	env := []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/home/sandbox", "USER=sandbox",
		"LOGNAME=sandbox", "TZ=UTC", "LC_ALL=C.UTF-8", "TERM=dumb"}
	if server := os.Getenv("U"); server != "" {
		env = append(env, "U="+server)
	}
	return env
}

// Run runs the script in the real bash, with the real tools.
func (r real) Run(script string) (Output, error) {
	cmd := exec.Command("bash", "-c", script)
	cmd.Dir = r.dir
	cmd.Env = Environ()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return Output{}, err
	}
	out := Output{r.clean(stdout.Bytes()), r.clean(stderr.Bytes()), cmd.ProcessState.ExitCode()}
	return out, nil
}

// clean shows the temporary directory as /work, and the quotes of messages as
// the C locale has them: in the sandbox, text is UTF-8 and messages are ASCII.
func (r real) clean(out []byte) []byte {
	out = bytes.ReplaceAll(out, []byte(r.dir), []byte("/work"))
	out = bytes.ReplaceAll(out, []byte("‘"), []byte("'"))
	return bytes.ReplaceAll(out, []byte("’"), []byte("'"))
}
