package tool

import (
	"math/bits"
	"strconv"
	"strings"

	"agentsandbox/vfs"
)

// BlockSize is how sizes are shown: in units, or for people.
type BlockSize struct {
	Unit   uint64 // bytes of a unit; 1024 or 1000, the base, if Human
	Human  bool   // 1.5K, 12M
	Suffix string // printed behind each number
}

// Show renders n units of each bytes, rounded up.
func (b BlockSize) Show(n, each uint64) string {
	if b.Human {
		return HumanSize(n*each, b.Unit)
	}
	if hi, _ := bits.Mul64(n, each); hi >= b.Unit {
		return "18446744073709551615" + b.Suffix
	}
	return strconv.FormatUint(mulDivUp(n, each, b.Unit), 10) + b.Suffix
}

// HumanSize renders bytes for people, rounded up, in powers of base (1024, or
// 1000 with a small k): 512, 1.5K, 12M.
func HumanSize(n, base uint64) string {
	if n < base {
		return strconv.FormatUint(n, 10)
	}
	letters := "KMGTPEZ"
	if base == 1000 {
		letters = "kMGTPEZ"
	}
	unit, power := base, 0
	for n/unit >= base {
		unit *= base
		power++
	}
	if tenths := mulDivUp(n, 10, unit); tenths < 100 {
		return strconv.FormatUint(tenths/10, 10) + "." + strconv.FormatUint(tenths%10, 10) + letters[power:power+1]
	}
	whole := mulDivUp(n, 1, unit)
	if whole == base {
		return "1.0" + letters[power+1:power+2]
	}
	return strconv.FormatUint(whole, 10) + letters[power:power+1]
}

// mulDivUp is n*factor/unit, rounded up.
func mulDivUp(n, factor, unit uint64) uint64 {
	hi, lo := bits.Mul64(n, factor)
	q, rem := bits.Div64(hi, lo, unit)
	if rem > 0 {
		q++
	}
	return q
}

// ParseBlockSize reads the value of --block-size and its like: a size, or
// human-readable, or si. A unit without a number is shown behind the numbers.
func ParseBlockSize(s string) (BlockSize, error) {
	s = strings.TrimPrefix(s, "'")
	switch s {
	case "human-readable":
		return BlockSize{Unit: 1024, Human: true}, nil
	case "si":
		return BlockSize{Unit: 1000, Human: true}, nil
	}
	unit, err := ParseSize(s, "bKkMmGgTtPEZY")
	if err == nil && unit == 0 {
		err = vfs.EINVAL
	}
	if err != nil {
		return BlockSize{}, err
	}
	b := BlockSize{Unit: unit}
	if s[0] < '0' || s[0] > '9' {
		b.Suffix = unitSuffix(s)
	}
	return b, nil
}

// unitSuffix is a unit as it is shown: K for 1024 as kB for 1000.
func unitSuffix(s string) string {
	letter := strings.ToUpper(s[:1])
	if strings.HasSuffix(s, "iB") || len(s) == 1 {
		return letter + s[1:]
	}
	if letter == "K" {
		letter = "k"
	}
	return letter + s[1:]
}

// DiskBlocks is how many blocks of 512 bytes a file takes on a disk of 4 KiB
// blocks. A directory takes one; a short link lives in its inode.
func DiskBlocks(info vfs.Info) uint64 {
	const perBlock, block, inline = 8, 4096, 60
	switch {
	case info.IsDir():
		return max(perBlock, ceil(info.Size, block)*perBlock)
	case info.Mode.IsRegular() || info.Size >= inline:
		return ceil(info.Size, block) * perBlock
	}
	return 0
}

func ceil(n, unit int64) uint64 { return uint64(n+unit-1) / uint64(unit) }
