package sweep

import "strings"

// frequent are the bytes of text and source code from the most frequent on.
const frequent = " etaionrs\nlcdup\tmhfg.bx,_0\"()1vy/w=:k2-;'*{}[]5346789S>TEACRI<NPqL&OMjFzDBU\\+#|G!HVW$X%@`KYQJ?~^Z"

// rankLimit is greater than any rank of a byte.
const rankLimit = len(frequent) + 1

// rank orders bytes by how frequent they are: the rarest have 0. What is not
// ASCII comes in where some texts are full of it.
func rank(c byte) int {
	switch i := strings.IndexByte(frequent, c); {
	case i >= 0:
		return len(frequent) - i
	case c >= 0x80:
		return len(frequent) / 2
	case c == 0:
		return len(frequent) / 2
	}
	return 0
}
