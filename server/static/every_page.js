// What every page has: the state in a glance, alerts, local times, and parts that keep themselves current.

import { startAlerts } from "./alerts.js";
import { ask } from "./ask.js";
import { localise, setServerTime } from "./clock.js";
import { el } from "./dom.js";
import { connect, watch } from "./news.js";
import { levelSymbol } from "./symbols.js";
import { say } from "./words.js";

const state = document.getElementById("state");

// Silence says something only while somebody listens.
function sayState({ open_cases: { high, watch: watched }, sensors, sensors_unwell: unwell }, deaf) {
  const cases = high || watched ? [say("state_cases", { high, watch: watched })] : [];
  if (deaf) return [...cases, say("state_deaf")].join(" · ");
  return cases[0] ?? say(unwell === sensors ? "state_clear_unwell" : "state_clear");
}

async function showState() {
  const status = await ask("/api/v1/status");
  setServerTime(status.now);
  const { high, watch: watched } = status.open_cases;
  const deaf = status.sensors_listening === 0;
  const worst = high ? "high" : watched ? "watch" : deaf ? "deaf" : "clear";
  state.className = `state ${worst}`;
  state.replaceChildren(
    ...(worst === "clear" || worst === "deaf" ? [] : [levelSymbol(worst)]),
    el("span", {}, sayState(status, deaf)),
    el(
      "span",
      { class: "soft" },
      el("span", { class: "state-word" }, `${say("state_sensors")} `),
      `${status.sensors - status.sensors_unwell}/${status.sensors}`,
    ),
  );
  state.hidden = false;
}

// A part of a page the server wrote is fetched again and put in its place, unless somebody is typing in it.
async function refreshPart(part) {
  if (part.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) return;
  const page = await (await fetch(location.href, { headers: { Accept: "text/html" } })).text();
  const fresh = new DOMParser().parseFromString(page, "text/html");
  const again = fresh.querySelector(`[data-refresh="${part.dataset.refresh}"]`);
  if (!again) return;
  for (const details of again.querySelectorAll("details[id]")) {
    const old = document.getElementById(details.id);
    if (old) details.open = old.open;
  }
  localise(again);
  part.replaceChildren(...again.childNodes);
}

localise(document);
await showState();
watch(["case", "sensor", "alert", "ack", "report"], showState, { breathMs: 2000 });
setInterval(showState, 30000);
startAlerts();
for (const part of document.querySelectorAll("[data-refresh]")) {
  let shown = true; // it came with the page
  const again = async () => {
    if (shown) shown = false;
    else await refreshPart(part);
  };
  watch(part.dataset.refresh.split(" "), again, { breathMs: 2000 });
}
connect();
