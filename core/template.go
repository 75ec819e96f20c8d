package core

import (
	"strings"

	"agentsandbox/core/guest"
	"agentsandbox/vfs"
	"agentsandbox/vfs/memfs"
	"agentsandbox/vfs/procfs"
)

// template is the root that every sandbox forks: the folders of a small Linux,
// the names of the commands, and a few files that programs look for.
func (rt *Runtime) template() (*memfs.FS, error) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.root != nil {
		return rt.root, nil
	}
	img, err := rt.full.image()
	if err != nil {
		return nil, err
	}
	root := memfs.New(memfs.Config{Dev: 1})
	if err := fillRoot(root, img.Info); err != nil {
		return nil, err
	}
	if rt.proc, err = procfs.NewTree(kernel, 2); err != nil {
		return nil, err
	}
	rt.root = root
	return root, nil
}

func fillRoot(root vfs.FS, info guest.Info) error {
	space := vfs.Space{FS: root}
	for _, dir := range []string{"dev", "etc", "home/sandbox", "opt", "proc", "tmp", "usr/bin", "usr/local/bin", "var/tmp", "work"} {
		if err := space.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	for _, dir := range []string{"tmp", "var/tmp"} {
		if err := root.Chmod(dir, 0o777); err != nil {
			return err
		}
	}
	for name, text := range etc {
		if err := space.WriteFile("etc/"+name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	for _, name := range info.Commands {
		if err := space.WriteFile("usr/bin/"+name, []byte(strings.Replace(info.File, "%s", name, 1)), 0o755); err != nil {
			return err
		}
		if err := root.Chmod("usr/bin/"+name, 0o755); err != nil {
			return err
		}
	}
	return root.Symlink("usr/bin", "bin")
}

// kernel is what uname says as well.
var kernel = procfs.Kernel{Release: "6.1.0", Version: "#1 SMP", Machine: "wasm32", Hostname: "sandbox"}

// etc holds the files of /etc.
var etc = map[string]string{
	"passwd":     "root:x:0:0:root:/root:/bin/bash\nsandbox:x:1000:1000:sandbox:/home/sandbox:/bin/bash\n",
	"group":      "root:x:0:\nsandbox:x:1000:\n",
	"hostname":   "sandbox\n",
	"hosts":      "127.0.0.1\tlocalhost\n",
	"os-release": "NAME=\"agent-sandbox\"\nID=agent-sandbox\nPRETTY_NAME=\"agent-sandbox\"\n",
	"shells":     "/bin/sh\n/bin/bash\n",
}
