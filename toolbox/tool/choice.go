package tool

import (
	"fmt"
	"strings"
)

// Choice is the value of an option that takes one of a few words, with the
// words that mean the same: {"always", "yes", "force"}.
type Choice []string

// Pick finds which choice value names, whole or abbreviated without doubt.
// option is as it is shown ("--color"). What it returns as error is printed
// in GNU's words, with the list of what is valid.
func (f *Flags) Pick(option, value string, choices []Choice) (int, error) {
	found, many := -1, false
	for i, c := range choices {
		for _, word := range c {
			if word == value {
				return i, nil
			}
			if strings.HasPrefix(word, value) {
				many = many || found >= 0 && found != i
				found = i
			}
		}
	}
	if found >= 0 && !many {
		return found, nil
	}
	return 0, f.badChoice(option, value, choices, many)
}

func (f *Flags) badChoice(option, value string, choices []Choice, many bool) error {
	problem := "invalid"
	if many {
		problem = "ambiguous"
	}
	f.x.Errorf("%s argument %s for %s", problem, QuoteText(value), QuoteText(option))
	fmt.Fprintf(f.x.Stderr, "Valid arguments are:\n")
	for _, c := range choices {
		words := make([]string, len(c))
		for i, word := range c {
			words[i] = QuoteText(word)
		}
		fmt.Fprintf(f.x.Stderr, "  - %s\n", strings.Join(words, ", "))
	}
	_ = f.Hint()
	return Exit(1) // whatever other usage errors exit with
}

// Hint prints where to find help and returns the error that exits with Usage.
func (f *Flags) Hint() error {
	if f.Synopsis != "" {
		fmt.Fprintln(f.x.Stderr, f.Synopsis)
	}
	if f.HintNamed {
		fmt.Fprintf(f.x.Stderr, "%s: ", f.x.Name)
	}
	if f.OnUsage != nil {
		f.OnUsage()
	} else {
		fmt.Fprintf(f.x.Stderr, "Try '%s --help' for more information.\n", f.x.Name)
	}
	return Exit(f.Usage)
}
