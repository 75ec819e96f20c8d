package sed

// applies reports whether the addresses of a command select the line.
func (m *machine) applies(cmd *command) (bool, error) {
	switch {
	case cmd.from == nil:
		return true, nil
	case cmd.to == nil:
		return m.matches(cmd.from)
	case cmd.state == active:
		return m.within(cmd)
	case cmd.from.kind == addrLine:
		return m.enterLate(cmd), nil
	}
	ok, err := m.matches(cmd.from)
	if !ok || err != nil {
		return false, err
	}
	m.enter(cmd)
	return true, nil
}

// enterLate starts a range at its line, or behind it where the command was not
// reached there: 1d;1,3p. It does so once.
func (m *machine) enterLate(cmd *command) bool {
	line := m.in.line
	switch {
	case cmd.state == closed || line < cmd.from.n:
		return false
	case line > cmd.from.n && cmd.to.kind == addrLine && line > cmd.to.n:
		cmd.state = closed
		return false
	}
	m.enter(cmd)
	return true
}

// resetRanges has the ranges begin anew, for another file.
func (m *machine) resetRanges() {
	for _, cmd := range m.prog.cmds {
		cmd.state = inactive
		if cmd.from != nil && cmd.from.kind == addrZero {
			cmd.state = active
		}
	}
}

// enter starts a range at the current line.
func (m *machine) enter(cmd *command) {
	line := m.in.line
	cmd.state = active
	switch cmd.to.kind {
	case addrLine:
		cmd.end = cmd.to.n
	case addrPlus:
		cmd.end = line + cmd.to.n
	case addrMulti:
		cmd.end = line
		if n := cmd.to.n; n > 0 {
			cmd.end = line + n - line%n
		}
	default:
		return
	}
	if cmd.end <= line {
		cmd.state = closed
	}
}

// within decides about a line while a range is open.
func (m *machine) within(cmd *command) (bool, error) {
	switch cmd.to.kind {
	case addrLine, addrPlus, addrMulti:
		if m.in.line >= cmd.end {
			cmd.state = closed
		}
		if m.in.line > cmd.end {
			if cmd.from.kind == addrLine {
				return false, nil
			}
			if ok, err := m.matches(cmd.from); !ok || err != nil {
				return false, err
			}
			m.enter(cmd)
		}
		return true, nil
	}
	ok, err := m.matches(cmd.to)
	if ok {
		cmd.state = closed
	}
	return true, err
}

// matches reports whether one address selects the line.
func (m *machine) matches(a *address) (bool, error) {
	switch a.kind {
	case addrLine:
		return m.in.line == a.n, nil
	case addrStep:
		return m.in.line >= a.n && (m.in.line-a.n)%a.step == 0, nil
	case addrLast:
		return m.in.last()
	case addrRegex:
		re, err := m.recall(a.re)
		if err != nil {
			return false, err
		}
		return re.Match(m.space)
	}
	return false, nil
}
