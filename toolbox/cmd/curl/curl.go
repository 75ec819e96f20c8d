/*
Package curl transfers data from or to an HTTP server.

	curl [OPTION]... URL...

The sandbox's host makes the requests, under its network policy: http and https
only, certificates always verified, no proxy. URLs may hold sets {a,b} and ranges
[1-9] [a-z] [001-100:10]; "#1" in a name of -o is what the first of them stands for.

Requests:

	-X, --request METHOD      -H, --header LINE|@FILE   -A, --user-agent NAME
	-d, --data DATA|@FILE     --data-raw DATA           --data-binary DATA|@FILE
	--data-urlencode DATA     --json DATA|@FILE         -F, --form NAME=CONTENT
	--form-string NAME=TEXT   -G, --get                 --url-query DATA
	-T, --upload-file FILE    -I, --head                -r, --range RANGE
	-u, --user NAME:PASSWORD  --oauth2-bearer TOKEN     -e, --referer URL
	-b, --cookie DATA|FILE    -c, --cookie-jar FILE     -j, --junk-session-cookies
	--compressed              -z, --time-cond TIME      --etag-save, --etag-compare FILE

Output:

	-o, --output FILE         -O, --remote-name         -J, --remote-header-name
	--output-dir DIR          --create-dirs             --remote-name-all
	-i, --include             -D, --dump-header FILE    -w, --write-out FORMAT|@FILE
	-s, --silent              -S, --show-error          -v, --verbose
	-C, --continue-at OFFSET  -R, --remote-time         --no-clobber
	--stderr FILE             -#, --progress-bar        --remove-on-error

Transfers:

	-L, --location            --max-redirs N            --location-trusted
	--post301, --post302, --post303                     --path-as-is
	-f, --fail                --fail-with-body          --fail-early
	-m, --max-time SECONDS    --connect-timeout SECONDS --max-filesize BYTES
	--retry N                 --retry-delay SECONDS     --retry-max-time SECONDS
	--retry-all-errors        --retry-connrefused
	-g, --globoff             -K, --config FILE         -:, --next
	-Z, --parallel            --parallel-max N          --proto-default PROTOCOL

The exit status is curl's: 3 a bad URL, 6 an unknown host, 7 no connection (or
none allowed), 22 an HTTP error with -f, 28 a time-out, 47 too many redirects,
60 a bad certificate, and so on. Options for what a sandbox has not (proxies,
certificates of one's own, other protocols) are refused; those that only tune
the connection are taken and have no effect. The progress meter shows on a
terminal only.
*/
package curl

import (
	"context"
	"errors"

	"agentsandbox/toolbox/tool"
)

// version is that of the curl whose behaviour this is.
const version = "7.88.1"

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	r := &runner{x: x, stderr: x.Stderr, most: defaultParallel}
	p := newParser(r)
	err := p.parse(x.Args)
	if err == nil {
		err = p.settle()
	}
	switch {
	case errors.Is(err, errPrinted):
		return nil
	case err != nil:
		return p.usage(err)
	}
	if len(p.ops) == 1 && len(p.ops[0].urls) == 0 {
		return p.noURL(len(x.Args) == 0)
	}
	return tool.Exit(r.operate(ctx, p.ops))
}
