package curl

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/sandboxabi"
)

// cookie is one cookie of a jar.
type cookie struct {
	name, value string
	domain      string // without a leading dot
	tail        bool   // hosts below the domain get it too
	path        string
	secure      bool
	httpOnly    bool
	expires     int64 // Unix time; 0 for the session
	created     int   // order of arrival
}

// jar holds cookies. A nil jar keeps none.
type jar struct {
	text    string // of -b NAME=VALUE, sent as it is
	keep    bool   // the engine is on
	cookies []cookie
	count   int
}

// maxCookies bounds a jar.
const maxCookies = 3000

// openJar reads what -b and -c name. The jar is one for the whole run.
func (r *runner) openJar(c *config) {
	if r.jar == nil {
		r.jar = &jar{}
	}
	r.jar.text = ""
	r.jar.keep = r.jar.keep || c.jar != ""
	for _, b := range c.cookies {
		if strings.Contains(b, "=") {
			if r.jar.text != "" {
				r.jar.text += ";"
			}
			r.jar.text += b
			continue
		}
		r.jar.keep = true
		if b == "" {
			continue
		}
		if data, err := r.readFile(b); err == nil {
			r.jar.load(data, c.junkSession, r.now())
		}
	}
}

// takeCookies keeps those that an answer from l sets.
func (r *runner) takeCookies(resp *sandboxabi.Response, l location) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.jar.keep {
		return
	}
	for _, f := range resp.Headers {
		if strings.EqualFold(f[0], "Set-Cookie") {
			r.jar.set(f[1], l, r.now())
		}
	}
}

// cookiesFor is the value of the Cookie header for a request to l.
func (r *runner) cookiesFor(l location) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.jar.header(l, r.now())
}

// load reads a file: Netscape's format, or lines of a response's header.
func (j *jar) load(data []byte, junkSession bool, now time.Time) {
	for line := range bytes.Lines(data) {
		text := strings.TrimRight(string(line), "\r\n")
		if rest, ok := cutFold(text, "Set-Cookie:"); ok {
			j.set(rest, location{scheme: "https", path: "/"}, now)
			continue
		}
		c, ok := parseNetscape(text)
		if ok && (c.expires == 0 && junkSession || c.expires != 0 && c.expires < now.Unix()) {
			continue
		}
		if ok {
			j.add(c)
		}
	}
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return strings.TrimSpace(s[len(prefix):]), true
}

func parseNetscape(line string) (cookie, bool) {
	var c cookie
	line, c.httpOnly = strings.CutPrefix(line, "#HttpOnly_")
	fields := strings.Split(line, "\t")
	if strings.HasPrefix(line, "#") || len(fields) < 6 {
		return c, false
	}
	expires, err := strconv.ParseInt(fields[4], 10, 64)
	if err != nil {
		return c, false
	}
	c.domain = strings.ToLower(strings.TrimPrefix(fields[0], "."))
	c.tail, c.path, c.secure = strings.EqualFold(fields[1], "TRUE"), fields[2], strings.EqualFold(fields[3], "TRUE")
	c.expires, c.name = expires, fields[5]
	if len(fields) > 6 {
		c.value = fields[6]
	}
	return c, true
}

// add puts a cookie in the place of one with its name, domain and path.
func (j *jar) add(c cookie) {
	at := slices.IndexFunc(j.cookies, func(o cookie) bool {
		return o.name == c.name && o.domain == c.domain && o.path == c.path
	})
	if at >= 0 {
		c.created = j.cookies[at].created
		j.cookies[at] = c
		return
	}
	if len(j.cookies) >= maxCookies {
		return
	}
	j.count++
	c.created = j.count
	j.cookies = append(j.cookies, c)
}

// set reads one Set-Cookie line of an answer from l.
func (j *jar) set(line string, l location, now time.Time) {
	pair, attributes, _ := strings.Cut(line, ";")
	name, value, ok := strings.Cut(pair, "=")
	c := cookie{name: strings.TrimSpace(name), value: strings.TrimSpace(value)}
	if !ok || len(line) > 5000 || c.name == "" {
		return
	}
	host := strings.ToLower(strings.Trim(l.host, "[]"))
	c.domain, c.path = host, l.path[:max(1, strings.LastIndexByte(l.path, '/'))]
	maxAge := false
	for attribute := range strings.SplitSeq(attributes, ";") {
		key, value, _ := strings.Cut(attribute, "=")
		value = strings.Trim(strings.TrimSpace(value), `"`)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "domain":
			if !c.setDomain(value, host) {
				return
			}
		case "path":
			if strings.HasPrefix(value, "/") {
				c.path = value
			} else {
				c.path = "/"
			}
		case "secure":
			c.secure = true
		case "httponly":
			c.httpOnly = true
		case "max-age":
			maxAge = c.setMaxAge(value, now) || maxAge
		case "expires":
			if at, ok := parseDate(value); ok && !maxAge {
				c.expires = max(1, at.Unix())
			}
		}
	}
	if c.secure && !l.secure() {
		return
	}
	if len(c.path) > 1 {
		c.path = strings.TrimSuffix(c.path, "/")
	}
	if c.expires != 0 && c.expires <= now.Unix() {
		j.drop(c)
		return
	}
	j.add(c)
}

func (j *jar) drop(c cookie) {
	j.cookies = slices.DeleteFunc(j.cookies, func(o cookie) bool {
		return o.name == c.name && o.domain == c.domain && o.path == c.path
	})
}

// setDomain widens a cookie to a domain of its host; false if it is none, or
// a whole top level.
func (c *cookie) setDomain(domain, host string) bool {
	domain = strings.ToLower(strings.TrimPrefix(domain, "."))
	switch {
	case domain == "":
		return true
	case host == "" || domain == host:
		c.domain = domain
	case strings.HasSuffix(host, "."+domain) && strings.Contains(domain, ".") && !isAddress(host):
		c.domain = domain
	default:
		return false
	}
	c.tail = !isAddress(domain)
	return true
}

// secure reports whether secure cookies may go to l.
func (l location) secure() bool {
	return l.scheme == "https" || containsFold([]string{"localhost", "127.0.0.1", "[::1]"}, l.host)
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

func (c *cookie) setMaxAge(value string, now time.Time) bool {
	n, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil && !strings.Contains(err.Error(), "range"):
		return false
	case n <= 0:
		c.expires = 1
	case n > 1<<40:
		c.expires = 1 << 40
	default:
		c.expires = now.Unix() + n
	}
	return true
}

// parseDate reads the forms of dates that HTTP has.
func parseDate(s string) (time.Time, bool) {
	for _, layout := range []string{
		time.RFC1123, "Mon, 02-Jan-2006 15:04:05 MST", "Mon, 02-Jan-06 15:04:05 MST", time.RFC850, time.ANSIC,
		"Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 MST", "2 Jan 2006", "2006-01-02 15:04:05", "2006-01-02", time.RFC3339,
		time.RFC1123Z,
	} {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// header is the value of the Cookie header for a request to l.
func (j *jar) header(l location, now time.Time) string {
	host := strings.ToLower(strings.Trim(l.host, "[]"))
	var match []cookie
	for _, c := range j.cookies {
		if c.sentTo(host, l) && (c.expires == 0 || c.expires > now.Unix()) {
			match = append(match, c)
		}
	}
	slices.SortStableFunc(match, func(a, b cookie) int {
		switch {
		case len(a.path) != len(b.path):
			return len(b.path) - len(a.path)
		case len(a.domain) != len(b.domain):
			return len(b.domain) - len(a.domain)
		case len(a.name) != len(b.name):
			return len(b.name) - len(a.name)
		}
		return a.created - b.created
	})
	var all []string
	for _, c := range match {
		all = append(all, c.name+"="+c.value)
	}
	if j.text != "" {
		all = append(all, j.text)
	}
	return strings.Join(all, "; ")
}

func (c cookie) sentTo(host string, l location) bool {
	if c.domain != "" && c.domain != host && !(c.tail && strings.HasSuffix(host, "."+c.domain)) {
		return false
	}
	if c.secure && !l.secure() {
		return false
	}
	rest, ok := strings.CutPrefix(l.path, c.path)
	return ok && (rest == "" || rest[0] == '/' || strings.HasSuffix(c.path, "/"))
}

// saveJar writes the file of -c, "-" to standard output.
func (r *runner) saveJar(c *config) {
	if c.jar == "" {
		return
	}
	data := r.jar.format()
	if c.jar == "-" {
		r.x.Stdout.Write(data)
		return
	}
	f, err := r.x.Create(c.jar)
	if err == nil {
		_, err = f.Write(data)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}
	if err != nil && r.global.verbose {
		fmt.Fprintf(r.stderr, "* WARNING: failed to save cookies in %s\n", c.jar)
	}
}

// format is the jar in Netscape's format.
func (j *jar) format() []byte {
	var b bytes.Buffer
	b.WriteString("# Netscape HTTP Cookie File\n# https://curl.se/docs/http-cookies.html\n# This file was generated by libcurl! Edit at your own risk.\n\n")
	sorted := slices.Clone(j.cookies)
	slices.SortStableFunc(sorted, func(a, b cookie) int { return b.created - a.created })
	for _, c := range sorted {
		if c.domain == "" {
			continue
		}
		prefix, dot := "", ""
		if c.httpOnly {
			prefix = "#HttpOnly_"
		}
		if c.tail {
			dot = "."
		}
		fmt.Fprintf(&b, "%s%s%s\t%s\t%s\t%s\t%d\t%s\t%s\n", prefix, dot, c.domain, yes(c.tail), c.path, yes(c.secure), c.expires, c.name, c.value)
	}
	return b.Bytes()
}

func yes(b bool) string {
	if b {
		return "TRUE"
	}
	return "FALSE"
}
