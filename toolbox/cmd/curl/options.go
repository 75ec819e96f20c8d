package curl

import (
	"slices"
	"strings"
	"time"
)

// options lists all options of curl: abbreviations depend on those too that
// are refused.
func options() []option {
	return slices.Concat(requestOptions(), outputOptions(), transferOptions(), ignoredOptions(), refusedOptions())
}

func requestOptions() []option {
	return []option{
		text('X', "request", func(c *config) *string { return &c.method }),
		special('I', "head", false, func(p *parser, v value) error {
			p.op().head = !v.off
			if v.off {
				return nil
			}
			return p.choose(kindHead)
		}),
		toggle('G', "get", func(c *config) *bool { return &c.get }),
		special('H', "header", true, (*parser).header),
		special('A', "user-agent", true, func(p *parser, v value) error {
			p.op().userAgent, p.op().userAgentSet = v.text, true
			return nil
		}),
		special('e', "referer", true, func(p *parser, v value) error {
			before, auto := strings.CutSuffix(v.text, ";auto")
			p.op().referer, p.op().autoReferer = before, auto
			return nil
		}),
		text('u', "user", func(c *config) *string { return &c.user }),
		text(0, "oauth2-bearer", func(c *config) *string { return &c.bearer }),
		toggle('n', "netrc", func(c *config) *bool { return &c.netrc }),
		toggle(0, "netrc-optional", func(c *config) *bool { return &c.netrcOptional }),
		text(0, "netrc-file", func(c *config) *string { return &c.netrcFile }),
		special('d', "data", true, dataOption(dataText)),
		special(0, "data-ascii", true, dataOption(dataText)),
		special(0, "data-raw", true, dataOption(dataRaw)),
		special(0, "data-binary", true, dataOption(dataBinary)),
		special(0, "data-urlencode", true, dataOption(dataEncode)),
		special(0, "json", true, dataOption(dataJSON)),
		special('F', "form", true, (*parser).form),
		special(0, "form-string", true, (*parser).formString),
		special(0, "url-query", true, (*parser).urlQuery),
		text('r', "range", func(c *config) *string { return &c.rng }),
		text('z', "time-cond", func(c *config) *string { return &c.timeCond }),
		toggle(0, "compressed", func(c *config) *bool { return &c.compressed }),
		toggle(0, "raw", func(c *config) *bool { return &c.raw }),
		list('b', "cookie", func(c *config) *[]string { return &c.cookies }),
		text('c', "cookie-jar", func(c *config) *string { return &c.jar }),
		toggle('j', "junk-session-cookies", func(c *config) *bool { return &c.junkSession }),
		special('T', "upload-file", true, func(p *parser, v value) error {
			u := p.op().next(func(u *urlSpec) bool { return u.uploadSet })
			u.upload, u.uploadSet = v.text, true
			return nil
		}),
	}
}

func outputOptions() []option {
	return []option{
		special('o', "output", true, func(p *parser, v value) error {
			u := p.op().next(func(u *urlSpec) bool { return u.outSet })
			u.output, u.outSet = v.text, true
			return nil
		}),
		special('O', "remote-name", false, func(p *parser, v value) error {
			u := p.op().next(func(u *urlSpec) bool { return u.outSet })
			u.remote, u.outSet = !v.off, true
			return nil
		}),
		toggle(0, "remote-name-all", func(c *config) *bool { return &c.remoteAll }),
		toggle('J', "remote-header-name", func(c *config) *bool { return &c.headerName }),
		text(0, "output-dir", func(c *config) *string { return &c.outputDir }),
		toggle(0, "create-dirs", func(c *config) *bool { return &c.createDirs }),
		toggle('i', "include", func(c *config) *bool { return &c.include }),
		text('D', "dump-header", func(c *config) *string { return &c.dumpHeader }),
		special('w', "write-out", true, (*parser).writeOut),
		text('C', "continue-at", func(c *config) *string { return &c.continueAt }),
		toggle('R', "remote-time", func(c *config) *bool { return &c.remoteTime }),
		special(0, "clobber", false, func(p *parser, v value) error {
			p.op().noClobber = v.off
			return nil
		}),
		toggle(0, "remove-on-error", func(c *config) *bool { return &c.removeOnError }),
		text(0, "etag-save", func(c *config) *string { return &c.etagSave }),
		text(0, "etag-compare", func(c *config) *string { return &c.etagCompare }),
		globalToggle('s', "silent", func(g *global) *bool { return &g.silent }),
		globalToggle('S', "show-error", func(g *global) *bool { return &g.showError }),
		globalToggle('v', "verbose", func(g *global) *bool { return &g.verbose }),
		globalToggle('#', "progress-bar", func(g *global) *bool { return &g.bar }),
		special(0, "progress-meter", false, func(p *parser, v value) error {
			p.r.global.noMeter = v.off
			return nil
		}),
		special(0, "stderr", true, (*parser).redirectStderr),
		special('h', "help", false, (*parser).help),
		special('V', "version", false, (*parser).version),
	}
}

func transferOptions() []option {
	return []option{
		special(0, "url", true, func(p *parser, v value) error {
			p.addURL(v.text)
			return nil
		}),
		toggle('L', "location", func(c *config) *bool { return &c.location }),
		special(0, "location-trusted", false, func(p *parser, v value) error {
			p.op().location, p.op().trusted = !v.off, !v.off
			return nil
		}),
		count("max-redirs", -1, func(c *config) *int { return &c.maxRedirs }),
		toggle(0, "post301", func(c *config) *bool { return &c.post301 }),
		toggle(0, "post302", func(c *config) *bool { return &c.post302 }),
		toggle(0, "post303", func(c *config) *bool { return &c.post303 }),
		toggle(0, "path-as-is", func(c *config) *bool { return &c.pathAsIs }),
		toggle('f', "fail", func(c *config) *bool { return &c.fail }),
		toggle(0, "fail-with-body", func(c *config) *bool { return &c.failBody }),
		globalToggle(0, "fail-early", func(g *global) *bool { return &g.failEarly }),
		seconds('m', "max-time", func(c *config) *time.Duration { return &c.maxTime }),
		seconds(0, "connect-timeout", func(c *config) *time.Duration { return &c.connectTimeout }),
		special(0, "max-filesize", true, func(p *parser, v value) (err error) {
			p.op().maxFilesize, err = parseSize(v.text)
			return err
		}),
		count("retry", 0, func(c *config) *int { return &c.retries }),
		seconds(0, "retry-delay", func(c *config) *time.Duration { return &c.retryDelay }),
		seconds(0, "retry-max-time", func(c *config) *time.Duration { return &c.retryMax }),
		toggle(0, "retry-all-errors", func(c *config) *bool { return &c.retryAll }),
		toggle(0, "retry-connrefused", func(c *config) *bool { return &c.retryRefused }),
		toggle('g', "globoff", func(c *config) *bool { return &c.globOff }),
		toggle('k', "insecure", func(c *config) *bool { return &c.insecure }),
		toggle(0, "disallow-username-in-url", func(c *config) *bool { return &c.disallowUser }),
		special(0, "proto-default", true, func(p *parser, v value) error {
			p.op().protoDefault = v.text
			if lower := strings.ToLower(v.text); lower != "http" && lower != "https" {
				return errProtocol
			}
			return nil
		}),
		special('K', "config", true, (*parser).configFile),
		special('Z', "parallel", false, func(p *parser, v value) error {
			p.r.parallel = !v.off
			return nil
		}),
		special(0, "parallel-max", true, func(p *parser, v value) error {
			n, err := parseNumber(v.text)
			if err == nil && n < 0 {
				err = errPositive
			}
			if p.r.most = int(n); n < 1 || n > maxParallel {
				p.r.most = defaultParallel
			}
			return err
		}),
		special(':', "next", false, func(p *parser, _ value) error {
			if len(p.op().urls) == 0 {
				return badOption("missing URL before --next")
			}
			p.ops = append(p.ops, newConfig())
			return nil
		}),
	}
}

// ignoredOptions tune what the host decides by itself, or name what is so anyway.
func ignoredOptions() []option {
	var all []option
	for _, long := range []string{
		"alpn", "anyauth", "ignore-content-length", "basic", "buffer", "cert-status", "false-start", "form-escape", "http0.9", "http1.1",
		"http2", "keepalive", "npn", "parallel-immediate", "sessionid", "ssl", "ssl-allow-beast", "ssl-no-revoke",
		"ssl-reqd", "ssl-revoke-best-effort", "styled-output", "suppress-connect-headers", "tcp-fastopen", "tcp-nodelay",
		"tr-encoding", "trace-time", "tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3", "xattr", "compressed-ssh", "proxy-basic",
		"proxy-anyauth", "disable-eprt", "disable-epsv", "ftp-pasv", "http2-prior-knowledge", "http1.0",
	} {
		all = append(all, ignored(ignoredShort(long), long, false))
	}
	for _, long := range []string{
		"create-file-mode", "happy-eyeballs-timeout-ms", "keepalive-time", "limit-rate", "noproxy",
		"proto", "proto-redir", "rate", "speed-limit", "speed-time", "tls-max", "ciphers", "curves", "tls13-ciphers",
		"expect100-timeout", "libcurl", "random-file", "egd-file",
	} {
		all = append(all, ignored(ignoredShort(long), long, true))
	}
	return append(all,
		ignored('q', "disable", false), ignored('4', "ipv4", false),
		ignored('6', "ipv6", false), ignored('1', "tlsv1", false), ignored('B', "use-ascii", false), ignored('a', "append", false))
}

func ignoredShort(long string) byte {
	switch long {
	case "buffer":
		return 'N'
	case "http1.0":
		return '0'
	case "speed-limit":
		return 'Y'
	case "speed-time":
		return 'y'
	}
	return 0
}

// refusedOptions are for proxies, other protocols, and what only the host may
// decide.
func refusedOptions() []option {
	var all []option
	for _, long := range []string{
		"cacert", "capath", "cert-type", "connect-to", "crlfile", "delegation", "dns-interface",
		"dns-ipv4-addr", "dns-ipv6-addr", "dns-servers", "doh-url", "engine", "ftp-account", "ftp-alternative-to-user",
		"ftp-method", "ftp-ssl-ccc-mode", "hostpubmd5", "hostpubsha256", "hsts", "interface", "key", "key-type", "krb",
		"local-port", "login-options", "mail-auth", "mail-from", "mail-rcpt", "pass", "pinnedpubkey", "preproxy",
		"proxy-cacert", "proxy-capath", "proxy-cert", "proxy-cert-type", "proxy-ciphers", "proxy-crlfile", "proxy-header",
		"proxy-key", "proxy-key-type", "proxy-pass", "proxy-pinnedpubkey", "proxy-service-name", "proxy-tls13-ciphers",
		"proxy-tlsauthtype", "proxy-tlspassword", "proxy-tlsuser", "proxy1.0", "pubkey", "request-target", "resolve",
		"sasl-authzid", "service-name", "socks4", "socks4a", "socks5", "socks5-gssapi-service", "socks5-hostname",
		"tftp-blksize", "tlsauthtype", "tlspassword", "tlsuser", "trace", "trace-ascii", "unix-socket",
		"abstract-unix-socket", "alt-svc", "aws-sigv4",
	} {
		all = append(all, refused(0, long, true))
	}
	for _, long := range []string{
		"crlf", "digest", "doh-cert-status", "doh-insecure", "ftp-create-dirs", "ftp-pret", "ftp-skip-pasv-ip",
		"ftp-ssl-ccc", "ftp-ssl-control", "haproxy-protocol", "http3", "http3-only", "mail-rcpt-allowfails", "metalink",
		"negotiate", "ntlm", "ntlm-wb", "proxy-digest", "proxy-insecure", "proxy-negotiate", "proxy-ntlm",
		"proxy-ssl-allow-beast", "proxy-ssl-auto-client-cert", "proxy-tlsv1", "sasl-ir", "socks5-basic", "socks5-gssapi",
		"socks5-gssapi-nec", "ssl-auto-client-cert", "tftp-no-options",
	} {
		all = append(all, refused(0, long, false))
	}
	return append(all,
		refused('E', "cert", true), refused('l', "list-only", false), refused('M', "manual", false),
		refused('P', "ftp-port", true), refused('p', "proxytunnel", false), refused('Q', "quote", true),
		refused('t', "telnet-option", true), refused('U', "proxy-user", true), refused('x', "proxy", true),
		refused('2', "sslv2", false), refused('3', "sslv3", false))
}
