package unzip

import (
	"archive/zip"
	"fmt"
	"time"

	"agentsandbox/toolbox/zone"
)

// list prints the table of -l or -v, or the names.
func (r *runner) list(files []*zip.File) {
	var plain, packed uint64
	n := 0
	zone := zone.Load(r.x.Getenv("TZ"))
	head, foot := r.frame()
	if r.quiet < 2 {
		fmt.Fprint(r.out, head)
	}
	for _, f := range files {
		if !r.wanted(f.Name) {
			continue
		}
		n++
		plain += f.UncompressedSize64
		packed += f.CompressedSize64
		r.entry(f, zone)
	}
	if r.mode == names || r.quiet > 1 {
		return
	}
	plural := "s"
	if n == 1 {
		plural = ""
	}
	fmt.Fprint(r.out, foot)
	if r.mode == list {
		fmt.Fprintf(r.out, "%9d                     %d file%s\n", plain, n, plural)
		return
	}
	fmt.Fprintf(r.out, "%8d         %8d %s                            %d file%s\n", plain, packed, saved(plain, packed), n, plural)
}

// frame is what stands above and below the entries.
func (r *runner) frame() (head, foot string) {
	switch r.mode {
	case list:
		return "  Length      Date    Time    Name\n---------  ---------- -----   ----\n", "---------                     -------\n"
	case verbose:
		return " Length   Method    Size  Cmpr    Date    Time   CRC-32   Name\n" +
				"--------  ------  ------- ---- ---------- ----- --------  ----\n",
			"--------          -------  ---                            -------\n"
	}
	return "", ""
}

func (r *runner) entry(f *zip.File, zone *time.Location) {
	at := f.Modified.In(zone).Format("2006-01-02 15:04")
	switch r.mode {
	case names:
		fmt.Fprintln(r.out, f.Name)
	case list:
		fmt.Fprintf(r.out, "%9d  %s   %s\n", f.UncompressedSize64, at, f.Name)
	default:
		fmt.Fprintf(r.out, "%8d  %s%8d %s %s %08x  %s\n", f.UncompressedSize64, method(f), f.CompressedSize64,
			saved(f.UncompressedSize64, f.CompressedSize64), at, f.CRC32, f.Name)
	}
}

// method is how an entry is compressed.
func method(f *zip.File) string {
	switch f.Method {
	case zip.Store:
		return "Stored "
	case zip.Deflate:
		return "Defl:" + [...]string{"N", "X", "F", "S"}[f.Flags>>1&3] + " "
	}
	return fmt.Sprintf("Unk:%03d", f.Method)
}

// saved is how much smaller something got.
func saved(plain, packed uint64) string {
	if plain == 0 {
		return "  0%"
	}
	return fmt.Sprintf("%3.0f%%", 100*(float64(plain)-float64(packed))/float64(plain))
}
