package syntax

import (
	"strconv"
	"strings"
)

func (p *printer) redirs(list []*Redir) {
	if len(list) > 0 {
		p.text(" ")
		p.redirList(list)
	}
}

func (p *printer) redirList(list []*Redir) {
	for i, r := range list {
		if i > 0 {
			p.text(" ")
		}
		p.redir(r)
	}
}

var redirTexts = map[RedirOp]string{RedirIn: "< ", RedirOut: "> ", RedirClobber: ">| ", RedirAppend: ">> ",
	RedirInOut: "<> ", RedirBoth: "&> ", RedirBothAdd: "&>> ", RedirHerestr: "<<< ", RedirDupIn: "<&", RedirDupOut: ">&",
	RedirHeredoc: "<<", RedirHeredocT: "<<-"}

func (p *printer) redir(r *Redir) {
	switch {
	case r.Var != "":
		p.text("{" + r.Var + "}")
	case r.Op == RedirDupIn && r.Fd < 0:
		p.text("0")
	case r.Op == RedirDupOut && r.Fd < 0 && isFd(r.Word.Raw):
		p.text("1")
	case r.Op == RedirDupOut && r.Fd < 0:
		p.text("&> " + r.Word.Raw)
		return
	case r.Fd >= 0 && !(r.Fd == 0 && readsIn(r.Op)) && !(r.Fd == 1 && writesOut(r.Op)):
		p.text(strconv.Itoa(r.Fd))
	}
	p.text(redirTexts[r.Op] + showRaw(r.Word.Raw))
	if r.Op == RedirHeredoc || r.Op == RedirHeredocT {
		p.docs = append(p.docs, r)
	}
}

func readsIn(op RedirOp) bool {
	return op == RedirIn || op == RedirInOut || op == RedirHeredoc || op == RedirHeredocT || op == RedirHerestr
}

func writesOut(op RedirOp) bool { return op == RedirOut || op == RedirClobber || op == RedirAppend }

func isFd(s string) bool {
	return s == "-" || strings.Trim(s, "0123456789-") == "" || strings.HasPrefix(s, "$")
}
