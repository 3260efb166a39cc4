// Pointing at a place on the live map, for the form of a case: a click, or the middle of the map with Enter.

import { el } from "./dom.js";
import { say } from "./words.js";

const map = window.map_live;

export function pickFor(id) {
  const back = (place = "") => location.assign(`/cases/${encodeURIComponent(id)}${place}#bearing`);
  const take = ({ lat, lng }) => back(`?lat=${lat.toFixed(6)}&lon=${lng.toFixed(6)}`);
  const box = map.getContainer();
  box.classList.add("picking");
  box.append(el("p", { class: "pick-note", role: "status" }, say("pick")), el("span", { class: "pick-cross", "aria-hidden": "true" }));
  map.closePopup();
  map.on("click", (event) => take(event.latlng));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === box) take(map.getCenter());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") back();
  });
  box.focus();
}
