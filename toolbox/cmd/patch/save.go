package patch

import (
	"io/fs"
	"path"
	"strconv"
	"strings"

	"agentsandbox/toolbox/tool"
	"agentsandbox/vfs"
)

// finish writes what came out.
func (j *job) finish() error {
	if len(j.rejected) > 0 {
		j.failed = true
	}
	if j.dryRun {
		j.reportRejects("")
		return nil
	}
	if err := j.write(); err != nil {
		return err
	}
	return j.writeRejects()
}

func (j *job) write() error {
	result := j.content.String()
	if j.skipRest {
		return nil
	}
	if len(j.f.hunks) > 0 && len(j.rejected) == len(j.f.hunks) && !j.exists {
		return j.fatal("Can't reopen file %s : %s", j.name, vfs.ENOENT.Error())
	}
	if j.exists && (j.backup || j.options.mismatch && j.mismatch) && j.output == "" {
		if err := j.save(j.name+j.suffix, j.original); err != nil {
			return err
		}
	}
	if result == "" && (j.f.deleted || j.remove) && len(j.rejected) == 0 && j.output == "" {
		return j.delete()
	}
	if j.f.deleted && result != "" && len(j.rejected) == 0 {
		j.say("Not deleting file %s as content differs from patch\n", j.name)
		j.failed = true
	}
	if err := j.save(j.out, result); err != nil {
		return err
	}
	if mode, err := strconv.ParseUint(j.f.mode, 8, 32); err == nil && j.f.mode != "" {
		if err := j.x.FS.Chmod(j.x.Abs(j.out), fs.FileMode(mode&0o777)); err != nil {
			return j.fatal("Can't set permissions of file %s : %s", j.out, tool.ErrText(err))
		}
	}
	if j.out != j.name && j.output == "" {
		return j.delete()
	}
	return nil
}

// delete removes the file, and the directories that are empty then.
func (j *job) delete() error {
	if !j.exists {
		return nil
	}
	if err := j.x.FS.Unlink(j.x.Abs(j.name)); err != nil {
		return j.fatal("Can't remove file %s : %s", j.name, tool.ErrText(err))
	}
	for dir := path.Dir(j.name); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if j.x.FS.Rmdir(j.x.Abs(dir)) != nil {
			break
		}
	}
	return nil
}

// save writes a file, in directories that are made if need be.
func (j *job) save(name, data string) error {
	dir := path.Dir(name)
	if _, err := j.x.Stat(dir); err != nil {
		made := ""
		if path.IsAbs(dir) {
			made = "/"
		}
		for piece := range strings.SplitSeq(dir, "/") {
			made = path.Join(made, piece)
			j.x.FS.Mkdir(j.x.Abs(made), 0o777&^j.x.Umask)
		}
	}
	if name == "-" {
		_, err := j.x.Stdout.Write([]byte(data))
		return err
	}
	f, err := j.x.Create(name)
	if err != nil {
		return j.fatal("Can't create file %s : %s", name, tool.ErrText(err))
	}
	_, err = f.Write([]byte(data))
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil && j.exists && name != j.name {
		err = j.x.FS.Chmod(j.x.Abs(name), j.info.Mode.Perm())
	}
	if err != nil {
		return j.fatal("write error : %s", tool.ErrText(err))
	}
	return nil
}
