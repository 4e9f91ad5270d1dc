// What a form drawn from a document gains from JavaScript. Without it the same is done by sending the page.
//
//   <form data-autosave="URL">   keeps what was typed, two seconds after the last key; says so in [data-saved]
//   <form data-redraw="URL">     asks the server for the form again when an answer decides about other fields
//   [data-rows] [data-add] ...   adds and removes rows of a list

const WAIT = 2000;
const NEW_ROW = "__row__";
const timers = new WeakMap();

const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const send = (url, form) =>
  fetch(url, { method: "POST", body: new FormData(form), headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" } });

// ---- rows of a list ---------------------------------------------------------------------------------

const rowsOf = (list) => [...list.querySelectorAll(":scope > [data-one-row]")];

// Rows and their buttons are called by their place, which is not the number in their names.
function count(list) {
  rowsOf(list).forEach((row, place) => {
    for (const named of [row, row.querySelector(":scope > [data-remove]")]) {
      named.setAttribute("aria-label", named.getAttribute("aria-label").replace(/\S+$/, place + 1));
    }
  });
}

function add(list) {
  const template = list.querySelector(":scope > template[data-row]");
  if (!template || rowsOf(list).length >= Number(list.dataset.most)) return false;
  // Numbers are only raised: the server closes the gaps that removed rows leave.
  const number = Number(list.dataset.next ?? rowsOf(list).length);
  list.dataset.next = number + 1;
  const html = template.innerHTML.replaceAll(NEW_ROW, number);
  template.insertAdjacentHTML("beforebegin", html);
  const row = template.previousElementSibling;
  count(list);
  window.htmx?.process(row);
  row.querySelector("input, select, textarea")?.focus();
  return true;
}

function remove(row) {
  const list = row.closest("[data-rows]");
  list.dataset.next ??= rowsOf(list).length;
  row.remove();
  count(list);
  list.querySelector("[data-add]")?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add], [data-remove]");
  if (!button) return;
  const done = button.matches("[data-add]") ? add(button.closest("[data-rows]")) : (remove(button.closest("[data-one-row]")), true);
  if (done) {
    event.preventDefault();
    changed(button.form ?? document.querySelector("form[data-autosave]"));
  }
});

// ---- keeping what was typed -----------------------------------------------------------------------------

function changed(form) {
  if (!form?.dataset.autosave) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), WAIT));
}

async function save(form) {
  const said = form.querySelector("[data-saved]");
  try {
    const answer = await send(form.dataset.autosave, form);
    if (!answer.ok) throw new Error(answer.status);
    const time = new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
    if (said) said.textContent = (said.dataset.words ?? "Tự lưu lúc {time}").replace("{time}", time);
  } catch {
    if (said) said.textContent = said.dataset.failed ?? "Chưa tự lưu được, sẽ thử lại khi gõ tiếp.";
  }
}

// ---- fields that other fields show or hide ---------------------------------------------------------------

async function redraw(form) {
  const number = (form.dataset.asked = Number(form.dataset.asked ?? 0) + 1);
  const answer = await send(form.dataset.redraw, form).catch(() => null);
  if (!answer?.ok || Number(form.dataset.asked) !== number) return; // a later answer is on its way
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement?.id;
  for (const fresh of page.querySelectorAll("[data-form-fields], [data-redrawn]")) {
    const old = document.getElementById(fresh.id);
    if (!old) continue;
    old.replaceWith(fresh);
    window.htmx?.process(fresh);
  }
  if (focused && focused !== document.activeElement?.id) document.getElementById(focused)?.focus();
}

document.addEventListener("input", (event) => changed(event.target.form));
document.addEventListener("change", (event) => {
  const form = event.target.form;
  changed(form);
  if (form?.dataset.redraw && event.target.matches("[data-decides]")) redraw(form);
});
