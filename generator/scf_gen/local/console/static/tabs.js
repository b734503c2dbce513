// Tabs by the pattern of the ARIA guide: arrows move, the address follows.

import { byId } from "./dom.js";

/** `shown` is called with the key of each tab that is shown; gives a function that shows one. */
export function makeTabs(list, address, shown) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const key = (tab) => tab.id.replace("tab-", "");

  function show(chosen, focus) {
    for (const tab of tabs) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !on;
    }
    history.replaceState(null, "", address(key(chosen)));
    if (focus) chosen.focus();
    shown(key(chosen));
  }

  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) show(tab, false);
  });
  list.addEventListener("keydown", (event) => {
    const now = tabs.indexOf(document.activeElement);
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (now < 0 || next === undefined) return;
    event.preventDefault();
    show(tabs.at(next % tabs.length), true);
  });
  return (wanted) => show(byId(`tab-${wanted}`), false);
}
