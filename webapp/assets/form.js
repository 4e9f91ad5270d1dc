// What a form drawn from a document gains from JavaScript. Without it the same is done by sending the page.
//
//   <form data-autosave="URL">   keeps what was typed, two seconds after the last key; says so in [data-saved]
//   <form data-keep="NAME">      keeps it in this tab of the browser, until it was sent or somebody logs out
//   <form data-redraw="URL">     asks the server for the form again when an answer decides about other fields
//   [data-rows] [data-add] ...   adds and removes rows of a list
//   [data-lack=PAPER]            is shown while the paper is called missing or not valid

import { forget, recall, remember } from "./kept.mjs";

const WAIT = 2000;
const NEW_ROW = "__row__";
const timers = new WeakMap();

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
// `accept` JSON: a refusal is a sentence to show, and the login page is no answer.
const send = (url, body, accept = "text/html") =>
  fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: accept } });

// Files stay in the page until the form is sent: drafts and redraws carry answers only, for slow lines.
function answersOf(form) {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  return body;
}

// ---- rows of a list ---------------------------------------------------------------------------------

const rowsOf = (list) => [...list.querySelectorAll(":scope > [data-one-row]")];

function renumber(list) {
  rowsOf(list).forEach((row, index) => {
    row.setAttribute("aria-label", row.getAttribute("aria-label").replace(/\S+$/, index + 1));
    row.querySelector(":scope > [data-remove] [data-number]").textContent = index + 1;
  });
}

function add(list) {
  const template = list.querySelector(":scope > template[data-row]");
  if (!template || rowsOf(list).length >= Number(list.dataset.most)) return false;
  // Numbers are only raised: the server closes the gaps that removed rows leave.
  const number = Number(list.dataset.next ?? rowsOf(list).length);
  list.dataset.next = number + 1;
  template.insertAdjacentHTML("beforebegin", template.innerHTML.replaceAll(NEW_ROW, number));
  const row = template.previousElementSibling;
  renumber(list);
  window.htmx?.process(row);
  row.querySelector("input, select, textarea")?.focus();
  return true;
}

function remove(row) {
  const list = row.closest("[data-rows]");
  list.dataset.next ??= rowsOf(list).length;
  row.remove();
  renumber(list);
  list.querySelector(":scope > [data-add]")?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add], [data-remove]");
  if (!button) return;
  const done = button.matches("[data-add]") ? add(button.closest("[data-rows]")) : (remove(button.closest("[data-one-row]")), true);
  if (done) {
    event.preventDefault();
    changed(button.form);
  }
});

// ---- what lacks something is a line of the request ----------------------------------------------------

document.addEventListener("change", (event) => {
  const paper = /^verdict:(.+)$/.exec(event.target.name ?? "");
  const line = paper && document.querySelector(`[data-lack="${CSS.escape(paper[1])}"]`);
  if (!line) return;
  const begins = line.dataset[event.target.value]; // words for `missing` and `invalid` only
  line.hidden = !begins;
  const typed = line.querySelector("[name$='.lack']");
  if (begins && ["", line.dataset.missing, line.dataset.invalid].includes(typed.value)) typed.value = begins;
});

// ---- keeping what was typed -----------------------------------------------------------------------------

const placeOf = (form) => document.querySelector(`[data-saved="${form.id}"]`);
const clock = () =>
  new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });

function changed(form) {
  if (!form?.dataset.autosave && !form?.dataset.keep) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => (form.dataset.keep ? keep(form) : save(form)), WAIT));
}

async function save(form) {
  if (form.dataset.sent) return;
  const said = placeOf(form);
  try {
    const answer = await send(form.dataset.autosave, answersOf(form), "application/json");
    if (answer.status === 409 || answer.status === 404) {
      said.textContent = (await answer.json()).detail; // somebody else was faster; trying again would not help
      return;
    }
    if (!answer.ok) throw new Error(answer.status);
    said.textContent = said.dataset.words.replace("{time}", clock());
  } catch {
    said.textContent = said.dataset.failed;
    changed(form);
  }
}

// Leaving the page does not lose the last two seconds.
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    if (!timers.has(form) || form.dataset.sent) continue;
    fetch(form.dataset.autosave, { method: "POST", body: answersOf(form), keepalive: true, headers: { "X-CSRFToken": token() } });
  }
});

const nameOf = (form) => `intake:${form.dataset.keep}`;

function keep(form) {
  const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !/^(csrf_token|key|kept:.*)$/.test(name));
  const said = placeOf(form);
  said.textContent = remember(nameOf(form), JSON.stringify(typed)) ? said.dataset.words.replace("{time}", clock()) : "";
}

function bringBack(form) {
  const kept = JSON.parse(recall(nameOf(form)) ?? "null");
  if (!kept) return;
  const body = new FormData();
  for (const name of ["csrf_token", "key"]) body.append(name, form.elements[name].value);
  for (const [name, value] of kept) {
    body.append(name, value);
    const control = form.elements[name];
    if (control?.type === "checkbox") control.checked = true;
    else if (control && "value" in control && !control.closest?.("[data-form-fields]")) control.value = value;
  }
  redraw(form, body);
  const said = placeOf(form);
  const anew = document.createElement("button");
  anew.type = "button";
  anew.className = "btn btn-link btn-sm p-0";
  anew.textContent = said.dataset.anew;
  anew.addEventListener("click", () => {
    forget(nameOf(form));
    clearTimeout(timers.get(form));
    location.reload();
  });
  said.replaceChildren(said.dataset.back, " ", anew);
}

// ---- fields that other fields show or hide ---------------------------------------------------------------

const stateOf = (control) => (/^(radio|checkbox)$/.test(control.type) ? control.checked : control.value);
const listOf = (control) => (control.matches("select") ? control.innerHTML : "");
const controlsOf = (part) => [...part.querySelectorAll("input[id], select[id], textarea[id]")];

async function redraw(form, body = answersOf(form)) {
  const number = (form.dataset.asked = Number(form.dataset.asked ?? 0) + 1);
  const before = new Map(controlsOf(form).map((one) => [one.id, [stateOf(one), listOf(one)]]));
  const answer = await send(form.dataset.redraw, body).catch(() => null);
  if (!answer?.ok || Number(form.dataset.asked) !== number) return; // a later answer is on its way
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const fresh of page.querySelectorAll("[data-form-fields], [data-redrawn]")) {
    const old = document.getElementById(fresh.id);
    if (!old) continue;
    // What was typed while the server drew is newer than what it drew, and so is a list that came meanwhile.
    const asking = controlsOf(old).filter((one) => one.matches(".htmx-request")).map((one) => one.id);
    for (const control of controlsOf(old)) {
      const drawn = fresh.querySelector(`#${CSS.escape(control.id)}`);
      if (!drawn) continue;
      const [state, list] = before.get(control.id) ?? [];
      if (list !== undefined && listOf(control) !== list) drawn.innerHTML = listOf(control);
      if (control.type === "file") drawn.replaceWith(control);
      else if (stateOf(control) === state) continue;
      else if (/^(radio|checkbox)$/.test(control.type)) drawn.checked = control.checked;
      else drawn.value = control.value;
    }
    // So is a file that went up meanwhile, or is on its way, or was taken back.
    for (const line of old.querySelectorAll("[data-file]")) {
      if (!fresh.querySelector(`#${CSS.escape(line.id)}`)) fresh.querySelector(`#${CSS.escape(line.parentElement.id)}`)?.append(line);
    }
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const marked = focused && /^(text|search)$/.test(focused.type) ? [focused.selectionStart, focused.selectionEnd] : null;
    old.replaceWith(document.adoptNode(fresh));
    window.htmx?.process(fresh);
    const again = focused?.id ? document.getElementById(focused.id) : null;
    again?.focus({ preventScroll: true });
    if (again && marked) again.setSelectionRange(...marked);
    // A list on its way to what has just gone is asked for once more.
    for (const id of asking) document.getElementById(id)?.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

document.addEventListener("input", (event) => changed(event.target.form));
document.addEventListener("change", (event) => {
  const form = event.target.form;
  changed(form);
  if (form?.dataset.redraw && event.target.matches("[data-decides]")) redraw(form);
});
// Without JavaScript a button brings the form again; with it the page stays.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.submitter?.hasAttribute("formaction") && event.submitter.formAction === new URL(form.dataset.redraw ?? "", location).href) {
    event.preventDefault();
    redraw(form);
  } else if (form.dataset.keep) {
    clearTimeout(timers.get(form));
    remember("sent", nameOf(form));
  } else {
    clearTimeout(timers.get(form));
    timers.delete(form);
  }
});

for (const form of document.querySelectorAll("form[data-keep][data-fresh]")) bringBack(form);
