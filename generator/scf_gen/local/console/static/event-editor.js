// The event of a test: a template, one that was kept, or what the user writes.

import { act, ask } from "./api.js";
import { h } from "./dom.js";
import { complain, complainIfReached, confirm, notice, prompt } from "./notice.js";

const OWN = "own:";

export class EventEditor {
  /** `run` is called when the user wants the event to be run; `button` does that, too. */
  constructor(subject, button, run) {
    this.subject = subject;
    this.run = run;
    this.written = false;
    this.bodies = new Map();
    this.select = h("select", { id: "event", change: () => this.choose() }, h("option", {}, "Hello World event template"));
    this.text = h("textarea", { id: "body", rows: "10", spellcheck: "false", autocomplete: "off", wrap: "off", "aria-describedby": "event-fault", input: () => { this.written = true; this.check(); }, keydown: (event) => this.key(event) });
    this.fault = h("p", { class: "fault", id: "event-fault" });
    this.removal = h("button", { type: "button", class: "quiet", hidden: true, click: () => this.remove() }, "Delete");
    this.element = h("div", { class: "event" },
      h("div", { class: "row" }, h("label", { for: "event" }, "Test Event"), this.select),
      h("label", { class: "unseen", for: "body" }, "Event, as JSON"), this.text, this.fault,
      h("div", { class: "buttons" }, button,
        h("button", { type: "button", class: "quiet", click: () => this.format() }, "Format"),
        h("button", { type: "button", class: "quiet", click: () => this.save() }, "Save as…"), this.removal));
    this.check();
  }

  get body() {
    return this.text.value;
  }

  /** As if the user had written it. */
  write(body) {
    this.text.value = body;
    this.written = true;
    this.check();
  }

  async show() {
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
      this.removal.hidden = !this.select.value.startsWith(OWN);
    } catch (error) {
      complainIfReached(error);
    }
  }

  choose() {
    const own = this.select.value.startsWith(OWN);
    const body = this.bodies.get(this.select.value);
    if (body === undefined) return;
    this.text.value = own ? body : (formatted(body) ?? body);
    this.written = false;
    this.removal.hidden = !own;
    this.check();
  }

  check() {
    const fault = jsonFault(this.text.value);
    this.fault.textContent = fault;
    this.text.setAttribute("aria-invalid", String(Boolean(fault)));
    return !fault;
  }

  /** Whether it will do; else it gets the focus. */
  valid() {
    const valid = this.check();
    if (!valid) this.text.focus();
    return valid;
  }

  format() {
    if (!this.valid()) return;
    const tidy = formatted(this.text.value);
    if (tidy) this.text.value = tidy;
    else notice("It is left as it is: formatting would change a number or a text in it.");
  }

  async save() {
    if (!this.valid()) return;
    const value = this.select.value.startsWith(OWN) ? this.select.value.slice(OWN.length) : "";
    const check = (text) => (/^[A-Za-z][A-Za-z0-9_-]{0,59}$/.test(text) ? "" : "A letter, then letters, digits, - and _, 60 in all.");
    const name = await prompt({ title: "Save the test event", label: "Name", yes: "Save", value, check });
    if (!name) return;
    try {
      await act("save-test-event", { ...this.subject, event_name: name, body: this.text.value });
      this.written = false;
      await this.show();
      this.select.value = OWN + name;
      this.choose();
      notice(`${name} is saved.`, "good");
    } catch (error) {
      complain(error);
    }
  }

  async remove() {
    const name = this.select.value.slice(OWN.length);
    if (!(await confirm({ title: `Delete the test event ${name}?`, yes: "Delete" }))) return;
    await act("remove-test-event", { ...this.subject, event_name: name }).catch(complain);
    this.written = false;
    await this.show();
    this.select.focus();
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.run();
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
