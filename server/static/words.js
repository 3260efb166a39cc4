// What the scripts say, from the server's one catalogue.

import { meta } from "./dom.js";

export const language = meta("language") || "zh";
const texts = await (await fetch(`/words/${language}.json`)).json();

export function say(key, values = {}) {
  const text = texts[key] ?? texts[`web.js.${key}`] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
