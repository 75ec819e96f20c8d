//go:build !wasm

package regex

import "sync"

type lock = sync.Mutex
