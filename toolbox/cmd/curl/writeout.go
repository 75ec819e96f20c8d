package curl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// outWriter writes a format of -w.
type outWriter struct {
	t    *transfer
	to   io.Writer
	text bytes.Buffer
	done bool
}

// writeOut writes what -w asks for.
func (t *transfer) writeOut(format string) {
	w := &outWriter{t: t, to: t.r.x.Stdout}
	for format != "" && !w.done {
		format = w.next(format)
	}
	w.turn(nil)
}

// next writes the first piece of a format and returns the rest.
func (w *outWriter) next(format string) (rest string) {
	switch {
	case strings.HasPrefix(format, "%%"):
		w.text.WriteByte('%')
		return format[2:]
	case strings.HasPrefix(format, "%{"):
		return w.braced(format, "%{", w.variable)
	case strings.HasPrefix(format, "%header{"):
		return w.braced(format, "%header{", w.header)
	case format[0] == '\\' && len(format) > 1:
		w.text.WriteString(outEscape(format[1]))
		return format[2:]
	}
	w.text.WriteByte(format[0])
	return format[1:]
}

// braced hands what stands up to "}" to write; an open brace is text.
func (w *outWriter) braced(format, start string, write func(name string)) (rest string) {
	name, rest, ok := strings.Cut(format[len(start):], "}")
	if !ok {
		w.text.WriteString(start)
		return format[len(start):]
	}
	write(name)
	return rest
}

// turn writes what there is, and sends what follows elsewhere.
func (w *outWriter) turn(to io.Writer) {
	w.to.Write(w.text.Bytes())
	w.text.Reset()
	w.to = to
}

func (w *outWriter) header(name string) {
	if w.t.last != nil {
		w.text.WriteString(w.t.last.Get(name))
	}
}

func (w *outWriter) variable(name string) {
	switch name {
	case "stdout":
		w.turn(w.t.r.x.Stdout)
	case "stderr":
		w.turn(w.t.r.stderr)
	case "onerror":
		w.done = w.t.code == 0
	default:
		w.t.variable(&w.text, name)
	}
}

func outEscape(c byte) string {
	switch c {
	case 'r':
		return "\r"
	case 'n':
		return "\n"
	case 't':
		return "\t"
	}
	return "\\" + string(rune(c))
}

// variable writes the value of one variable.
func (t *transfer) variable(b *bytes.Buffer, name string) {
	switch name {
	case "json":
		t.json(b)
		return
	case "header_json":
		t.headerJSON(b)
		return
	}
	for _, v := range t.variables() {
		if v.name == name {
			b.WriteString(v.text())
			return
		}
	}
	fmt.Fprintf(t.r.stderr, "curl: unknown --write-out variable: '%s'\n", name)
}

// outVar is a variable of -w: a string, a number or a time.
type outVar struct {
	name  string
	value any // string, nil for a string that is not there, int, or micros
	width int // of a number that is padded with zeros
}

// micros is a time in microseconds.
type micros int64

func (v outVar) text() string {
	switch x := v.value.(type) {
	case string:
		return x
	case int:
		return fmt.Sprintf("%0*d", v.width, x)
	case micros:
		return fmt.Sprintf("%d.%06d", x/1e6, x%1e6)
	}
	return ""
}

func (v outVar) json() string {
	switch x := v.value.(type) {
	case string:
		return quoteJSON(x)
	case int:
		return strconv.Itoa(x)
	case micros:
		return v.text()
	}
	return "null"
}

// quoteJSON quotes as curl does: slashes and HTML stay as they are.
func quoteJSON(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s)
	return strings.TrimSuffix(b.String(), "\n")
}

// facts are what the variables say of an answer; nil where there is nothing.
type facts struct {
	status, size, headers, remotePort             int
	version, remoteIP                             string
	contentType, redirect, message, file, referer any
}

func (t *transfer) facts() facts {
	f := facts{version: "0", message: orNil(t.message), referer: orNil(t.referer)}
	if t.out != nil {
		f.file = orNil(t.out.path)
	}
	resp := t.last
	if resp == nil {
		return f
	}
	f.status, f.size, f.headers = resp.Status, int(t.got), len(resp.Headers)
	switch resp.Proto {
	case "HTTP/1.0":
		f.version = "1.0"
	case "HTTP/2.0":
		f.version = "2"
	default:
		f.version = "1.1"
	}
	address, port := splitAddress(resp.RemoteAddr)
	f.remoteIP = address
	f.remotePort, _ = strconv.Atoi(port)
	f.contentType = orNil(resp.Get("Content-Type"))
	if to := resp.Get("Location"); to != "" && !t.c.location && resp.Status/100 == 3 {
		if l, err := t.at.resolve(to, "", false); err == nil {
			f.redirect = l.String()
		}
	}
	return f
}

// orNil is nil for a string that is not there.
func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// perSecond is the speed of n bytes.
func (t *transfer) perSecond(n int) int {
	if t.took.total <= 0 {
		return 0
	}
	return int(int64(n) * 1e6 / t.took.total)
}

// effective is the URL that was asked last.
func (t *transfer) effective() string {
	if t.at.host == "" {
		return t.given
	}
	return t.at.String()
}

// variables lists the variables in the order of %{json}.
func (t *transfer) variables() []outVar {
	f := t.facts()
	return []outVar{
		{"certs", "", 0},
		{"content_type", f.contentType, 0},
		{"errormsg", f.message, 0},
		{"exitcode", t.code, 0},
		{"filename_effective", f.file, 0},
		{"ftp_entry_path", nil, 0},
		{"http_code", f.status, 3},
		{"http_connect", 0, 3},
		{"http_version", f.version, 0},
		{"local_ip", "", 0},
		{"local_port", 0, 0},
		{"method", t.method, 0},
		{"num_certs", 0, 0},
		{"num_connects", t.connects, 0},
		{"num_headers", f.headers, 0},
		{"num_redirects", t.redirects, 0},
		{"proxy_ssl_verify_result", 0, 0},
		{"redirect_url", f.redirect, 0},
		{"referer", f.referer, 0},
		{"remote_ip", f.remoteIP, 0},
		{"remote_port", f.remotePort, 0},
		{"response_code", f.status, 3},
		{"scheme", strings.ToUpper(t.at.scheme), 0},
		{"size_download", f.size, 0},
		{"size_header", t.gotHead, 0},
		{"size_request", t.sentHead + t.sentBody, 0},
		{"size_upload", t.sentBody, 0},
		{"speed_download", t.perSecond(f.size), 0},
		{"speed_upload", t.perSecond(t.sentBody), 0},
		{"ssl_verify_result", 0, 0},
		{"time_appconnect", micros(t.took.secured), 0},
		{"time_connect", micros(t.took.connected), 0},
		{"time_namelookup", micros(t.took.resolved), 0},
		{"time_pretransfer", micros(t.took.pretransfer), 0},
		{"time_redirect", micros(t.took.redirect), 0},
		{"time_starttransfer", micros(t.took.first), 0},
		{"time_total", micros(t.took.total), 0},
		{"url", t.given, 0},
		{"url_effective", t.effective(), 0},
		{"urlnum", t.number, 0},
	}
}

// json writes all variables as one object.
func (t *transfer) json(b *bytes.Buffer) {
	b.WriteByte('{')
	for _, v := range t.variables() {
		fmt.Fprintf(b, "%q:%s,", v.name, v.json())
	}
	fmt.Fprintf(b, "\"curl_version\":%s}", quoteJSON("libcurl/"+version))
}

// headerJSON writes the answer's header as one object, a list of values a name.
func (t *transfer) headerJSON(b *bytes.Buffer) {
	if t.last == nil {
		b.WriteString("{}")
		return
	}
	var names []string
	values := map[string][]string{}
	for _, f := range t.last.Headers {
		name := strings.ToLower(f[0])
		if values[name] == nil {
			names = append(names, name)
		}
		values[name] = append(values[name], quoteJSON(f[1]))
	}
	for i, name := range names {
		names[i] = fmt.Sprintf("%s:[%s]", quoteJSON(name), strings.Join(values[name], ","))
	}
	b.WriteString("{" + strings.Join(names, ",\n") + "\n}")
}
