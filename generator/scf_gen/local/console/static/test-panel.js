// The test of a function: an event, the button, and what came of it.

import { act, ask } from "./api.js";
import { byId, h, icon } from "./dom.js";
import { EventEditor } from "./event-editor.js";
import { badge, duration, time } from "./format.js";
import { complain, complainIfReached, confirm, notice } from "./notice.js";
import { ResultView } from "./result-view.js";
import { snippets } from "./snippets.js";

export class TestPanel {
  constructor(subject) {
    this.subject = subject;
    this.running = "";
    this.result = new ResultView((run) => this.again(run));
    this.test = h("button", { type: "button", class: "primary", id: "run", disabled: true, click: () => this.run() }, icon("play"), h("span", {}, "Test"));
    this.event = new EventEditor(subject, this.test, () => this.run());
    this.history = h("ol", { class: "runs" });
    const copy = (title, pick) => h("button", { type: "button", class: "quiet", click: () => this.copy(pick, title) }, icon("copy"), title);
    byId("test").append(
      h("div", { class: "bar" }, h("h2", {}, "Test"), h("span", { class: "spacer" }),
        h("span", { class: "group copies" }, copy("Copy as scf-gen invoke", "command"), copy("Copy as SDK code", "sdk"))),
      h("div", { class: "test" }, this.event.element, this.result.element,
        h("div", { class: "history" }, h("h3", {}, "History"), this.history)));
  }

  refresh() {
    this.event.show();
    this.showHistory();
  }

  showStatus(status) {
    this.test.disabled = status !== "Active";
    this.status = status;
  }

  async run() {
    if (this.running || this.status !== "Active" || !this.event.valid()) return;
    const request = crypto.randomUUID?.() ?? pseudoUuid();
    this.setRunning(request);
    this.result.begin(request);
    try {
      this.result.show(await act("run", { ...this.subject, request_id: request, event: this.event.body }));
    } catch (error) {
      this.result.fail(error.message);
    }
    this.setRunning("");
    this.showHistory();
  }

  setRunning(request) {
    this.running = request;
    this.test.querySelector("span").textContent = request ? "Testing…" : "Test";
    this.test.setAttribute("aria-disabled", String(Boolean(request))); // one that is disabled loses the focus
  }

  again(run) {
    this.event.write(run.event);
    this.test.focus(); // the button that was pressed goes away for a while
    this.run();
  }

  log(news) {
    if (news.request_id === this.running) this.result.log.append(news.text);
  }

  async showHistory() {
    try {
      const { runs } = await ask("runs", this.subject);
      this.history.replaceChildren(...runs.map((run) => this.historyEntry(run)));
      if (!runs.length) this.history.append(h("li", { class: "note" }, "Tests that were run are listed here."));
    } catch (error) {
      complainIfReached(error);
    }
  }

  historyEntry(run) {
    const ok = run.result.InvokeResult === 0;
    return h("li", {}, h("button", { type: "button", class: "quiet", click: () => this.open(run.request_id) },
      badge(ok ? "Success" : "Failed", ok ? "good" : "bad"), h("span", {}, duration(run.result.Duration)), time(new Date(run.began_s * 1000))));
  }

  async open(request) {
    if (this.running) return;
    try {
      const run = await ask("run", { ...this.subject, request_id: request });
      this.result.show(run);
      this.event.write(run.event);
    } catch (error) {
      complain(error);
    }
  }

  async copy(pick, title) {
    const text = snippets(this.subject, this.event.body)[pick];
    try {
      await navigator.clipboard.writeText(text);
      notice(`${title.replace("Copy as ", "")} is copied.`, "good");
    } catch {
      const area = h("textarea", { rows: "12", readonly: true, "aria-label": title, wrap: "off" });
      area.value = text;
      await confirm({ title, yes: "Done", tone: "primary", fields: [area] });
    }
  }
}

// Over plain HTTP a browser has randomUUID only on this machine itself.
function pseudoUuid() {
  const digits = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
