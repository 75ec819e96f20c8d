package rg

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"
)

// text is text in JSON: as bytes in base64 where it is not UTF-8.
type text struct {
	Text  *string `json:"text,omitempty"`
	Bytes *string `json:"bytes,omitempty"`
}

func newText(b []byte) text {
	s := string(b)
	if utf8.Valid(b) {
		return text{Text: &s}
	}
	s = base64.StdEncoding.EncodeToString(b)
	return text{Bytes: &s}
}

type submatch struct {
	Match text `json:"match"`
	Start int  `json:"start"`
	End   int  `json:"end"`
}

// message is a line of output of the types match and context.
type message struct {
	Path       text       `json:"path"`
	Lines      text       `json:"lines"`
	LineNumber int        `json:"line_number"`
	Offset     int        `json:"absolute_offset"`
	Submatches []submatch `json:"submatches"`
}

type elapsed struct {
	Secs  int64  `json:"secs"`
	Nanos int64  `json:"nanos"`
	Human string `json:"human"`
}

func newElapsed(d time.Duration) elapsed {
	return elapsed{int64(d / time.Second), int64(d % time.Second), fmt.Sprintf("%.6fs", d.Seconds())}
}

// counts are the numbers of a file or of all.
type counts struct {
	Elapsed       elapsed `json:"elapsed"`
	Searches      int     `json:"searches"`
	WithMatch     int     `json:"searches_with_match"`
	BytesSearched int64   `json:"bytes_searched"`
	BytesPrinted  int     `json:"bytes_printed"`
	MatchedLines  int     `json:"matched_lines"`
	Matches       int     `json:"matches"`
}

// emit prints one message.
func (r *rg) emit(kind string, data any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(struct {
		Type string `json:"type"`
		Data any    `json:"data"`
	}{kind, data}); err != nil {
		return err
	}
	_, err := r.out.Write(b.Bytes())
	return err
}

// printJSON prints what was found in a file as messages.
func (f *file) printJSON() error {
	if len(f.blocks) == 0 {
		return nil
	}
	before := f.out.count()
	p := jsonPrinter{file: f, path: newText([]byte(f.name))}
	if err := f.emit("begin", map[string]any{"path": p.path}); err != nil {
		return err
	}
	if err := f.visit(&p); err != nil {
		return err
	}
	var offset any
	if f.binary >= 0 {
		offset = f.binary
	}
	f.printedBytes += f.out.count() - before
	return f.emit("end", struct {
		Path   text   `json:"path"`
		Offset any    `json:"binary_offset"`
		Stats  counts `json:"stats"`
	}{p.path, offset, counts{newElapsed(0), 1, 1, int64(len(f.data)), f.out.count() - before, f.lines, f.count}})
}

// jsonPrinter prints the lines of one file as messages.
type jsonPrinter struct {
	*file
	path    text
	counted int // place up to which lines were counted
	passed  int
}

func (p *jsonPrinter) gap() {}

func (p *jsonPrinter) context(start, end int) {
	for start < end {
		stop := p.lineEnd(start)
		p.message("context", block{start, stop}, p.invert)
		start = stop
	}
}

func (p *jsonPrinter) block(b block) error {
	return p.message("match", b, !p.invert)
}

func (p *jsonPrinter) message(kind string, b block, marked bool) error {
	p.passed += bytes.Count(p.data[p.counted:b.start], []byte("\n"))
	p.counted = b.start
	m := message{p.path, newText(p.data[b.start:b.end]), p.passed + 1, b.start, []submatch{}}
	if marked {
		for _, found := range p.matches(b) {
			m.Submatches = append(m.Submatches, submatch{newText(p.data[found.start:found.end]), found.start - b.start, found.end - b.start})
		}
	}
	return p.emit(kind, m)
}

// jsonSummary prints the last message; the fields of this one are in the order
// of their names.
func (r *rg) jsonSummary() error {
	d := newElapsed(r.x.Now().Sub(r.started))
	data, err := json.Marshal(counts{d, r.stats.searches, r.stats.withMatch, r.stats.bytes, r.printedBytes, r.stats.lines, r.stats.matches})
	if err != nil {
		return err
	}
	var stats map[string]any
	if err := json.Unmarshal(data, &stats); err != nil {
		return err
	}
	data, err = json.Marshal(map[string]any{"type": "summary", "data": map[string]any{
		"elapsed_total": map[string]any{"secs": d.Secs, "nanos": d.Nanos, "human": d.Human}, "stats": stats}})
	if err != nil {
		return err
	}
	_, err = r.out.WriteString(string(data) + "\n")
	return err
}
