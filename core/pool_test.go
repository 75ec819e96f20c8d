package core

import (
	"bytes"
	"context"
	"testing"

	"agentsandbox/core/engine"
	"agentsandbox/core/guest"
)

// scrubbed is an engine's module and the one instance that it makes.
type scrubbed struct {
	engine.Module
	engine.Instance
	times int
}

func (s *scrubbed) Instantiate(context.Context, any, uint64) (engine.Instance, error) { return s, nil }
func (s *scrubbed) Memory() engine.Memory                                             { return noMemory{} }
func (s *scrubbed) SetMaxMemory(uint64)                                               {}
func (s *scrubbed) Reset() bool                                                       { return true }
func (s *scrubbed) Close() error                                                      { return nil }
func (s *scrubbed) Scrub()                                                            { s.times++ }

type noMemory struct{ engine.Memory }

func (noMemory) Size() uint64 { return 0 }

// THREAT[SE-03] An instance that goes from one sandbox to another is scrubbed.
func TestPoolScrubs(t *testing.T) {
	s := &scrubbed{}
	p := pool{module: s, most: 1}
	one, two := new(Sandbox), new(Sandbox)
	for i, c := range []struct {
		owner *Sandbox
		want  int
	}{{one, 0}, {one, 0}, {two, 1}, {two, 1}, {one, 2}} {
		in, err := p.get(t.Context(), nil, c.owner, 1)
		if err != nil {
			t.Fatal(err)
		}
		if p.put(in); s.times != c.want {
			t.Errorf("call %d: scrubbed %d times, want %d", i, s.times, c.want)
		}
	}
}

// What an image says that its guest never writes is as it was after much was run.
func TestConstant(t *testing.T) {
	sb := newSandbox(t, Config{})
	se := sb.Session()
	defer se.Close()
	sessionWant(t, se, `f() { [ $1 = 0 ] || f $(($1-1)); }; f 50; seq 2000 | sort -R | sed 's/1/one/g' | awk '{n[$1]++} END {print length(n)}'
		echo '{"a":[1,2,{"b":null}]}' | jq -c '.a[2]'; printf '%s\n' {a..z} | grep -nE '^[b-d]$' | tr a-z A-Z; date -d @0 +%F
		for i in {1..200}; do x=$(echo $i); done; echo $x; cat /none 2>/dev/null || echo none`,
		"2000\n{\"b\":null}\n2:B\n3:C\n4:D\n1970-01-01\n200\nnone\n")
	img, err := guest.Toolbox()
	if err != nil {
		t.Fatal(err)
	}
	_, start, err := img.Code.Code()
	if err != nil {
		t.Fatal(err)
	}
	constant := img.Code.Constant
	if constant < 1<<20 {
		t.Fatalf("%d bytes are constant", constant)
	}
	got := make([]byte, constant)
	if !se.in.Memory().Read(got, 0) || !bytes.Equal(got, start.Bytes()[:constant]) {
		t.Error("the guest wrote what it never does")
	}
}
