/*
Package df shows the space of the file system: there is one, of fixed size.

	df [OPTION]... [FILE]...

	-h, -H, --si         sizes for people; -k, -m, -B, --block-size=SIZE
	-i, --inodes         inodes, not blocks
	-T, --print-type     with the type
	-P, --portability    the columns of POSIX
	--output[=FIELDS]    source fstype itotal iused iavail ipcent size used
	                     avail pcent file target
	--total              with a sum
	-a, -l, -t, -x, --sync, --no-sync: taken and ignored

How much is in use is not known here, and shows as nothing.
*/
package df

import (
	"context"
	"fmt"
	"strings"

	"agentsandbox/toolbox/tool"
)

const (
	diskBytes = 512 << 20
	inodes    = 100_000
)

// field is a column.
type field struct {
	name, title string
	left        bool
}

// fields are all columns, in the order of a bare --output.
var fields = []field{
	{"source", "Filesystem", true}, {"fstype", "Type", true}, {"itotal", "Inodes", false}, {"iused", "IUsed", false},
	{"iavail", "IFree", false}, {"ipcent", "IUse%", false}, {"size", "", false}, {"used", "Used", false},
	{"avail", "Avail", false}, {"pcent", "Use%", false}, {"file", "File", true}, {"target", "Mounted on", true},
}

// options are those of one run.
type options struct {
	size                 tool.BlockSize
	inodes, types, posix bool
	total                bool
	output               []string
	rows                 []string // the FILEs
}

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	o := options{size: tool.BlockSize{Unit: 1024}}
	files, err := o.parse(x)
	if err != nil {
		return err
	}
	status := 0
	if len(files) == 0 {
		o.rows = []string{"-"}
	}
	for _, name := range files {
		if _, err := x.Stat(name); err != nil {
			x.WarnFile(name, err)
			status = 1
			continue
		}
		o.rows = append(o.rows, name)
	}
	if len(o.rows) > 0 {
		if err := o.print(x); err != nil {
			return err
		}
	}
	return tool.Exit(status)
}

func (o *options) parse(x *tool.Exec) ([]string, error) {
	flags := tool.NewFlags(x)
	unit := func(b tool.BlockSize) func() { return func() { o.size = b } }
	flags.Switch('h', "human-readable", unit(tool.BlockSize{Unit: 1024, Human: true}))
	flags.Switch('H', "si", unit(tool.BlockSize{Unit: 1000, Human: true}))
	flags.Switch('k', "", unit(tool.BlockSize{Unit: 1024}))
	flags.Switch('m', "", unit(tool.BlockSize{Unit: 1 << 20}))
	flags.Func('B', "block-size", func(s string) error {
		b, err := tool.ParseBlockSize(s)
		if err != nil {
			return fmt.Errorf("invalid -B argument %s", tool.Quote(s))
		}
		o.size = b
		return nil
	})
	flags.BoolVar(&o.inodes, true, 'i', "inodes")
	flags.BoolVar(&o.types, true, 'T', "print-type")
	flags.BoolVar(&o.posix, true, 'P', "portability")
	flags.BoolVar(&o.total, true, 0, "total")
	flags.Optional(0, "output", "", func(s string) error {
		names, err := pick(x, flags, s)
		o.output = names
		return err
	})
	flags.Switch('a', "all", func() {})
	flags.Switch('l', "local", func() {})
	flags.Switch(0, "sync", func() {})
	flags.Switch(0, "no-sync", func() {})
	ignore := func(string) error { return nil }
	flags.Func('t', "type", ignore)
	flags.Func('x', "exclude-type", ignore)
	return flags.Parse()
}

// pick reads the names of --output.
func pick(x *tool.Exec, flags *tool.Flags, list string) ([]string, error) {
	var names []string
	for _, f := range fields {
		if list == "" {
			names = append(names, f.name)
		}
	}
	if list == "" {
		return names, nil
	}
next:
	for name := range strings.SplitSeq(list, ",") {
		for _, f := range fields {
			if f.name == name {
				names = append(names, name)
				continue next
			}
		}
		return nil, flags.Errorf("option --output: field %s unknown", tool.QuoteText(name))
	}
	return names, nil
}

// columns are the names of the columns to print.
func (o *options) columns() []string {
	if o.output != nil {
		return o.output
	}
	names := []string{"source"}
	if o.types {
		names = append(names, "fstype")
	}
	if o.inodes {
		return append(names, "itotal", "iused", "iavail", "ipcent", "target")
	}
	return append(names, "size", "used", "avail", "pcent", "target")
}

// title is what stands above a column.
func (o *options) title(f field) string {
	switch {
	case f.name == "size" && o.size.Human:
		return "Size"
	case f.name == "size" && o.posix:
		return fmt.Sprintf("%d-blocks", o.size.Unit)
	case f.name == "size":
		return blocksTitle(o.size.Unit)
	case f.name == "avail" && !o.size.Human && o.output == nil:
		return "Available"
	case f.name == "pcent" && o.posix:
		return "Capacity"
	}
	return f.title
}

// blocksTitle names a unit: 1K-blocks, 1M-blocks, 512B-blocks.
func blocksTitle(unit uint64) string {
	const letters = "KMGTPE"
	n, at := unit, -1
	for n%1024 == 0 && at+1 < len(letters) {
		n /= 1024
		at++
	}
	if at < 0 {
		return fmt.Sprintf("%dB-blocks", unit)
	}
	return fmt.Sprintf("%d%c-blocks", n, letters[at])
}

// value is what a row has in a column.
func (o *options) value(name, row string) string {
	switch name {
	case "source":
		if row == "total" {
			return row
		}
		return tool.Hostname
	case "fstype":
		return "ramfs"
	case "itotal", "iavail":
		return fmt.Sprint(inodes)
	case "size", "avail":
		return o.size.Show(diskBytes, 1)
	case "iused", "used":
		return "0"
	case "ipcent", "pcent":
		return "0%"
	case "file":
		return row
	}
	if row == "total" {
		return "-"
	}
	return "/"
}

func (o *options) print(x *tool.Exec) error {
	var columns []field
	for _, name := range o.columns() {
		for _, f := range fields {
			if f.name == name {
				columns = append(columns, f)
			}
		}
	}
	table := [][]string{nil}
	for _, f := range columns {
		table[0] = append(table[0], o.title(f))
	}
	rows := o.rows
	if o.total {
		rows = append(rows, "total")
	}
	for _, row := range rows {
		var line []string
		for _, f := range columns {
			line = append(line, o.value(f.name, row))
		}
		table = append(table, line)
	}
	return write(x, columns, table)
}

// write lays a table out; narrow columns have some room.
func write(x *tool.Exec, columns []field, table [][]string) error {
	widths := make([]int, len(columns))
	for i, f := range columns {
		switch {
		case f.name == "source":
			widths[i] = 14
		case !f.left && !strings.HasSuffix(f.name, "pcent"):
			widths[i] = 5
		}
		for _, line := range table {
			widths[i] = max(widths[i], len(line[i]))
		}
	}
	out := x.Writer()
	for _, line := range table {
		for i, f := range columns {
			pad := strings.Repeat(" ", widths[i]-len(line[i]))
			switch {
			case f.left && i == len(columns)-1:
				out.WriteString(line[i])
			case f.left:
				out.WriteString(line[i] + pad)
			default:
				out.WriteString(pad + line[i])
			}
			if i < len(columns)-1 {
				out.WriteByte(' ')
			}
		}
		out.WriteByte('\n')
	}
	return out.Flush()
}
