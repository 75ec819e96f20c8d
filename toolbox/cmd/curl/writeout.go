package curl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// writeOut writes what -w asks for.
func (t *transfer) writeOut(format string) {
	var out io.Writer = t.r.x.Stdout
	var b bytes.Buffer
	flush := func(to io.Writer) {
		out.Write(b.Bytes())
		b.Reset()
		out = to
	}
	for i := 0; i < len(format); i++ {
		c := format[i]
		switch {
		case c == '%' && strings.HasPrefix(format[i:], "%%"):
			b.WriteByte('%')
			i++
		case c == '%' && strings.HasPrefix(format[i:], "%{"):
			end := strings.IndexByte(format[i:], '}')
			if end < 0 {
				b.WriteString("%{")
				i++
				continue
			}
			name := format[i+2 : i+end]
			i += end
			switch name {
			case "stdout":
				flush(t.r.x.Stdout)
			case "stderr":
				flush(t.r.stderr)
			case "onerror":
				if t.code == 0 {
					i = len(format)
				}
			default:
				t.variable(&b, name)
			}
		case c == '%' && strings.HasPrefix(format[i:], "%header{"):
			end := strings.IndexByte(format[i:], '}')
			if end < 0 {
				b.WriteString("%header{")
				i += len("%header{") - 1
				continue
			}
			if t.last != nil {
				b.WriteString(t.last.Get(format[i+len("%header{") : i+end]))
			}
			i += end
		case c == '\\' && i+1 < len(format):
			i++
			b.WriteString(outEscape(format[i]))
		default:
			b.WriteByte(c)
		}
	}
	flush(nil)
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

// variables lists the variables in the order of %{json}.
func (t *transfer) variables() []outVar {
	resp := t.last
	status, size, version, remoteIP, remotePort := 0, 0, "0", "", 0
	var contentType, redirect, message, file, referer any
	headers := 0
	if resp != nil {
		status, size = resp.Status, int(t.out.wroteBody(resp, t))
		version = map[string]string{"HTTP/1.0": "1.0", "HTTP/2.0": "2"}[resp.Proto]
		if version == "" {
			version = "1.1"
		}
		address, port := splitAddress(resp.RemoteAddr)
		remoteIP = address
		remotePort, _ = strconv.Atoi(port)
		headers = len(resp.Headers)
		if ct := resp.Get("Content-Type"); ct != "" {
			contentType = ct
		}
		if to := resp.Get("Location"); to != "" && !t.c.location && status/100 == 3 {
			if l, err := t.at.resolve(to, "", false); err == nil {
				redirect = l.String()
			}
		}
	}
	if t.message != "" {
		message = t.message
	}
	if t.out != nil && t.out.path != "" {
		file = t.out.path
	}
	if t.referer != "" {
		referer = t.referer
	}
	effective := t.given
	if t.at.host != "" {
		effective = t.at.String()
	}
	perSecond := func(n int) int {
		if t.took.total <= 0 {
			return 0
		}
		return int(int64(n) * 1e6 / t.took.total)
	}
	return []outVar{
		{"certs", "", 0},
		{"content_type", contentType, 0},
		{"errormsg", message, 0},
		{"exitcode", t.code, 0},
		{"filename_effective", file, 0},
		{"ftp_entry_path", nil, 0},
		{"http_code", status, 3},
		{"http_connect", 0, 3},
		{"http_version", version, 0},
		{"local_ip", "", 0},
		{"local_port", 0, 0},
		{"method", t.method, 0},
		{"num_certs", 0, 0},
		{"num_connects", t.connects, 0},
		{"num_headers", headers, 0},
		{"num_redirects", t.redirects, 0},
		{"proxy_ssl_verify_result", 0, 0},
		{"redirect_url", redirect, 0},
		{"referer", referer, 0},
		{"remote_ip", remoteIP, 0},
		{"remote_port", remotePort, 0},
		{"response_code", status, 3},
		{"scheme", strings.ToUpper(t.at.scheme), 0},
		{"size_download", size, 0},
		{"size_header", t.gotHead, 0},
		{"size_request", t.sentHead + t.sentBody, 0},
		{"size_upload", t.sentBody, 0},
		{"speed_download", perSecond(size), 0},
		{"speed_upload", perSecond(t.sentBody), 0},
		{"ssl_verify_result", 0, 0},
		{"time_appconnect", micros(t.took.secured), 0},
		{"time_connect", micros(t.took.connected), 0},
		{"time_namelookup", micros(t.took.resolved), 0},
		{"time_pretransfer", micros(t.took.pretransfer), 0},
		{"time_redirect", micros(t.took.redirect), 0},
		{"time_starttransfer", micros(t.took.first), 0},
		{"time_total", micros(t.took.total), 0},
		{"url", t.given, 0},
		{"url_effective", effective, 0},
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
