// Short messages that go by themselves, and questions that wait for an answer.

import { byId, h } from "./dom.js";

const SHOWN_MS = 6000;

export function notice(text, tone = "calm") {
  const place = byId("notices");
  const close = h("button", { type: "button", class: "quiet", "aria-label": "Dismiss", click: () => note.remove() }, "×");
  const note = h("div", { class: `notice ${tone}` }, h("span", {}, text), close);
  place.append(note);
  if (tone !== "bad") setTimeout(() => note.remove(), SHOWN_MS);
}

export const complain = (error) => notice(error.message, "bad");

/** Complain of all but a server that cannot be reached, which the page says already. */
export const complainIfReached = (error) => error.code === "Network" || complain(error);

/** Ask before something that cannot be undone; `fields` are put above the buttons. Gives true or false. */
export function confirm({ title, text, yes, tone = "danger", fields = [], ready = () => true }) {
  return new Promise((resolve) => {
    const heading = h("h2", { id: "dialog-title" }, title);
    const no = h("button", { type: "button", click: () => dialog.close("") }, "Cancel");
    const submit = (event) => {
      event.preventDefault();
      if (ready()) dialog.close("yes");
    };
    const dialog = h(
      "dialog",
      { "aria-labelledby": "dialog-title" },
      h(
        "form",
        { submit },
        heading,
        text ? h("p", {}, text) : null,
        ...fields,
        h("div", { class: "buttons" }, h("button", { type: "submit", class: tone }, yes), no),
      ),
    );
    dialog.addEventListener("close", () => {
      const said = dialog.returnValue === "yes";
      dialog.remove();
      resolve(said);
    });
    document.body.append(dialog);
    dialog.showModal();
    if (!fields.length) no.focus();
  });
}

/** Ask for a line of text; `check` gives what is wrong with it. Gives null if the user has changed their mind. */
export async function prompt({ title, label, yes, value = "", check = () => "" }) {
  const input = h("input", { id: "prompt", value, autocomplete: "off", spellcheck: "false", "aria-describedby": "prompt-fault" });
  const fault = h("p", { class: "fault", id: "prompt-fault", role: "alert" });
  const ready = () => {
    fault.textContent = check(input.value.trim());
    return !fault.textContent;
  };
  const field = h("div", { class: "stack" }, h("label", { for: "prompt" }, label), input, fault);
  const said = await confirm({ title, yes, tone: "primary", fields: [field], ready });
  return said ? input.value.trim() : null;
}
