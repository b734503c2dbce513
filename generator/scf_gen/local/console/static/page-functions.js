// The page "Functions".

import { ask, call } from "./api.js";
import { byId, fill, h, icon, settled } from "./dom.js";
import { badge, duration, outcome, parsed, time } from "./format.js";
import { listen } from "./live.js";
import { complain, complainIfReached, confirm, notice, prompt } from "./notice.js";
import { createAddress, currentPlace, functionAddress, keepPlace, listAddress } from "./place.js";

const PAGE = 50;
const OTHER = "\u0000other";
const NEW = "\u0000new";
const REMOVE = "\u0000remove";
const place = currentPlace();
let limit = PAGE;
let drawn = 0;

const region = byId("region");
const namespace = byId("namespace");
const search = byId("search");

function row(one) {
  const name = one.FunctionName;
  const remove = h("button", { type: "button", class: "quiet icon-only", "aria-label": `Delete ${name}`, title: "Delete", click: () => removeFunction(name) }, icon("trash"));
  const last = one.Last
    ? [outcome(one.Last.RetCode), h("span", { class: "aside" }, duration(one.Last.Duration), " · ", time(parsed(one.Last.StartTime)))]
    : [h("span", { class: "aside" }, "not invoked yet")];
  return h("tr", {},
    h("th", { scope: "row" }, h("a", { href: functionAddress(place, name) }, name), one.Description ? h("span", { class: "aside description" }, one.Description) : null),
    h("td", { "data-label": "Runtime" }, one.Runtime),
    h("td", { "data-label": "Status", title: one.StatusDesc }, badge(one.Status)),
    h("td", { "data-label": "Last result" }, ...last),
    h("td", { "data-label": "Modified" }, time(parsed(one.ModTime))),
    h("td", { class: "actions" }, remove));
}

async function showFunctions() {
  const turn = ++drawn;
  let found;
  try {
    found = await ask("functions", { ...place, search: search.value.trim(), limit });
  } catch (error) {
    complainIfReached(error);
    return;
  }
  if (turn !== drawn) return;
  const focused = document.activeElement?.closest("#rows a")?.textContent;
  byId("rows").replaceChildren(...found.functions.map(row));
  if (focused) [...byId("rows").querySelectorAll("a")].find((link) => link.textContent === focused)?.focus();
  byId("list").removeAttribute("aria-busy");
  byId("list").hidden = !found.total;
  byId("count").textContent = found.total ? `${found.total} function${found.total > 1 ? "s" : ""}` : "";
  byId("more").hidden = found.total <= found.functions.length;
  showEmpty(found.total);
}

function showEmpty(total) {
  const empty = byId("empty");
  empty.hidden = total > 0;
  if (total) return;
  if (search.value.trim()) {
    const clear = () => {
      search.value = "";
      search.focus();
      showFunctions();
    };
    empty.replaceChildren(
      h("p", { class: "big" }, "No function is called that"),
      h("p", {}, `None of ${place.namespace} in ${place.region} holds “${search.value.trim()}” in its name.`),
      h("button", { type: "button", click: clear }, "Show all functions"));
    return;
  }
  empty.replaceChildren(
    h("p", { class: "big" }, "No functions here yet"),
    h("p", {}, `The namespace ${place.namespace} of ${place.region} is empty. Make a function from a ZIP file or a template, or deploy one with Tencent’s SDK and the endpoint `, h("code", {}, location.host), "."),
    h("a", { class: "button primary", href: createAddress(place) }, icon("plus"), "Create a function"));
}

async function showPlaces() {
  const known = await ask("places", { region: place.region });
  const regions = known.regions.map((name) => [name, known.used.includes(name) ? `${name} •` : name]);
  fill(region, [...regions, [OTHER, "Another region…"]], place.region);
  if (!known.namespaces.includes(place.namespace)) known.namespaces.push(place.namespace);
  const more = [[NEW, "New namespace…"], ...(place.namespace === "default" ? [] : [[REMOVE, `Delete ${place.namespace}…`]])];
  fill(namespace, [...known.namespaces.map((name) => [name, name]), ...more], place.namespace);
}

function go(changed) {
  Object.assign(place, changed);
  limit = PAGE;
  keepPlace(place);
  history.replaceState(null, "", listAddress(place));
  byId("create").href = createAddress(place);
  refresh();
  relisten({ region: place.region, namespace: place.namespace });
}

function refresh() {
  showPlaces().catch(complainIfReached);
  showFunctions();
}

async function removeFunction(name) {
  const said = await confirm({
    title: `Delete ${name}?`,
    text: "Its code, versions, logs and saved test events go with it. This cannot be undone.",
    yes: "Delete",
  });
  if (!said) return;
  try {
    await call("DeleteFunction", place.region, { FunctionName: name, Namespace: place.namespace });
    notice(`${name} is deleted.`, "good");
  } catch (error) {
    complain(error);
  }
  await showFunctions();
  search.focus();
}

const matches = (select, text) => new RegExp(`^(?:${select.dataset.pattern})$`).test(text);

async function chooseRegion() {
  if (region.value !== OTHER) return go({ region: region.value, namespace: "default" });
  region.value = place.region;
  const check = (text) => (matches(region, text) ? "" : "Small letters, digits and -, 64 at most.");
  const name = await prompt({ title: "Another region", label: "Name of the region", yes: "Go there", check });
  return name && go({ region: name, namespace: "default" });
}

async function chooseNamespace() {
  const chosen = namespace.value;
  if (chosen !== NEW && chosen !== REMOVE) return go({ namespace: chosen });
  namespace.value = place.namespace;
  try {
    return await (chosen === NEW ? makeNamespace() : removeNamespace());
  } catch (error) {
    return complain(error);
  }
}

async function makeNamespace() {
  const check = (text) => (matches(namespace, text) ? "" : `It has to be ${namespace.dataset.rule}.`);
  const name = await prompt({ title: "New namespace", label: `Name, in ${place.region}`, yes: "Create", check });
  if (!name) return;
  await call("CreateNamespace", place.region, { Namespace: name });
  go({ namespace: name });
}

async function removeNamespace() {
  const name = place.namespace;
  const text = "Only a namespace without functions can be deleted.";
  if (!(await confirm({ title: `Delete the namespace ${name}?`, text, yes: "Delete" }))) return;
  await call("DeleteNamespace", place.region, { Namespace: name });
  go({ namespace: "default" });
}

const changed = settled(showFunctions);
const relisten = listen(place, { function: changed, ended: changed, namespaces: settled(showPlaces), refresh });
region.addEventListener("change", chooseRegion);
namespace.addEventListener("change", chooseNamespace);
search.addEventListener("input", changed);
byId("more").querySelector("button").addEventListener("click", () => {
  limit += PAGE;
  showFunctions();
});
go({});
