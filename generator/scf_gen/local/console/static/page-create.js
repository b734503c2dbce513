// The page "Create Function": basic information, then its configuration.

import { act, ask, base64, call } from "./api.js";
import { byId, h, setFault } from "./dom.js";
import { notice } from "./notice.js";
import { currentPlace, functionAddress, keepPlace, listAddress } from "./place.js";
import { SettingsForm } from "./settings-form.js";
import { ZipPicker, findingsList } from "./zip-picker.js";

const place = currentPlace();
const form = byId("form");
const settings = new SettingsForm(form);
const picker = new ZipPicker(() => {});
const pattern = new RegExp(`^(?:${form.dataset.namePattern})$`);
let sample = { key: "", zip: "" };

async function showTemplates() {
  const { templates } = await ask("templates");
  byId("methods").append(...templates.map((one) =>
    h("label", { class: "choice" },
      h("input", { type: "radio", name: "method", value: one.lang, disabled: one.missing.length > 0 }),
      h("span", {}, h("b", {}, `${one.title} template`),
        h("small", {}, one.missing.length ? `needs ${one.missing.join(" and ")} on this machine` : one.summary)))));
}

function showStep(number, focus = true) {
  for (const step of [1, 2]) {
    byId(`step-${step}`).hidden = step !== number;
    const item = byId("steps").children[step - 1];
    if (step === number) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
    item.classList.toggle("done", step < number);
  }
  if (focus) (number === 1 ? byId("name") : picker.element.isConnected ? picker.input : form.elements.handler).focus();
}

function nameIsValid() {
  const name = form.elements.name;
  const valid = pattern.test(name.value);
  setFault(name, valid ? "" : name.value ? `It has to be ${form.dataset.nameRule}.` : "A function needs a name.");
  if (!valid) name.focus();
  return valid;
}

function showCode() {
  const lang = form.elements.method.value;
  byId("submitting").hidden = Boolean(lang);
  if (!lang) byId("code").replaceChildren(picker.element);
  else if (sample.key !== sampleKey()) makeSample();
}

const sampleKey = () => [form.elements.method.value, form.elements.name.value, form.elements.handler.value].join("\n");

async function makeSample() {
  const key = sampleKey();
  const [lang, name, handler] = key.split("\n");
  sample = { key, zip: "" };
  byId("code").replaceChildren(h("p", { class: "note", role: "status" }, "Making the function from its template…"));
  try {
    const made = await act("sample", { lang, function: name, handler });
    if (sample.key !== key) return;
    sample.zip = made.zip;
    byId("code").replaceChildren(h("div", { class: "findings", role: "status" }, ...findingsList(made.findings)));
  } catch (error) {
    if (sample.key !== key) return;
    sample.key = "";
    const again = h("button", { type: "button", click: makeSample }, "Try again");
    byId("code").replaceChildren(h("p", { class: "fault", role: "alert" }, error.message), again);
  }
}

function complain(message) {
  byId("fault").textContent = message;
  if (message) byId("fault").scrollIntoView({ block: "center" });
}

async function complete() {
  const lang = form.elements.method.value;
  if (!lang && !picker.file) {
    picker.complain("Choose the ZIP file with the function's code.");
    return picker.input.focus();
  }
  if (!settings.valid() || (lang && !sample.zip)) return undefined;
  const button = byId("complete");
  button.disabled = true;
  button.textContent = "Creating…";
  complain("");
  try {
    const name = form.elements.name.value;
    const zip = lang ? sample.zip : await base64(picker.file);
    await call("CreateFunction", place.region, {
      FunctionName: name,
      Namespace: place.namespace,
      Runtime: "CustomRuntime",
      Code: { ZipFile: zip },
      Handler: settings.handler,
      ...settings.parameters(),
    });
    location.assign(functionAddress(place, name));
  } catch (error) {
    button.disabled = false;
    button.textContent = "Complete";
    complain(error.message);
  }
  return undefined;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!byId("step-2").hidden) complete();
  else if (nameIsValid()) {
    showCode();
    showStep(2);
  }
});
form.elements.name.addEventListener("input", () => form.elements.name.hasAttribute("aria-invalid") && nameIsValid());
form.elements.handler.addEventListener("change", () => form.elements.method.value && showCode());
byId("previous").addEventListener("click", () => showStep(1));
keepPlace(place);
byId("where").textContent = `${place.region} / ${place.namespace}`;
for (const link of [byId("back"), ...document.querySelectorAll("[data-list]")]) link.href = listAddress(place);
byId("live").hidden = true;
showTemplates().catch((error) => notice(error.message, "bad"));
