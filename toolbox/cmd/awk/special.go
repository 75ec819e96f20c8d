package awk

import "agentsandbox/toolbox/regex"

// special is a variable that the machine looks at or sets.
type special uint8

const (
	sNF special = iota
	sNR
	sFNR
	sFS
	sOFS
	sORS
	sRS
	sRT
	sSUBSEP
	sCONVFMT
	sOFMT
	sFILENAME
	sRSTART
	sRLENGTH
	sIGNORECASE
	sFIELDWIDTHS
	sFPAT
	sARGC
	sARGIND
	sERRNO
	sBINMODE
	sLINT
	sTEXTDOMAIN
	specialCount
)

var specials = map[string]special{
	"NF": sNF, "NR": sNR, "FNR": sFNR, "FS": sFS, "OFS": sOFS, "ORS": sORS, "RS": sRS, "RT": sRT, "SUBSEP": sSUBSEP,
	"CONVFMT": sCONVFMT, "OFMT": sOFMT, "FILENAME": sFILENAME, "RSTART": sRSTART, "RLENGTH": sRLENGTH,
	"IGNORECASE": sIGNORECASE, "FIELDWIDTHS": sFIELDWIDTHS, "FPAT": sFPAT, "ARGC": sARGC, "ARGIND": sARGIND,
	"ERRNO": sERRNO, "BINMODE": sBINMODE, "LINT": sLINT, "TEXTDOMAIN": sTEXTDOMAIN,
}

var specialDefaults = [specialCount]value{
	sFS: str(" "), sOFS: str(" "), sORS: str("\n"), sRS: str("\n"), sRT: str(""), sSUBSEP: str("\x1c"),
	sCONVFMT: str("%.6g"), sOFMT: str("%.6g"), sRSTART: num(0), sRLENGTH: num(-1), sIGNORECASE: num(0),
	sFIELDWIDTHS: str(""), sFPAT: str("[^[:space:]]+"), sARGIND: num(0), sERRNO: str(""), sBINMODE: num(0), sLINT: num(0),
	sTEXTDOMAIN: str("messages"), sFILENAME: str(""),
}

// globalArrays are the arrays that are there from the start.
var globalArrays = []string{"ARGV", "ENVIRON", "PROCINFO", "SYMTAB", "FUNCTAB"}

// The places of the arrays among the globals.
const (
	gARGV = iota
	gENVIRON
	gPROCINFO
	gSYMTAB
	gFUNCTAB
)

func (m *machine) getSpecial(id special) value {
	switch id {
	case sNF:
		return num(float64(m.fieldCount()))
	case sNR:
		return num(m.nr)
	case sFNR:
		return num(m.fnr)
	case sRT:
		if m.ends != 0 {
			return str(oneByte(m.ends))
		}
	}
	return m.special[id]
}

func (m *machine) setSpecial(id special, v value) {
	m.special[id] = v
	switch id {
	case sRT:
		m.ends = 0
	case sNF:
		m.setNF(int(v.toNum()))
	case sNR:
		m.nr = v.toNum()
	case sFNR:
		m.fnr = v.toNum()
	case sFS, sFIELDWIDTHS, sFPAT:
		m.setSplitter(id)
	case sRS:
		m.setSeparator()
	case sOFS:
		m.ofs = m.text(v)
	case sORS:
		m.ors = m.text(v)
	case sSUBSEP:
		m.subsep = m.text(v)
	case sCONVFMT:
		m.convfmt = v.str
	case sOFMT:
		m.ofmt = v.str
	case sIGNORECASE:
		m.setFold(v.isTrue())
	}
}

// setFold switches between matching with and without regard to case.
func (m *machine) setFold(fold bool) {
	if fold == m.fold {
		return
	}
	m.fold = fold
	m.regexes = map[string]*regex.Regexp{}
	m.split()
	m.splitter = m.splitterFor(m.splitter.id)
	m.setSeparator()
}
