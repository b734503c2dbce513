// Numbers, times and states in words.

import { h } from "./dom.js";

export function bytes(count) {
  if (count < 1024) return `${count} B`;
  if (count < 1 << 20) return `${(count / 1024).toFixed(1)} KB`;
  return `${(count / (1 << 20)).toFixed(1)} MB`;
}

export function duration(ms) {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 10000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** A time of the API, which is UTC. */
export const parsed = (text) => new Date(`${text.replace(" ", "T")}Z`);

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const calendar = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** A time, short; its date is left out today. */
export function time(date) {
  const today = date.toDateString() === new Date().toDateString();
  return h("time", { datetime: date.toISOString(), title: date.toLocaleString() }, (today ? clock : calendar).format(date));
}

const TONES = {
  Active: "good", Creating: "busy", Updating: "busy", CreateFailed: "bad", UpdateFailed: "bad",
  starting: "busy", idle: "calm", busy: "good", dead: "bad",
};

export function badge(text, tone = TONES[text] ?? "calm") {
  return h("span", { class: `badge ${tone}` }, h("span", { class: "dot" }), text);
}

/** How an invocation ended, by the number that SCF keeps of it. */
export function outcome(code) {
  return code === 0 ? badge("Success", "good") : badge(`Failed (${code})`, "bad");
}
