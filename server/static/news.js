// The server's push. A page says what it shows and how to fetch it again; it is told to, but not without a breath between.

import { toTheDoor } from "./ask.js";

const BREATH_MS = 300;
const watchers = [];
const listeners = [];
let source = null;

// refresh(): fetches and shows again; called on every (re)connection and whenever something of these kinds changed.
export function watch(kinds, refresh, { breathMs = BREATH_MS } = {}) {
  const watcher = { kinds, refresh, breathMs, busy: false, again: false };
  watchers.push(watcher);
  return run(watcher);
}

export const onConnection = (listener) => listeners.push(listener);

async function run(watcher) {
  if (watcher.busy) {
    watcher.again = true;
    return;
  }
  watcher.busy = true;
  try {
    await watcher.refresh();
  } catch (error) {
    console.warn(`refresh failed: ${error.message}`);
  }
  setTimeout(() => {
    watcher.busy = false;
    if (watcher.again) {
      watcher.again = false;
      run(watcher);
    }
  }, watcher.breathMs);
}

const tellState = (live) => listeners.forEach((listener) => listener(live));

export function connect() {
  source = new EventSource("/events");
  source.addEventListener("hello", () => {
    tellState(true);
    watchers.forEach(run);
  });
  source.addEventListener("change", (event) => {
    const changed = JSON.parse(event.data);
    for (const watcher of watchers) {
      if ("everything" in changed || watcher.kinds.some((kind) => kind in changed)) run(watcher);
    }
  });
  source.addEventListener("goodbye", () => {
    source.close();
    toTheDoor();
  });
  source.addEventListener("error", () => {
    tellState(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
  });
}

addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", (event) => event.persisted && connect());
