//go:build deps

package core

import (
	_ "code.dny.dev/ssrf"
	_ "github.com/benhoyt/goawk/interp"
	_ "github.com/ergochat/readline"
	_ "github.com/hack-pad/hackpadfs"
	_ "github.com/itchyny/gojq"
	_ "github.com/klauspost/compress/zstd"
	_ "github.com/syumai/workers"
	_ "github.com/tetratelabs/wazero"
	_ "golang.org/x/net/idna"
	_ "golang.org/x/sys/unix"
	_ "golang.org/x/term"
	_ "mvdan.cc/sh/v3/syntax"
	_ "pgregory.net/rapid"
)
