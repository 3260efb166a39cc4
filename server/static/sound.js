// Two short tones for a new alert, when a person wants them. Browsers allow sound only after a click.

import { el, svg } from "./dom.js";
import { say } from "./words.js";

const KEY = "wavewarden-sound";
let wanted = localStorage.getItem(KEY) === "on";
let audio = null;

export function armSound(button) {
  const show = () => {
    button.replaceChildren(bell(wanted), el("span", { class: "sound-word" }, say(wanted ? "sound_on" : "sound_off")));
    button.setAttribute("aria-pressed", String(wanted));
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    wanted = !wanted;
    localStorage.setItem(KEY, wanted ? "on" : "off");
    show();
    beep();
  });
  show();
}

function bell(rings) {
  const parts = ["M12 3a6 6 0 0 0-6 6v4l-2 4h16l-2-4V9a6 6 0 0 0-6-6M10 20h4", rings ? "" : "M4 3l17 18"];
  return svg("svg", { viewBox: "0 0 24 24", class: "bell", "aria-hidden": "true" }, parts.map((d) => d && svg("path", { d })));
}

export function beep() {
  if (!wanted) return;
  audio ??= new AudioContext();
  [880, 660].forEach((pitch, k) => tone(pitch, audio.currentTime + 0.25 * k));
}

function tone(pitch, start) {
  const oscillator = new OscillatorNode(audio, { frequency: pitch });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.2, start + 0.02);
  volume.gain.linearRampToValueAtTime(0, start + 0.2);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.22);
}
