package curl

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// option is one option of the command line.
type option struct {
	short byte // 0 for none
	long  string
	arg   bool // takes a value
	set   func(p *parser, v value) error
}

// value is what an option was given: a text, or on or off (by --no-).
type value struct {
	text string
	off  bool
}

// badOption is why an option is refused: what stands behind its name.
type badOption string

// Error is the reason.
func (e badOption) Error() string { return string(e) }

const (
	errUnknown   badOption = "is unknown"
	errAmbiguous badOption = "is ambiguous"
	errNoValue   badOption = "requires parameter"
	errBadUse    badOption = "is badly used here"
	errNumber    badOption = "expected a proper numerical parameter"
	errPositive  badOption = "expected a positive numerical parameter"
	errTooLarge  badOption = "too large number"
	errNoSupport badOption = "the installed libcurl version doesn't support this"
	errRoute     badOption = "is refused: the host of this sandbox makes the connections, to where its network policy allows"
	errTrust     badOption = "is refused: the host of this sandbox decides which certificates are good, and has its own"
	errReading   badOption = "error encountered when reading a file"
	errProtocol  badOption = "a specified protocol is unsupported by libcurl"
)

func toggle(short byte, long string, field func(*config) *bool) option {
	return option{short, long, false, func(p *parser, v value) error {
		*field(p.op()) = !v.off
		return nil
	}}
}

func globalToggle(short byte, long string, field func(*global) *bool) option {
	return option{short, long, false, func(p *parser, v value) error {
		*field(&p.r.global) = !v.off
		return nil
	}}
}

func text(short byte, long string, field func(*config) *string) option {
	return option{short, long, true, func(p *parser, v value) error {
		*field(p.op()) = v.text
		return nil
	}}
}

func list(short byte, long string, field func(*config) *[]string) option {
	return option{short, long, true, func(p *parser, v value) error {
		*field(p.op()) = append(*field(p.op()), v.text)
		return nil
	}}
}

func seconds(short byte, long string, field func(*config) *time.Duration) option {
	return option{short, long, true, func(p *parser, v value) error {
		d, err := parseSeconds(v.text)
		*field(p.op()) = d
		return err
	}}
}

func count(long string, least int, field func(*config) *int) option {
	return option{0, long, true, func(p *parser, v value) error {
		n, err := parseNumber(v.text)
		if err == nil && n < int64(least) {
			err = errPositive
		}
		*field(p.op()) = int(n)
		return err
	}}
}

func special(short byte, long string, arg bool, set func(p *parser, v value) error) option {
	return option{short, long, arg, set}
}

// ignored takes an option that changes nothing here.
func ignored(short byte, long string, arg bool) option {
	return option{short, long, arg, func(*parser, value) error { return nil }}
}

// refused is an option for what a sandbox has not. Where somebody may wonder,
// it says why.
func refused(short byte, long string, arg bool) option {
	why := errNoSupport
	switch {
	case slices.Contains([]string{
		"proxy", "preproxy", "proxy1.0", "socks4", "socks4a", "socks5", "socks5-hostname", "proxytunnel", "proxy-user", "resolve", "connect-to",
		"interface", "local-port", "unix-socket", "abstract-unix-socket", "doh-url", "dns-servers", "dns-interface", "dns-ipv4-addr", "dns-ipv6-addr",
		"haproxy-protocol", "alt-svc", "request-target",
	}, long):
		why = errRoute
	case slices.Contains([]string{"cacert", "capath", "crlfile", "cert", "cert-type", "key", "key-type", "pass", "pinnedpubkey", "hsts"}, long):
		why = errTrust
	}
	return option{short, long, arg, func(*parser, value) error { return why }}
}

func parseNumber(s string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(s, "+"), 10, 64)
	switch {
	case err != nil && strings.Contains(err.Error(), "range"):
		return 0, errTooLarge
	case err != nil:
		return 0, errNumber
	case n > math.MaxInt32 || n < math.MinInt32:
		return 0, errTooLarge
	}
	return n, nil
}

func parseSeconds(s string) (time.Duration, error) {
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil:
		return 0, errNumber
	case f < 0:
		return 0, errPositive
	case f > 1e9:
		return 0, errTooLarge
	}
	return time.Duration(f * float64(time.Second)), nil
}

// parseSize reads a number of bytes with a suffix.
func parseSize(s string) (int64, error) {
	shift := 0
	if s != "" {
		if at := strings.IndexByte("BKMGTP", s[len(s)-1]&^0x20); at >= 0 {
			shift, s = 10*at, s[:len(s)-1]
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil:
		return 0, errNumber
	case n < 0:
		return 0, errPositive
	case n > math.MaxInt64>>shift:
		return 0, errTooLarge
	}
	return n << shift, nil
}
