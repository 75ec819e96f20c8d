package regex

// The texts of regcomp's errors, and those that grep and sed add.
const (
	errBadPat  Error = "Invalid regular expression"
	errCollate Error = "Invalid collation character"
	errClass   Error = "Invalid character class name"
	errEscape  Error = "Trailing backslash"
	errBackref Error = "Invalid back reference"
	errBracket Error = "Unmatched [, [^, [:, [., or [="
	errParen   Error = "Unmatched ( or \\("
	errRParen  Error = "Unmatched ) or \\)"
	errBrace   Error = "Unmatched \\{"
	errContent Error = "Invalid content of \\{\\}"
	errRange   Error = "Invalid range end"
	errTooBig  Error = "Regular expression too big"
	errRepeat  Error = "Invalid preceding regular expression"
)

// ErrBareName is the error of a pattern like [:space:], which is not in brackets;
// tools exit differently for it.
const ErrBareName Error = "character class syntax is [[:space:]], not [:space:]"

// The texts of PCRE2's errors.
const (
	perlEscapeEnd  Error = "\\ at end of pattern"
	perlEscape     Error = "unrecognized character follows \\"
	perlOrder      Error = "numbers out of order in {} quantifier"
	perlBig        Error = "number too big in {} quantifier"
	perlBracket    Error = "missing terminating ] for character class"
	perlRange      Error = "range out of order in character class"
	perlRepeat     Error = "quantifier does not follow a repeatable item"
	perlGroup      Error = "unrecognized character after (? or (?-"
	perlParen      Error = "missing closing parenthesis"
	perlRParen     Error = "unmatched closing parenthesis"
	perlBackref    Error = "reference to non-existent subpattern"
	perlName       Error = "subpattern name expected"
	perlClass      Error = "unknown POSIX class name"
	perlProperty   Error = "unknown property after \\P or \\p"
	perlBehind     Error = "lookbehind assertion is not fixed length"
	perlTooLarge   Error = "regular expression is too large"
	perlUnsupport  Error = "recursion, conditions and callouts are not supported"
	perlDupName    Error = "two named subpatterns have the same name (PCRE2_DUPNAMES not set)"
	perlComment    Error = "missing ) after (?# comment"
	perlHexDigits  Error = "invalid character in \\x{} (maybe escaped with \\x{}?)"
	perlCodepoint  Error = "character code point value in \\x{} or \\o{} is too large"
	perlBadVerb    Error = "(*VERB) not recognized or malformed"
	perlBadGroup   Error = "digit expected after (?+ or (?-"
	perlBadNumber  Error = "a numbered reference must not be zero"
	perlNameStart  Error = "subpattern name must start with a non-digit"
	perlNameEnd    Error = "syntax error in subpattern name (missing terminator?)"
	perlMalformedP Error = "malformed \\P or \\p sequence"
)
