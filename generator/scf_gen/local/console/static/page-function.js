// The page of one function.

import { call } from "./api.js";
import { CodeTab } from "./tab-code.js";
import { ConfigurationTab } from "./tab-configuration.js";
import { InstancesTab } from "./tab-instances.js";
import { LogTab } from "./tab-log.js";
import { TestPanel } from "./test-panel.js";
import { byId, fill, settled } from "./dom.js";
import { badge } from "./format.js";
import { listen } from "./live.js";
import { complainIfReached } from "./notice.js";
import { functionAddress, keepPlace } from "./place.js";
import { makeTabs } from "./tabs.js";

const LATEST = "$LATEST";
const { region, namespace, name } = byId("function").dataset;
const subject = { region, namespace, name, version: LATEST };
const parts = {
  code: new CodeTab(subject),
  configuration: new ConfigurationTab(subject),
  log: new LogTab(subject),
  instances: new InstancesTab(subject),
};
const test = new TestPanel(subject);
let shown = byId("function").dataset.tab;
let wasThere = false;
let isThere = true;
// What can be done with a function that is there, and only then.
const DEEDS = "#code-actions button, #configuration :is(button, input, select), #delete, #version, .copies button";

/** Show a function as it is now; nothing of what the user is writing is lost. */
async function refresh() {
  try {
    const parameters = { FunctionName: name, Namespace: namespace };
    const [told, versions] = await Promise.all([
      call("GetFunction", region, { ...parameters, Qualifier: subject.version }),
      call("ListVersionByFunction", region, { ...parameters, Limit: 100 }),
    ]);
    wasThere = true;
    setThere(true);
    fill(byId("version"), versions.FunctionVersion.map((version) => [version, version]), subject.version);
    byId("status").replaceChildren(badge(told.Status));
    showTrouble(told.StatusDesc);
    test.showStatus(told.Status);
    for (const part of Object.values(parts)) part.told(told);
  } catch (error) {
    if (error.code.startsWith("ResourceNotFound")) showGone();
    else complainIfReached(error);
  }
}

function showTrouble(text) {
  byId("trouble").hidden = !text;
  byId("trouble").textContent = text;
}

function showGone() {
  const status = wasThere ? "Deleted" : "Not found";
  byId("status").replaceChildren(badge(status, "bad"));
  showTrouble(`There is no function ${name} in ${namespace} of ${region}.`);
  test.showStatus(status);
  setThere(false);
}

/** Of a function that has never been there while this page was open, nothing is shown. */
function setThere(there) {
  if (there === isThere) return;
  isThere = there;
  byId("function").classList.toggle("nothing", !there && !wasThere);
  for (const control of document.querySelectorAll(DEEDS)) control.disabled = !there;
}

function refreshAll() {
  refresh();
  test.refresh();
  parts[shown].shown();
}

const again = settled(() => {
  refresh();
  if (shown === "code") parts.code.shown();
});
const ended = settled(() => shown === "log" && parts.log.shown(), 300);
makeTabs(document.querySelector("[role=tablist]"), (tab) => functionAddress(subject, name, tab), (tab) => {
  shown = tab;
  parts[tab].shown();
});
byId("version").addEventListener("change", () => {
  subject.version = byId("version").value;
  refreshAll();
});
keepPlace(subject);
listen({ region, namespace, name }, {
  function: again,
  begun: (news) => parts.instances.begun(news),
  log: (news) => test.log(news),
  step: (news) => parts.instances.step(news),
  instance: (news) => parts.instances.instance(news),
  ended,
  run: () => test.showHistory(),
  "test-events": () => test.event.show(),
  refresh: refreshAll,
});
refreshAll();
