/*
Package sleep waits.

	sleep NUMBER[SUFFIX]...

NUMBER may have a fraction or be "infinity". SUFFIX is s for seconds (the
default), m for minutes, h for hours or d for days. Several are added.
*/
package sleep

import (
	"context"
	"math"
	"time"

	"agentsandbox/toolbox/tool"
)

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	flags := tool.NewFlags(x)
	operands, err := flags.Parse()
	if err != nil {
		return err
	}
	if len(operands) == 0 {
		return flags.Errorf("missing operand")
	}
	total, bad := sum(x, operands)
	if bad {
		return flags.Hint()
	}
	return x.Sleep(ctx, total)
}

// sum adds the durations, and says which are none.
func sum(x *tool.Exec, operands []string) (total time.Duration, bad bool) {
	for _, s := range operands {
		d, ok := tool.ParseDuration(s)
		if !ok {
			x.Errorf("invalid time interval %s", tool.QuoteText(s))
			bad = true
		}
		if total += d; total < 0 {
			total = math.MaxInt64
		}
	}
	return total, bad
}
