// Times for people: local, with UTC on hover; and ages, by the server's clock.

import { el, meta } from "./dom.js";
import { say } from "./words.js";

let serverAhead = Date.parse(meta("server-time")) - Date.now() || 0; // ms

export const setServerTime = (iso) => (serverAhead = Date.parse(iso) - Date.now());
export const now = () => Date.now() + serverAhead;
export const ageSeconds = (iso) => Math.max(0, (now() - Date.parse(iso)) / 1000);

const two = (number) => String(number).padStart(2, "0");

// The zone of that day: summer time changes it.
function zone(date) {
  const minutes = -date.getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `UTC${minutes < 0 ? "−" : "+"}${hours}${rest ? `:${two(rest)}` : ""}`;
}

// 2026-09-21 22:09:20 UTC+8: in every language the same, the day never taken for the month.
export function localTime(iso) {
  const date = new Date(iso);
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")} ${zone(date)}`;
}

export const utcTime = (iso) => say("utc", { time: iso.slice(0, 19).replace("T", " ") });

export function ageText(iso) {
  const seconds = ageSeconds(iso);
  if (seconds < 2) return say("now");
  if (seconds < 90) return say("second", { count: Math.round(seconds) });
  if (seconds < 5400) return say("minute", { count: Math.round(seconds / 60) });
  if (seconds < 129600) return say("hour", { count: Math.round(seconds / 3600) });
  return say("day", { count: Math.round(seconds / 86400) });
}

// <time> that shows an age and keeps it true; the exact times are its title.
export function ageElement(iso) {
  return el("time", { datetime: iso, title: `${localTime(iso)}\n${utcTime(iso)}`, "data-age": true, "data-local": true }, ageText(iso));
}

export function timeElement(iso) {
  return el("time", { datetime: iso, title: utcTime(iso), "data-local": true }, localTime(iso));
}

// Times that the server wrote in UTC become local ones.
export function localise(root) {
  for (const time of root.querySelectorAll("time:not([data-local])")) {
    const aged = "age" in time.dataset;
    time.title = (aged ? `${localTime(time.dateTime)}\n` : "") + utcTime(time.dateTime);
    time.textContent = aged ? ageText(time.dateTime) : localTime(time.dateTime);
    time.dataset.local = "";
  }
}

setInterval(() => {
  for (const time of document.querySelectorAll("time[data-age]")) {
    const text = ageText(time.dateTime);
    if (time.textContent !== text) time.textContent = text;
  }
}, 1000);
