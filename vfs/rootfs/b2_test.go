package rootfs_test
import ("testing";"os";"path/filepath";"io/fs";"agentsandbox/vfs";"agentsandbox/vfs/rootfs")
func BenchmarkBase(b *testing.B){
 root:=tree(b); buf:=make([]byte,64<<10)
 var files []string
 filepath.WalkDir(root,func(p string,d fs.DirEntry,err error)error{ if !d.IsDir(){files=append(files,p)}; return nil})
 b.Run("os",func(b *testing.B){ for i:=0;b.Loop();i++ { f,_:=os.Open(files[i%5000]); f.ReadAt(buf,0); f.Close() } })
 r:=open(b,root,rootfs.Options{})
 b.Run("rootfs",func(b *testing.B){ for i:=0;b.Loop();i++ { n:=files[i%5000][len(root)+1:]; f,err:=r.Open(n,vfs.Read,0); if err!=nil {b.Fatal(err)}; f.ReadAt(buf,0); f.Close() } })
 b.Run("lstat",func(b *testing.B){ for i:=0;b.Loop();i++ { n:=files[i%5000][len(root)+1:]; r.Lstat(n) } })
 b.Run("os.lstat",func(b *testing.B){ for i:=0;b.Loop();i++ { os.Lstat(files[i%5000]) } })
}
