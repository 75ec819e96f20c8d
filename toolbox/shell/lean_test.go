package shell_test

import "testing"

// TestLeanSubshell: what runs in the process of its parent changes nothing of it.
func TestLeanSubshell(t *testing.T) {
	for script, want := range map[string]string{
		"x=1; y=$(echo $((x=5)) $x); echo $x $y":                                            "1 5 5\n",
		"y=$(echo ${u:=new} $u); echo ${u-unset} $y":                                        "unset new new\n",
		"x=a; y=$(printf -v x %s b; echo $x); echo $x $y":                                   "a b\n",
		"a=(1 2); y=$(printf -v 'a[0]' 9; echo ${a[@]}); echo ${a[@]} $y":                   "1 2 9 2\n",
		"declare -A m=([k]=v); y=$(echo $((m[k]=3)) ${m[k]}); echo ${m[k]} $y":              "v 3 3\n",
		"x='z=3'; y=$(echo $((x)) $z); echo ${z-unset} $y":                                  "unset 3 3\n",
		"y=$([[ abc =~ b(.) ]] && echo ${BASH_REMATCH[1]}); echo $y ${#BASH_REMATCH[@]}":    "c 0\n",
		"declare -n r=v; y=$(echo $((r=7)) $v); echo ${v-unset} $y":                         "unset 7 7\n",
		"false; y=$(echo $?); echo $y":                                                      "1\n",
		"y=$(false); echo $?; y=$(echo a; test 1 = 2); echo $? $y":                          "1\n1 a\n",
		"true | false; y=$(true); echo ${PIPESTATUS[@]}":                                    "0\n",
		"echo() { printf '<%s>' $1; }; y=$(echo a); printf '%s\n' $y":                       "<a>\n",
		"enable -n echo; y=$(echo a); enable echo; echo $y":                                 "\nbash: line 1: echo: command not found\n",
		"y=$(echo $(echo $(echo deep) $BASH_SUBSHELL)); echo $y $BASH_SUBSHELL":             "deep 2 0\n",
		"p=$BASHPID; y=$(echo $BASHPID); [ $y != $p ] && echo other":                        "other\n",
		"RANDOM=42; a=$RANDOM; RANDOM=42; y=$(echo $RANDOM); [ $a = $RANDOM ] && echo same": "same\n",
		"set -u; y=$(echo $nope; echo more); echo \"[$y] $?\"":                              "[] 1\nbash: line 1: nope: unbound variable\n",
		"set -e; y=$(false; echo on); echo $y":                                              "on\n",
		"y=$(case $0 in bash) echo b;; *) echo o;; esac); echo $y":                          "b\n",
		"y=$(if [ -n x ]; then echo yes; else echo no; fi); echo $y":                        "yes\n",
		"y=`echo \\`echo back\\``; echo $y":                                                 "back\n",
		"y=$(echo a >&2); echo \"[$y]\"":                                                    "[]\na\n",
		"f() { local x=$(echo $1; test); echo $? $x; }; f in":                               "0 in\n",
		"y=$(echo a; exec 1>&-; echo b); echo $y":                                           "a\nbash: line 1: echo: write error: Bad file descriptor\n",
		"y=$(printf 'a\\0b\\n\\n'); echo $y":                                                "ab\nbash: line 1: warning: command substitution: ignored null byte in input\n",
		"trap 'echo bye' EXIT; y=$(echo a); echo $y":                                        "a\nbye\n",
		"y=$(echo ${x:-$( (:; echo late) & echo bg; wait)}); echo $y":                       "bg late\n",
	} {
		w := newWorld(t)
		if got, _ := w.bash(script); got != want {
			t.Errorf("%s\nprinted %q, want %q", script, got, want)
		}
	}
}
