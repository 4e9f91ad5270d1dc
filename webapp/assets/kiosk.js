// A kiosk is everybody's: whoever walks away leaves nothing behind.
//
//   <section data-idle="120" data-warn="30" data-start="URL" hidden> ... <b data-seconds></b> ... <button data-stay>
//
// After `idle` seconds without a touch, a key or a movement everything that was typed is thrown away and the page begins
// anew; for the last `warn` seconds the section is shown and counts down. A file that is on its way is no walking away.

import { forgetAll } from "./kept.mjs";

const place = document.querySelector("[data-idle]");

if (place) {
  const idle = Number(place.dataset.idle);
  const warn = Number(place.dataset.warn);
  const shown = place.querySelector("[data-seconds]");
  let last = Date.now();

  const here = () => {
    last = Date.now();
    place.hidden = true;
  };
  // While it asks, only a word of theirs counts: a movement would take the button away from under the finger.
  const stirs = () => place.hidden && here();
  const leave = () => {
    clearInterval(clock);
    for (const form of document.forms) form.reset();
    forgetAll();
    location.replace(place.dataset.start);
  };
  // By the clock and not by counting: a screen that slept wakes up too late, not too early.
  const clock = setInterval(() => {
    if (document.querySelector("progress")) return here();
    const left = Math.ceil(idle - (Date.now() - last) / 1000);
    if (left <= 0) return leave();
    if (left > warn) return;
    shown.textContent = left;
    if (place.hidden) {
      place.hidden = false;
      place.querySelector("[data-stay]").focus({ preventScroll: true });
    }
  }, 500);

  // A page that scrolls by itself is nobody's doing.
  for (const kind of ["pointerdown", "pointermove", "wheel", "touchstart"]) {
    addEventListener(kind, stirs, { passive: true, capture: true });
  }
  for (const kind of ["click", "keydown", "input"]) addEventListener(kind, here, { passive: true });
  // The back button shows what the server says now, never what somebody had typed.
  addEventListener("pageshow", (event) => event.persisted && leave());
}
