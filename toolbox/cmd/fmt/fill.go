package fmt

import "math"

// What a break costs; a cost is the square of what it is like in columns.
const (
	lineCost      = 70 * 70
	lineCredit    = 3 * 3
	sentenceBonus = 50 * 50
	nobreakCost   = 600 * 600
	parenBonus    = 40 * 40
	punctBonus    = 40 * 40
	widowCost     = 200 * 200 // by the length of the word
	orphanCost    = 150 * 150
)

func shortCost(n int) int  { return n * 10 * n * 10 }
func raggedCost(n int) int { return shortCost(n) / 2 }

// breakLines finds the best breaks, from the last word to the first.
func (p *filler) breakLines() {
	limit := len(p.words)
	for start := limit - 1; start >= 0; start-- {
		s := &p.words[start]
		length := p.otherIndent
		if start == 0 {
			length = p.firstIndent
		}
		length += len(s.text)
		best := math.MaxInt
		for w := start + 1; ; w++ {
			cost := p.lineCost(w, length)
			if w < limit {
				cost += p.words[w].best
			}
			if start == 0 && p.lastLength > 0 {
				cost += raggedCost(length - p.lastLength)
			}
			if cost < best {
				best, s.breakAfter, s.lineLength = cost, w, length
			}
			if w == limit {
				break
			}
			if length += p.words[w-1].space + len(p.words[w].text); length >= p.width {
				break
			}
		}
		s.best = best + p.baseCost(start)
	}
}

// lineCost is what a line of that length costs with the next one at word next.
func (p *filler) lineCost(next, length int) int {
	if next == len(p.words) {
		return 0
	}
	cost := shortCost(p.goal - length)
	if n := p.words[next]; n.breakAfter != len(p.words) {
		cost += raggedCost(length - n.lineLength)
	}
	return cost
}

// baseCost is what a line costs that begins with word i.
func (p *filler) baseCost(i int) int {
	cost := lineCost
	if i > 0 {
		before := p.words[i-1]
		switch {
		case before.period && before.final:
			cost -= sentenceBonus
		case before.period:
			cost += nobreakCost
		case before.punct:
			cost -= punctBonus
		case i > 1 && p.words[i-2].final:
			cost += widowCost / len(before.text)
		}
	}
	switch w := p.words[i]; {
	case w.paren:
		cost -= parenBonus
	case w.final:
		cost += orphanCost / len(w.text)
	}
	return cost
}

// flush puts the lines of a paragraph that grows too long, up to a cheap break near
// its end.
func (p *filler) flush() {
	p.breakLines()
	limit := len(p.words)
	split, best := limit, math.MaxInt
	for w := p.words[0].breakAfter; w != limit; w = p.words[w].breakAfter {
		cost := p.words[w].best
		if next := p.words[w].breakAfter; next != limit {
			cost -= p.words[next].best
		}
		if cost < best {
			split, best = w, cost
		}
		if best <= math.MaxInt-lineCredit {
			best += lineCredit
		}
	}
	p.put(split)
	p.words = p.words[:copy(p.words, p.words[split:])]
	p.text = 0
	for _, w := range p.words {
		p.text += len(w.text)
	}
}

// put puts the lines up to word end.
func (p *filler) put(end int) {
	indent := p.firstIndent
	for w := 0; w != end; w = p.words[w].breakAfter {
		p.putLine(p.words[w:p.words[w].breakAfter], indent)
		indent = p.otherIndent
	}
}

func (p *filler) putLine(words []word, indent int) {
	p.outColumn = 0
	p.putSpace(p.prefixIndent)
	p.w.WriteString(p.prefix)
	p.outColumn += len(p.prefix)
	p.putSpace(indent - p.outColumn)
	for i, w := range words {
		p.w.WriteString(w.text)
		p.outColumn += len(w.text)
		if i < len(words)-1 {
			p.putSpace(w.space)
		}
	}
	p.lastLength = p.outColumn
	p.w.WriteByte('\n')
}

func (p *filler) putSpace(space int) {
	to := p.outColumn + space
	if tab := to / tabWidth * tabWidth; p.tabs && p.outColumn+1 < tab {
		for p.outColumn < tab {
			p.w.WriteByte('\t')
			p.outColumn = (p.outColumn/tabWidth + 1) * tabWidth
		}
	}
	for ; p.outColumn < to; p.outColumn++ {
		p.w.WriteByte(' ')
	}
}
