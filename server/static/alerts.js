// Alerts on every page, until a person says that they have seen them.

import { ask, tell } from "./ask.js";
import { ageElement, localTime } from "./clock.js";
import { arrange, el, meta } from "./dom.js";
import { watch } from "./news.js";
import { armSound, beep } from "./sound.js";
import { levelSymbol } from "./symbols.js";
import { say } from "./words.js";

const MOST_SHOWN = matchMedia("(max-width: 820px)").matches ? 1 : 3;
const THANKED_MS = 6000;
const box = document.getElementById("alerts");
const bars = new Map();
const more = el("p", { class: "more-alerts" });
let heard = null; // ids known before: only later ones sound

export function startAlerts() {
  armSound(document.getElementById("sound"));
  return watch(["alert", "ack"], async () => show(await ask("/api/v1/alerts?open_only=true")));
}

function show(list) {
  const open = newestOfEachCase(list.filter((alert) => alert.on_screen));
  const ids = new Set(open.map((alert) => alert.id));
  if (heard && open.some((alert) => !heard.has(alert.id))) beep();
  heard = new Set([...(heard ?? []), ...ids]);
  for (const [id, bar] of bars) if (!ids.has(id) && !bar.thanked) bars.delete(id);
  for (const alert of open) if (!bars.has(alert.id)) bars.set(alert.id, makeBar(alert));
  layOut();
}

// A case that rose says so once: the newest alert speaks for those before it, and so does its acknowledgement.
function newestOfEachCase(list) {
  const newest = new Map();
  for (const alert of list) if (!(newest.get(alert.case_id)?.id > alert.id)) newest.set(alert.case_id, alert);
  return [...newest.values()];
}

function layOut() {
  const nodes = [...bars.values()].sort((a, b) => b.alert.id - a.alert.id).map((bar) => bar.node);
  const hidden = nodes.length - MOST_SHOWN;
  more.textContent = say("more_alerts", { count: hidden });
  arrange(box, [...nodes.slice(0, MOST_SHOWN), ...(hidden > 0 ? [more] : [])]);
  box.hidden = nodes.length === 0;
}

function makeBar(alert) {
  const bar = { alert, thanked: false };
  bar.form = makeForm(bar);
  bar.end = el("span", { class: "alert-end" });
  if (meta("may-acknowledge") === "yes") {
    bar.end.append(el("button", { type: "button", onclick: () => openForm(bar) }, say("acknowledge")));
  }
  bar.node = el(
    "div",
    { class: `alert ${alert.level}` },
    levelSymbol(alert.level),
    el(
      "span",
      { class: "alert-text" },
      el("strong", {}, el("a", { class: "title", href: `/cases/${encodeURIComponent(alert.case_id)}` }, alert.title)),
      el("span", { class: "chip" }, alert.level_text),
      ageElement(alert.created),
      el("a", { href: `/cases/${encodeURIComponent(alert.case_id)}` }, say("see_case")),
    ),
    bar.end,
    bar.form,
  );
  return bar;
}

function makeForm(bar) {
  const note = el("input", { type: "text", maxlength: 2000, placeholder: say("note"), "aria-label": say("note") });
  const problem = el("span", { class: "error", role: "alert", hidden: true });
  const send = async (event) => {
    event.preventDefault();
    try {
      thank(bar, await tell(`/api/v1/alerts/${bar.alert.id}/acknowledge`, { note: note.value }));
    } catch (error) {
      problem.textContent = say("failed", { why: error.message });
      problem.hidden = false;
    }
  };
  return el(
    "form",
    { class: "acknowledge", hidden: true, onsubmit: send },
    note,
    el("button", { class: "main" }, say("confirm")),
    el("button", { type: "button", onclick: () => closeForm(bar) }, say("cancel")),
    problem,
  );
}

function openForm(bar) {
  bar.form.hidden = false;
  bar.form.querySelector("input").focus();
}

function closeForm(bar) {
  bar.form.hidden = true;
  bar.end.querySelector("button")?.focus();
}

function thank(bar, alert) {
  bar.thanked = true;
  bar.form.hidden = true;
  bar.node.classList.add("thanked");
  const said = say("acknowledged", { who: alert.acknowledged_by, time: localTime(alert.acknowledged) });
  bar.end.replaceChildren(el("span", { role: "status" }, said));
  setTimeout(() => {
    bars.delete(bar.alert.id);
    layOut();
  }, THANKED_MS);
}
