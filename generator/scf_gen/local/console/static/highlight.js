// Colours for source text: comments, strings, numbers and words. Not a parser; what it cannot tell stays plain.

import { h } from "./dom.js";
import { visible } from "./ansi.js";

const words = (text) => new RegExp(`\\b(?:${text.replaceAll(" ", "|")})\\b`, "y");
const HASH = /#.*/y;
const SLASHES = /\/\/.*|\/\*[^]*?(?:\*\/|$)/y;
const DOUBLE = /"(?:\\[^]|[^"\\\n])*"?/y;
const SINGLE = /'(?:\\[^]|[^'\\\n])*'?/y;
const NUMBER = /\b0x[\da-f]+\b|\b\d+(?:\.\d+)?\b/iy;
const C_WORDS = "break case catch class const continue default defer do else export extends finally for func function go if import in interface let map new nil null of package range return select static struct switch this throw true false try type typeof undefined var void while async await yield fn impl mod mut pub use match string int error bool";

const LANGUAGES = {
  sh: [["comment", /(?<![\w$&{])#.*/y], ["string", /"(?:\\[^]|[^"\\])*"?/y], ["string", /'[^']*'?/y], ["name", /\$(?:\{[^}\n]*\}|\w+|[#?@*!$-])/y],
    ["word", words("if then else elif fi for while until do done case esac in function return local export source set exec exit trap shift read echo printf readonly unset cd")]],
  py: [["string", /(?:\b[rbf]{1,2})?(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$))/iy], ["comment", HASH], ["string", DOUBLE], ["string", SINGLE], ["name", /@[\w.]+/y], ["number", NUMBER],
    ["word", words("and as assert async await break class continue def del elif else except finally for from global if import in is lambda None nonlocal not or pass raise return True False try while with yield")]],
  c: [["comment", SLASHES], ["string", DOUBLE], ["string", SINGLE], ["string", /`(?:\\[^]|[^`\\])*`?/y], ["number", NUMBER], ["word", words(C_WORDS)]],
  json: [["name", /"(?:\\.|[^"\\\n])*"(?=\s*:)/y], ["string", DOUBLE], ["number", /-?\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b/iy], ["word", words("true false null")]],
  toml: [["comment", HASH], ["name", /^\s*\[[^\n]*\]|^[\w.-]+(?=\s*[=:])/my], ["string", DOUBLE], ["string", SINGLE], ["number", NUMBER], ["word", words("true false")]],
};
const SUFFIXES = {
  sh: "sh", bash: "sh", py: "py", js: "c", cjs: "c", mjs: "c", ts: "c", go: "c", rs: "c", c: "c", h: "c", java: "c",
  json: "json", toml: "toml", yaml: "toml", yml: "toml", ini: "toml", cfg: "toml",
};
const SHEBANGS = [[/python/, "py"], [/node|deno|bun/, "c"], [/sh\b/, "sh"]];
const LONGEST = 200000;

/** The lines of a file as elements. */
export function lines(path, text) {
  const rules = text.length > LONGEST ? [] : (LANGUAGES[language(path, text)] ?? []);
  const shown = text.replace(/\r\n|[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]/g, (sign) => (sign === "\r\n" ? "\\r\n" : visible(sign)));
  const all = [h("span", { class: "line" })];
  for (const [kind, part] of tokens(shown, rules)) {
    part.split("\n").forEach((piece, index) => {
      if (index) all.push(h("span", { class: "line" }));
      if (piece) all.at(-1).append(kind ? h("span", { class: `tok-${kind}` }, piece) : piece);
    });
  }
  if (all.length > 1 && !all.at(-1).hasChildNodes()) all.pop();
  return all;
}

function language(path, text) {
  const name = path.split("/").at(-1);
  if (name.includes(".")) return SUFFIXES[name.split(".").at(-1).toLowerCase()];
  const first = text.slice(0, 200).split("\n")[0];
  return first.startsWith("#!") ? SHEBANGS.find(([pattern]) => pattern.test(first))?.[1] : undefined;
}

function* tokens(text, rules) {
  let plain = 0;
  let at = 0;
  while (rules.length && at < text.length) {
    const found = match(text, at, rules);
    if (!found) {
      // To the end of a word, so that no rule begins inside one.
      const word = /\w+|[^]/y;
      word.lastIndex = at;
      at += word.exec(text)[0].length;
      continue;
    }
    if (plain < at) yield ["", text.slice(plain, at)];
    yield found;
    at += found[1].length;
    plain = at;
  }
  if (plain < text.length) yield ["", text.slice(plain)];
}

function match(text, at, rules) {
  for (const [kind, pattern] of rules) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found?.[0]) return [kind, found[0]];
  }
  return null;
}
