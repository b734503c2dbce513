// A log of any length. It is put on the page in chunks, so many a frame, and the browser draws only those that are seen.

import { h } from "./dom.js";
import { ansiReader } from "./ansi.js";

const CHUNK_CHARS = 8192;
const FRAME_CHARS = 1 << 18;
const LINE_PX = 20;

export class LogView {
  constructor(label) {
    this.element = h("div", { class: "log", tabindex: "0", role: "region", "aria-label": label });
    this.clear();
  }

  clear(placeholder = "") {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.waiting = "";
    this.text = "";
    this.read = ansiReader();
    this.chunk = null;
    this.element.replaceChildren();
    this.element.dataset.placeholder = placeholder;
  }

  set(text, placeholder = "") {
    if (text === this.text && text) return;
    this.clear(placeholder);
    this.append(text);
  }

  append(text) {
    if (!text) return;
    this.text += text;
    this.waiting += text;
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = 0;
    const log = this.element;
    const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - LINE_PX;
    let now = this.waiting.slice(0, FRAME_CHARS);
    this.waiting = this.waiting.slice(now.length);
    while (now) {
      const end = cut(now, this.chunk ? CHUNK_CHARS - this.chunk.chars : CHUNK_CHARS);
      this.put(now.slice(0, end));
      now = now.slice(end);
    }
    if (atEnd) log.scrollTop = log.scrollHeight;
    if (this.waiting) this.frame = requestAnimationFrame(() => this.draw());
  }

  put(text) {
    if (!this.chunk) {
      this.chunk = { element: h("div", { class: "chunk" }), chars: 0, lines: 1 };
      this.element.append(this.chunk.element);
    }
    this.chunk.element.append(...this.read(text));
    this.chunk.chars += text.length;
    this.chunk.lines += text.split("\n").length - 1;
    this.chunk.element.style.containIntrinsicBlockSize = `auto ${this.chunk.lines * LINE_PX}px`;
    if (this.chunk.chars >= CHUNK_CHARS) this.chunk = null;
  }
}

// Where to end a chunk: after the line that fills it, if that is not too long.
function cut(text, room) {
  if (text.length <= room) return text.length;
  const end = text.indexOf("\n", Math.max(0, room - 1)) + 1;
  return end && end < room + CHUNK_CHARS ? end : room + CHUNK_CHARS < text.length ? room + CHUNK_CHARS : text.length;
}
