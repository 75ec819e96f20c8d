package syntax

import (
	"fmt"
	"io"
	"runtime"
	"strings"
)

// MaxDepth bounds how deep commands, substitutions and expansions may nest.
const MaxDepth = 1000

// Options is what the shell's state means to the parser. It is read anew for
// every complete command.
type Options struct {
	ExtGlob bool
	Posix   bool
	Aliases bool // aliases are expanded; the Host has them
	Host    Host // nil: there are no aliases, and nobody is warned
}

// Host is who parses.
type Host interface {
	// Alias returns the text of an alias.
	Alias(name string) (string, bool)
	// Warn prints a warning, with the line that it is about.
	Warn(line int, msg string)
}

// Parser reads commands from text. Not for use by several goroutines.
type Parser struct {
	Opts Options

	src  string
	pos  int
	line int // of src[pos], from 1
	from int // where the command that is read starts
	more func() (string, bool)

	tok      token // the token looked at, if have
	have     bool
	cmdPos   bool // the next token stands where a command may start
	assignOK bool // name=( starts a compound assignment though not cmdPos
	elemPos  bool // the next word is an element of a compound assignment
	pending  []*Redir
	aliases  []activeAlias
	aliasEnd bool // the alias just read ended in a blank
	depth    int
	closer   byte // ')' in a command substitution
	room     *Arena
}

// activeAlias is an alias whose text is being read; it ends where only tail
// bytes of the source are left.
type activeAlias struct {
	name  string
	tail  int
	blank bool
}

// New makes a parser of text whose first line has the number line. The last
// line counts as whole, with or without its newline.
func New(src string, line int) *Parser {
	p := &Parser{room: new(Arena)}
	p.Reset(src, line)
	return p
}

// NewIn makes a parser that takes its nodes from an arena.
func NewIn(room *Arena) *Parser { return &Parser{room: room} }

// Reset makes the parser one of another text, as New does.
func (p *Parser) Reset(src string, line int) {
	if src != "" && src[len(src)-1] != '\n' {
		src += "\n"
	}
	*p = Parser{src: src, line: line, room: p.room, pending: p.pending[:0], aliases: p.aliases[:0]}
}

// NewReader makes a parser that asks for one more line (with its newline)
// whenever it needs one. The first has the number line.
func NewReader(line int, more func() (string, bool)) *Parser {
	return &Parser{line: line, more: more, room: new(Arena)}
}

// Text is the source of the command that Next returned last.
func (p *Parser) Text() string { return p.src[p.from:min(p.pos, len(p.src))] }

// AtEnd reports whether nothing is left, not even a blank.
func (p *Parser) AtEnd() bool { return p.pos >= len(p.src) && p.more == nil && !p.have }

// Line is the number of the line that is read next.
func (p *Parser) Line() int { return p.line }

// Rest is the text that was not parsed yet.
func (p *Parser) Rest() string { return p.src[p.pos:] }

// Error is a syntax error, with the words of bash.
type Error struct {
	Line int
	Msg  string
	Echo string // the source line, for a second message; "" for none
	// Status is the exit status that bash gives the error.
	Status int
	// EOF says that the input ended too early: more input might cure it.
	EOF bool
	// Discard says that bash gives up only the rest of the line: the next one
	// is parsed as if nothing had been.
	Discard bool
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Msg) }

// bail carries an *Error out of the parser's recursion.
type bail struct{ err *Error }

// Next parses one complete command: a list up to the end of its line. It
// returns io.EOF at the end of the input and *Error for a syntax error, after
// which the parser must not be used again, unless Recover is called.
func (p *Parser) Next() (list *List, err error) {
	defer p.catch(&err)
	p.compact()
	p.from = p.pos
	for {
		switch t := p.peekCmd(); t.kind {
		case tokEOF:
			return nil, io.EOF
		case tokNewline:
			p.next()
			continue
		}
		list = p.simpleList()
		return list, nil
	}
}

func (p *Parser) catch(err *error) {
	switch r := recover().(type) {
	case nil:
	case bail:
		p.have, p.pending, p.aliases, p.depth = false, nil, nil, 0
		p.room.someParts, p.room.someArgs, p.room.someItems = p.room.someParts[:0], p.room.someArgs[:0], p.room.someItems[:0]
		*err = r.err
	default:
		panic(r)
	}
}

// Skip drops the rest of the current line, as an interactive shell does
// behind a syntax error.
func (p *Parser) Skip() {
	p.have = false
	for p.pos < len(p.src) && p.src[p.pos] != '\n' {
		p.pos++
	}
}

// compact drops text that was parsed, so that a long script read line by line
// does not pile up.
func (p *Parser) compact() {
	if p.more != nil && p.pos > 0 && !p.have {
		p.src = p.src[p.pos:]
		p.pos = 0
	}
}

// fill asks for another line; false at the end of the input.
func (p *Parser) fill() bool {
	if p.more == nil {
		return false
	}
	text, ok := p.more()
	if !ok {
		p.more = nil
		return false
	}
	p.src += text
	for i := range p.aliases {
		p.aliases[i].tail += len(text)
	}
	return true
}

// at returns the byte n places on, 0 at the end of the input.
func (p *Parser) at(n int) byte {
	for p.pos+n >= len(p.src) {
		if !p.fill() {
			return 0
		}
	}
	return p.src[p.pos+n]
}

func (p *Parser) eof() bool { return p.pos >= len(p.src) && !p.fill() }

// advance moves over n bytes and counts their lines.
func (p *Parser) advance(n int) {
	p.line += strings.Count(p.src[p.pos:p.pos+n], "\n")
	p.pos += n
}

// splice removes line continuations that stand n places on, where a token is
// written across lines.
func (p *Parser) splice(n int) {
	for p.at(n) == '\\' && p.at(n+1) == '\n' {
		p.src = p.src[:p.pos+n] + p.src[p.pos+n+2:]
		p.line++
	}
}

// enter counts a level of nesting. Yielding now and then lets the WebAssembly
// stack of a deep recursion unwind: a goroutine that is resumed starts over
// with one frame.
func (p *Parser) enter() {
	p.depth++
	if p.depth > MaxDepth {
		p.fail(&Error{Line: p.line, Msg: "maximum nesting level exceeded", Status: 2})
	}
	if p.depth%8 == 0 {
		runtime.Gosched()
	}
}

func (p *Parser) leave() { p.depth-- }

func (p *Parser) fail(err *Error) {
	if err.Status == 0 {
		err.Status = 2
	}
	panic(bail{err})
}

// currentLine is the source line that the byte at pos stands in.
func (p *Parser) currentLine(pos int) string {
	if pos > len(p.src) {
		pos = len(p.src)
	}
	start := strings.LastIndexByte(p.src[:pos], '\n') + 1
	end := strings.IndexByte(p.src[pos:], '\n')
	if end < 0 {
		return p.src[start:]
	}
	return p.src[start : pos+end]
}

// unexpected reports the token in the words of bash.
func (p *Parser) unexpected(t token) {
	if t.kind == tokEOF {
		if p.closer == ')' {
			p.fail(&Error{Line: p.lineAtEOF(), Msg: "unexpected EOF while looking for matching `)'", EOF: true})
		}
		p.fail(&Error{Line: p.lineAtEOF(), Msg: "syntax error: unexpected end of file", EOF: true})
	}
	p.fail(&Error{Line: int(t.line), Msg: "syntax error near unexpected token `" + t.show() + "'",
		Echo: p.currentLine(int(t.pos)), Status: p.status()})
}

// status is what bash exits with for a syntax error here: parse errors inside
// a command substitution surface as 127.
func (p *Parser) status() int {
	if p.closer == ')' {
		return 127
	}
	return 2
}

func (p *Parser) lineAtEOF() int {
	if p.src == "" || strings.HasSuffix(p.src, "\n") {
		return p.line
	}
	return p.line + 1
}

func (p *Parser) unmatched(line int, closer string) {
	p.fail(&Error{Line: line, Msg: "unexpected EOF while looking for matching `" + closer + "'", EOF: true})
}

// ParseWord parses text as one word that nothing ends, as after brace
// expansion. nil if it cannot be parsed.
func ParseWord(raw string, line int, opts Options) (w *Word) {
	p := &Parser{Opts: opts, src: raw, line: line, room: new(Arena)}
	var err error
	defer func() {
		if err != nil {
			w = nil
		}
	}()
	defer p.catch(&err)
	w = &Word{Raw: raw, Line: line}
	b := p.build()
	for {
		b.rest(p.parts(ctxWord, false))
		if p.eof() {
			break
		}
		b.span(1)
		p.pos++
	}
	w.Parts = b.done()
	w.facts()
	return w
}

// ParseText parses text as the inside of double quotes, in which quotes
// themselves are text: prompts and the like. nil if it cannot be parsed.
func ParseText(raw string) (parts []Part) {
	p := &Parser{src: raw, line: 1, room: new(Arena)}
	var err error
	defer func() {
		if err != nil {
			parts = nil
		}
	}()
	defer p.catch(&err)
	return p.parts(ctxDoc, false)
}
