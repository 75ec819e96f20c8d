// What a command prints may hold sequences that act on more than the text: titles, links, the clipboard, questions
// that the terminal answers as if it were typed. Only what moves the cursor, erases and colours goes through.

/** The CSI sequences that pass, by their last character, where nothing but digits and separators comes before it. */
const PASS = new Set("ABCDEFGHJKLMPSTX@adefm`");

/** The private modes that pass: wrapping, the cursor, the alternate screen. */
const MODES = new Set(["7", "12", "25", "1047", "1048", "1049"]);

const enum At { Text, Escape, Csi, Text2, String, StringEscape }

/** Longest sequence that is looked at; a longer one is dropped. */
const LONGEST = 64;

/** Neutralises the output of a command, in pieces as they come. THREAT[SH-13] */
export class Sanitizer {
  #decoder = new TextDecoder();
  #at = At.Text;
  #held = "";

  /** The text that is safe to show. */
  write(piece: Uint8Array): string {
    let out = "";
    for (const c of this.#decoder.decode(piece, { stream: true })) out += this.#take(c);
    return out;
  }

  #take(c: string): string {
    switch (this.#at) {
      case At.Text:
        return this.#text(c);
      case At.Escape:
        return this.#escape(c);
      case At.Csi:
        return this.#csi(c);
      case At.Text2: // the second character of a character set's sequence
        this.#at = At.Text;
        return "";
      default:
        return this.#string(c);
    }
  }

  #text(c: string): string {
    if (c === "\x1b") {
      this.#at = At.Escape;
      return "";
    }
    if (c >= " " && (c < "\x7f" || c > "\x9f")) return c;
    return "\n\r\t\b\x07\v\f".includes(c) ? c : "";
  }

  #escape(c: string): string {
    this.#at = At.Text;
    if (c === "[") {
      this.#at = At.Csi;
      this.#held = "";
    } else if ("]PX^_".includes(c)) this.#at = At.String;
    else if ("()*+-./#% ".includes(c)) this.#at = At.Text2;
    else if ("78DEMc".includes(c)) return `\x1b${c}`;
    else if (c === "\x1b") this.#at = At.Escape;
    return "";
  }

  #csi(c: string): string {
    if (c >= "@" && c <= "~") {
      this.#at = At.Text;
      return allowed(this.#held, c) ? `\x1b[${this.#held}${c}` : "";
    }
    if (c < " " || c > "?") { // not a sequence: it ends here
      this.#at = At.Text;
      return this.#text(c);
    }
    if (this.#held.length < LONGEST) this.#held += c;
    return "";
  }

  // OSC, DCS, APC, PM and SOS are dropped to their end.
  #string(c: string): string {
    if (c === "\x07" || c === "\x9c" || c === "\x18" || c === "\x1a" || (this.#at === At.StringEscape && c === "\\")) this.#at = At.Text;
    else this.#at = c === "\x1b" ? At.StringEscape : At.String;
    return "";
  }
}

function allowed(params: string, last: string): boolean {
  if (params.length >= LONGEST) return false;
  if (last === "h" || last === "l") return params.startsWith("?") && params.slice(1).split(";").every((mode) => MODES.has(mode));
  return PASS.has(last) && /^[0-9;:]*$/.test(params);
}

/** Text of ours that holds a name from the sandbox, without control characters. */
export function visible(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, "\ufffd");
}
