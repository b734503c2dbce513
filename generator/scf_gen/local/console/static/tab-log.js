// The tab "Log": the invocations that SCF keeps, and the log of one.

import { call } from "./api.js";
import { byId, fill, h, items, setCurrent, settled } from "./dom.js";
import { bytes, duration, outcome, parsed, time } from "./format.js";
import { LogView } from "./log-view.js";
import { complainIfReached } from "./notice.js";

const FILTERS = [["", "All"], ["is0", "Success"], ["not0", "Failure"], ["TimeLimitExceeded", "Timeout"], ["ResourceLimitExceeded", "Over memory"], ["UserCodeException", "Function error"]];
const SHOWN = 100;

export class LogTab {
  constructor(subject) {
    this.subject = subject;
    this.chosen = "";
    const shown = settled(() => this.shown());
    this.filter = h("select", { id: "filter", change: shown });
    fill(this.filter, FILTERS, "");
    this.search = h("input", { id: "request", type: "search", placeholder: "Request ID", autocomplete: "off", spellcheck: "false", input: shown });
    this.count = h("span", { class: "count" });
    this.list = h("ul", { class: "invocations", "aria-label": "Invocations" });
    this.log = new LogView("Log of the invocation");
    this.facts = h("dl", { class: "facts" });
    this.empty = h("div", { class: "empty" }, h("p", { class: "big" }, "No invocations"), h("p", {}, "They are listed here, whoever asks for them: this console, an SDK, or tccli."));
    this.content = h("div", { class: "log-browser", hidden: true }, this.list, h("div", { class: "detail" }, this.facts, this.log.element));
    byId("log-tab").append(
      h("div", { class: "bar" }, h("h2", {}, "Log"), this.count, h("span", { class: "spacer" }),
        h("label", { class: "inline" }, h("span", {}, "Show"), this.filter),
        h("label", { class: "search plain" }, h("span", { class: "unseen" }, "Request ID"), this.search)),
      this.content, this.empty);
  }

  told() {}

  async shown() {
    const { region, namespace, name } = this.subject;
    const parameters = { FunctionName: name, Namespace: namespace, Limit: SHOWN, Order: "DESC", OrderBy: "start_time" };
    if (this.filter.value) parameters.Filter = { RetCode: this.filter.value };
    if (this.search.value.trim()) parameters.FunctionRequestId = this.search.value.trim();
    try {
      this.show(await call("GetFunctionLogs", region, parameters));
    } catch (error) {
      if (!error.code.startsWith("ResourceNotFound")) complainIfReached(error);
    }
  }

  show({ Data, TotalCount }) {
    this.count.textContent = TotalCount > Data.length ? `the last ${Data.length} of ${TotalCount}` : "";
    this.content.hidden = !Data.length;
    this.empty.hidden = Data.length > 0;
    const focused = document.activeElement?.dataset?.key;
    const key = (one) => `${one.RequestId} ${one.RetryNum}`;
    const entry = (one) => h("li", {}, h("button", { type: "button", class: "quiet", "data-key": key(one), click: () => this.choose(one, key(one)) },
      outcome(one.RetCode), h("span", {}, duration(one.Duration)), time(parsed(one.StartTime))));
    this.list.replaceChildren(...Data.map(entry));
    const chosen = Data.find((one) => key(one) === this.chosen) ?? Data[0];
    if (chosen) this.choose(chosen, key(chosen));
    if (focused) [...this.list.querySelectorAll("button")].find((button) => button.dataset.key === focused)?.focus();
  }

  choose(one, key) {
    this.chosen = key;
    for (const button of this.list.querySelectorAll("button")) setCurrent(button, button.dataset.key === key);
    const facts = [
      ["Request ID", one.RequestId], ["Started", time(parsed(one.StartTime))], ["Duration", duration(one.Duration)],
      ["Billed", `${one.BillDuration} ms`], ["Memory", bytes(one.MemUsage)], ["Attempt", String(one.RetryNum + 1)],
    ];
    this.facts.replaceChildren(...items(facts));
    this.log.set(one.Log);
  }
}
