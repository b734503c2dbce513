// The settings of a function, in the forms that make and change one.

import { h, icon, setFault } from "./dom.js";

export class SettingsForm {
  constructor(form) {
    this.form = form;
    this.rows = h("div", { class: "pairs" });
    const add = h("button", { type: "button", class: "quiet", click: () => this.begin() }, icon("plus"), "Add a variable");
    form.querySelector("#environment").append(this.rows, add);
  }

  begin() {
    this.addRow("", "").querySelector("input").focus();
    this.edited();
  }

  /** Tell the form, as a field would; what is not known to be edited is shown anew at the next news. */
  edited() {
    this.rows.dispatchEvent(new Event("input", { bubbles: true }));
  }

  addRow(key, value) {
    const remove = h("button", { type: "button", class: "quiet icon-only", "aria-label": "Remove the variable", click: () => { row.remove(); this.edited(); } }, icon("trash"));
    const row = h("div", { class: "pair" },
      h("input", { "aria-label": "Variable's name", placeholder: "KEY", value: key, spellcheck: "false" }),
      h("input", { "aria-label": "Variable's value", placeholder: "value", value, spellcheck: "false" }), remove);
    this.rows.append(row);
    return row;
  }

  /** Show what GetFunction answers. */
  show(told) {
    const fields = this.form.elements;
    fields.handler.value = told.Handler;
    fields.memory.value = told.MemorySize;
    fields.timeout.value = told.Timeout;
    fields.init_timeout.value = told.InitTimeout;
    fields.description.value = told.Description;
    this.rows.replaceChildren();
    for (const { Key, Value } of told.Environment.Variables) this.addRow(Key, Value);
  }

  /** The first field that will not do gets the focus, and its fault. */
  valid() {
    const faulty = [this.form.elements.timeout, this.form.elements.init_timeout].filter((field) => {
      setFault(field, field.validity.valid && field.value ? "" : `It has to be a whole number from ${field.min} to ${field.max}.`);
      return field.getAttribute("aria-invalid") === "true";
    });
    if (faulty.length) {
      const folded = faulty[0].closest("details");
      if (folded) folded.open = true;
      faulty[0].focus();
    }
    return !faulty.length;
  }

  get handler() {
    return this.form.elements.handler.value.trim();
  }

  /** The parameters that the API has for changing, too; none of the variables is one with empty name and value, as Tencent's tools have it. */
  parameters() {
    const fields = this.form.elements;
    const pairs = [...this.rows.children].map((row) => [...row.querySelectorAll("input")].map((input) => input.value));
    const given = pairs.filter(([key, value]) => key || value).map(([Key, Value]) => ({ Key, Value }));
    return {
      MemorySize: Number(fields.memory.value),
      Timeout: Number(fields.timeout.value),
      InitTimeout: Number(fields.init_timeout.value),
      Description: fields.description.value,
      Environment: { Variables: given.length ? given : [{ Key: "", Value: "" }] },
    };
  }
}
