// What came of a test: result, summary, log.

import { h, icon, items } from "./dom.js";
import { badge, bytes, duration } from "./format.js";
import { LogView } from "./log-view.js";

export class ResultView {
  constructor(again) {
    this.headline = h("p", { class: "headline", role: "status" });
    this.againButton = h("button", { type: "button", class: "quiet", hidden: true, click: () => again(this.run) }, icon("again"), "Run again");
    this.body = h("pre", { class: "body", tabindex: "0", role: "region", "aria-label": "Result" });
    this.summary = h("dl", { class: "facts", "aria-label": "Summary" });
    this.log = new LogView("Log");
    this.element = h("div", { class: "result" },
      h("div", { class: "row" }, this.headline, this.againButton),
      h("h3", {}, "Result"), this.body, h("h3", {}, "Summary"), this.summary, h("h3", {}, "Log"), this.log.element);
    this.clear("Press Test to invoke the function with the event.");
  }

  clear(text) {
    this.element.dataset.state = "empty";
    this.headline.replaceChildren(text);
    this.body.textContent = "";
    this.showSummary({});
    this.log.clear();
    this.againButton.hidden = true;
  }

  begin(request) {
    this.clear("");
    this.element.dataset.state = "running";
    this.headline.replaceChildren(badge("Running", "busy"), "Waiting for the result");
    this.log.clear(true);
    this.showSummary({ FunctionRequestId: request });
    this.element.scrollIntoView({ block: "nearest" });
  }

  fail(message) {
    this.element.dataset.state = "failed";
    this.headline.replaceChildren(badge("Not run", "bad"), message);
  }

  show(run) {
    const { result } = run;
    const ok = result.InvokeResult === 0;
    this.run = run;
    this.element.dataset.state = ok ? "ok" : "failed";
    this.headline.replaceChildren(badge(ok ? "Success" : "Failed", ok ? "good" : "bad"), ok ? "The test succeeded" : words(result));
    this.body.textContent = result.RetMsg;
    this.showSummary(result, run.version);
    this.log.set(run.log);
    this.againButton.hidden = false;
  }

  showSummary(result, version = "") {
    const has = result.Duration !== undefined;
    const facts = [
      ["Duration", has && duration(result.Duration)],
      ["Billed", has && `${result.BillDuration} ms`],
      ["Memory", has && bytes(result.MemUsage)],
      ["Cold start", has && coldStart(result)],
      ["Status", has && (result.InvokeResult === 0 ? "200" : String(status(result)))],
      ["Version", version],
      ["Request ID", result.FunctionRequestId],
    ];
    this.summary.replaceChildren(...items(facts));
  }
}

const coldStart = (result) => (result.ColdStart !== null ? duration(result.ColdStart) : result.InvokeResult === 0 ? "no" : "–");

function status(result) {
  try {
    return JSON.parse(result.ErrMsg).statusCode;
  } catch {
    return result.InvokeResult;
  }
}

function words(result) {
  return result.Kind === "function error" ? `The function reported an error: ${result.Advice}` : `${result.Kind}: ${result.Advice}`;
}
