package jq

import (
	"unicode/utf8"

	"agentsandbox/toolbox/regex"
)

var regexes = map[string]valueFunc{
	// _match(re; flags; whether only to test) is what the prelude builds on.
	// _match(re or [re, flags]; …) is it with one argument.
	"_match/2": func(m *machine, in any, args []any) (any, error) {
		switch v := args[0].(type) {
		case string:
			return m.match(in, v, nil, truthy(args[1]))
		case []any:
			return m.match(in, elementAt(v, 0), elementAt(v, 1), truthy(args[1]))
		}
		if _, ok := in.(string); !ok {
			return m.match(in, nil, nil, false)
		}
		return nil, fail(typeName(args[0]), " not a string or array")
	},
	"_match/3": func(m *machine, in any, args []any) (any, error) {
		return m.match(in, args[0], args[1], truthy(args[2]))
	},
}

// failureText is what is wrong with a regular expression, as jq says it.
func failureText(msg string) string {
	for _, pair := range [][2]string{
		{"missing closing parenthesis", "end pattern with unmatched parenthesis"},
		{"unmatched closing parenthesis", "unmatched close parenthesis"},
		{"missing terminating ] for character class", "premature end of char-class"},
		{"quantifier does not follow a repeatable item", "target of repeat operator is not specified"},
		{"numbers out of order in {} quantifier", "upper is smaller than lower in repeat range"},
		{"range out of order in character class", "empty range in char class"},
		{"unrecognized character after (? or (?-", "undefined group option"},
		{"\\ at end of pattern", "end pattern at escape"},
	} {
		if pair[0] == msg {
			return pair[1]
		}
	}
	return msg
}

// regexFlags reads the flags of a regular expression.
func regexFlags(v any) (flags regex.Flags, global, nonEmpty bool, err error) {
	flags = regex.Unicode
	if v == nil {
		return flags, false, false, nil
	}
	s, ok := v.(string)
	if !ok {
		return 0, false, false, fail(shown(v), " is not a string")
	}
	for _, c := range s {
		switch c {
		case 'g':
			global = true
		case 'i':
			flags |= regex.IgnoreCase
		case 'x':
			flags |= regex.Extended
		case 'p':
			flags |= regex.DotAll
		case 'n':
			nonEmpty = true
		case 's', 'l':
		default:
			return 0, false, false, fail(s, " is not a valid modifier string")
		}
	}
	return flags, global, nonEmpty, nil
}

// match finds matches as jq describes them, or only whether there is one.
func (m *machine) match(in, re, flagText any, test bool) (any, error) {
	s, ok := in.(string)
	if !ok {
		return nil, fail(shown(in), " cannot be matched, as it is not a string")
	}
	pattern, ok := re.(string)
	if !ok {
		return nil, fail(shown(re), " is not a string")
	}
	flags, global, nonEmpty, err := regexFlags(flagText)
	if err != nil {
		return nil, err
	}
	x, err := m.regex(pattern, flags)
	if err != nil {
		return nil, err
	}
	if test {
		ok, err := x.MatchString(s)
		if err != nil {
			return nil, fail(err.Error())
		}
		return ok, nil
	}
	return matches(x, s, global, nonEmpty)
}

// regex compiles a regular expression, once.
func (m *machine) regex(pattern string, flags regex.Flags) (*regex.Regexp, error) {
	key := string(rune(flags)) + pattern
	if x, ok := m.regexes[key]; ok {
		return x, nil
	}
	x, err := regex.Compile(pattern, regex.Perl, flags)
	if err != nil {
		return nil, fail("Regex failure: ", failureText(err.Error()))
	}
	if m.regexes == nil || len(m.regexes) > 200 {
		m.regexes = map[string]*regex.Regexp{}
	}
	m.regexes[key] = x
	return x, nil
}

func matches(x *regex.Regexp, s string, global, nonEmpty bool) (any, error) {
	out := []any{}
	for from := 0; from <= len(s); {
		loc, err := x.FindString(nil, s, from)
		if err != nil {
			return nil, fail(err.Error())
		}
		if loc == nil {
			break
		}
		if loc[1] > loc[0] || !nonEmpty {
			out = append(out, described(x, s, loc))
		}
		if !global {
			break
		}
		if from = loc[1]; loc[0] == loc[1] {
			_, n := utf8.DecodeRuneInString(s[from:])
			from += max(n, 1)
		}
	}
	return out, nil
}

// described is a match as an object.
func described(x *regex.Regexp, s string, loc []int) *object {
	o := newObject()
	o.put("offset", float64(utf8.RuneCountInString(s[:loc[0]])))
	o.put("length", float64(utf8.RuneCountInString(s[loc[0]:loc[1]])))
	o.put("string", s[loc[0]:loc[1]])
	captures := []any{}
	names := x.Names()
	for i := 1; i <= x.Groups(); i++ {
		name := ""
		if i <= len(names) {
			name = names[i-1]
		}
		captures = append(captures, capture(s, loc[2*i], loc[2*i+1], name))
	}
	o.put("captures", captures)
	return o
}

func capture(s string, start, end int, name string) *object {
	o := newObject()
	if start < 0 {
		o.put("offset", -1.0)
		o.put("string", nil)
		o.put("length", 0.0)
	} else {
		o.put("offset", float64(utf8.RuneCountInString(s[:start])))
		o.put("length", float64(utf8.RuneCountInString(s[start:end])))
		o.put("string", s[start:end])
	}
	if name == "" {
		o.put("name", nil)
	} else {
		o.put("name", name)
	}
	return o
}

// namedCaptures is an object of the captures that have a name.
func namedCaptures(match *object) *object {
	out := newObject()
	captures, _ := match.get("captures")
	for _, c := range captures.([]any) {
		name, _ := c.(*object).get("name")
		if key, ok := name.(string); ok {
			text, _ := c.(*object).get("string")
			out.put(key, text)
		}
	}
	return out
}

// sub replaces matches by what the filter makes of their captures. Where the
// filter has several outputs, there is a result for every choice of them.
func sub(flags string) func(m *machine, e *env, in item, args []node, out yield) error {
	return func(m *machine, e *env, in item, args []node, out yield) error {
		run := func(re, extra any) error {
			more, _ := extra.(string)
			found, err := m.match(in.v, re, flags+more, false)
			if err != nil {
				return err
			}
			r := replacer{m: m, e: e, text: []rune(in.v.(string)), repl: args[1], found: found.([]any)}
			return r.replace(len(r.found)-1, len(r.text), "", func(s string) error { return out(item{s, in.p.off()}) })
		}
		return m.each(args[0], e, in.v, func(re any) error {
			if len(args) < 3 {
				return run(re, nil)
			}
			return m.each(args[2], e, in.v, func(extra any) error { return run(re, extra) })
		})
	}
}

// replacer is one call of sub.
type replacer struct {
	m     *machine
	e     *env
	text  []rune
	repl  node
	found []any
}

// replace works from the last match to the first: tail is what the text from
// place end on has become.
func (r *replacer) replace(at, end int, tail string, out func(string) error) error {
	if at < 0 {
		return out(string(r.text[:end]) + tail)
	}
	o := r.found[at].(*object)
	offset, _ := o.get("offset")
	length, _ := o.get("length")
	from := int(offset.(float64))
	tail = string(r.text[from+int(length.(float64)):end]) + tail
	return r.m.each(r.repl, r.e, namedCaptures(o), func(v any) error {
		s, ok := v.(string)
		if !ok {
			return mismatch("", v, "added")
		}
		if len(s)+len(tail) > maxText {
			return fail("Repeat string result too long")
		}
		return r.replace(at-1, from, s+tail, out)
	})
}
