// Small things that every page gets. Nothing here is needed: each page works without it.

import { forget, forgetAll, recall } from "./kept.mjs";

// What only stands in for JavaScript goes away (see [data-nojs] in the stylesheet).
document.documentElement.classList.add("has-js");

// "/" goes to the search box, unless somebody is typing; Ctrl+Enter presses the primary act of a form.
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const box = document.getElementById("find");
    if (box) {
      event.preventDefault();
      box.focus();
    }
  }
  if (event.key === "Enter" && event.ctrlKey) {
    const act = document.querySelector('[data-key="ctrl-enter"]');
    if (act) {
      event.preventDefault();
      act.click();
    }
  }
});

// A form is sent once: a second click while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.hasAttribute("data-forgets")) forgetAll();
  // Later, because another listener may keep the form on this page.
  setTimeout(() => {
    if (!event.defaultPrevented) form.dataset.sent = "1";
  });
});
// Whoever comes back with the back button may send again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// An intake that was received is not offered again as unfinished (see form.js).
const sent = recall("sent");
if (sent && !document.querySelector("form[data-keep]")) forget(sent);
forget("sent");

// Every request of htmx carries the token of the page.
document.addEventListener("htmx:config:request", (event) => {
  event.detail.ctx.request.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
});
