// Pointing at a place on the live map, for the form of a case: a click, or the middle of the map with Enter.

import { el } from "./dom.js";
import { say } from "./words.js";

const map = window.map_live;
const DRAGGED_PX = 6; // further, and the map was moved

export function pickFor(id) {
  const back = (place = "") => location.assign(`/cases/${encodeURIComponent(id)}${place}#bearing`);
  const take = ({ lat, lng }) => back(`?lat=${lat.toFixed(6)}&lon=${lng.toFixed(6)}`);
  const box = map.getContainer();
  box.classList.add("picking");
  box.append(el("p", { class: "pick-note", role: "status" }, say("pick")), el("span", { class: "pick-cross", "aria-hidden": "true" }));
  map.closePopup();
  let pressed = null;
  box.addEventListener("pointerdown", (event) => (pressed = [event.clientX, event.clientY]), true);
  box.addEventListener("click", (event) => {
    if (event.target.closest(".leaflet-control")) return;
    event.stopPropagation(); // whatever lies there: it is the place that is meant
    const moved = pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]);
    if (moved === null || moved <= DRAGGED_PX) take(map.mouseEventToLatLng(event));
  }, true);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === box) take(map.getCenter());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") back();
  });
  box.focus();
}
