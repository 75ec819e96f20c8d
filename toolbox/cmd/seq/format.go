package seq

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"

	"agentsandbox/toolbox/printf"
	"agentsandbox/toolbox/tool"
)

// format is text around one conversion.
type format struct {
	prefix, suffix string
	spec           printf.Spec
}

func parseFormat(s string) (*format, error) {
	var f format
	at := directive(s)
	if at < 0 {
		return nil, fmt.Errorf("format %s has no %% directive", tool.QuoteText(s))
	}
	f.prefix = strings.ReplaceAll(s[:at], "%%", "%")
	spec, n := printf.ParseSpec(s[at+1:])
	rest := s[at+1+n:]
	switch {
	case spec.Verb == 0:
		return nil, fmt.Errorf("format %s ends in %%", tool.QuoteText(s))
	case !strings.ContainsRune("efgaEFGA", rune(spec.Verb)):
		return nil, fmt.Errorf("format %s has unknown %%%c directive", tool.QuoteText(s), spec.Verb)
	case directive(rest) >= 0:
		return nil, fmt.Errorf("format %s has too many %% directives", tool.QuoteText(s))
	}
	f.spec, f.suffix = spec, strings.ReplaceAll(rest, "%%", "%")
	return &f, nil
}

// directive finds the first "%" that is not doubled; -1 if there is none.
func directive(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		if i+1 == len(s) || s[i+1] != '%' {
			return i
		}
		i++
	}
	return -1
}

func (f *format) write(w *bufio.Writer, x printf.Long) error {
	w.WriteString(f.prefix)
	if err := f.spec.WriteLong(w, x); err != nil {
		return err
	}
	_, err := w.WriteString(f.suffix)
	return err
}

// number is x as it is printed, without the text around it.
func (f *format) number(x printf.Long) string {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	f.spec.WriteLong(w, x)
	w.Flush()
	return b.String()
}
