/*
Package uuidgen makes identifiers that no other has (UUID).

	uuidgen [-r | -t | {-m | -s} -n NAMESPACE -N NAME]

	-r, --random          of random bits (the default)
	-t, --time            of the time
	-m, --md5, -s, --sha1 of a name in a namespace
	-n, --namespace=NS    a UUID, or @dns, @url, @oid, @x500
	-N, --name=NAME       the name; with -x, --hex in hexadecimal
*/
package uuidgen

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"agentsandbox/toolbox/tool"
)

// namespaces are those of RFC 4122, which differ in one byte.
var namespaces = map[string]byte{"@dns": 0x10, "@url": 0x11, "@oid": 0x12, "@x500": 0x14}

// Run runs the command.
func Run(_ context.Context, x *tool.Exec) error {
	f := tool.NewFlags(x)
	kind := byte('r')
	for _, o := range []struct {
		short byte
		long  string
	}{{'r', "random"}, {'t', "time"}, {'m', "md5"}, {'s', "sha1"}} {
		f.Switch(o.short, o.long, func() { kind = o.short })
	}
	space := f.String('n', "namespace", "")
	name := f.String('N', "name", "")
	isHex := f.Bool('x', "hex")
	operands, err := f.Parse()
	switch {
	case err != nil:
		return err
	case len(operands) > 0:
		return f.Hint()
	}
	var id [16]byte
	version := map[byte]byte{'t': 1, 'm': 3, 'r': 4, 's': 5}[kind]
	switch kind {
	case 'm', 's':
		ns, ok := namespace(*space)
		if !ok {
			return f.Errorf("--namespace requires --name argument")
		}
		text := []byte(*name)
		if *isHex {
			if text, err = hex.DecodeString(*name); err != nil {
				return x.Fail(1, "not a valid hex string")
			}
		}
		data := append(ns[:], text...)
		if kind == 'm' {
			id = md5.Sum(data)
		} else {
			sum := sha1.Sum(data)
			copy(id[:], sum[:])
		}
	default:
		if _, err := io.ReadFull(x.Rand, id[:]); err != nil {
			return err
		}
		if kind == 't' {
			stamp(&id, x)
		}
	}
	id[6] = id[6]&0x0f | version<<4
	id[8] = id[8]&0x3f | 0x80
	_, err = fmt.Fprintf(x.Stdout, "%x-%x-%x-%x-%x\n", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
	return err
}

// stamp puts the time, in 100 ns since 1582, into an identifier; the node stays random.
func stamp(id *[16]byte, x *tool.Exec) {
	const gregorian = 0x01b21dd213814000
	t := uint64(x.Now().UnixNano()/100) + gregorian
	binary.BigEndian.PutUint32(id[:], uint32(t))
	binary.BigEndian.PutUint16(id[4:], uint16(t>>32))
	binary.BigEndian.PutUint16(id[6:], uint16(t>>48))
	id[10] |= 1
}

func namespace(s string) (ns [16]byte, ok bool) {
	if last, ok := namespaces[s]; ok {
		b, _ := hex.DecodeString("6ba7b8009dad11d180b400c04fd430c8")
		copy(ns[:], b)
		ns[3] = last
		return ns, true
	}
	b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	if err != nil || len(b) != len(ns) || len(s) != 36 {
		return ns, false
	}
	copy(ns[:], b)
	return ns, true
}
