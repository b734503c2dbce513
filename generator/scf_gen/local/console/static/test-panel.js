// The test of a function: an event, the button, and what came of it.

import { act, ask } from "./api.js";
import { byId, h, icon } from "./dom.js";
import { badge, duration, time } from "./format.js";
import { complain, confirm, notice, prompt } from "./notice.js";
import { ResultView } from "./result-view.js";
import { snippets } from "./snippets.js";

const OWN = "own:";

export class TestPanel {
  constructor(subject) {
    this.subject = subject;
    this.running = "";
    this.written = false;
    this.result = new ResultView((run) => this.again(run));
    this.build();
    this.checkEvent();
  }

  build() {
    this.select = h("select", { id: "event", change: () => this.choose() }, h("option", {}, "Hello World event template"));
    this.editor = h("textarea", { id: "body", rows: "10", spellcheck: "false", autocomplete: "off", wrap: "off", "aria-describedby": "event-fault", input: () => { this.written = true; this.checkEvent(); }, keydown: (event) => this.key(event) });
    this.fault = h("p", { class: "fault", id: "event-fault" });
    this.test = h("button", { type: "button", class: "primary", id: "run", disabled: true, click: () => this.run() }, icon("play"), h("span", {}, "Test"));
    this.remove = h("button", { type: "button", class: "quiet", hidden: true, click: () => this.removeEvent() }, "Delete");
    this.history = h("ol", { class: "runs" });
    const copy = (title, pick) => h("button", { type: "button", class: "quiet", click: () => this.copy(pick, title) }, icon("copy"), title);
    byId("test").append(
      h("div", { class: "bar" }, h("h2", {}, "Test"), h("span", { class: "spacer" }),
        h("span", { class: "group copies" }, copy("Copy as scf-gen invoke", "command"), copy("Copy as SDK code", "sdk"))),
      h("div", { class: "test" },
        h("div", { class: "event" },
          h("div", { class: "row" }, h("label", { for: "event" }, "Test Event"), this.select),
          h("label", { class: "unseen", for: "body" }, "Event, as JSON"), this.editor, this.fault,
          h("div", { class: "buttons" }, this.test,
            h("button", { type: "button", class: "quiet", click: () => this.format() }, "Format"),
            h("button", { type: "button", class: "quiet", click: () => this.saveEvent() }, "Save as…"), this.remove)),
        this.result.element,
        h("div", { class: "history" }, h("h3", {}, "History"), this.history)));
  }

  refresh() {
    this.showEvents();
    this.showHistory();
  }

  showStatus(status) {
    this.test.disabled = status !== "Active" || Boolean(this.running);
    this.status = status;
  }

  // events

  async showEvents() {
    try {
      const { templates, own } = await ask("test-events", this.subject);
      const chosen = this.select.value;
      this.bodies = new Map([...templates.map((one) => [one.name, one.body]), ...own.map((one) => [OWN + one.name, one.body])]);
      const group = (label, options) => h("optgroup", { label }, ...options);
      this.select.replaceChildren(
        group("Templates", templates.map((one) => h("option", { value: one.name }, one.title))),
        own.length ? group("Saved", own.map((one) => h("option", { value: OWN + one.name }, one.name))) : "");
      if (this.bodies.has(chosen)) this.select.value = chosen;
      if (!this.written) this.choose();
      this.remove.hidden = !this.select.value.startsWith(OWN);
    } catch (error) {
      if (error.code !== "Network") complain(error);
    }
  }

  choose() {
    const own = this.select.value.startsWith(OWN);
    const body = this.bodies.get(this.select.value) ?? "";
    this.editor.value = own ? body : (formatted(body) ?? body);
    this.written = false;
    this.remove.hidden = !own;
    this.checkEvent();
  }

  checkEvent() {
    const fault = jsonFault(this.editor.value);
    this.fault.textContent = fault;
    this.editor.setAttribute("aria-invalid", String(Boolean(fault)));
    return !fault;
  }

  format() {
    if (!this.checkEvent()) return this.editor.focus();
    const tidy = formatted(this.editor.value);
    if (tidy) this.editor.value = tidy;
    else notice("It is left as it is: formatting would change a number or a text in it.");
    return undefined;
  }

  async saveEvent() {
    if (!this.checkEvent()) return this.editor.focus();
    const value = this.select.value.startsWith(OWN) ? this.select.value.slice(OWN.length) : "";
    const check = (text) => (/^[A-Za-z][A-Za-z0-9_-]{0,59}$/.test(text) ? "" : "A letter, then letters, digits, - and _, 60 in all.");
    const name = await prompt({ title: "Save the test event", label: "Name", yes: "Save", value, check });
    if (!name) return undefined;
    try {
      await act("save-test-event", { ...this.subject, event_name: name, body: this.editor.value });
      this.written = false;
      await this.showEvents();
      this.select.value = OWN + name;
      this.choose();
      notice(`${name} is saved.`, "good");
    } catch (error) {
      complain(error);
    }
    return undefined;
  }

  async removeEvent() {
    const name = this.select.value.slice(OWN.length);
    if (!(await confirm({ title: `Delete the test event ${name}?`, yes: "Delete" }))) return;
    await act("remove-test-event", { ...this.subject, event_name: name }).catch(complain);
    this.written = false;
    await this.showEvents();
    this.select.focus();
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.run();
  }

  // runs

  async run() {
    if (this.running || this.status !== "Active") return;
    if (!this.checkEvent()) return void this.editor.focus();
    const request = crypto.randomUUID?.() ?? pseudoUuid();
    this.setRunning(request);
    this.result.begin(request);
    try {
      this.result.show(await act("run", { ...this.subject, request_id: request, event: this.editor.value }));
    } catch (error) {
      this.result.fail(error.message);
    }
    this.setRunning("");
    this.showHistory();
  }

  setRunning(request) {
    this.running = request;
    this.test.querySelector("span").textContent = request ? "Testing…" : "Test";
    this.showStatus(this.status);
  }

  again(run) {
    this.editor.value = run.event;
    this.written = true;
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
      if (error.code !== "Network") complain(error);
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
      this.editor.value = run.event;
      this.written = true;
      this.checkEvent();
    } catch (error) {
      complain(error);
    }
  }

  async copy(pick, title) {
    const text = snippets(this.subject, this.editor.value)[pick];
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

/** The same JSON on many lines; null where that would change it, such as a number that JavaScript would round. */
function formatted(text) {
  const tidy = JSON.stringify(JSON.parse(text), null, 2);
  return tidy.replace(/\s/g, "") === text.replace(/\s/g, "") ? tidy : null;
}

/** What is wrong with a text that is to be JSON, and where. */
function jsonFault(text) {
  if (!text.trim()) return "An event has to be JSON; it is empty.";
  try {
    JSON.parse(text);
    return "";
  } catch (error) {
    const at = /position (\d+)/.exec(error.message);
    const reason = error.message.replace(/^JSON\.parse: /, "").replace(/ in JSON at position.*| at line \d+ column.*| \(line.*/s, "");
    if (!at) return `Not JSON: ${reason}`;
    const before = text.slice(0, Number(at[1])).split("\n");
    return `Not JSON, line ${before.length}, column ${before.at(-1).length + 1}: ${reason}`;
  }
}

// Over plain HTTP a browser has randomUUID only on this machine itself.
function pseudoUuid() {
  const digits = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
