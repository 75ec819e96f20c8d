package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// justBash is a node process that measures just-bash. A nil one measures
// nothing.
type justBash struct {
	to   *json.Encoder
	from *json.Decoder
}

func startJustBash(script string) (*justBash, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return nil, errors.New("no node on this machine")
	}
	cmd := exec.Command("node", script)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	j := &justBash{json.NewEncoder(stdin), json.NewDecoder(bufio.NewReader(stdout))}
	return j, cmd.Start()
}

// question asks for the median time of a script: in a shell that has the files
// of dir, or with fresh in a new one each time.
type question struct {
	Script string `json:"script"`
	Dir    string `json:"dir"`
	Fresh  bool   `json:"fresh"`
}

type answer struct {
	MS    float64 `json:"ms"`
	Error string  `json:"error"`
}

func (j *justBash) median(script, dir string) time.Duration {
	return j.ask(question{Script: script, Dir: dir})
}

func (j *justBash) fresh() time.Duration { return j.ask(question{Script: "echo hi", Fresh: true}) }

func (j *justBash) ask(q question) time.Duration {
	if j == nil {
		return 0
	}
	var a answer
	if err := errors.Join(j.to.Encode(q), j.from.Decode(&a)); err != nil || a.Error != "" {
		fmt.Fprintf(os.Stderr, "bench: just-bash: %s: %v %s\n", q.Script, err, a.Error)
		return 0
	}
	return time.Duration(a.MS * float64(time.Millisecond))
}
