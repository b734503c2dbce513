// A log of any length. It is put on the page in chunks, so many a frame, and the browser draws only those that are seen.

import { h } from "./dom.js";
import { ansiReader } from "./ansi.js";

const CHUNK_CHARS = 8192;
const FRAME_CHARS = 1 << 18;
const LINE_PX = 20;

export class LogView {
  constructor(label) {
    this.element = h("div", { class: "log", tabindex: "0", role: "region", "aria-label": label, scroll: () => this.scrolled() });
    this.clear();
  }

  /** Begin again; a `live` log keeps its end in view. */
  clear(live = false) {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.waiting = "";
    this.text = "";
    this.read = ansiReader();
    this.chunk = null;
    this.follows = this.live = live;
    this.top = 0;
    this.element.replaceChildren();
  }

  /** Show a whole log; of a live one only what is missing. */
  set(text) {
    if (this.live && text.startsWith(this.text)) {
      this.append(text.slice(this.text.length));
      return;
    }
    if (text && text === this.text) return;
    this.clear();
    this.append(text);
    this.element.scrollTop = 0;
  }

  append(text) {
    if (!text) return;
    this.text += text;
    this.waiting += text;
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = 0;
    let now = this.waiting.slice(0, FRAME_CHARS);
    this.waiting = this.waiting.slice(now.length);
    while (now) {
      const end = cut(now, this.chunk ? CHUNK_CHARS - this.chunk.chars : CHUNK_CHARS);
      this.put(now.slice(0, end));
      now = now.slice(end);
    }
    this.toEnd();
    // The heights of what was just put there are known a frame later.
    this.frame = requestAnimationFrame(() => (this.waiting ? this.draw() : this.rest()));
  }

  rest() {
    this.frame = 0;
    this.toEnd();
  }

  toEnd() {
    if (this.follows) this.element.scrollTop = this.element.scrollHeight;
  }

  // Whoever scrolls up reads, and is not to be moved.
  scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    const lost = scrollTop < this.top - 1;
    this.top = scrollTop;
    if (scrollTop + clientHeight >= scrollHeight - LINE_PX) this.follows = this.live;
    else if (lost) this.follows = false;
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
