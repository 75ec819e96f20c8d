package awk

// tune exchanges nodes of a program for faster ones that do the same.
func (p *program) tune() {
	for _, bodies := range [][][]stmt{p.begin, p.end, p.beginFile, p.endFile} {
		for _, body := range bodies {
			tuneAll(body)
		}
	}
	for _, r := range p.rules {
		r.from, r.to = tuned(r.from), tuned(r.to)
		tuneAll(r.body)
	}
	for _, f := range p.functions {
		tuneAll(f.body)
	}
}

func tuneAll(body []stmt) {
	for i, s := range body {
		body[i] = tunedStmt(s)
	}
}

// tunedStmt tunes a statement, which may be nil, and all below it.
func tunedStmt(s stmt) stmt {
	switch s := s.(type) {
	case *exprStmt:
		return tunedExprStmt(s)
	case *printStmt:
		tuneExprs(s.args)
		s.to = tuned(s.to)
	case *ifStmt:
		s.c = tuned(s.c)
		tuneAll(s.yes)
		tuneAll(s.no)
	case *whileStmt:
		s.c = tuned(s.c)
		tuneAll(s.body)
	case *doStmt:
		s.c = tuned(s.c)
		tuneAll(s.body)
	case *forStmt:
		s.init, s.c, s.step = tunedStmt(s.init), tuned(s.c), tunedStmt(s.step)
		tuneAll(s.body)
	case *forInStmt:
		tuneAll(s.body)
	case *blockStmt:
		tuneAll(s.body)
	case *switchStmt:
		s.x = tuned(s.x)
		for _, c := range s.cases {
			tuneAll(c.body)
		}
	case *returnStmt:
		s.x = tuned(s.x)
	case *deleteStmt:
		tuneExprs(s.sub)
	}
	return s
}

// tunedExprStmt tunes an expression whose value nobody wants.
func tunedExprStmt(s *exprStmt) stmt {
	s.x = tuned(s.x)
	switch x := s.x.(type) {
	case *updateExpr:
		if at, ok := slotOf(x.to); ok && (x.op == '+' || x.op == '-') {
			return &updateStmt{at, x, x.op == '-', s.line}
		}
	case *stepExpr:
		if at, ok := slotOf(x.to); ok {
			return &stepStmt{at, x, s.line}
		}
		if at, ok := x.to.(*indexExpr); ok {
			return &countStmt{x, at, s.line}
		}
	case *assignExpr:
		if at, ok := slotOf(x.to); ok {
			return &assignStmt{at, x, isNumber(x.x), s.line}
		}
	}
	return s
}

func tuneExprs(list []expr) {
	for i, x := range list {
		list[i] = tuned(x)
	}
}

// tuned tunes an expression, which may be nil, and all below it. What names a place to
// assign to, or an array, stays what it is.
func tuned(x expr) expr {
	switch x := x.(type) {
	case *globalVar, *localVar:
		at, _ := slotOf(x)
		return &fastVar{at, x.(target)}
	case *fieldExpr:
		return tunedField(x)
	case *indexExpr:
		tuneExprs(x.sub)
	case *inExpr:
		tuneExprs(x.sub)
	case *groupExpr:
		x.x = tuned(x.x)
	case *binaryExpr:
		return tunedBinary(x)
	case *compareExpr:
		return tunedCompare(x)
	case *concatExpr:
		tuneExprs(x.parts)
	case *matchExpr:
		x.l = tuned(x.l)
	case *andExpr:
		x.l, x.r = tuned(x.l), tuned(x.r)
	case *orExpr:
		x.l, x.r = tuned(x.l), tuned(x.r)
	case *notExpr:
		x.x = tuned(x.x)
	case *minusExpr:
		x.x = tuned(x.x)
	case *plusExpr:
		x.x = tuned(x.x)
	case *condExpr:
		x.c, x.yes, x.no = tuned(x.c), tuned(x.yes), tuned(x.no)
	case *assignExpr:
		tuneTarget(x.to)
		x.x = tuned(x.x)
	case *updateExpr:
		tuneTarget(x.to)
		x.x = tuned(x.x)
	case *stepExpr:
		tuneTarget(x.to)
	case *callExpr:
		tuneArgs(x.args)
	case *builtinExpr:
		tuneArgs(x.args)
	}
	return x
}

// tuneArgs tunes arguments but for those that may be an array, or be assigned to.
func tuneArgs(args []expr) {
	for i, x := range args {
		switch x := x.(type) {
		case *globalVar, *localVar:
		case *indexExpr:
			tuneExprs(x.sub)
		default:
			args[i] = tuned(x)
		}
	}
}

// tuneTarget tunes what is below a target.
func tuneTarget(to target) {
	switch to := to.(type) {
	case *fieldExpr:
		to.index = tuned(to.index)
	case *indexExpr:
		tuneExprs(to.sub)
	}
}

func tunedField(x *fieldExpr) expr {
	if n, ok := x.index.(*numLit); ok && n.v >= 0 && n.v <= maxFields {
		return &fixedField{int(n.v)}
	}
	x.index = tuned(x.index)
	return x
}

func tunedBinary(x *binaryExpr) expr {
	x.l, x.r = tuned(x.l), tuned(x.r)
	if n, ok := x.r.(*numLit); ok {
		return &fastBinary{x, n.v}
	}
	return x
}

func tunedCompare(x *compareExpr) expr {
	fast := &fastCompare{compareExpr: x}
	left, ok := slotOf(x.l)
	right, also := slotOf(x.r)
	if n, isConst := x.r.(*numLit); isConst {
		fast.constant, fast.c, also = true, n.v, true
	}
	if ok && also {
		fast.left, fast.right = left, right
		return fast
	}
	x.l, x.r = tuned(x.l), tuned(x.r)
	return x
}

// isNumber reports whether x is sure to be a number.
func isNumber(x expr) bool {
	switch x := x.(type) {
	case *numLit, *binaryExpr, *fastBinary, *minusExpr, *plusExpr, *updateExpr, *stepExpr, *compareExpr, *fastCompare,
		*andExpr, *orExpr, *notExpr, *matchExpr, *inExpr:
		return true
	case *groupExpr:
		return isNumber(x.x)
	}
	return false
}
