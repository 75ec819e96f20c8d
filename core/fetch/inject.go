package fetch

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// injection is what is added to one request.
type injection struct {
	fields  Header
	secrets [][]byte // what must not be seen in the answer
}

// injected collects the headers to add to a request to t.
func (p *Policy) injected(t Target) (injection, error) {
	var in injection
	for _, rule := range p.Inject {
		if !rule.covers(t) {
			continue
		}
		for name, template := range rule.Headers {
			value, err := p.expand(template)
			if err != nil {
				return injection{}, fmt.Errorf("inject %s for %s: %w", name, rule.Host, err)
			}
			if !isToken(name) || !isValue(value) {
				return injection{}, fmt.Errorf("inject %s for %s: not a header", name, rule.Host)
			}
			in.fields = append(in.fields, Field{name, value})
			in.secrets = append(in.secrets, forms(value)...)
		}
	}
	slices.SortFunc(in.fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(in.secrets, func(a, b []byte) int { return len(b) - len(a) })
	return in, nil
}

// covers reports whether a rule is for t: its host, its port, and a scheme that
// keeps a secret.
func (r Injection) covers(t Target) bool {
	pattern := parsePattern(r.Host)
	if pattern.any || !pattern.matches(t, nil) {
		return false
	}
	if pattern.port == 0 && !t.defaultPort() {
		return false
	}
	return t.Scheme == "https" || r.HTTP
}

// expand replaces each "${NAME}" by its secret.
func (p *Policy) expand(template string) (string, error) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "${")
		b.WriteString(before)
		if !ok {
			return b.String(), nil
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return "", fmt.Errorf("${%s is not closed", name)
		}
		value, found := "", false
		if p.Secret != nil {
			value, found = p.Secret(name)
		}
		if !found {
			return "", fmt.Errorf("no secret is named %s", name)
		}
		b.WriteString(value)
		template = after
	}
}

// shortestSecret is how long a value must be to be looked for in an answer:
// what is shorter is in anything.
const shortestSecret = 6

// forms lists what a header's value gives away: itself, what follows the scheme
// of an Authorization, and the name and password in a Basic one.
func forms(value string) [][]byte {
	all := []string{value}
	if scheme, rest, ok := strings.Cut(value, " "); ok {
		all = append(all, rest)
		if plain, err := base64.StdEncoding.DecodeString(rest); err == nil && strings.EqualFold(scheme, "Basic") {
			_, password, _ := strings.Cut(string(plain), ":")
			all = append(all, string(plain), password)
		}
	}
	var out [][]byte
	for _, s := range all {
		if len(s) >= shortestSecret {
			out = append(out, []byte(s))
		}
	}
	return out
}

// apply puts the injected headers in the place of the guest's.
func (in injection) apply(h Header) Header {
	for _, f := range in.fields {
		h = h.Without(f.Name)
	}
	return append(h, in.fields...)
}
