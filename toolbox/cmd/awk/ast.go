package awk

// expr is an expression. Its methods evaluate it: as a value, as a number
// (without making a value of it), and as a condition.
type expr interface {
	eval(m *machine) value
	num(m *machine) float64
	cond(m *machine) bool
}

// target is what can be assigned to.
type target interface {
	expr
	set(m *machine, v value)
}

// arrayRef is an expression that names an array.
type arrayRef interface {
	// array returns the array, nil (and the machine fails) for a scalar.
	array(m *machine) *array
	label() string
}

// stmt is a statement.
type stmt interface {
	exec(m *machine) flow
}

// flow is how execution goes on after a statement.
type flow uint8

const (
	goOn flow = iota
	doBreak
	doContinue
	doNext
	doNextFile
	doReturn
	doExit // also after a failure
)

// Constants and variables.
type (
	numLit   struct{ v float64 }
	strLit   struct{ v value }
	regexLit struct { // /…/ by itself matches $0
		src   string
		typed bool
		re    *cached
	}
	globalVar struct {
		name string
		at   int
	}
	localVar struct {
		name string
		at   int
	}
	specialVar struct{ id special }
	fieldExpr  struct{ index expr }
	indexExpr  struct { // an element; sub are the subscripts
		arr arrayRef
		sub []expr
	}
)

// Operators.
type (
	binaryExpr struct {
		op   byte // + - * / % ^
		l, r expr
		line int
	}
	concatExpr  struct{ parts []expr }
	compareExpr struct {
		op   compareOp
		l, r expr
	}
	matchExpr struct {
		l, r   expr
		negate bool
	}
	andExpr   struct{ l, r expr }
	orExpr    struct{ l, r expr }
	notExpr   struct{ x expr }
	minusExpr struct{ x expr }
	plusExpr  struct{ x expr }
	condExpr  struct{ c, yes, no expr }
	inExpr    struct {
		sub []expr
		arr arrayRef
	}
	groupExpr  struct{ x expr }
	listExpr   struct{ items []expr } // (a, b) before "in", or as print's arguments
	assignExpr struct {
		to target
		x  expr
	}
	updateExpr struct { // += and its kin
		op   byte
		to   target
		x    expr
		line int
	}
	stepExpr struct { // ++ and --
		to    target
		by    float64
		after bool
	}
)

// Calls.
type (
	callExpr struct {
		name string
		fn   *function
		args []expr
		line int
	}
	indirectExpr struct {
		name expr
		args []expr
		line int
	}
	builtinExpr struct {
		b    *builtin
		args []expr
		line int
	}
	getlineExpr struct {
		kind getlineKind
		from expr   // file or command
		to   target // nil: $0
		line int
	}
)

// getlineKind is where getline reads.
type getlineKind uint8

const (
	getlineMain getlineKind = iota
	getlineFile
	getlineCommand
	getlineCoprocess
)

type compareOp uint8

const (
	lt compareOp = iota
	le
	eq
	ne
	gt
	ge
)

// Statements.
type (
	exprStmt struct {
		x    expr
		line int
	}
	printStmt struct {
		format   bool
		args     []expr
		redirect redirect
		to       expr
		line     int
	}
	ifStmt struct {
		c       expr
		yes, no []stmt
	}
	whileStmt struct {
		c    expr
		body []stmt
	}
	doStmt struct {
		body []stmt
		c    expr
	}
	forStmt struct {
		init, step stmt
		c          expr
		body       []stmt
	}
	forInStmt struct {
		to   target
		arr  arrayRef
		body []stmt
	}
	blockStmt  struct{ body []stmt }
	switchStmt struct {
		x     expr
		cases []switchCase
	}
	switchCase struct {
		x    expr // nil: default
		body []stmt
	}
	jumpStmt struct {
		how  flow
		line int
	}
	exitStmt   struct{ x expr }
	returnStmt struct{ x expr }
	deleteStmt struct {
		arr arrayRef
		sub []expr // none: all of it
	}
)

// redirect is where print writes.
type redirect uint8

const (
	toStdout redirect = iota
	toFile
	toAppend
	toPipe
	toCoprocess
)

// rule is a pattern with its action.
type rule struct {
	from, to expr // to: a range
	body     []stmt
	print    bool // there is no action
	inside   bool // within the range
}

// function is a function of the program.
type function struct {
	name    string
	params  []string
	body    []stmt
	defined bool
}

// program is a parsed program.
type program struct {
	begin, end, beginFile, endFile [][]stmt
	rules                          []*rule
	functions                      map[string]*function
	globals                        []string
	readsEnd                       bool
}
