// Bearings of a chosen case on the live map: a line from who took it, named, dashed where it was set aside; and the
// place where the planner would go next.

import { el } from "./dom.js";
import { say } from "./words.js";

const L = window.L;
const map = window.map_live;
const METRES_A_DEGREE = 111_320;
const BEYOND = 1.25; // of the way to the region: a bearing that ended there would look like a distance
const SHORTEST_M = 800;
const drawn = new Map(); // case → layer group
const shown = new Set();

function ahead([lat, lon], azimuthDeg, metres) {
  const turn = (azimuthDeg * Math.PI) / 180;
  const north = (metres * Math.cos(turn)) / METRES_A_DEGREE;
  const east = (metres * Math.sin(turn)) / (METRES_A_DEGREE * Math.cos((lat * Math.PI) / 180));
  return [lat + north, lon + east];
}

function line(one, target) {
  const from = [one.lat_deg, one.lon_deg];
  const metres = target ? Math.max(SHORTEST_M, BEYOND * map.distance(from, target)) : 5000;
  const kind = one.set_aside ? "bearing aside" : "bearing";
  const path = L.polyline([from, ahead(from, one.azimuth_deg, metres)], { className: kind, weight: 2, interactive: true });
  const why = one.set_aside ? ` · ${one.why_text}` : "";
  path.bindTooltip(el("span", {}, `${one.who} ${one.shown}${why}`), { sticky: true, className: "name suspect" });
  const start = L.circleMarker(from, { className: kind, radius: 4, weight: 2 });
  start.bindTooltip(el("span", {}, one.who), { permanent: true, direction: "right", offset: [6, 0], className: "name" });
  return [path, start];
}

function next(plan) {
  const marker = L.circleMarker([plan.lat_deg, plan.lon_deg], { className: "next-stop", radius: 9, weight: 3 });
  const name = [plan.seeker, say("next_stop")].filter(Boolean).join(" ");
  marker.bindTooltip(el("span", {}, name), { permanent: true, direction: "top", offset: [0, -8], className: "name suspect" });
  marker.bindPopup(el("div", { class: "popup" }, el("p", {}, plan.text)));
  return marker;
}

// grounds: of /api/v1/cases/{id}/grounds; target: [lat, lon] of the region's middle, or null
export function keepGrounds(id, grounds, target) {
  drawn.get(id)?.remove();
  const bearings = grounds.residuals.filter((one) => one.azimuth_deg !== null && one.lat_deg !== null);
  const stops = grounds.plans.filter((plan) => plan.lat_deg !== null);
  drawn.set(id, L.layerGroup([...bearings.flatMap((one) => line(one, target)), ...stops.map(next)]));
  if (shown.has(id)) drawn.get(id).addTo(map);
  const legend = document.querySelector('#legend [data-sign="bearing"]');
  if (legend) legend.hidden = ![...drawn.values()].some((group) => group.getLayers().length);
}

export function showGrounds(id, open) {
  if (open) shown.add(id);
  else shown.delete(id);
  const group = drawn.get(id);
  if (group && open) group.addTo(map);
  else group?.remove();
}
