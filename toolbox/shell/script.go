package shell

import (
	"errors"
	"io"

	"agentsandbox/toolbox/shell/syntax"
)

// parserOptions is what the parser has to know.
func (sh *Shell) parserOptions() syntax.Options {
	return syntax.Options{ExtGlob: sh.shopt(shExtglob), Posix: sh.opt.posix,
		Aliases: sh.shopt(shExpandAliases) && len(sh.aliases.m) > 0, Host: parsing{sh}}
}

// parsing is the shell as the parser sees it.
type parsing struct{ sh *Shell }

// Alias implements syntax.Host.
func (h parsing) Alias(name string) (string, bool) {
	text, ok := h.sh.aliases.m[name]
	return text, ok
}

// Warn implements syntax.Host.
func (h parsing) Warn(line int, msg string) {
	was := h.sh.line
	h.sh.line = line
	h.sh.warnf("%s", msg)
	h.sh.line = was
	h.sh.warned = true
}

// parser takes a parser of text; giveParser takes it back.
func (sh *Shell) parser(text string, line int) *syntax.Parser {
	var p *syntax.Parser
	if n := len(sh.parsers); n > 0 {
		p, sh.parsers = sh.parsers[n-1], sh.parsers[:n-1]
	} else {
		if sh.nodes == nil {
			sh.nodes = new(syntax.Arena)
		}
		p = syntax.NewIn(sh.nodes)
	}
	p.Reset(text, line)
	p.Opts = sh.parserOptions()
	return p
}

// keepParsers is how many parsers are kept for the next text.
const keepParsers = 4

func (sh *Shell) giveParser(p *syntax.Parser) {
	if len(sh.parsers) < keepParsers {
		sh.parsers = append(sh.parsers, p)
	}
}

// runText parses and runs a script, one complete command after the other.
// kind says how messages name it: "-c", "eval" or "" for a file.
func (sh *Shell) runText(text, kind string, line int) {
	slot, known := sh.parses.find(text, line)
	if known {
		sh.replay(*slot, kind)
		return
	}
	p := sh.parser(text, line)
	sh.runParser(p, kind, record(slot, text))
	sh.giveParser(p)
}

// runPassing is runText for text that does not outlive the call.
func (sh *Shell) runPassing(text, kind string, line int) {
	slot, known := sh.parses.find(text, line)
	if known {
		sh.replay(*slot, kind)
		return
	}
	text = wholeLine(text)
	p := sh.parser(text, line)
	sh.runParser(p, kind, record(slot, text))
	sh.giveParser(p)
}

// runParser runs what the parser reads. Its commands are noted for the next
// time, if asked for.
func (sh *Shell) runParser(p *syntax.Parser, kind string, notes *recording) {
	shifted, around := sh.shifted, sh.around
	sh.shifted = 0
	sh.texts++
	for sh.flow == flowNone {
		if p.AtEnd() {
			notes.keep()
			break
		}
		p.Opts = sh.parserOptions()
		rest, line := "", 0
		if notes != nil {
			rest, line = p.Rest(), p.Line()
		}
		sh.warned = false
		if sh.lines != nil {
			sh.lines.begun = false
		}
		list, err := p.Next()
		if err == io.EOF {
			notes.keep()
			break
		}
		if err != nil {
			discard := sh.syntaxError(err, kind)
			if !sh.opt.interactive && (!discard || sh.opt.posix) {
				break
			}
			p.Skip()
			notes = nil
			continue
		}
		if sh.opt.verbose {
			sh.stderr(p.Text())
		}
		if sh.texts == 1 {
			sh.numbered++
			if sh.opt.history {
				sh.remember(p.Text())
			}
			if sh.opt.interactive && sh.script == "stdin" {
				sh.stderr(sh.promptText("PS0"))
			}
		}
		if notes != nil {
			notes.off = notes.off || sh.warned
			notes.note(list, sh.parseOptions(), rest, line)
		}
		sh.runComplete(list)
		if sh.texts == 1 && sh.lines == nil && sh.opt.history && sh.opt.histexpand && sh.flow == flowNone {
			sh.texts--
			sh.runLines(linesOf(p.Rest()), kind, p.Line())
			sh.texts++
			break
		}
	}
	sh.shifted, sh.around = shifted, around
	sh.texts--
}

// runComplete runs one complete command.
func (sh *Shell) runComplete(list *syntax.List) {
	if sh.opt.noexec {
		return
	}
	sh.around = list.End + sh.shifted
	sh.runList(list)
	if sh.flow != flowAbort || sh.toTop && sh.texts > 1 {
		return
	}
	sh.flow = flowNone
	if !sh.main || sh.toTop && sh.script == "-c" {
		sh.leave(sh.status)
	} else if sh.opt.errexit && sh.status != 0 {
		sh.leave(sh.status)
	}
	sh.toTop = false
}

// giveUpAll abandons the current complete command of the script, with all evals
// and sourced files that run; a command line given with -c ends.
func (sh *Shell) giveUpAll(status int) {
	if sh.flow == flowNone {
		sh.giveUp(status)
		sh.toTop = true
	}
}

// shiftError moves the line of a syntax error.
func shiftError(err error, n int) error {
	var e *syntax.Error
	if !errors.As(err, &e) {
		return err
	}
	shifted := *e
	shifted.Line += n
	return &shifted
}

// statusSubst is the status of a syntax error within a command substitution, in a
// command line given with -c. It ends the shell out of an eval, too.
const statusSubst = 127

// syntaxError reports an error of the parser and sets the status. It reports
// whether the next line is read as if nothing had been.
func (sh *Shell) syntaxError(err error, kind string) (discard bool) {
	var e *syntax.Error
	if !errors.As(err, &e) {
		sh.errorf("%s", err)
		sh.status = 2
		return false
	}
	prefix := sh.syntaxName(kind)
	sh.reportSyntax(prefix, e)
	switch {
	case e.Status == statusSubst && kind == "eval":
		sh.fatal(statusSubst)
	case e.Status == statusSubst && sh.script != "-c":
		sh.status = 2
	case e.Status == -1 && kind != "eval":
		sh.status = 0
	case e.Status <= 0:
		sh.status = 2
	default:
		sh.status = e.Status
	}
	return e.Discard
}
