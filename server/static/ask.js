// Questions to the server. Who is no longer logged in is sent to the door.

import { meta } from "./dom.js";

let leaving = false;

// Once, however many questions are refused at that moment: a second way to the door would cut off the first.
export function toTheDoor() {
  if (leaving) return;
  leaving = true;
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

addEventListener("pageshow", () => (leaving = false));

async function answer(response) {
  if (response.status === 401) {
    toTheDoor();
    return new Promise(() => {});
  }
  const body = await response.json();
  if (!response.ok) throw new Error(body.message ?? response.statusText);
  return body;
}

export const ask = async (path) => answer(await fetch(path, { headers: { Accept: "application/json" } }));

export const tell = async (path, body) =>
  answer(
    await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": meta("csrf") },
      body: JSON.stringify(body),
    }),
  );
