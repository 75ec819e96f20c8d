// Package syntax parses bash. It reads as bash reads: one complete command at
// a time, each parsed only when the one before it has run, so that a syntax
// error hides nothing that stands above it and aliases act on later lines.
//
// Words keep their source text beside their parsed parts, because bash itself
// is driven by that text (brace expansion, printing of functions, messages).
// Arithmetic is kept as text with its expansions; package arith parses it when
// it runs.
package syntax

import "sync/atomic"

// Cache is a place for what the evaluator makes of a node. It may be used by
// several goroutines; what is in it is never changed.
type Cache struct{ note atomic.Pointer[any] }

// Load returns what was stored, nil if nothing was.
func (c *Cache) Load() any {
	if note := c.note.Load(); note != nil {
		return *note
	}
	return nil
}

// Store stores v in place of what was there.
func (c *Cache) Store(v any) { c.note.Store(&v) }

// Word is one word of a command.
type Word struct {
	Raw   string // the source text
	Parts []Part
	Line  int
	// Lit is the value of a word that holds no expansion and no unquoted
	// character that could mean anything; Plain says that it is one.
	Lit   string
	Plain bool
	Brace bool  // an unquoted brace: brace expansion may apply
	Cache Cache // for the evaluator: its braces
}

// Part is a piece of a word: *Lit, *Quoted, *Double, *Param, *CmdSub,
// *ArithSub or *ProcSub.
type Part interface{ part() }

// Lit is unquoted literal text; within Double it is quoted.
type Lit struct{ Text string }

// Quoted is literal text quoted by a backslash, '…' or $'…'.
type Quoted struct{ Text string }

// Double is "…" or $"…".
type Double struct {
	Parts []Part
	Raw   string // the source between the quotes
}

// CmdSub is $(…) or `…`.
type CmdSub struct {
	Src   string // the text between the delimiters, backquotes' escapes undone
	Body  *List  // nil for backquotes, which are parsed when they run
	Line  int
	Back  bool
	Cache Cache // for the evaluator: the commands of backquotes
}

// ArithSub is $((…)) or $[…].
type ArithSub struct{ Expr *Arith }

// ProcSub is <(…) or >(…).
type ProcSub struct {
	Out  bool // >(…)
	Src  string
	Body *List
}

// Arith is the text of an arithmetic expression.
type Arith struct {
	Src   string
	Parts []Part // its expansions, read as inside double quotes
	Plain bool   // no expansion: Src is the expression
	Cache Cache  // for the evaluator: the expression
}

// ParamOp is the operator of a parameter expansion.
type ParamOp int

// The operators of ${…}.
const (
	OpNone      ParamOp = iota
	OpMinus             // -word
	OpAssign            // =word
	OpError             // ?word
	OpPlus              // +word
	OpTrimFront         // #word, ##word (Double)
	OpTrimBack          // %word, %%word (Double)
	OpReplace           // /pat/with; Anchor is '/', '#', '%' or 0
	OpSlice             // :off:len
	OpUpper             // ^pat, ^^pat (Double)
	OpLower             // ,pat ,,pat (Double)
	OpToggle            // ~pat ~~pat (Double)
	OpTransform         // @X
)

// Param is a parameter expansion.
type Param struct {
	Raw      string // the source text, with the $
	Name     string // name, digits or one special character
	Index    *Index // subscript, or nil
	Length   bool   // ${#name}
	Indirect bool   // ${!name…}
	Prefix   byte   // '*' or '@': ${!name*}, names that start so
	Bad      bool   // bad substitution, reported when it runs
	Open     bool   // with Bad: the brace is not closed
	Op       ParamOp
	Colon    bool // :- := :? :+
	Double   bool // ## %% ^^ ,, ~~
	Anchor   byte // of OpReplace
	Letter   byte // of OpTransform
	Word     *Word
	With     *Word // of OpReplace; nil without a second slash
	Off, Len *Arith
	Braced   bool
}

// Index is the subscript of an array.
type Index struct {
	Raw   string
	All   byte   // '@' or '*', else 0
	Word  *Word  // read as a word, for keys
	Arith *Arith // read as arithmetic, for indices
}

func (*Lit) part()      {}
func (*Quoted) part()   {}
func (*Double) part()   {}
func (*Param) part()    {}
func (*CmdSub) part()   {}
func (*ArithSub) part() {}
func (*ProcSub) part()  {}

// Assign is an assignment word.
type Assign struct {
	Raw    string
	Name   string
	Index  *Index
	Append bool
	Value  *Word   // nil for a compound value
	Array  []*Elem // elements of name=(…)
	IsArr  bool    // name=(…)
	Line   int
}

// Elem is one element of a compound assignment: a word, which has the form
// [sub]=value where Index is set.
type Elem struct {
	Word   *Word
	Index  *Index
	Append bool
	Value  *Word // what stands behind the =
}

// Redir is one redirection.
type Redir struct {
	Op   RedirOp
	Fd   int    // -1: the default of the operator
	Var  string // {name}: the descriptor is chosen and stored
	Word *Word  // target; delimiter of a here-document
	Doc  *Heredoc
	Line int
}

// RedirOp is a redirection operator.
type RedirOp int

// The redirection operators.
const (
	RedirIn       RedirOp = iota // <
	RedirOut                     // >
	RedirClobber                 // >|
	RedirAppend                  // >>
	RedirInOut                   // <>
	RedirDupIn                   // <&
	RedirDupOut                  // >&
	RedirBoth                    // &>
	RedirBothAdd                 // &>>
	RedirHeredoc                 // <<
	RedirHeredocT                // <<-
	RedirHerestr                 // <<<
)

// Heredoc is the body of a here-document.
type Heredoc struct {
	Delim   string
	Literal bool // the delimiter was quoted: nothing in it is expanded
	Text    string
	Parts   []Part
	Line    int
}

// Command is a command: *Simple, *Pipeline, *AndOr, *List, *Redirected or one
// of the compound commands.
type Command interface{ command() }

// Simple is assignments, words and redirections.
type Simple struct {
	Line    int
	Assigns []*Assign
	Args    []Arg
	Redirs  []*Redir
	// Decl says that the first word names a declaration builtin: what looks
	// like an assignment among its arguments is one.
	Decl bool
}

// Arg is one word of a simple command. Assign is set where the word has the
// form of an assignment (arguments of declaration builtins).
type Arg struct {
	Word   *Word
	Assign *Assign
}

// Pipeline is commands joined by |.
type Pipeline struct {
	Line      int
	Not       bool
	Time      bool
	TimePosix bool
	Cmds      []Command // may be empty after "time" or "!"
	Both      []bool    // Both[i]: |& behind Cmds[i]
}

// AndOr is Left && Right, or || with Or.
type AndOr struct {
	Left, Right Command
	Or          bool
}

// List is commands in sequence.
type List struct {
	Items []Item
	End   int // the line that a complete command ends in
}

// Item is one command of a list.
type Item struct {
	Cmd        Command
	Background bool
	Line       int
	Src        string // source text of a background command
}

// Redirected is a compound command with redirections.
type Redirected struct {
	Cmd    Command
	Redirs []*Redir
}

// Subshell is ( list ).
type Subshell struct {
	Body *List
	Line int
	End  int // line of the closing parenthesis
}

// Group is { list; }.
type Group struct{ Body *List }

// If is if/elif/else.
type If struct {
	Cond, Then *List
	Else       Command // *If for elif, *Group for else, or nil
	Elif       bool
}

// While is while or until.
type While struct {
	Until      bool
	Cond, Body *List
}

// For is for name in words. In is false where "in" is missing: then the
// positional parameters are taken. Select makes it select.
type For struct {
	Line   int
	Var    string
	In     bool
	Words  []*Word
	Body   *List
	Select bool
}

// ArithFor is for ((init; cond; step)).
type ArithFor struct {
	Line             int
	Init, Cond, Step *Arith
	Body             *List
}

// Case is case word in … esac.
type Case struct {
	Line  int
	Word  *Word
	Items []*CaseItem
}

// CaseItem is one clause: patterns, commands, and what follows them.
type CaseItem struct {
	Patterns []*Word
	Body     *List
	Fall     bool // ;&
	Again    bool // ;;&
}

// ArithCmd is (( expr )).
type ArithCmd struct {
	Line int
	Expr *Arith
}

// Cond is [[ expr ]].
type Cond struct {
	Line int
	Expr CondExpr
}

// CondExpr is *CondBinary, *CondNot, *CondTest or *CondGroup.
type CondExpr interface{ cond() }

// CondBinary is Left && Right, or || with Or.
type CondBinary struct {
	Left, Right CondExpr
	Or          bool
}

// CondNot is ! X.
type CondNot struct{ X CondExpr }

// CondGroup is ( X ).
type CondGroup struct{ X CondExpr }

// CondTest is one test: unary with Y nil, binary, or -n X with Op "".
type CondTest struct {
	Op   string
	X, Y *Word
}

func (*CondBinary) cond() {}
func (*CondNot) cond()    {}
func (*CondGroup) cond()  {}
func (*CondTest) cond()   {}

// FuncDef defines a function.
type FuncDef struct {
	Name    string
	Keyword bool // "function" was written
	Body    Command
	Line    int
}

// Coproc is coproc [name] command.
type Coproc struct {
	Name string
	Body Command
	Line int
}

func (*Simple) command()     {}
func (*Pipeline) command()   {}
func (*AndOr) command()      {}
func (*List) command()       {}
func (*Redirected) command() {}
func (*Subshell) command()   {}
func (*Group) command()      {}
func (*If) command()         {}
func (*While) command()      {}
func (*For) command()        {}
func (*ArithFor) command()   {}
func (*Case) command()       {}
func (*ArithCmd) command()   {}
func (*Cond) command()       {}
func (*FuncDef) command()    {}
func (*Coproc) command()     {}
