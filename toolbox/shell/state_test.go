package shell_test

import (
	"context"
	"strings"
	"testing"

	"agentsandbox/toolbox/shell"
)

// history is a session that leaves state of every kind: a script a line, but for
// lines that begin with a tab.
const history = `x=1 y="two words" z=$'\xff\n'
false
echo $?; (exit 3)
echo $? ${PIPESTATUS[@]}; true | (exit 4) | (exit 5)
echo ${PIPESTATUS[@]} "$_"
declare -i n=5; declare -r fixed=yes; declare -x SEEN=out; declare -u UP=abc; declare -n ref=x
n+=2; echo $n $UP $ref; ref=9; echo $x
a=(one "t w o" [5]=six); a[9]=$'\x80'; declare -A m=([k]=v [a b]=c [x]=y); unset 'm[x]'
declare -A many; for i in {1..40}; do many[k$i]=$i; done
echo "${!many[@]}" "${a[@]@Q}" "${!a[@]}" "${m[a b]}"
shopt -s extglob nullglob; set -o pipefail -u
f() { local q=$1; case $q in (a*) echo "f $q" ;; !(b)) echo other;; esac; }; export -f f; g() { cat <<E; }
	here $1 \$x
	E
f abc; f zz; g there; declare -f f g
alias ll='echo aliased'; shopt -s expand_aliases
ll me; echo *.none; echo ${undefined-unset}
trap 'echo usr1' USR1; trap 'echo bye' EXIT; trap '' TERM
kill -USR1 $$; trap -p
cd /tmp; pushd /bin; pushd /work; dirs
popd; pwd; cd ..; echo $OLDPWD $LINENO $SECONDS; umask 077; hash -p /bin/cat ccc
set -- p1 "p 2" p3; shift; echo $# "$1"; umask
echo "$@"; OPTIND=1; getopts ab: o -ab val; echo $o
getopts ab: o -ab val; echo $o $OPTARG $OPTIND
RANDOM=42; echo $RANDOM
echo $RANDOM $RANDOM; unset RANDOM; RANDOM=plain
echo $RANDOM; enable -n echo; type -t echo; enable echo
enable -n printf; IFS=:; v=a:b:c
for w in $v; do echo "<$w>"; done; type -t printf; unset IFS
readonly -f f; complete -W "a b" tool; ulimit -f 100
complete -p; ulimit -f; f() { :; }
declare -p | while read -r l; do case $l in *SRANDOM=*|*EPOCH*) ;; *) echo "$l" ;; esac; done; declare -F; alias; shopt; set +o
echo $- $((n + ${#a[@]})); local x; set -e; true
set +e; exit 7`

func scripts() []string { return strings.Split(strings.ReplaceAll(history, "\n\t", "\r"), "\n") }

// live is a shell of a session.
type live struct {
	w  *world
	sh *shell.Shell
}

func newLive(w *world) *live { return &live{w, shell.New(context.Background(), w.Exec)} }

func (l *live) run(script string) string {
	script = strings.ReplaceAll(script, "\r", "\n")
	l.w.out.Reset()
	l.w.err.Reset()
	status := l.sh.Exec(context.Background(), l.w.Exec, script)
	return l.w.out.String() + l.w.err.String() + string(rune('0'+status%10))
}

// THREAT[RL-04]: a session that is saved and resumed between any two scripts goes
// on as one that was not.
func TestStateAtEveryCut(t *testing.T) {
	all := scripts()
	whole := make([]string, len(all))
	l := newLive(newWorld(t))
	for i, script := range all {
		whole[i] = l.run(script)
	}
	for cut := range all {
		w := newWorld(t)
		l := newLive(w)
		for i, script := range all {
			if i == cut {
				l = resumed(t, l)
			}
			if got := l.run(script); got != whole[i] {
				t.Fatalf("cut before %d: %s\n--- got\n%s\n--- want\n%s", cut, script, got, whole[i])
			}
		}
	}
}

// resumed is a new shell with the state of l's.
func resumed(t *testing.T, l *live) *live {
	t.Helper()
	data, whole, err := l.sh.State()
	if err != nil || !whole {
		t.Fatal(whole, err)
	}
	next := newLive(l.w)
	if whole, err := next.sh.Resume(data); err != nil || !whole {
		t.Fatalf("whole: %v, %v", whole, err)
	}
	return next
}

// What can't be saved is told.
func TestStatePartial(t *testing.T) {
	for script, want := range map[string]bool{
		"x=1": true, "sleep 100 &": false, "exec 3>f": false, "exec 3>f; exec 3>&-": true, "exec >f": false, "exec 2>&1": false, "exec <&-": false,
		"echo a >f; cat f >&2": true, "(exec 3>f)": true,
	} {
		w := newWorld(t)
		l := newLive(w)
		l.run(script)
		data, saved, err := l.sh.State()
		if err != nil || saved != want {
			t.Errorf("%s: saved whole: %v, %v", script, saved, err)
		}
		whole, err := newLive(w).sh.Resume(data)
		if whole != want || err != nil {
			t.Errorf("%s: whole %v, %v", script, whole, err)
		}
	}
}

// State that is damaged is refused, or is some state: nothing panics.
func TestStateDamaged(t *testing.T) {
	w := newWorld(t)
	l := newLive(w)
	for _, script := range scripts()[:14] {
		l.run(script)
	}
	data, _, err := l.sh.State()
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(data); i += 5 {
		for _, damaged := range [][]byte{data[:i], append(append([]byte(nil), data[:i]...), data[min(i+1, len(data)):]...), flip(data, i)} {
			next := newLive(w)
			if _, err := next.sh.Resume(damaged); err == nil && i%95 == 0 {
				next.run("echo ${a[@]} ${!m[@]}; f abc")
			}
		}
	}
}

func flip(data []byte, i int) []byte {
	out := append([]byte(nil), data...)
	out[i] ^= 1
	return out
}
