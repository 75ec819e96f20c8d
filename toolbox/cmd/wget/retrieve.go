package wget

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"

	"agentsandbox/toolbox/sandboxabi"
	"agentsandbox/toolbox/tool"
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
	for try := 1; ; try++ {
		status, again := r.try(ctx, u, name, try)
		if !again || r.tries > 0 && try >= r.tries || ctx.Err() != nil {
			return status
		}
	}
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

// try makes one attempt, with its redirects. again asks for another.
func (r *run) try(ctx context.Context, u *url.URL, name string, number int) (status int, again bool) {
	req := r.request(u)
	var offset int64
	if r.resume {
		if info, err := r.x.Stat(name); err == nil {
			if offset = info.Size; offset > 0 {
				req.Headers = append(req.Headers, sandboxabi.Field{"Range", fmt.Sprintf("bytes=%d-", offset)})
			}
		}
	}
	if r.spider && number == 1 {
		r.say("Spider mode enabled. Check if remote file exists.\n")
	}
	for hops := 0; ; hops++ {
		r.announce(u, number)
		resp, err := sandboxabi.Do(ctx, r.x, req)
		if err != nil {
			fmt.Fprintf(r.log, "wget: %s\n", tool.ErrText(err))
			return exitGeneric, false
		}
		r.connected(u, resp)
		if resp.Status == 0 {
			return r.failed(u, resp)
		}
		r.showStatus(resp)
		to := resp.Get("Location")
		if resp.Status/100 != 3 || to == "" || resp.Status == 304 {
			return r.answer(u, name, offset, resp)
		}
		next, err := u.Parse(strings.ReplaceAll(to, " ", "%20"))
		if err != nil || next.Scheme != "http" && next.Scheme != "https" {
			fmt.Fprintf(r.log, "%s: Unsupported scheme.\n", to)
			return exitResponse, false
		}
		r.say("Location: %s [following]\n", to)
		if hops >= r.redirects {
			r.tell("%d redirections exceeded.\n", r.redirects)
			return exitResponse, false
		}
		req = r.redirected(req, resp.Status, u, next)
		u = next
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
func (r *run) answer(u *url.URL, name string, offset int64, resp *sandboxabi.Response) (status int, again bool) {
	switch {
	case resp.Status == 416 && offset > 0:
		r.say("\n    The file is already fully retrieved; nothing to do.\n\n")
		return 0, false
	case resp.Status >= 400 && r.spider:
		r.tell("Remote file does not exist -- broken link!!!\n")
		r.say("\n")
		return exitResponse, false
	case resp.Status >= 400 && !r.keepErrors:
		return r.httpError(u, resp), false
	case r.spider:
		r.showLength(resp, 0)
		r.say("Remote file exists.\n\n")
		if r.terse && !r.quiet {
			fmt.Fprintf(r.log, "%s URL: %s %d %s\n", r.stamp(), u, resp.Status, resp.Reason)
		}
		return 0, false
	}
	if resp.Status != 206 {
		offset = 0
	}
	r.showLength(resp, offset)
	saved, code := r.save(name, offset, resp)
	if code != 0 {
		return code, false
	}
	r.showSaved(u, saved, offset, resp)
	if resp.Failure != nil {
		return exitNetwork, true
	}
	if resp.Status >= 400 {
		return exitResponse, false
	}
	return 0, false
}

// save writes the document and returns the name that it got.
func (r *run) save(name string, offset int64, resp *sandboxabi.Response) (saved string, status int) {
	if r.out != nil {
		r.say("Saving to: '%s'\n\n", outName(r.document))
		if _, err := r.out.Write(resp.Body); err != nil {
			fmt.Fprintf(r.log, "%s: %s\n", r.document, tool.ErrText(err))
			return name, exitFile
		}
		return outName(r.document), 0
	}
	if r.serverName {
		if given := dispositionName(resp.Get("Content-Disposition")); given != "" {
			name = r.below(given)
		}
	}
	open := r.x.Create
	switch {
	case offset > 0:
		open = r.x.OpenAppend
	case !r.resume:
		name = r.unused(name)
	}
	r.makeDirs(path.Dir(name))
	f, err := open(name)
	if err == nil {
		r.say("Saving to: '%s'\n\n", name)
		_, err = f.Write(resp.Body)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}
	if err != nil {
		r.tell("%s: %s\n\nCannot write to '%s' (%s).\n", name, tool.ErrText(err), name, tool.ErrText(err))
		return name, exitFile
	}
	return name, 0
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
