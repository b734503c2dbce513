// What a program wrote for a terminal, as text with colours. Whatever else it sent a terminal is shown, not obeyed.

const CODES = /\x1b\[([0-9;]*)m|\r\n|[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]/g;
// The beginning of what may be one of these, at the end of a piece.
const UNFINISHED = /\x1b(?:\[[0-9;]{0,20})?$|\r$/;
const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** A reader that remembers the colour from piece to piece; gives nodes. */
export function ansiReader() {
  let styles = new Set();
  let kept = "";

  function piece(text) {
    if (!styles.size) return document.createTextNode(text);
    const span = document.createElement("span");
    span.className = [...styles].map((style) => `ansi-${style}`).join(" ");
    span.textContent = text;
    return span;
  }

  return (more) => {
    const all = kept + more;
    kept = UNFINISHED.exec(all)?.[0] ?? "";
    const text = all.slice(0, all.length - kept.length);
    const nodes = [];
    let from = 0;
    let plain = "";
    const flush = () => {
      if (plain) nodes.push(piece(plain));
      plain = "";
    };
    for (const match of text.matchAll(CODES)) {
      plain += text.slice(from, match.index);
      from = match.index + match[0].length;
      if (match[1] !== undefined) {
        flush();
        styles = styled(styles, match[1]);
      } else plain += visible(match[0]);
    }
    plain += text.slice(from);
    flush();
    return nodes;
  };
}

/** A control character as programs write it. */
export function visible(sign) {
  if (sign === "\r\n") return "\n";
  const code = sign.codePointAt(0).toString(16);
  return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0")}`;
}

function styled(before, codes) {
  const styles = new Set(before);
  for (const code of codes.split(";").map(Number)) {
    if (code === 0) styles.clear();
    else if (code === 1) styles.add("bold");
    else if (code === 4) styles.add("underline");
    else if (code === 22) styles.delete("bold");
    else if (code === 24) styles.delete("underline");
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97) || code === 39) {
      for (const colour of COLOURS) styles.delete(colour);
      if (code !== 39) styles.add(COLOURS[code % 10]);
    }
  }
  return styles;
}
