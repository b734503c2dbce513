// News from the server while a page is seen. A hidden page listens to nothing, since a browser opens only a few
// connections to one host; it asks for the state again when it comes back.

import { byId } from "./dom.js";

const SILENCE_MS = 25000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5000;
const TEXTS = { live: "Live", connecting: "Connecting", lost: "Offline" };

/**
 * Listen to what happens at `topic` ({region, namespace, name}). `handlers` has a function for each kind of news, and
 * `refresh`, which is called whenever something may have been missed. The result changes the topic.
 */
export function listen(topic, handlers) {
  let source = null;
  let boot = "";
  let wait = FIRST_WAIT_MS;
  let timer = 0;
  let heard = false;

  function open() {
    clearTimeout(timer);
    source?.close();
    if (document.hidden) return;
    source = new EventSource(`/console/events?${new URLSearchParams(topic)}`);
    watch();
    source.addEventListener("hello", (event) => welcome(JSON.parse(event.data)));
    source.addEventListener("beat", watch);
    source.addEventListener("resync", () => { watch(); handlers.refresh(); });
    source.addEventListener("news", (event) => { watch(); JSON.parse(event.data).forEach(tell); });
    source.onerror = lost;
  }

  function tell(news) {
    handlers[news.kind]?.(news);
  }

  function welcome(hello) {
    const again = heard;
    const restarted = boot && boot !== hello.boot;
    boot = hello.boot;
    heard = true;
    wait = FIRST_WAIT_MS;
    state("live", byId("banner").hidden ? "" : restarted ? "The local SCF was started again. Everything is still here." : "Connected again.");
    watch();
    if (again) handlers.refresh();
  }

  function watch() {
    clearTimeout(timer);
    timer = setTimeout(lost, SILENCE_MS);
  }

  async function lost() {
    source?.close();
    clearTimeout(timer);
    state("lost", "The connection to the local SCF is lost. Trying again…");
    timer = setTimeout(open, wait);
    wait = Math.min(wait * 1.6, LONGEST_WAIT_MS);
    const answer = await fetch("/console/places").catch(() => null);
    if (answer?.status === 401) {
      clearTimeout(timer);
      state("lost", "This browser is not signed in any more. Open the link that scf-gen serve shows in its terminal.");
    }
  }

  document.addEventListener("visibilitychange", open);
  addEventListener("pagehide", () => source?.close());
  open();
  return (changed) => {
    topic = changed;
    heard = false;
    open();
  };
}

let hiding = 0;

function state(name, message) {
  const place = byId("live");
  place.dataset.state = name;
  place.querySelector(".text").textContent = TEXTS[name];
  const banner = byId("banner");
  clearTimeout(hiding);
  if (message) {
    banner.textContent = message;
    banner.className = `banner ${name}`;
    banner.hidden = false;
  }
  if (name === "live" && !banner.hidden) hiding = setTimeout(() => { banner.hidden = true; }, 4000);
}
