// Signs for levels and for the health of sensors: each has its own shape, so that nothing depends on colour alone.

import { svg } from "./dom.js";

const SHAPES = {
  high: ["M12 1.5 22.5 12 12 22.5 1.5 12z", "M12 7v6M12 16v.5"],
  watch: ["M12 2.5 22.5 21.5h-21z", "M12 10v5M12 18v.5"],
  note: ["M2.5 12a9.5 9.5 0 1 0 19 0a9.5 9.5 0 1 0-19 0z", "M12 11v6M12 7v.5"],
  licensed: ["M7 12a5 5 0 1 0 10 0a5 5 0 1 0-10 0z", ""],
  unknown: ["M7 12a5 5 0 1 0 10 0a5 5 0 1 0-10 0z", ""],
};

const MARKS = {
  good: "m7 12.5 3.5 3.5L17 8.5",
  warning: "M12 6.5v7M12 17v.5",
  bad: "m8 8 8 8M16 8l-8 8",
  revoked: "m8 8 8 8M16 8l-8 8",
  silent: "M7 12h10",
  waiting: "M7 12h10",
};

export function levelSymbol(level) {
  const [shape, ink] = SHAPES[level];
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: `symbol level ${level}`, "aria-hidden": "true" },
    svg("path", { d: shape }),
    ink && svg("path", { class: "ink", d: ink }),
  );
}

export function healthSymbol(state) {
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: `symbol health ${state}`, "aria-hidden": "true" },
    svg("rect", { x: 2, y: 2, width: 20, height: 20, rx: 5 }),
    svg("path", { class: "ink", d: MARKS[state] }),
  );
}
