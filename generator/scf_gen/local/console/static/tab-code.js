// The tab "Function code": the files of a version, and other code for $LATEST.

import { ask, base64, call } from "./api.js";
import { byId, h, icon, setCurrent } from "./dom.js";
import { bytes } from "./format.js";
import { lines } from "./highlight.js";
import { complain, notice } from "./notice.js";
import { ZipPicker } from "./zip-picker.js";

const LATEST = "$LATEST";
const LONG = 2000;

export class CodeTab {
  constructor(subject) {
    this.subject = subject;
    this.sha256 = "";
    this.path = "";
    this.uploadButton = h("button", { type: "button", "aria-expanded": "false", "aria-controls": "upload", click: () => this.toggleUpload() }, icon("upload"), "Upload");
    byId("code-actions").append(h("button", { type: "button", click: () => this.download() }, icon("download"), "Download"), this.uploadButton);
  }

  told(told) {
    this.handler = told.Handler;
    this.uploadButton.disabled = this.subject.version !== LATEST;
  }

  async shown() {
    try {
      const code = await ask("code", this.subject);
      if (code.sha256 !== this.sha256) this.show(code);
    } catch (error) {
      if (error.code === "Network") return;
      byId("tree").replaceChildren();
      byId("viewer").replaceChildren(h("p", { class: "note pad" }, error.message));
    }
  }

  show(code) {
    this.sha256 = code.sha256;
    const count = code.files.length + code.more;
    byId("code-note").textContent = `${count} file${count === 1 ? "" : "s"}, ${bytes(code.bytes)} packed`;
    byId("tree").replaceChildren(folderList(folders(code.files), (path) => this.open(path)));
    if (code.more) byId("tree").append(h("p", { class: "note" }, `and ${code.more} more`));
    const paths = code.files.map((file) => file.path);
    const first = [this.path, paths.find((path) => path.startsWith(`${(this.handler ?? "index").split(".")[0]}.`)), "bootstrap", paths[0]];
    this.open(first.find((path) => paths.includes(path)));
  }

  async open(path) {
    if (!path) return;
    this.path = path;
    for (const button of byId("tree").querySelectorAll("button")) setCurrent(button, button.dataset.path === path);
    try {
      const file = await ask("file", { ...this.subject, path });
      if (this.path === path) this.view(path, file);
    } catch (error) {
      if (error.code !== "Network") byId("viewer").replaceChildren(h("p", { class: "note pad" }, error.message));
    }
  }

  view(path, file) {
    const viewer = byId("viewer");
    viewer.setAttribute("aria-label", path);
    viewer.scrollTo(0, 0);
    if (file.text === undefined) viewer.replaceChildren(h("p", { class: "note pad" }, file.why));
    else if (!file.text) viewer.replaceChildren(h("p", { class: "note pad" }, "The file is empty."));
    else {
      const all = lines(path, file.text);
      viewer.replaceChildren(h("code", { class: all.length > LONG ? "source long" : "source" }, ...all));
    }
  }

  async download() {
    const { region, namespace, name, version } = this.subject;
    try {
      const { Url } = await call("GetFunctionAddress", region, { FunctionName: name, Namespace: namespace, Qualifier: version });
      h("a", { href: Url, download: `${name}.zip` }).click();
    } catch (error) {
      complain(error);
    }
  }

  toggleUpload() {
    const place = byId("upload");
    place.hidden = !place.hidden;
    this.uploadButton.setAttribute("aria-expanded", String(!place.hidden));
    if (place.hidden) return;
    const save = h("button", { type: "button", class: "primary", disabled: true, click: () => this.upload(picker, save) }, "Save");
    const picker = new ZipPicker(() => { save.disabled = !picker.file; });
    place.replaceChildren(picker.element, h("div", { class: "buttons" }, save, h("button", { type: "button", click: () => this.toggleUpload() }, "Cancel")));
    picker.input.focus();
  }

  async upload(picker, save) {
    const { region, namespace, name } = this.subject;
    save.disabled = true;
    try {
      const ZipFile = await base64(picker.file);
      await call("UpdateFunctionCode", region, { FunctionName: name, Namespace: namespace, Code: { ZipFile } });
      notice("The code is saved.", "good");
      this.toggleUpload();
      this.uploadButton.focus();
    } catch (error) {
      picker.complain(error.message);
      save.disabled = false;
    }
  }
}

// Folders as maps from name to folder or file.
function folders(files) {
  const root = new Map();
  for (const file of files) {
    const names = file.path.split("/");
    let folder = root;
    for (const name of names.slice(0, -1)) {
      if (!(folder.get(name) instanceof Map)) folder.set(name, new Map());
      folder = folder.get(name);
    }
    folder.set(names.at(-1), file);
  }
  return root;
}

function folderList(folder, open) {
  const entries = [...folder].sort(([a, one], [b, other]) => (other instanceof Map) - (one instanceof Map) || (a < b ? -1 : 1));
  return h("ul", {}, ...entries.map(([name, entry]) =>
    entry instanceof Map
      ? h("li", {}, h("details", { open: true }, h("summary", {}, name), folderList(entry, open)))
      : h("li", {}, h("button", { type: "button", class: "file", "data-path": entry.path, title: `${entry.path}, ${bytes(entry.bytes)}`, click: () => open(entry.path) },
        icon("file"), h("span", {}, name), entry.executable ? h("span", { class: "tag", title: "may be executed" }, "x") : null))));
}
