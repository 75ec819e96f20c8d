package shell

import "agentsandbox/toolbox/shell/syntax"

// parses remembers how texts were parsed that run again and again: scripts of
// a session, the text of eval and of traps. A text is remembered when it comes
// for the second time.
type parses struct {
	slots [32]parse
}

// parse is one text. What its commands are depends on more than the text: where
// that has changed, the rest is parsed anew.
type parse struct {
	hash  uint32
	line  int
	text  string // without a newline at its end; "" until it comes again
	lists []parsedList
}

// parsedList is a complete command, how the parser was set for it, and the
// text from there on.
type parsedList struct {
	list *syntax.List
	opts parseOptions
	rest string
	line int
}

// parseOptions is what the commands of a text depend on. With aliases in use
// nothing is remembered.
type parseOptions struct{ extglob, posix, aliases bool }

// What is remembered at most: bytes of a text, and its commands.
const (
	maxReplay      = 4096
	maxReplayLists = 64
)

func (sh *Shell) parseOptions() parseOptions {
	return parseOptions{sh.shopt(shExtglob), sh.opt.posix, sh.shopt(shExpandAliases) && len(sh.aliases.m) > 0}
}

// hashText is a hash of the text's length and of some of its bytes.
func hashText(text string) uint32 {
	h := uint32(len(text)) * 2654435761
	for i := 0; i < len(text); i += 1 + len(text)/32 {
		h = (h ^ uint32(text[i])) * 16777619
	}
	return h
}

// trimLine is text without a newline at its end.
func trimLine(text string) string {
	if n := len(text); n > 0 && text[n-1] == '\n' {
		return text[:n-1]
	}
	return text
}

// find returns the place of a text, and whether its commands are there.
func (c *parses) find(text string, line int) (slot *parse, known bool) {
	text = trimLine(text)
	if c == nil || len(text) > maxReplay {
		return nil, false
	}
	hash := hashText(text)
	slot = &c.slots[hash%uint32(len(c.slots))]
	if slot.hash != hash || slot.line != line {
		*slot = parse{hash: hash, line: line}
		return nil, false
	}
	if slot.lists == nil {
		return slot, false
	}
	if slot.text != text {
		return nil, false
	}
	return slot, true
}

// replay runs the commands of a text that was parsed before. The slot may be
// given to another text meanwhile.
func (sh *Shell) replay(known parse, kind string) {
	shifted, around := sh.shifted, sh.around
	sh.shifted = 0
	sh.texts++
	for i := range known.lists {
		if sh.flow != flowNone {
			break
		}
		c := &known.lists[i]
		if c.opts != sh.parseOptions() || sh.opt.verbose || sh.opt.history {
			p := sh.parser(c.rest, c.line)
			sh.runParser(p, kind, nil)
			sh.giveParser(p)
			break
		}
		sh.runComplete(c.list)
	}
	sh.shifted, sh.around = shifted, around
	sh.texts--
}

// recording notes the commands of a text while it is parsed for the first time.
type recording struct {
	slot  *parse // whose text it is, if it is still when all was parsed
	hash  uint32
	text  string
	lists []parsedList
	off   bool
}

// record starts to note the commands of the text of a slot; nil for none.
func record(slot *parse, text string) *recording {
	if slot == nil {
		return nil
	}
	return &recording{slot: slot, hash: slot.hash, text: text}
}

// note adds a command that is about to run.
func (r *recording) note(list *syntax.List, opts parseOptions, rest string, line int) {
	r.off = r.off || opts.aliases || len(r.lists) >= maxReplayLists
	if !r.off {
		r.lists = append(r.lists, parsedList{list, opts, rest, line})
	}
}

// keep puts what was noted into its slot, once all of the text was parsed.
func (r *recording) keep() {
	if r != nil && !r.off && r.slot.hash == r.hash && r.slot.lists == nil && len(r.lists) > 0 {
		r.slot.text, r.slot.lists = trimLine(r.text), r.lists
	}
}
