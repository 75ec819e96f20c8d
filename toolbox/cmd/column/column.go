/*
Package column arranges lines in columns.

	column [OPTION]... [FILE]...

Without FILE it reads standard input. Lines fill columns, or with -t become the
rows of a table, split into cells.

	-c, --output-width N           columns of the output (80)
	-x, --fillrows                 fill rows before columns
	-t, --table                    make a table
	-s, --separator CHARS          cells are separated by one of CHARS, each by
	                               itself, not by runs of blanks
	-o, --output-separator STRING  put STRING between columns (two spaces)
	-N, --table-columns NAMES      names of the columns, as a header
	-n, --table-name NAME          name of the table for -J
	-l, --table-columns-limit N    the last of N columns takes the rest of the line
	-R, --table-right COLUMNS      align these to the right
	-H, --table-hide COLUMNS       leave these out
	-O, --table-order COLUMNS      these first
	-d, --table-noheadings         write no header
	-e, --table-header-repeat      accepted, as are -E, -T and -W
	-J, --json                     write the table as JSON
	-L, --keep-empty-lines         keep empty lines

COLUMNS are names or numbers, with commas.
*/
package column

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"agentsandbox/toolbox/tool"
)

// column is one run.
type column struct {
	width     int
	fillRows  bool
	isTable   bool
	separator string
	greedy    bool // runs of separators are one
	between   string
	names     []string
	tableName string
	limit     int
	right     []string
	hide      []string
	order     []string
	noHeader  bool
	json      bool
	keepEmpty bool

	x *tool.Exec
	w *bufio.Writer
}

// Run runs the command.
func Run(ctx context.Context, x *tool.Exec) error {
	c := column{width: 80, separator: "\t ", greedy: true, between: "  ", tableName: "table", x: x, w: x.Writer()}
	files, err := c.parse()
	if err != nil {
		return err
	}
	if len(files) == 0 {
		files = []string{""}
	}
	var lines []string
	failed := false
	for _, name := range files {
		ok, err := c.read(ctx, name, &lines)
		if err != nil {
			return err
		}
		failed = failed || !ok
	}
	if c.isTable || c.json {
		err = c.table(lines)
	} else {
		c.fill(lines)
	}
	if flushErr := c.w.Flush(); err == nil {
		err = flushErr
	}
	if err == nil && failed {
		err = tool.Exit(1)
	}
	return err
}

func (c *column) parse() ([]string, error) {
	if n, err := strconv.Atoi(c.x.Getenv("COLUMNS")); err == nil && n > 0 {
		c.width = n
	}
	f := tool.NewFlags(c.x)
	f.Version('V')
	list := func(to *[]string) func(string) error {
		return func(s string) error { *to = strings.Split(s, ","); return nil }
	}
	number := func(to *int, what string) func(string) error {
		return func(s string) error {
			if s == "unlimited" {
				*to = 1 << 30
				return nil
			}
			n, err := strconv.Atoi(s)
			if err != nil || n < 0 {
				return fmt.Errorf("invalid %s argument: '%s'", what, s)
			}
			*to = n
			return nil
		}
	}
	f.Func('c', "output-width", number(&c.width, "columns"))
	f.BoolVar(&c.fillRows, true, 'x', "fillrows")
	f.BoolVar(&c.isTable, true, 't', "table")
	f.Func('s', "separator", func(s string) error { c.separator, c.greedy = s, false; return nil })
	f.Func('o', "output-separator", func(s string) error { c.between = s; return nil })
	f.Func('N', "table-columns", list(&c.names))
	f.Func('n', "table-name", func(s string) error { c.tableName = s; return nil })
	f.Func('l', "table-columns-limit", number(&c.limit, "columns limit"))
	f.Func('R', "table-right", list(&c.right))
	f.Func('H', "table-hide", list(&c.hide))
	f.Func('O', "table-order", list(&c.order))
	f.BoolVar(&c.noHeader, true, 'd', "table-noheadings")
	f.Bool('e', "table-header-repeat")
	for short, long := range map[byte]string{'E': "table-noextreme", 'T': "table-truncate", 'W': "table-wrap"} {
		f.Func(short, long, func(string) error { return nil })
	}
	f.BoolVar(&c.json, true, 'J', "json")
	f.BoolVar(&c.keepEmpty, true, 'L', "keep-empty-lines")
	files, err := f.Parse()
	if err == nil && c.json && c.names == nil {
		err = c.x.Fail(1, "option --table-columns or --table-column required for --json")
	}
	return files, err
}

// read adds the lines of a file, "" for standard input.
func (c *column) read(ctx context.Context, name string, lines *[]string) (ok bool, err error) {
	var in io.Reader = c.x.Stdin
	if name != "" {
		f, err := c.x.Open("./" + name)
		if name[0] == '/' {
			f, err = c.x.Open(name)
		}
		if err != nil {
			c.x.Errorf("%s: %s", name, tool.ErrText(err))
			return false, nil
		}
		defer f.Close()
		in = f
	}
	records := c.x.Lines(ctx, in, '\n')
	held := 0
	for {
		line, _, err := records.NextText()
		switch {
		case err == io.EOF:
			return true, nil
		case tool.ReadFailed(err):
			return false, c.x.Fail(1, "read failed: %s", tool.ErrText(err))
		case err != nil:
			return false, err
		}
		if strings.TrimSpace(string(line)) == "" && !c.keepEmpty {
			continue
		}
		if held += len(line) + 16; held > tool.MaxHeld {
			return false, c.x.Fail(1, "cannot allocate memory")
		}
		*lines = append(*lines, string(line))
	}
}

// width is how many columns s takes.
func width(s string) int {
	n := 0
	for _, r := range s {
		if r == utf8.RuneError {
			n++
			continue
		}
		n += max(tool.RuneWidth(r), 0)
	}
	return n
}

const tab = 8

// fill writes lines in columns that end at tab stops.
func (c *column) fill(lines []string) {
	longest := 0
	for _, l := range lines {
		longest = max(longest, width(l))
	}
	if longest >= c.width {
		for _, l := range lines {
			c.w.WriteString(l + "\n")
		}
		return
	}
	size := (longest + tab) / tab * tab
	columns := max(c.width/size, 1)
	rows := (len(lines) + columns - 1) / columns
	at := func(row, col int) int { return col*rows + row }
	if c.fillRows {
		at = func(row, col int) int { return row*columns + col }
	}
	for row := range rows {
		reached := 0
		for col := range columns {
			i := at(row, col)
			if i >= len(lines) {
				break
			}
			if col > 0 {
				for next := (reached + tab) / tab * tab; next <= col*size; next += tab {
					c.w.WriteByte('\t')
					reached = next
				}
			}
			c.w.WriteString(lines[i])
			reached += width(lines[i])
		}
		c.w.WriteByte('\n')
	}
}
