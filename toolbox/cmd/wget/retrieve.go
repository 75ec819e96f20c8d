package wget

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"agentsandbox/toolbox/sandboxabi"
	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// retrieve gets one URL and returns the status for it.
func (r *run) retrieve(ctx context.Context, raw string) int {
	u, err := parseURL(raw)
	if err != nil {
		fmt.Fprintf(r.log, "%s: %s\n", raw, err)
		return exitGeneric
	}
	name := r.fileName(u)
	if r.keep && r.out == nil && r.exists(name) {
		r.say("File '%s' already there; not retrieving.\n\n", name)
		return 0
	}
	f := &fetch{run: r, url: u, name: name}
	for f.number = 1; ; f.number++ {
		f.last = r.tries > 0 && f.number >= r.tries
		status, again := f.try(ctx)
		if !again || f.last || ctx.Err() != nil {
			return status
		}
		if r.x.Sleep != nil && r.x.Sleep(ctx, min(time.Duration(f.number)*time.Second, r.retryWait)) != nil {
			return status
		}
	}
}

// fetch is the retrieval of one URL.
type fetch struct {
	*run
	url    *url.URL // where the redirects have led
	name   string
	number int  // of the try, from 1
	last   bool // try
	opened bool // the file has been made
	got    int64
}

// parseURL reads a URL; without a scheme it is http.
func parseURL(raw string) (*url.URL, error) {
	if !strings.Contains(raw, "://") {
		raw = "http://" + raw
	}
	u, err := url.Parse(strings.ReplaceAll(raw, " ", "%20"))
	switch {
	case err != nil:
		return nil, fmt.Errorf("Invalid host name.")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("Unsupported scheme '%s'.", u.Scheme)
	case u.Host == "":
		return nil, fmt.Errorf("Invalid host name.")
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.Fragment = ""
	return u, nil
}

// fileName is where the document of a URL is saved.
func (r *run) fileName(u *url.URL) string {
	if r.document != "" {
		return r.document
	}
	name := path.Base(u.EscapedPath())
	if strings.HasSuffix(u.EscapedPath(), "/") {
		name = "index.html"
	}
	if plain, err := url.PathUnescape(name); err == nil && !strings.ContainsAny(plain, "/\x00") && plain != ".." {
		name = plain
	}
	if u.RawQuery != "" {
		name += "?" + strings.ReplaceAll(u.RawQuery, "/", "%2F")
	}
	return r.below(name)
}

func (r *run) below(name string) string {
	if r.prefix == "" || r.prefix == "." {
		return name
	}
	return strings.TrimSuffix(r.prefix, "/") + "/" + name
}

func (r *run) exists(name string) bool {
	_, err := r.x.Lstat(name)
	return err == nil
}

// offset is where the file goes on that is there in part.
func (f *fetch) offset() int64 {
	if f.opened {
		return f.got
	}
	if info, err := f.x.Stat(f.name); err == nil && f.resume {
		return info.Size
	}
	return 0
}

// conditions adds what a request has to do with the file that is there.
func (f *fetch) conditions(req *sandboxabi.Request) (offset int64) {
	if offset = f.offset(); offset > 0 {
		req.Headers = append(req.Headers, sandboxabi.Field{"Range", fmt.Sprintf("bytes=%d-", offset)})
	}
	if info, err := f.x.Stat(f.name); err == nil && f.newer && !f.opened {
		req.Headers = append(req.Headers, sandboxabi.Field{"If-Modified-Since", time.Unix(0, info.Mtime).UTC().Format(httpTime)})
	}
	return offset
}

// httpTime is the form of dates in headers.
const httpTime = "Mon, 02 Jan 2006 15:04:05 GMT"

// try makes one attempt, with its redirects. again asks for another.
func (f *fetch) try(ctx context.Context) (status int, again bool) {
	req := f.request(f.url)
	offset := f.conditions(req)
	if f.spider && f.number == 1 {
		f.say("Spider mode enabled. Check if remote file exists.\n")
	}
	for hops := 0; ; hops++ {
		f.announce(f.url, f.number)
		resp, err := sandboxabi.Open(ctx, f.x, req)
		if err == nil && resp.Failure != nil && resp.Failure.Kind == sandboxabi.Opaque && f.redirects > 0 {
			req.Redirect = "follow" // a browser shows no redirects, and follows them itself
			resp, err = sandboxabi.Open(ctx, f.x, req)
		}
		if err != nil {
			fmt.Fprintf(f.log, "wget: %s\n", tool.ErrText(err))
			return exitGeneric, false
		}
		defer resp.Body.Close()
		f.connected(f.url, resp)
		if resp.Status == 0 {
			return f.failed(f.url, resp)
		}
		f.showStatus(resp)
		to := resp.Get("Location")
		if resp.Status/100 != 3 || to == "" || resp.Status == 304 {
			return f.answer(offset, resp)
		}
		resp.Body.Close()
		next, err := f.url.Parse(strings.ReplaceAll(to, " ", "%20"))
		if err != nil || next.Scheme != "http" && next.Scheme != "https" {
			fmt.Fprintf(f.log, "%s: Unsupported scheme.\n", to)
			return exitResponse, false
		}
		f.say("Location: %s [following]\n", to)
		if hops >= f.redirects {
			f.tell("%d redirections exceeded.\n", f.redirects)
			return exitResponse, false
		}
		req = f.redirected(req, resp.Status, f.url, next)
		f.url = next
	}
}

// request is what is sent for a URL.
func (r *run) request(u *url.URL) *sandboxabi.Request {
	req := &sandboxabi.Request{Method: "GET", Redirect: "manual", Raw: true, Timeout: r.timeout.Milliseconds()}
	switch {
	case r.method != "":
		req.Method, req.Body = strings.ToUpper(r.method), r.body
	case r.hasBody:
		req.Method, req.Body = "POST", r.body
	case r.spider:
		req.Method = "HEAD"
	}
	r.setURL(req, u)
	set := func(name, value string) {
		if value != "" && !r.overridden(name) {
			req.Headers = append(req.Headers, sandboxabi.Field{name, value})
		}
	}
	set("Referer", r.referer)
	set("User-Agent", r.agent)
	set("Accept", "*/*")
	set("Accept-Encoding", "identity")
	set("Authorization", r.authorization(u))
	if r.hasBody {
		set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, line := range r.headers {
		if name, value, ok := strings.Cut(line, ":"); ok {
			if value = strings.TrimSpace(value); value != "" {
				req.Headers = append(req.Headers, sandboxabi.Field{name, value})
			}
		}
	}
	return req
}

// setURL gives a request its URL, without credentials.
func (r *run) setURL(req *sandboxabi.Request, u *url.URL) {
	plain := *u
	plain.User, plain.Fragment = nil, ""
	req.URL = plain.String()
}

func (r *run) overridden(name string) bool {
	for _, line := range r.headers {
		if n, _, ok := strings.Cut(line, ":"); ok && strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

func (r *run) authorization(u *url.URL) string {
	user, password := r.user, r.password
	if u.User != nil {
		user = u.User.Username()
		password, _ = u.User.Password()
	}
	if user == "" {
		return ""
	}
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

// redirected is a request after a redirect: without its body, save where the
// status keeps it, and without credentials for another host.
func (r *run) redirected(old *sandboxabi.Request, status int, from, to *url.URL) *sandboxabi.Request {
	req := *old
	r.setURL(&req, to)
	if status != 307 && status != 308 && req.Method != "HEAD" {
		req.Method, req.Body = "GET", nil
	}
	req.Headers = nil
	for _, f := range old.Headers {
		away := from.Scheme != to.Scheme || from.Host != to.Host
		switch {
		case strings.EqualFold(f[0], "Content-Type") && req.Body == nil:
		case away && (strings.EqualFold(f[0], "Authorization") || strings.EqualFold(f[0], "Cookie")):
		default:
			req.Headers = append(req.Headers, f)
		}
	}
	return &req
}

// answer saves what came, or says why not.
func (f *fetch) answer(offset int64, resp *sandboxabi.Response) (status int, again bool) {
	switch {
	case resp.Status == 416 && offset > 0:
		f.say("\n    The file is already fully retrieved; nothing to do.\n\n")
		return 0, false
	case resp.Status == 304 && f.newer:
		f.say("File '%s' not modified on server. Omitting download.\n\n", f.name)
		return 0, false
	case resp.Status >= 400 && f.spider:
		f.tell("Remote file does not exist -- broken link!!!\n")
		f.say("\n")
		return exitResponse, false
	case resp.Status >= 400 && !f.keepErrors:
		return f.httpError(f.url, resp), false
	case f.spider:
		f.showLength(resp, 0)
		f.say("Remote file exists.\n\n")
		if f.terse && !f.quiet {
			fmt.Fprintf(f.log, "%s URL: %s %d %s\n", f.stamp(), f.url, resp.Status, resp.Reason)
		}
		return 0, false
	}
	if resp.Status != 206 {
		offset = 0
	}
	f.showLength(resp, offset)
	saved, size, code := f.save(offset, resp)
	if code != 0 {
		return code, false
	}
	f.showSaved(saved, offset, size, resp)
	if resp.Failure != nil {
		return exitNetwork, true
	}
	if resp.Status >= 400 {
		return exitResponse, false
	}
	return 0, false
}

// save writes the document as it comes, and returns the name that it got and how
// much came. A body that breaks off is no failure of save's.
func (f *fetch) save(offset int64, resp *sandboxabi.Response) (saved string, size int64, status int) {
	if f.out != nil {
		f.say("Saving to: '%s'\n\n", outName(f.document))
		if f.opened = true; offset == 0 { // the whole of it comes again
			_, _ = io.CopyN(io.Discard, resp.Body, f.got)
		}
		size, err := f.pour(f.out, resp)
		switch {
		case vfs.ToErrno(err) == vfs.EPIPE:
			return f.name, size, exitPipe
		case err != nil:
			fmt.Fprintf(f.log, "%s: %s\n", f.document, tool.ErrText(err))
			return f.name, size, exitFile
		}
		return outName(f.document), size, 0
	}
	file, err := f.open(offset, resp)
	if err == nil {
		f.say("Saving to: '%s'\n\n", f.name)
		size, err = f.pour(file, resp)
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
	}
	if err != nil {
		f.tell("%s: %s\n\nCannot write to '%s' (%s).\n", f.name, tool.ErrText(err), f.name, tool.ErrText(err))
		return f.name, size, exitFile
	}
	f.stampFile(resp)
	return f.name, size, 0
}

// open makes the file, or goes on with it at offset.
func (f *fetch) open(offset int64, resp *sandboxabi.Response) (*tool.File, error) {
	open := f.x.Create
	switch {
	case offset > 0:
		open = f.x.OpenAppend
	case f.opened:
	default:
		if given := dispositionName(resp.Get("Content-Disposition")); f.serverName && given != "" {
			f.name = f.below(given)
		}
		if !f.resume && !f.newer {
			f.name = f.unused(f.name)
		}
	}
	if offset == 0 {
		f.got = 0
	} else if !f.opened {
		f.got = offset
	}
	f.opened = true
	f.makeDirs(path.Dir(f.name))
	return open(f.name)
}

// pour copies the body. Only an error of w is one.
func (f *fetch) pour(w io.Writer, resp *sandboxabi.Response) (size int64, err error) {
	buf := make([]byte, 32<<10)
	for {
		n, readErr := resp.Body.Read(buf)
		if n > 0 {
			if _, err := w.Write(buf[:n]); err != nil {
				return size, err
			}
			size += int64(n)
			f.got += int64(n)
		}
		switch {
		case readErr == io.EOF || resp.Failure != nil:
			return size, nil
		case readErr != nil:
			return size, readErr
		}
	}
}

// stampFile gives a file the time that the server has for it.
func (f *fetch) stampFile(resp *sandboxabi.Response) {
	at, err := time.Parse(time.RFC1123, resp.Get("Last-Modified"))
	if err == nil && !f.ownTime && resp.Failure == nil {
		f.x.FS.Chtimes(f.x.Abs(f.name), true, at.UnixNano(), at.UnixNano())
	}
}

func outName(document string) string {
	if document == "-" {
		return "STDOUT"
	}
	return document
}

// unused adds a number to the name of a file that is there.
func (r *run) unused(name string) string {
	if !r.exists(name) {
		return name
	}
	for i := 1; ; i++ {
		if numbered := name + "." + strconv.Itoa(i); !r.exists(numbered) {
			return numbered
		}
	}
}

func (r *run) makeDirs(dir string) {
	for i := 1; i <= len(dir); i++ {
		if i == len(dir) || dir[i] == '/' {
			r.x.FS.Mkdir(r.x.Abs(dir[:i]), 0o777&^r.x.Umask)
		}
	}
}

// dispositionName is the file name of a Content-Disposition, "" for none.
func dispositionName(header string) string {
	for parameter := range strings.SplitSeq(header, ";") {
		key, value, ok := strings.Cut(strings.TrimSpace(parameter), "=")
		if !ok || !strings.EqualFold(key, "filename") {
			continue
		}
		value = strings.Trim(value, `"'`)
		if value = value[strings.LastIndexAny(value, `/\`)+1:]; value != "." && value != ".." {
			return value
		}
	}
	return ""
}
