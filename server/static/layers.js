// Sensors and transmitters on folium's map.

import { ageElement, ageSeconds } from "./clock.js";
import { el } from "./dom.js";
import { healthSymbol, levelSymbol } from "./symbols.js";
import { say } from "./words.js";

const L = window.L;
const map = window.map_live;
const FRESH_S = 60;
const STALE_S = 1800;

// Fresh ones are full; the longer not heard, the paler, never gone.
const fade = (iso) => {
  const share = (ageSeconds(iso) - FRESH_S) / (STALE_S - FRESH_S);
  return 1 - 0.65 * Math.min(1, Math.max(0, share));
};

const icon = (symbol, kind) => L.divIcon({ className: `pin ${kind}`, html: symbol, iconSize: [44, 44] });
const BARE_FILL = 0.02; // regions overlap: all of them filled would hide the ground and each other
const FULL_FILL = 0.2;
const DIMMED = 0.4;
const rank = { high: 900, watch: 600, note: 300 };

const sensors = new Map();
const emitters = new Map();
let first = true;
const opened = new Set(); // cases opened in the list
let pointed = null; // the case under the pointer or the keyboard's focus, here or in the list
let told = null; // the case whose popup is open

function named(marker, name) {
  marker.getElement()?.setAttribute("aria-label", name);
  return marker;
}

export function showSensors(list) {
  const placed = list.filter((sensor) => sensor.place && sensor.state !== "revoked");
  const gone = new Set(sensors.keys());
  for (const sensor of placed) {
    gone.delete(sensor.name);
    const at = [sensor.place.lat_deg, sensor.place.lon_deg];
    let marker = sensors.get(sensor.name);
    if (!marker) {
      marker = L.marker(at, { icon: icon(healthSymbol(sensor.state), "sensor"), zIndexOffset: -200 }).addTo(map);
      marker.bindTooltip(el("span", {}, sensor.name), { permanent: true, direction: "bottom", offset: [0, 10], className: "name" });
      marker.bindPopup(() => sensorPopup(marker.sensor));
      sensors.set(sensor.name, marker);
    } else {
      marker.setLatLng(at);
      if (marker.sensor.state !== sensor.state) marker.setIcon(icon(healthSymbol(sensor.state), "sensor"));
    }
    marker.sensor = sensor;
    named(marker, `${sensor.name}: ${say(`web.js.health.${sensor.state}`)}`);
  }
  for (const name of gone) {
    sensors.get(name).remove();
    sensors.delete(name);
  }
}

function sensorPopup(sensor) {
  const facts = [[say("health"), say(`web.js.health.${sensor.state}`)]];
  if (sensor.health) {
    const noise = sensor.health.noise_dbfs_200k;
    facts.push([say("noise"), noise === null ? "–" : `${noise.toFixed(1)} dBFS`], [say("queue"), sensor.health.queue_length]);
  }
  return el(
    "div",
    { class: "popup" },
    el("h3", {}, sensor.name),
    sensor.reasons.map((reason) => el("p", { class: "doubt" }, reason.text)),
    el("dl", { class: "facts" }, facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
      sensor.last_seen && el("div", {}, el("dt", {}, say("last_heard")), el("dd", {}, ageElement(sensor.last_seen)))),
  );
}

// What the sign of a transmitter is: its case's level, else whether it is known.
const signOf = (about) => about.level ?? (about.licensed ? "licensed" : "unknown");

export function showEmitters(collection) {
  const parts = new Map();
  for (const feature of collection.features) {
    const id = feature.properties.emitter;
    if (!parts.has(id)) parts.set(id, { about: feature.properties });
    parts.get(id)[feature.properties.part] = feature.geometry;
  }
  for (const id of emitters.keys()) if (!parts.has(id)) removeEmitter(id);
  for (const [id, part] of parts) {
    const known = emitters.get(id);
    const shape = JSON.stringify([part.point, part.region, part.track, signOf(part.about), part.about.title]);
    if (known?.shape === shape) {
      known.about = part.about;
      continue;
    }
    const open = known?.group.getLayers().some((layer) => layer.isPopupOpen?.());
    removeEmitter(id);
    const drawn = draw(part);
    drawn.shape = shape;
    emitters.set(id, drawn);
    if (open) drawn.anchor?.openPopup();
  }
  smallOnTop();
  showLegend();
  fadeAll();
}

// The pointer finds a small region within a large one.
function smallOnTop() {
  const regions = [...emitters.values()].filter((drawn) => drawn.area);
  regions.sort((a, b) => (b.about.area_km2 ?? 0) - (a.about.area_km2 ?? 0));
  for (const { area } of regions) area.bringToFront();
}

// The legend explains what stands on the map.
function showLegend() {
  const signs = new Set([...emitters.values()].filter((drawn) => drawn.anchor).map((drawn) => signOf(drawn.about)));
  for (const line of document.querySelectorAll("#legend [data-sign]:not([data-sign=bearing])")) line.hidden = !signs.has(line.dataset.sign);
}

function removeEmitter(id) {
  emitters.get(id)?.group.remove();
  emitters.delete(id);
}

function draw({ about, point, region, track }) {
  const sign = signOf(about);
  const drawn = { about, group: L.featureGroup().addTo(map), anchor: null, area: null };
  const popup = () => emitterPopup(drawn.about);
  const suspect = about.level !== null;
  if (region && suspect) {
    const area = L.geoJSON(region, { style: () => ({ className: `region ${sign}`, weight: 1.5 }) });
    area.bindPopup(popup);
    drawn.group.addLayer(area);
    drawn.anchor = drawn.area = area;
    if (!point) area.bindTooltip(label(about), { permanent: true, direction: "center", className: `name suspect ${sign}` });
  }
  if (track && suspect) {
    drawn.group.addLayer(L.geoJSON(track, { interactive: false, style: () => ({ className: `track ${sign}`, weight: 2.5 }) }));
  }
  if (point) {
    const [lon, lat] = point.coordinates;
    const marker = L.marker([lat, lon], { icon: icon(levelSymbol(sign), `emitter ${sign}`), zIndexOffset: rank[about.level] ?? -400 });
    marker.bindPopup(popup);
    if (suspect) marker.bindTooltip(label(about), { permanent: true, direction: "right", offset: [14, 0], className: `name suspect ${sign}` });
    else marker.bindTooltip(el("span", {}, about.title), { direction: "top", offset: [0, -8], className: "name" });
    marker.on("add", () => named(marker, `${about.level_text ?? ""} ${about.title}`));
    drawn.group.addLayer(marker);
    named(marker, `${about.level_text ?? ""} ${about.title}`);
    drawn.anchor = marker;
  }
  if (suspect) followPointer(drawn);
  return drawn;
}

function followPointer({ about, group }) {
  group.on("mouseover", () => pointAt(about.case)).on("mouseout", () => pointAt(null));
  group.on("popupopen", () => tellOf(about.case)).on("popupclose", () => tellOf(null));
}

export function pointAt(id) {
  pointed = id;
  fadeAll();
}

function tellOf(id) {
  told = id;
  fadeAll();
}

export function setOpened(id, open) {
  if (open) opened.add(id);
  else opened.delete(id);
  fadeAll();
}

// The cases that stand out: the one that is looked at now, else those that a person opened.
function chosenCases() {
  const now = pointed ?? told;
  const drawn = new Set([...emitters.values()].filter((one) => one.anchor).map((one) => one.about.case));
  return new Set([...(now === null ? opened : [now])].filter((id) => drawn.has(id)));
}

const label = (about) => el("span", {}, about.freq_text);

function emitterPopup(about) {
  return el(
    "div",
    { class: "popup" },
    el("h3", {}, about.level && levelSymbol(about.level), about.title),
    el("p", { class: "soft" }, about.level_text ?? say(about.licensed ? "licensed" : "unlisted"), about.moving ? ` · ${say("moving")}` : "",
      about.area_km2 === null ? "" : ` · ${say("region", { km2: about.area_km2.toFixed(2) })}`),
    el("p", { class: "soft" }, `${say("last_heard")} `, ageElement(about.last_seen)),
    about.sensors.length ? el("p", { class: "soft" }, say("heard_by", { names: about.sensors.join(", ") })) : null,
    about.case && el("p", {}, el("a", { class: "button", href: `/cases/${encodeURIComponent(about.case)}` }, say("details"))),
  );
}

export function fadeAll() {
  const chosen = chosenCases();
  for (const { about, group } of emitters.values()) {
    const stands = chosen.has(about.case);
    const dimmed = about.case !== null && chosen.size > 0 && !stands;
    const strength = fade(about.last_seen) * (dimmed ? DIMMED : 1);
    const filled = strength * (stands ? FULL_FILL : BARE_FILL);
    group.eachLayer((layer) => {
      if (layer.setOpacity) layer.setOpacity(strength);
      else if (layer.setStyle) layer.setStyle({ opacity: strength, fillOpacity: filled, weight: stands ? 2.5 : 1.5 });
    });
  }
}

export function focusCase(id) {
  for (const { about, group, anchor } of emitters.values()) {
    if (about.case !== id || !anchor) continue;
    map.fitBounds(group.getBounds().pad(0.4), { maxZoom: 15 });
    anchor.openPopup();
    document.getElementById("map_live").scrollIntoView({ block: "nearest" });
    return true;
  }
  return false;
}

// Without a configured area the map goes where the sensors and suspects are, once.
export function fitOnce() {
  if (!first || document.getElementById("map_live").hasAttribute("data-bounded")) return;
  const bounds = L.latLngBounds([]);
  for (const marker of sensors.values()) bounds.extend(marker.getLatLng());
  for (const { about, group } of emitters.values()) if (about.level) bounds.extend(group.getBounds());
  if (!bounds.isValid()) return;
  first = false;
  const narrow = map.getSize().x < 600;
  map.fitBounds(bounds, { maxZoom: 14, paddingTopLeft: narrow ? [24, 40] : [60, 50], paddingBottomRight: [narrow ? 70 : 110, 60] });
}

setInterval(fadeAll, 10000);
