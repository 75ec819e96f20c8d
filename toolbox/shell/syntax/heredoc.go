package syntax

import (
	"fmt"
	"strings"
)

// heredoc notes a here-document whose body starts on the next line.
func (p *Parser) heredoc(r *Redir) {
	delim, quoted := delimiter(r.Word)
	r.Doc = &Heredoc{Delim: delim, Literal: quoted, Line: p.line}
	p.pending = append(p.pending, r)
}

// delimiter is the word with its quotes removed and nothing expanded.
func delimiter(w *Word) (string, bool) {
	if !strings.ContainsAny(w.Raw, "\\\"'") {
		return w.Raw, false
	}
	var out []byte
	raw := strings.ReplaceAll(w.Raw, "\\\n", "")
	if !strings.ContainsAny(raw, "\\\"'") {
		return raw, false
	}
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '\\':
			if i++; i < len(raw) {
				out = append(out, raw[i])
			}
		case '\'', '"':
			end := i + 1
			for end < len(raw) && raw[end] != c {
				if raw[end] == '\\' && c == '"' {
					end++
				}
				end++
			}
			out = append(out, raw[i+1:min(end, len(raw))]...)
			i = end
		case '$':
			if i+1 < len(raw) && (raw[i+1] == '\'' || raw[i+1] == '"') {
				continue
			}
			out = append(out, c)
		default:
			out = append(out, c)
		}
	}
	return string(out), true
}

// readHeredocs reads the bodies that are due; pos is at the start of a line.
func (p *Parser) readHeredocs() {
	for len(p.pending) > 0 {
		r := p.pending[0]
		p.pending = p.pending[1:]
		p.readHeredoc(r)
	}
}

// endHeredocs gives here-documents without a body an empty one.
func (p *Parser) endHeredocs() {
	for _, r := range p.pending {
		p.readHeredoc(r)
	}
	p.pending = nil
}

func (p *Parser) readHeredoc(r *Redir) {
	doc := r.Doc
	start := p.line
	var body strings.Builder
	for {
		if p.eof() {
			if p.Opts.Host != nil {
				p.Opts.Host.Warn(p.lineAtEOF()-1, fmt.Sprintf("warning: here-document at line %d delimited by end-of-file (wanted `%s')", doc.Line, doc.Delim))
			}
			break
		}
		line := p.docLine(doc, r.Op == RedirHeredocT)
		text := strings.TrimSuffix(line, "\n")
		if text == doc.Delim {
			break
		}
		if p.closer == ')' && strings.HasPrefix(text, doc.Delim) && strings.HasPrefix(strings.TrimLeft(text[len(doc.Delim):], " \t"), ")") {
			p.pos -= len(line) - len(doc.Delim)
			if strings.HasSuffix(line, "\n") {
				p.line--
			}
			break
		}
		body.WriteString(line)
	}
	doc.Text = body.String()
	if doc.Literal {
		return
	}
	sub := p.sub(doc.Text)
	sub.line = start
	doc.Parts = sub.docParts()
}

// docParts reads the text of a here-document. What does not close in it is an
// error when it is expanded.
func (p *Parser) docParts() (parts []Part) {
	var err error
	defer func() {
		if err != nil {
			parts = []Part{&Param{Raw: strings.TrimRight(p.src, "\n"), Bad: true, Open: true}}
		}
	}()
	defer p.catch(&err)
	return p.parts(ctxDoc, false)
}

// docLine reads a line of a body, with its newline. Where the body is
// expanded, a line that ends in a backslash is joined with the next before
// the delimiter is looked for.
func (p *Parser) docLine(doc *Heredoc, tabs bool) string {
	line := p.rawLine()
	if tabs {
		line = strings.TrimLeft(line, "\t")
	}
	for !doc.Literal && continued(line) && !p.eof() {
		line = line[:len(line)-2]
		next := p.rawLine()
		if tabs {
			next = strings.TrimLeft(next, "\t")
		}
		line += next
	}
	return line
}

func continued(line string) bool {
	text, ok := strings.CutSuffix(line, "\n")
	n := len(text) - len(strings.TrimRight(text, "\\"))
	return ok && n%2 == 1
}

func (p *Parser) rawLine() string {
	for {
		if i := strings.IndexByte(p.src[p.pos:], '\n'); i >= 0 {
			line := p.src[p.pos : p.pos+i+1]
			p.advance(i + 1)
			return line
		}
		if !p.fill() {
			line := p.src[p.pos:]
			p.pos = len(p.src)
			return line
		}
	}
}
