// The list of cases beside the map; a case opens in place and says why.

import { ask } from "./ask.js";
import { keepGrounds, showGrounds } from "./bearings.js";
import { ageElement } from "./clock.js";
import { arrange, el } from "./dom.js";
import { focusCase, pointAt, setOpened } from "./layers.js";
import { levelSymbol } from "./symbols.js";
import { say } from "./words.js";

const box = document.getElementById("cases");
const items = new Map();
const closedBox = el("details", { class: "closed-cases" }, el("summary"), el("div"));
const emptyNote = el("p", { class: "empty" });

export function showCases(list, sensorCount) {
  const seen = new Set(list.map((one) => one.id));
  for (const id of items.keys()) if (!seen.has(id)) forget(id);
  for (const one of list) {
    if (!items.has(one.id)) items.set(one.id, makeItem(one.id));
    updateItem(items.get(one.id), one);
  }
  const open = list.filter((one) => !one.closed).map((one) => items.get(one.id).node);
  const closed = list.filter((one) => one.closed).map((one) => items.get(one.id).node);
  closedBox.firstChild.textContent = say("closed_cases", { count: closed.length });
  arrange(closedBox.lastChild, closed);
  emptyNote.textContent = sensorCount ? say("no_cases", { sensors: sensorCount }) : say("no_sensors");
  arrange(box, [...(open.length ? open : [emptyNote]), ...(closed.length ? [closedBox] : [])]);
}

function forget(id) {
  items.delete(id);
  setOpened(id, false);
  showGrounds(id, false);
}

function makeItem(id) {
  const item = { id, state: "", reasonsOf: "" };
  item.head = el("button", { type: "button", class: "case-head", "aria-expanded": "false", onclick: () => toggle(item) });
  item.body = el("div", { class: "case-body", hidden: true });
  const look = { onmouseenter: () => pointAt(id), onmouseleave: () => pointAt(null), onfocusin: () => pointAt(id), onfocusout: () => pointAt(null) };
  item.node = el("article", { class: "case", ...look }, item.head, item.body);
  return item;
}

function updateItem(item, one) {
  const state = JSON.stringify(one);
  if (item.state === state) return;
  item.state = state;
  item.node.className = `case ${one.level}${one.closed ? " closed" : ""}`;
  const heard = one.sensors.length;
  item.head.replaceChildren(
    levelSymbol(one.level),
    el(
      "span",
      { class: "case-text" },
      el("strong", {}, one.title),
      el(
        "span",
        { class: "case-line" },
        el("span", { class: `chip ${one.level}` }, one.level_text),
        el("span", {}, say("evidence", { score: one.score_db.toFixed(0) })),
        el("span", {}, heard === 1 ? say("one_sensor") : say("sensors", { count: heard })),
        el("span", {}, one.area_km2 === null ? say("nowhere") : say("region", { km2: one.area_km2.toFixed(2) })),
        one.last_seen && ageElement(one.last_seen),
      ),
    ),
  );
  if (!item.body.hidden) fillReasons(item);
}

function toggle(item) {
  const open = item.body.hidden;
  item.body.hidden = !open;
  item.head.setAttribute("aria-expanded", String(open));
  setOpened(item.id, open);
  showGrounds(item.id, open);
  if (open) fillReasons(item);
}

export function openCase(id) {
  const item = items.get(id);
  if (!item) return;
  if (item.body.hidden) toggle(item);
  item.node.scrollIntoView({ block: "nearest" });
}

// Where the region is, that bearings point at.
const middleOf = (fix) => (fix === null ? null : fix.lat_deg === null ? fix.region[0]?.[0] ?? null : [fix.lat_deg, fix.lon_deg]);

async function fillGrounds(item, detail) {
  const fix = detail.emitter?.fix ?? null;
  if (fix === null || item.groundsOf === fix.time) return;
  item.groundsOf = fix.time;
  keepGrounds(item.id, await ask(`/api/v1/cases/${encodeURIComponent(item.id)}/grounds`), middleOf(fix));
}

async function fillReasons(item) {
  if (!item.body.firstChild) item.body.append(el("p", { class: "soft" }, say("loading")));
  const detail = await ask(`/api/v1/cases/${encodeURIComponent(item.id)}`);
  fillGrounds(item, detail);
  const reasonsOf = JSON.stringify(detail.reasons.map((r) => [r.name, r.sensor, r.weight_db, r.evidence_shown]));
  if (item.reasonsOf === reasonsOf) return;
  item.reasonsOf = reasonsOf;
  const open = new Set([...item.body.querySelectorAll("details[open]")].map((d) => d.dataset.of));
  const located = detail.emitter?.fix;
  item.body.replaceChildren(
    el("ul", { class: "findings" }, byRule(detail.reasons).map((rule) => findingItem(rule, open))),
    el(
      "div",
      { class: "buttons" },
      located && el("button", { type: "button", onclick: () => focusCase(item.id) }, say("on_map")),
      el("a", { class: "button", href: `/cases/${encodeURIComponent(item.id)}` }, say("details")),
    ),
  );
}

// Several sensors may say the same: one entry a rule, its strongest finding first.
function byRule(reasons) {
  const rules = new Map();
  for (const reason of reasons) rules.set(reason.name, [...(rules.get(reason.name) ?? []), reason]);
  return [...rules.values()].map((rule) => rule.sort((a, b) => Math.abs(b.weight_db) - Math.abs(a.weight_db)));
}

function findingItem(rule, open) {
  const reason = rule[0];
  const of = reason.name;
  const facts = [
    ...reason.evidence_shown,
    [say("baseline"), reason.baseline_n ?? say("baseline_none")],
    [say("said_by"), [...new Set(rule.map((one) => one.sensor ?? say("fusion")))].join(", ")],
    [say("times"), reason.times],
  ];
  const weight = `${reason.weight_db >= 0 ? "+" : "−"}${Math.abs(reason.weight_db).toFixed(1)} dB`;
  return el(
    "li",
    { class: "finding" },
    el(
      "div",
      { class: "finding-head" },
      el("strong", {}, reason.title),
      el("span", { class: `weight ${reason.weight_db > 0 ? "for" : "against"}` }, weight),
    ),
    el("p", {}, reason.what),
    el("p", { class: "innocent" }, el("span", {}, say("innocent")), reason.innocent),
    el(
      "details",
      { "data-of": of, open: open.has(of) },
      el("summary", {}, say("values")),
      el("dl", { class: "facts" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
    ),
  );
}
