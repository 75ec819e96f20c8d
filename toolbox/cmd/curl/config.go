package curl

import "time"

// config is what the options between two --next say.
type config struct {
	urls []*urlSpec

	// the request
	method        string
	head, get     bool
	headers       []string
	userAgent     string
	userAgentSet  bool
	referer       string
	autoReferer   bool
	user, bearer  string
	netrc         bool
	netrcFile     string
	netrcOptional bool
	data          *dataBody
	form          []formPart
	formSet       bool
	query         []string
	rng           string
	timeCond      string
	compressed    bool
	kind          string // of the request, as the options so far have it

	// cookies
	cookies     []string // texts and files, in order
	jar         string
	junkSession bool

	// where to
	outputDir     string
	createDirs    bool
	remoteAll     bool
	headerName    bool
	include       bool
	dumpHeader    string
	writeOut      string
	continueAt    string
	remoteTime    bool
	noClobber     bool
	removeOnError bool
	etagSave      string
	etagCompare   string

	// how
	location, trusted         bool
	maxRedirs                 int
	post301, post302, post303 bool
	pathAsIs                  bool
	fail, failBody            bool
	maxTime, connectTimeout   time.Duration
	maxFilesize               int64
	retries                   int
	retryDelay, retryMax      time.Duration
	retryAll, retryRefused    bool
	globOff                   bool
	insecure                  bool
	raw                       bool
	protoDefault              string
	disallowUser              bool
}

// kinds of request, as messages name them.
const (
	kindHead = "HEAD (-I, --head)"
	kindForm = "multipart formpost (-F, --form)"
	kindPost = "POST (-d, --data)"
)

// choose settles the kind of the request; one that is chosen differently
// already is a misuse.
func (p *parser) choose(kind string) error {
	c := p.op()
	if c.kind != "" && c.kind != kind {
		p.r.warn("You can only select one HTTP request method! You asked for both %s and %s.", kind, c.kind)
		return errBadUse
	}
	c.kind = kind
	return nil
}

// settle checks, at the end of the options, what -d means beside the others.
func (p *parser) settle() error {
	for _, c := range p.ops {
		if c.data == nil || c.get {
			continue
		}
		if c.kind != "" && c.kind != kindPost {
			p.r.warn("You can only select one HTTP request method! You asked for both %s and %s.", kindPost, c.kind)
			return exitCode(2)
		}
	}
	return nil
}

func newConfig() *config { return &config{maxRedirs: 50} }

// global is what the options say for all transfers.
type global struct {
	silent, showError bool
	verbose           bool
	failEarly         bool
	bar               bool
	noMeter           bool
}

// urlSpec is one URL with what was said of its output.
type urlSpec struct {
	url       string
	urlSet    bool
	output    string
	outSet    bool
	remote    bool
	upload    string
	uploadSet bool
}

// next returns the first entry for which taken is false, a new one if there is
// none: -o and -O belong to URLs in order, wherever they stand.
func (c *config) next(taken func(*urlSpec) bool) *urlSpec {
	for _, u := range c.urls {
		if !taken(u) {
			return u
		}
	}
	u := &urlSpec{}
	c.urls = append(c.urls, u)
	return u
}
