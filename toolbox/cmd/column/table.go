package column

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// table writes lines as the rows of a table.
func (c *column) table(lines []string) error {
	rows := make([][]string, len(lines))
	count := len(c.names)
	for i, line := range lines {
		rows[i] = c.split(line)
		count = max(count, len(rows[i]))
	}
	shown, err := c.shown(count)
	if err != nil {
		return err
	}
	if c.json {
		return c.writeJSON(rows, shown)
	}
	right, err := c.columns(c.right, count)
	if err != nil {
		return err
	}
	if len(c.names) > 0 && !c.noHeader {
		rows = append([][]string{c.names}, rows...)
	}
	widths := make([]int, count)
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], width(cell))
		}
	}
	for _, row := range rows {
		for k, i := range shown {
			cell := ""
			if i < len(row) {
				cell = row[i]
			}
			pad := strings.Repeat(" ", widths[i]-width(cell))
			if k > 0 {
				c.w.WriteString(c.between)
			}
			last := k == len(shown)-1
			switch {
			case last && cell == "":
			case slices.Contains(right, i):
				c.w.WriteString(pad + cell)
			case last:
				c.w.WriteString(cell)
			default:
				c.w.WriteString(cell + pad)
			}
		}
		c.w.WriteByte('\n')
	}
	return nil
}

// split splits a line into cells.
func (c *column) split(line string) []string {
	var cells []string
	for {
		if c.greedy {
			line = strings.TrimLeft(line, c.separator)
			if line == "" {
				return cells
			}
		}
		n := strings.IndexAny(line, c.separator)
		if n < 0 || c.separator == "" || c.limit > 0 && len(cells) == c.limit-1 {
			return append(cells, line)
		}
		cells = append(cells, line[:n])
		line = line[n+1:]
	}
}

// columns finds columns by name or number, from 0.
func (c *column) columns(list []string, count int) ([]int, error) {
	var out []int
	for _, item := range list {
		i := slices.Index(c.names, item)
		if i < 0 {
			n, err := strconv.Atoi(item)
			if err != nil || n < 1 {
				return nil, c.x.Fail(1, "undefined column name '%s'", item)
			}
			i = n - 1
		}
		if i < count {
			out = append(out, i)
		}
	}
	return out, nil
}

// shown is the columns to write, in order.
func (c *column) shown(count int) ([]int, error) {
	first, err := c.columns(c.order, count)
	if err != nil {
		return nil, err
	}
	hidden, err := c.columns(c.hide, count)
	if err != nil {
		return nil, err
	}
	for i := range count {
		if !slices.Contains(first, i) {
			first = append(first, i)
		}
	}
	return slices.DeleteFunc(first, func(i int) bool { return slices.Contains(hidden, i) }), nil
}

func (c *column) writeJSON(rows [][]string, shown []int) error {
	quote := func(s string) string {
		b, _ := json.Marshal(s)
		return string(b)
	}
	c.w.WriteString("{\n   " + quote(c.tableName) + ": [\n      ")
	for i, row := range rows {
		if i > 0 {
			c.w.WriteByte(',')
		}
		c.w.WriteString("{\n")
		for k, at := range shown {
			name, cell := "", "null"
			if at < len(c.names) {
				name = strings.ToLower(c.names[at])
			}
			if at < len(row) {
				cell = quote(row[at])
			}
			c.w.WriteString("         " + quote(name) + ": " + cell)
			if k < len(shown)-1 {
				c.w.WriteByte(',')
			}
			c.w.WriteByte('\n')
		}
		c.w.WriteString("      }")
	}
	_, err := c.w.WriteString("\n   ]\n}\n")
	return err
}
