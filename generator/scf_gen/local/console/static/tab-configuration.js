// The tab "Configuration".

import { base64, call } from "./api.js";
import { byId, items } from "./dom.js";
import { bytes, parsed, time } from "./format.js";
import { confirm, notice } from "./notice.js";
import { listAddress } from "./place.js";
import { SettingsForm } from "./settings-form.js";

const LATEST = "$LATEST";

export class ConfigurationTab {
  constructor(subject) {
    this.subject = subject;
    this.form = byId("configuration");
    this.settings = new SettingsForm(this.form);
    this.edited = false;
    this.form.addEventListener("input", () => { this.edited = true; });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    this.form.addEventListener("reset", (event) => {
      event.preventDefault();
      this.edited = false;
      if (this.last) this.told(this.last);
    });
    byId("delete").addEventListener("click", () => this.remove());
  }

  shown() {}

  told(told) {
    this.last = told;
    const facts = [
      ["Function name", told.FunctionName], ["Function ID", told.FunctionId], ["Runtime environment", told.Runtime],
      ["Version", told.FunctionVersion], ["Code size", bytes(told.CodeSize)], ["Created", time(parsed(told.AddTime))], ["Modified", time(parsed(told.ModTime))],
    ];
    byId("facts").replaceChildren(...items(facts));
    for (const field of this.form.elements) field.disabled = this.subject.version !== LATEST;
    if (!this.edited) this.settings.show(told);
  }

  async save() {
    if (!this.settings.valid()) return;
    const { region, namespace, name } = this.subject;
    const who = { FunctionName: name, Namespace: namespace };
    const button = this.form.querySelector("[type=submit]");
    byId("fault").textContent = "";
    button.disabled = true;
    try {
      await call("UpdateFunctionConfiguration", region, { ...who, ...this.settings.parameters() });
      if (this.settings.handler !== this.last.Handler) await this.saveHandler(region, who);
      this.edited = false;
      notice("The configuration is saved.", "good");
    } catch (error) {
      byId("fault").textContent = error.message;
    }
    button.disabled = false;
  }

  // For the API the handler belongs to the code, so it goes with the same code once more.
  async saveHandler(region, who) {
    const { Url } = await call("GetFunctionAddress", region, who);
    const code = await (await fetch(new URL(Url).pathname + new URL(Url).search)).blob();
    const ZipFile = await base64(code);
    let told = await call("GetFunction", region, who);
    for (; told.Status === "Updating"; told = await call("GetFunction", region, who)) await new Promise((done) => setTimeout(done, 100));
    await call("UpdateFunctionCode", region, { ...who, Handler: this.settings.handler, Code: { ZipFile } });
  }

  async remove() {
    const { region, namespace, name } = this.subject;
    const text = "Its code, versions, logs and saved test events go with it. This cannot be undone.";
    if (!(await confirm({ title: `Delete ${name}?`, text, yes: "Delete" }))) return;
    try {
      await call("DeleteFunction", region, { FunctionName: name, Namespace: namespace });
      location.assign(listAddress(this.subject));
    } catch (error) {
      byId("fault").textContent = error.message;
    }
  }
}
