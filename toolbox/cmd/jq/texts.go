package jq

import (
	"encoding/base32"
	"encoding/base64"
	"net/url"
	"strings"
	"unicode/utf8"
)

var texts = map[string]valueFunc{
	"explode/0": func(_ *machine, in any, _ []any) (any, error) {
		s, ok := in.(string)
		if !ok {
			return nil, fail("explode input must be a string")
		}
		out := []any{}
		for _, r := range s {
			out = append(out, float64(r))
		}
		return out, nil
	},
	"implode/0": implode,
	"split/1": func(_ *machine, in any, args []any) (any, error) {
		s, ok := in.(string)
		sep, also := args[0].(string)
		if !ok || !also {
			return nil, fail("split input and separator must be strings")
		}
		return splitText(s, sep), nil
	},
	"join/1":           join,
	"startswith/1":     prefixCheck("startswith", strings.HasPrefix),
	"endswith/1":       prefixCheck("endswith", strings.HasSuffix),
	"ltrimstr/1":       trimmer(strings.TrimPrefix),
	"rtrimstr/1":       trimmer(strings.TrimSuffix),
	"trimstr/1":        trimmer(func(s, t string) string { return strings.TrimSuffix(strings.TrimPrefix(s, t), t) }),
	"trim/0":           trim(strings.TrimSpace),
	"ltrim/0":          trim(func(s string) string { return strings.TrimLeft(s, " \t\n\v\f\r") }),
	"rtrim/0":          trim(func(s string) string { return strings.TrimRight(s, " \t\n\v\f\r") }),
	"ascii_downcase/0": caseChange('A', 'Z'),
	"ascii_upcase/0":   caseChange('a', 'z'),
	"format/1": func(_ *machine, in any, args []any) (any, error) {
		name, _ := args[0].(string)
		render, ok := formats["@"+name]
		if !ok {
			return nil, fail(textOf(args[0]), " is not a valid format")
		}
		s, err := render(in)
		return s, err
	},
}

func implode(_ *machine, in any, _ []any) (any, error) {
	a, ok := in.([]any)
	if !ok {
		return nil, fail("implode input must be an array")
	}
	var b strings.Builder
	for _, v := range a {
		f, ok := number(v)
		if !ok {
			return nil, fail("Unicode codepoint must be numeric")
		}
		b.WriteRune(rune(f))
	}
	return b.String(), nil
}

func join(m *machine, in any, args []any) (any, error) {
	list := elements(in)
	if list == nil {
		return nil, iterateError(in)
	}
	if len(list) == 0 {
		return "", nil
	}
	sep, ok := args[0].(string)
	var b strings.Builder
	for i, v := range list {
		if i > 0 && !ok {
			return add(m, b.String(), args[0])
		}
		if i > 0 {
			b.WriteString(sep)
		}
		switch v := v.(type) {
		case nil:
		case bool, float64, literal:
			b.WriteString(toJSON(v))
		case string:
			b.WriteString(v)
		default:
			return add(m, b.String(), v)
		}
	}
	return b.String(), nil
}

func prefixCheck(name string, f func(s, t string) bool) valueFunc {
	return func(_ *machine, in any, args []any) (any, error) {
		s, ok := in.(string)
		t, also := args[0].(string)
		if !ok || !also {
			return nil, fail(name, "() requires string inputs")
		}
		return f(s, t), nil
	}
}

func trimmer(f func(s, t string) string) valueFunc {
	return func(_ *machine, in any, args []any) (any, error) {
		s, ok := in.(string)
		t, also := args[0].(string)
		if !ok || !also {
			return in, nil
		}
		return f(s, t), nil
	}
}

func trim(f func(string) string) valueFunc {
	return func(_ *machine, in any, _ []any) (any, error) {
		s, ok := in.(string)
		if !ok {
			return nil, fail("trim input must be a string")
		}
		return f(s), nil
	}
}

func caseChange(from, to byte) valueFunc {
	return func(_ *machine, in any, _ []any) (any, error) {
		s, ok := in.(string)
		if !ok {
			return nil, fail("explode input must be a string")
		}
		b := []byte(s)
		for i, c := range b {
			if c >= from && c <= to {
				b[i] = c ^ 0x20
			}
		}
		return string(b), nil
	}
}

// formats are the formats like @csv.
var formats = map[string]func(v any) (string, error){
	"@text":    toText,
	"@json":    func(v any) (string, error) { return toJSON(v), nil },
	"@csv":     func(v any) (string, error) { return row(v, "csv", ",", csvField) },
	"@tsv":     func(v any) (string, error) { return row(v, "tsv", "\t", tsvField) },
	"@html":    func(v any) (string, error) { return htmlEscapes.Replace(textOf(v)), nil },
	"@uri":     func(v any) (string, error) { return uriEscape(textOf(v)), nil },
	"@urid":    uriUnescape,
	"@sh":      shellText,
	"@base64":  func(v any) (string, error) { return base64.StdEncoding.EncodeToString([]byte(textOf(v))), nil },
	"@base64d": base64Decode,
	"@base32":  func(v any) (string, error) { return base32.StdEncoding.EncodeToString([]byte(textOf(v))), nil },
	"@base32d": base32Decode,
}

var htmlEscapes = strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;", "'", "&apos;", `"`, "&quot;")

// row joins the fields of an array.
func row(v any, name, sep string, field func(any) (string, error)) (string, error) {
	a, ok := v.([]any)
	if !ok {
		return "", fail(shown(v), " cannot be ", name, "-formatted, only array")
	}
	fields := make([]string, len(a))
	for i, x := range a {
		s, err := field(x)
		if err != nil {
			return "", err
		}
		fields[i] = s
	}
	return strings.Join(fields, sep), nil
}

func csvField(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return `"` + strings.ReplaceAll(v, `"`, `""`) + `"`, nil
	case []any, *object:
		return "", fail(shown(v), " is not valid in a csv row")
	}
	return toJSON(v), nil
}

var tsvEscapes = strings.NewReplacer("\\", `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

func tsvField(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return tsvEscapes.Replace(v), nil
	case []any, *object:
		return "", fail(shown(v), " is not valid in a csv row")
	}
	return toJSON(v), nil
}

func uriEscape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.~!*'()", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteString("%" + strings.ToUpper(hexDigits[c>>4:c>>4+1]+hexDigits[c&15:c&15+1]))
	}
	return b.String()
}

func uriUnescape(v any) (string, error) {
	s, err := url.PathUnescape(textOf(v))
	if err != nil {
		return "", fail(shown(v), " is not a valid uri encoding")
	}
	return s, nil
}

func shellText(v any) (string, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	words := make([]string, len(list))
	for i, x := range list {
		switch x := x.(type) {
		case string:
			words[i] = "'" + strings.ReplaceAll(x, "'", `'\''`) + "'"
		case []any, *object:
			return "", fail(shown(x), " can not be escaped for shell")
		default:
			words[i] = toJSON(x)
		}
	}
	return strings.Join(words, " "), nil
}

func base64Decode(v any) (string, error) {
	s := textOf(v)
	clean := strings.TrimRight(s, "=")
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	out, err := base64.RawStdEncoding.DecodeString(clean)
	if err != nil || len(out) == 0 && s != "" {
		return "", fail(shown(s), " is not valid base64 data")
	}
	return valid(out), nil
}

func base32Decode(v any) (string, error) {
	s := textOf(v)
	out, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(s, "="))
	if err != nil {
		return "", fail(shown(s), " is not valid base32 data")
	}
	return valid(out), nil
}

func valid(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return strings.ToValidUTF8(string(b), "\ufffd")
}
