// The live map's page.

import { ask } from "./ask.js";
import { openCase, showCases } from "./cases.js";
import { fitOnce, focusCase, showEmitters, showSensors } from "./layers.js";
import { onConnection, watch } from "./news.js";
import { pickFor } from "./pick.js";
import { say } from "./words.js";

let sensorCount = 0;
let cases = [];
let wanted = new URLSearchParams(location.search).get("case");

const listens = (sensor) =>
  !["revoked", "waiting", "silent"].includes(sensor.state) && sensor.reasons.every((reason) => reason.code !== "deaf");

function lookAtWanted() {
  if (!wanted || !cases.some((one) => one.id === wanted)) return;
  openCase(wanted);
  focusCase(wanted);
  wanted = null;
}

const ready = [
  watch(["sensor", "report"], async () => {
    const list = await ask("/api/v1/sensors");
    sensorCount = list.filter((sensor) => listens(sensor)).length;
    showSensors(list);
    showCases(cases, sensorCount);
  }),
  watch(["emitter", "case"], async () => showEmitters(await ask("/api/v1/emitters.geojson"))),
  watch(["case", "emitter"], async () => {
    cases = await ask("/api/v1/cases");
    showCases(cases, sensorCount);
  }),
];

const connection = document.getElementById("connection");
onConnection((live) => {
  connection.className = `connection ${live ? "good" : "broken"}`;
  connection.textContent = say(live ? "live" : "broken");
});

await Promise.all(ready);
fitOnce();
lookAtWanted();
const picking = new URLSearchParams(location.search).get("pick");
if (picking) pickFor(picking);
watch(["sensor", "emitter", "case"], async () => {
  fitOnce();
  lookAtWanted();
});

// A large screen has room for the legend.
if (matchMedia("(min-width: 821px) and (min-height: 760px)").matches) document.getElementById("legend").open = true;
