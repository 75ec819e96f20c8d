package tooltest

import (
	"flag"
	"testing"
)

var transcripts = flag.String("transcripts", "", "pattern of the transcripts to record")

// TestRecord records transcripts from the real programs; without -record and
// -transcripts it has nothing to do.
func TestRecord(t *testing.T) {
	if !*record || *transcripts == "" {
		t.Skip("records only with -record -transcripts PATTERN")
	}
	Run(t, *transcripts, nil)
}
