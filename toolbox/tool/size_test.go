package tool_test

import (
	"errors"
	"math"
	"testing"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

func TestParseSize(t *testing.T) {
	const units = "bcwkKMGTPEZY"
	tests := []struct {
		in   string
		want uint64
		err  error
	}{
		{"0", 0, nil},
		{"12", 12, nil},
		{" +12", 12, nil},
		{"1b", 512, nil},
		{"3c", 3, nil},
		{"3w", 6, nil},
		{"2k", 2048, nil},
		{"2K", 2048, nil},
		{"2KB", 2000, nil},
		{"2KiB", 2048, nil},
		{"1M", 1 << 20, nil},
		{"1MB", 1_000_000, nil},
		{"K", 1024, nil},
		{"18446744073709551615", math.MaxUint64, nil},
		{"18446744073709551616", math.MaxUint64, vfs.EOVERFLOW},
		{"16E", math.MaxUint64, vfs.EOVERFLOW},
		{"1Y", math.MaxUint64, vfs.EOVERFLOW},
		{"", 0, vfs.EINVAL},
		{"-1", 0, vfs.EINVAL},
		{"x", 0, vfs.EINVAL},
		{"1x", 0, vfs.EINVAL},
		{"1Ki", 0, vfs.EINVAL},
		{"1bB", 0, vfs.EINVAL},
	}
	for _, tt := range tests {
		got, err := tool.ParseSize(tt.in, units)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("ParseSize(%q) = %d, %v; want %d, %v", tt.in, got, err, tt.want, tt.err)
		}
	}
	if _, err := tool.ParseSize("1K", "M"); err != vfs.EINVAL {
		t.Errorf("a unit that is not allowed gives %v", err)
	}
}

func TestSizeError(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{vfs.EINVAL, "invalid number of bytes: 'x'"},
		{vfs.EOVERFLOW, "invalid number of bytes: 'x': Value too large for defined data type"},
	} {
		if got := tool.SizeError("invalid number of bytes", "x", tt.err).Error(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
