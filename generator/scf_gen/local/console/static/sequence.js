// One invocation as a sequence: the bootstrap on the left, SCF's runtime API on the right, time downwards.

import { h } from "./dom.js";
import { bytes } from "./format.js";

const NOTES = {
  starting: "SCF starts bootstrap",
  busy: "SCF has an event for it",
  idle: "The result is taken",
  failed: "The error is taken",
  dead: "The instance has ended",
  ready: "It is ready",
};
const ERROR = "/runtime/invocation/error";

/** Elements; `open` names the steps whose contents are shown. */
export function drawSequence(transcript, open) {
  let starting = false;
  let failed = false;
  const steps = transcript.steps.map((step, index) => {
    if (!step.status) {
      failed = step.path === ERROR && step.answer.startsWith("200");
      return exchange(step, String(index), open);
    }
    const idle = starting ? "ready" : failed ? "failed" : "idle";
    starting = step.status === "starting";
    return note(step, NOTES[step.status === "idle" ? idle : step.status]);
  });
  return [
    h("p", { class: "sequence-head", "aria-hidden": "true" }, h("span", {}), h("b", {}, "bootstrap"), h("b", {}, "runtime API")),
    h("ol", { class: "sequence", "aria-label": `Invocation ${transcript.request_id}` }, ...steps),
  ];
}

const at = (step) => h("span", { class: "at" }, `${step.at_ms < 100 ? step.at_ms.toFixed(1) : Math.round(step.at_ms)} ms`);

function note(step, text) {
  return h("li", { class: `state ${step.status}` }, at(step), h("p", {}, h("span", {}, text)));
}

function exchange(step, index, open) {
  const good = step.answer.startsWith("200");
  const headers = step.headers.map(([name, value]) => `${name}: ${value}\n`).join("");
  return h("li", { class: "exchange" }, at(step),
    h("details", { "data-step": index, open: open.has(index) },
      h("summary", {},
        h("span", { class: "arrow out" }, h("span", {}, h("b", {}, step.method), " ", step.path, step.sent_bytes ? h("small", {}, bytes(step.sent_bytes)) : null)),
        h("span", { class: `arrow back ${good ? "" : "bad"}` }, h("span", {}, step.answer, step.body_bytes ? h("small", {}, bytes(step.body_bytes)) : null))),
      step.sent ? content("Sent", step.sent, step.sent_bytes) : null,
      content("Answer", `${headers}${headers && step.body ? "\n" : ""}${step.body}`, step.body_bytes)));
}

function content(title, text, size) {
  return h("div", { class: "content" }, h("p", { class: "note" }, title), h("pre", { tabindex: "0", role: "region", "aria-label": title }, text || " ", size > 2048 ? h("em", {}, "\n… cut") : null));
}
