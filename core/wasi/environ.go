package wasi

import "agentsandbox/vfs"

func environGet(c call) vfs.Errno      { return c.putList(c.p.cfg.Env, c.u32(0), c.u32(1)) }
func environSizesGet(c call) vfs.Errno { return c.putSizes(c.p.cfg.Env, c.u32(0), c.u32(1)) }
