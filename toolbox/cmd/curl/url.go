package curl

import (
	"net/url"
	"strconv"
	"strings"
)

// location is a URL taken apart as curl does it.
type location struct {
	scheme         string // lower case
	user, password string
	hasUser        bool
	host           string // as written, with brackets
	port           string // "" for the scheme's own
	path           string // with its "/"
	query          string // with its "?"
}

// parseURL reads a URL as it stands on the command line: without a scheme it is
// http. asIs leaves "." and ".." in the path.
func parseURL(raw, proto string, asIs bool) (location, error) {
	if raw == "" {
		return location{}, failure(3, "URL using bad/illegal format or missing URL")
	}
	var l location
	scheme, rest, ok := strings.Cut(raw, "://")
	switch {
	case ok && isScheme(scheme):
		l.scheme = strings.ToLower(scheme)
		rest = strings.TrimLeft(rest, "/")
	case proto != "":
		l.scheme, rest = strings.ToLower(proto), raw
	default:
		l.scheme, rest = "http", raw
	}
	if l.scheme != "http" && l.scheme != "https" {
		return location{}, failure(1, "Protocol \"%s\" not supported or disabled in libcurl", l.scheme)
	}
	rest, _, _ = strings.Cut(rest, "#")
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	if err := l.setAuthority(rest[:end]); err != nil {
		return location{}, err
	}
	l.path = rest[end:]
	if at := strings.IndexByte(l.path, '?'); at >= 0 {
		l.path, l.query = l.path[:at], l.path[at:]
	}
	if l.path == "" {
		l.path = "/"
	}
	if strings.IndexFunc(l.path+l.query, isControl) >= 0 {
		return location{}, failure(3, "URL using bad/illegal format or missing URL")
	}
	if !asIs {
		l.path = squash(l.path)
	}
	return l, nil
}

func isControl(r rune) bool { return r <= ' ' || r == 0x7f }

func isScheme(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isAlpha(c) && (i == 0 || strings.IndexByte("0123456789+-.", c) < 0) {
			return false
		}
	}
	return s != "" && len(s) < 40
}

func (l *location) setAuthority(s string) error {
	bad := failure(3, "URL using bad/illegal format or missing URL")
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		user, password, _ := strings.Cut(s[:at], ":")
		l.user, l.password, l.hasUser = unescape(user), unescape(password), true
		s = s[at+1:]
	}
	l.host = s
	if at := strings.LastIndexByte(s, ':'); at >= 0 && at > strings.LastIndexByte(s, ']') {
		l.host, l.port = s[:at], s[at+1:]
		n, err := strconv.ParseUint(l.port, 10, 16)
		if l.port != "" && (err != nil || n == 0) {
			return bad
		}
		l.port = strings.TrimLeft(l.port, "0")
	}
	if l.host == "" {
		return bad
	}
	if strings.HasPrefix(l.host, "[") {
		if !strings.HasSuffix(l.host, "]") || strings.Trim(l.host, "[]0123456789abcdefABCDEF:.") != "" {
			return bad
		}
		return nil
	}
	if strings.ContainsAny(l.host, " \r\n\t/:#?!@{}[]\\$'\"^`*<>=;,+&()%|") {
		return failure(3, "URL using bad/illegal format or missing URL")
	}
	l.port = dropDefault(l.scheme, l.port)
	return nil
}

func dropDefault(scheme, port string) string {
	if scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		return ""
	}
	return port
}

func unescape(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// squash takes "." and ".." out of a path.
func squash(path string) string {
	if !strings.Contains(path, "/.") {
		return path
	}
	var out []string
	segments := strings.Split(path[1:], "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch strings.ReplaceAll(strings.ToLower(s), "%2e", ".") {
		case ".":
			if last {
				out = append(out, "")
			}
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	return "/" + strings.Join(out, "/")
}

// addQuery appends to the query.
func (l *location) addQuery(q string) {
	switch {
	case q == "":
	case l.query == "":
		l.query = "?" + q
	case strings.HasSuffix(l.query, "?"), strings.HasSuffix(l.query, "&"):
		l.query += q
	default:
		l.query += "&" + q
	}
}

// authority is host and port as the Host header has them.
func (l location) authority() string {
	if l.port == "" {
		return l.host
	}
	return l.host + ":" + l.port
}

func (l location) portNumber() int {
	n, err := strconv.Atoi(l.port)
	switch {
	case err == nil:
		return n
	case l.scheme == "https":
		return 443
	}
	return 80
}

// String is the URL with its credentials, as it is shown.
func (l location) String() string {
	user := ""
	if l.hasUser {
		user = escape(l.user, false)
		if l.password != "" {
			user += ":" + escape(l.password, false)
		}
		user += "@"
	}
	return l.scheme + "://" + user + l.authority() + l.path + l.query
}

// wire is the URL as the host is asked for it: without credentials, and with
// every byte escaped that some parser takes for something else.
func (l location) wire() string {
	return l.scheme + "://" + strings.ToLower(l.authority()) + strict(l.path) + strict(l.query)
}

func strict(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 0x80:
			b.WriteString(strings.ToLower(escape(s[i:i+1], false)))
			continue
		case c <= ' ' || c == 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0:
			b.WriteString(escape(s[i:i+1], false))
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// origin tells connections apart.
func (l location) origin() string { return l.scheme + "://" + strings.ToLower(l.authority()) }

// requestTarget is what stands on the request line.
func (l location) requestTarget() string { return l.path + l.query }

// sameHost reports whether credentials for l are good for o.
func (l location) sameHost(o location) bool {
	return strings.EqualFold(l.host, o.host) && l.scheme == o.scheme && l.portNumber() == o.portNumber()
}

// resolve is where a redirect from l leads.
func (l location) resolve(ref, proto string, asIs bool) (location, error) {
	ref = strings.TrimLeft(ref, " ")
	var b strings.Builder
	for i := range len(ref) { // curl mends spaces and bytes beyond ASCII
		if c := ref[i]; c <= ' ' || c >= 0x7f {
			b.WriteString(strings.ToLower(escape(ref[i:i+1], false)))
			continue
		}
		b.WriteByte(ref[i])
	}
	ref = b.String()
	if scheme, _, ok := strings.Cut(ref, "://"); ok && isScheme(scheme) {
		return parseURL(ref, proto, asIs)
	}
	switch {
	case strings.HasPrefix(ref, "//"):
		return parseURL(l.scheme+":"+ref, proto, asIs)
	case strings.HasPrefix(ref, "/"):
	case strings.HasPrefix(ref, "?"):
		ref = l.path + ref
	case strings.HasPrefix(ref, "#") || ref == "":
		return l, nil
	default:
		ref = l.path[:strings.LastIndexByte(l.path, '/')+1] + ref
	}
	return parseURL(l.scheme+"://"+l.authority()+ref, proto, asIs)
}
