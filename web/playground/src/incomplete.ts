// Whether a script goes on in the next line, as far as a look at its words can tell. The shell has the last word: what
// is wrongly held to be complete is a syntax error, and one more Enter ends what is wrongly held to be open.

const OPENS = new Set(["if", "do", "case", "{"]);
const CLOSES = new Set(["fi", "done", "esac", "}"]);
const STARTS_COMMAND = new Set(["then", "else", "elif", "do", "if", "while", "until", "{", "!", "("]);

/** Whether more lines are needed: an open quote, a trailing backslash or operator, a here-document, a compound command. */
export function incomplete(script: string): boolean {
  const words = split(script);
  return words === undefined || hereOpen(script) || depth(words) > 0;
}

// The words and operators of a script; undefined if a quote is open or an operator wants more.
function split(script: string): string[] | undefined {
  const words: string[] = [];
  let word = "";
  const end = () => {
    if (word !== "") words.push(word);
    word = "";
  };
  for (let i = 0; i < script.length; i++) {
    const c = script[i]!;
    if (c === "\\") {
      if (i + 1 >= script.length) return undefined;
      word += script[++i];
    } else if (c === "'" || c === '"') {
      const close = closing(script, i);
      if (close < 0) return undefined;
      word += `q${script.slice(i + 1, close)}`; // a quoted word is no keyword
      i = close;
    } else if (c === "#" && word === "") {
      const line = script.indexOf("\n", i);
      i = (line < 0 ? script.length : line) - 1;
    } else if (/\s/.test(c)) {
      end();
      if (c === "\n") words.push(";");
    } else if (";|&()".includes(c)) {
      end();
      words.push(c);
    } else word += c;
  }
  end();
  const last = words.at(-1), before = words.at(-2);
  return last === "|" || (last === "&" && before === "&") ? undefined : words;
}

function closing(script: string, open: number): number {
  const quote = script[open]!;
  for (let i = open + 1; i < script.length; i++) {
    if (script[i] === "\\" && quote === '"') i++;
    else if (script[i] === quote) return i;
  }
  return -1;
}

// How many compound commands are open. Words count only where a command may begin.
function depth(words: string[]): number {
  const open: string[] = [];
  let begins = true;
  for (const word of words) {
    if (word === "(" || (begins && OPENS.has(word))) open.push(word);
    else if (word === ")" ? open.at(-1) === "(" : begins && CLOSES.has(word)) open.pop(); // a ")" may end a pattern of case
    begins = ";|&()".includes(word) || (begins && (STARTS_COMMAND.has(word) || CLOSES.has(word)));
  }
  return open.length;
}

function hereOpen(script: string): boolean {
  const match = /<<-?\s*(["']?)([A-Za-z_]\w*)\1/.exec(script);
  if (!match || script[match.index - 1] === "<" || script[match.index + 2] === "<") return false;
  const lines = script.slice(match.index).split("\n").slice(1);
  return !lines.some((line) => line.replace(/^\t+/, "") === match[2]);
}
