// Choosing a ZIP file, by a click or by dropping it, with what the linter says of it.

import { h, icon } from "./dom.js";
import { check } from "./api.js";
import { bytes } from "./format.js";

const LARGEST = 50 << 20;

export class ZipPicker {
  /** `changed` is called when another file is chosen, or the findings have come. */
  constructor(changed) {
    this.file = null;
    this.changed = changed;
    this.input = h("input", { type: "file", accept: ".zip,application/zip", id: "zip", class: "unseen", "aria-describedby": "zip-fault", change: () => this.choose(this.input.files[0]) });
    this.title = h("b", {});
    this.note = h("small", {});
    this.drop = h("label", { class: "drop", for: "zip" }, icon("upload"), h("span", {}, this.title, this.note));
    this.fault = h("p", { class: "fault", id: "zip-fault", role: "alert" });
    this.findings = h("div", { class: "findings", role: "status" });
    this.element = h("div", { class: "zip-picker" }, this.input, this.drop, this.fault, this.findings);
    this.listen();
    this.show();
  }

  listen() {
    const over = (on) => (event) => {
      event.preventDefault();
      this.drop.classList.toggle("over", on);
    };
    this.drop.addEventListener("dragover", over(true));
    this.drop.addEventListener("dragleave", over(false));
    this.drop.addEventListener("drop", (event) => {
      over(false)(event);
      this.choose(event.dataTransfer.files[0]);
    });
  }

  show() {
    this.title.textContent = this.file ? this.file.name : "Choose a ZIP file, or drop it here";
    this.note.textContent = this.file ? `${bytes(this.file.size)} · choose another` : "with bootstrap at its root, 50 MB at most";
    this.drop.classList.toggle("chosen", Boolean(this.file));
  }

  complain(message) {
    this.fault.textContent = message;
    this.input.setAttribute("aria-invalid", String(Boolean(message)));
  }

  async choose(file) {
    if (!file) return;
    this.file = file.size <= LARGEST ? file : null;
    this.show();
    this.complain(this.file ? "" : `${file.name} has ${bytes(file.size)}; the API takes 50 MB at most.`);
    this.findings.replaceChildren();
    this.changed();
    if (this.file) await this.lint(file);
  }

  async lint(file) {
    this.findings.replaceChildren(h("p", { class: "note" }, "Looking for faults…"));
    try {
      const findings = await check(file);
      if (this.file === file) this.findings.replaceChildren(...findingsList(findings));
    } catch (error) {
      if (this.file !== file) return;
      this.findings.replaceChildren();
      this.complain(error.message);
    }
    this.changed();
  }
}

/** The linter's findings as elements. */
export function findingsList(findings) {
  if (!findings.length) return [h("p", { class: "note good" }, icon("check"), "The linter finds no fault.")];
  const counts = ["error", "warning", "info"]
    .map((severity) => [findings.filter((finding) => finding.severity === severity).length, severity])
    .filter(([count]) => count)
    .map(([count, severity]) => `${count} ${severity}${count > 1 && severity !== "info" ? "s" : ""}`);
  const items = findings.map((finding) =>
    h("li", { class: finding.severity },
      h("p", {}, h("span", { class: "tag" }, finding.severity), h("code", {}, finding.code), " ",
        finding.path ? h("code", {}, finding.line ? `${finding.path}:${finding.line}` : finding.path) : null, " ", finding.message),
      finding.hint ? h("p", { class: "hint" }, finding.hint) : null));
  return [h("p", { class: "note" }, `The linter finds ${counts.join(", ")}.`), h("ul", {}, items)];
}
