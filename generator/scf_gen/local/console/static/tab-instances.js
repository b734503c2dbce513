// The tab "Instances": what runs now, and what each invocation's bootstrap and SCF said to each other.

import { ask } from "./api.js";
import { byId, h, items } from "./dom.js";
import { badge, bytes, time } from "./format.js";
import { complainIfReached } from "./notice.js";
import { drawSequence } from "./sequence.js";

const KEPT = 30;

export class InstancesTab {
  constructor(subject) {
    this.subject = subject;
    this.instances = new Map();
    this.transcripts = [];
    this.chosen = "";
    this.frame = 0;
    this.list = h("ul", { class: "invocations", "aria-label": "Invocations" });
    this.sequence = h("div", { class: "detail" });
    this.browser = h("div", { class: "log-browser", hidden: true }, this.list, this.sequence);
    this.empty = h("div", { class: "empty" }, h("p", { class: "big" }, "Nothing was invoked yet"), h("p", {}, "Run a test, and watch the bootstrap and SCF talk."));
    byId("transcripts").append(this.browser, this.empty);
  }

  told() {}

  async shown() {
    try {
      const found = await ask("instances", this.subject);
      this.instances = new Map(found.instances.map((one) => [one.number, one]));
      this.transcripts = found.transcripts;
      this.draw();
    } catch (error) {
      complainIfReached(error);
    }
  }

  begun(news) {
    if (this.transcripts.some((one) => one.request_id === news.request_id)) return;
    this.transcripts.unshift({ request_id: news.request_id, version: news.version, began_s: Date.now() / 1000, steps: [] });
    this.transcripts.length = Math.min(this.transcripts.length, KEPT);
    this.chosen = news.request_id;
    this.drawSoon();
  }

  step(news) {
    this.transcripts.find((one) => one.request_id === news.request_id)?.steps.splice(news.index, 0, news.step);
    this.drawSoon();
  }

  instance(news) {
    if (news.status === "dead") this.instances.delete(news.number);
    else this.instances.set(news.number, news);
    this.drawSoon();
  }

  // Once a frame, and only while somebody sees it.
  drawSoon() {
    if (this.frame || byId("panel-instances").hidden) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw() {
    this.drawInstances();
    this.browser.hidden = !this.transcripts.length;
    this.empty.hidden = this.transcripts.length > 0;
    if (!this.transcripts.some((one) => one.request_id === this.chosen)) this.chosen = this.transcripts[0]?.request_id;
    const focused = document.activeElement?.dataset?.request;
    this.list.replaceChildren(...this.transcripts.map((one) => this.entry(one)));
    if (focused) [...this.list.querySelectorAll("button")].find((button) => button.dataset.request === focused)?.focus();
    const chosen = this.transcripts.find((one) => one.request_id === this.chosen);
    const open = new Set([...this.sequence.querySelectorAll("details[open]")].map((one) => one.dataset.step));
    const fresh = this.drawn !== this.chosen;
    this.drawn = this.chosen;
    this.sequence.replaceChildren(...(chosen ? drawSequence(chosen, fresh ? new Set() : open) : []));
  }

  drawInstances() {
    const all = [...this.instances.values()];
    const count = (status) => all.filter((one) => one.status === status).length;
    byId("instances-note").textContent = all.length ? `${count("starting")} starting, ${count("idle")} idle, ${count("busy")} busy` : "";
    byId("instances").replaceChildren(all.length
      ? h("ul", { class: "instances" }, ...all.map(card))
      : h("div", { class: "empty" }, h("p", { class: "big" }, "No instance is running"), h("p", {}, "The next invocation starts one; one that is idle for five minutes ends.")));
  }

  entry(one) {
    const current = one.request_id === this.chosen;
    const choose = () => {
      this.chosen = one.request_id;
      this.draw();
    };
    return h("li", {}, h("button", { type: "button", class: "quiet", "data-request": one.request_id, "aria-current": current ? "true" : null, click: choose },
      h("code", {}, one.request_id.slice(0, 8)), h("span", {}, `${one.steps.filter((step) => step.path).length} exchanges`), time(new Date(one.began_s * 1000))));
  }
}

function card(one) {
  return h("li", {}, h("p", { class: "row" }, h("b", {}, `Instance ${one.number}`), h("span", { class: "spacer" }), badge(one.status)),
    h("dl", { class: "facts" }, ...items([
      ["Process", one.pid], ["Version", one.version], ["Memory", one.memory_bytes && bytes(one.memory_bytes)],
      ["Invocations", one.invocations], ["Since", time(new Date(one.since_s * 1000))],
    ])));
}
