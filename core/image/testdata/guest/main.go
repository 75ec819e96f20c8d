// Command guest is Go code for the tests to meter: the first argument names
// the work, the second how much of it.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

func main() {
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		panic(err)
	}
	work[os.Args[1]](n)
}

var work = map[string]func(n int){
	"nothing": func(int) {},
	"awk":     awk,
	"grep":    grep,
	"sort":    sorted,
	"json":    roundTrip,
	"hash":    hash,
	"gzip":    zip,
	"deep":    func(n int) { fmt.Println(deep(n, strings.Index)) },
	"loop":    loop,
	"alloc":   alloc,
}

// awk runs BEGIN { for (i = 0; i < n; i++) s += i; print s } as an interpreter
// of awk would: trees of expressions, values that are numbers or strings.
func awk(n int) {
	i, s := &variable{}, &variable{}
	run := loopWhile{
		cond: binary{'<', i, number(n)},
		body: assign{s, binary{'+', s, i}},
		post: assign{i, binary{'+', i, number(1)}},
	}
	run.eval()
	fmt.Println(s.eval().text())
}

type cell struct {
	num   float64
	str   string
	isStr bool
}

func (c cell) text() string {
	if c.isStr {
		return c.str
	}
	return strconv.FormatFloat(c.num, 'f', -1, 64)
}

type expr interface{ eval() cell }

type (
	number   float64
	variable struct{ cell }
	binary   struct {
		op          byte
		left, right expr
	}
	assign struct {
		to   *variable
		from expr
	}
	loopWhile struct{ cond, body, post expr }
)

func (n number) eval() cell    { return cell{num: float64(n)} }
func (v *variable) eval() cell { return v.cell }

func (b binary) eval() cell {
	l, r := b.left.eval(), b.right.eval()
	switch {
	case l.isStr || r.isStr:
		return cell{num: float64(strings.Compare(l.text(), r.text()))}
	case b.op == '+':
		return cell{num: l.num + r.num}
	case l.num < r.num:
		return cell{num: 1}
	}
	return cell{}
}

func (a assign) eval() cell {
	a.to.cell = a.from.eval()
	return a.to.cell
}

func (w loopWhile) eval() cell {
	for w.cond.eval().num != 0 {
		w.body.eval()
		w.post.eval()
	}
	return cell{}
}

func text(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "line %d of %d: TODO(%x) the quick brown fox\n", i, n, i*i)
	}
	return b.Bytes()
}

func grep(n int) {
	re := regexp.MustCompile("TODO.*[0-9]+.* fox")
	found := 0
	for _, line := range bytes.Split(text(n), []byte("\n")) {
		if re.Match(line) {
			found++
		}
	}
	fmt.Println(found)
}

func sorted(n int) {
	lines := strings.Split(strings.TrimSpace(string(text(n))), "\n")
	sort.Slice(lines, func(i, j int) bool { return lines[i][5:] < lines[j][5:] })
	fmt.Println(lines[n/2])
}

func roundTrip(n int) {
	for range n {
		b, _ := json.Marshal(map[string]any{"a": []int{1, 2, 3}, "b": "text", "c": nil})
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			panic(err)
		}
	}
}

func hash(n int) { fmt.Printf("%x\n", sha256.Sum256(bytes.Repeat([]byte("x"), n))) }

func zip(n int) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(text(n))
	w.Close()
	r, _ := gzip.NewReader(&z)
	m, _ := io.Copy(io.Discard, r)
	fmt.Println(m)
}

func deep(n int, f func(string, string) int) int {
	if n == 0 {
		return f("abc", "c")
	}
	return deep(n-1, f) + 1
}

func loop(n int) {
	x := uint32(1)
	for range n {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
	}
	fmt.Println(x)
}

func alloc(n int) {
	var keep [64][]byte
	for i := range n {
		keep[i%64] = make([]byte, 100+i%5000)
	}
	fmt.Println(len(keep[0]))
}
