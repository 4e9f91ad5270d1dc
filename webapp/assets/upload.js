// Files go up in pieces as soon as they are chosen, several at once, while somebody still types. A cut line goes on
// where it stopped, also after the page was loaded anew and the same file chosen again. Without this script they
// travel with the page.
//
//   <input type="file" data-upload="URL" data-for="COMPONENT" data-list="ID of the list">

import { forget, recall, remember } from "./kept.mjs";

const FIRST = 256 << 10; // bytes of a piece; then more where they go fast, fewer where they crawl
const LEAST = 32 << 10;
const MOST = 2 << 20;
const FAST = 1000;
const SLOW = 5000;
const AT_ONCE = 3;
const LONGEST_WAIT = 15000;

const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const pending = new Set(); // of every form: uploads that are neither done nor given up
const waited = (form) => [...pending].filter((line) => form?.contains(line));
const queue = [];
let running = 0;
let number = 0;

class Refused extends Error {}

function ask(method, address, body, headers, onprogress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, address);
    request.responseType = "json";
    for (const [name, value] of Object.entries({ Accept: "application/json", "X-CSRFToken": csrf(), ...headers })) {
      request.setRequestHeader(name, value);
    }
    if (onprogress) request.upload.addEventListener("progress", onprogress);
    request.addEventListener("load", () => resolve({ status: request.status, told: request.response ?? {} }));
    request.addEventListener("error", () => reject(new Error("cut")));
    request.addEventListener("timeout", () => reject(new Error("cut")));
    request.timeout = 120000;
    request.send(body);
  });
}

const memory = (file, component) => `upload:${component}:${file.name}:${file.size}:${file.lastModified}`;
const pause = (seconds) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds);
    addEventListener("online", () => (clearTimeout(timer), resolve()), { once: true });
  });

function drawn(input, file) {
  const line = document.createElement("li");
  line.id = `up-${++number}`;
  line.dataset.file = "";
  const words = document.createElement("small");
  words.className = "mc-seen";
  words.setAttribute("role", "status");
  const bar = document.createElement("progress");
  bar.max = file.size;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "btn btn-link btn-sm p-0";
  drop.textContent = input.dataset.drop.replace("{name}", file.name);
  line.append(file.name, " ", words, bar, drop);
  document.getElementById(input.dataset.list).append(line);
  return { line, words, bar, drop };
}

// Sends what is left from `state.offset`; adapts the size of the pieces to the line.
async function piece(state) {
  const { file, input, bar } = state;
  const body = file.slice(state.offset, state.offset + state.length);
  const begun = performance.now();
  const onprogress = (event) => (bar.value = state.offset + event.loaded);
  const query = new URLSearchParams({ name: file.name, size: file.size, for: input.dataset.for });
  const answer = state.address
    ? await ask("PATCH", state.address, body, { "Upload-Offset": state.offset, "Content-Type": "application/octet-stream" }, onprogress)
    : await ask("POST", `${input.dataset.upload}?${query}`, body, { "Content-Type": "application/octet-stream" }, onprogress);
  if (answer.status >= 500 || answer.status === 409) throw new Error("again");
  if (answer.status === 404 && state.address) {
    Object.assign(state, { address: null, offset: 0 }); // forgotten over there: from the beginning
    forget(state.key);
    return null;
  }
  if (answer.status >= 400) throw new Refused(answer.told.detail ?? String(answer.status));
  const took = performance.now() - begun;
  if (took < FAST) state.length = Math.min(MOST, state.length * 2);
  else if (took > SLOW) state.length = Math.max(LEAST, state.length >> 1);
  state.offset = answer.told.offset;
  state.address = answer.told.address;
  remember(state.key, state.address);
  return answer.told.html ?? null;
}

async function whereItStopped(state) {
  if (!state.address) return;
  const answer = await ask("GET", state.address);
  if (answer.status === 404) Object.assign(state, { address: null, offset: 0 });
  else if (answer.status < 400) state.offset = answer.told.offset;
}

async function upload(input, file, { line, words, bar, drop }) {
  const key = memory(file, input.dataset.for);
  const state = { input, file, bar, key, offset: 0, length: FIRST, address: recall(key), dropped: false };
  const percent = () => `${Math.floor((100 * state.offset) / file.size)} %`;
  drop.addEventListener("click", () => {
    state.dropped = true;
    line.remove();
  });
  let wait = 1000;
  let asked = !state.address;
  while (!state.dropped) {
    try {
      if (!asked) await whereItStopped(state);
      asked = true;
      bar.value = state.offset;
      const html = await piece(state);
      words.textContent = input.dataset.words.replace("{percent}", percent());
      wait = 1000;
      if (html) {
        const done = document.createRange().createContextualFragment(html).querySelector("[data-file]");
        forget(key);
        // The same bytes chosen twice for one paper are one file.
        if (document.getElementById(done.id)) line.remove();
        else line.replaceWith(done);
        return true;
      }
    } catch (error) {
      if (error instanceof Refused) {
        forget(key);
        words.className = "mc-seen mc-seen__warn";
        words.setAttribute("role", "alert");
        words.textContent = error.message;
        bar.remove();
        return false;
      }
      words.textContent = input.dataset.cut.replace("{percent}", percent());
      asked = false;
      await pause(wait);
      wait = Math.min(LONGEST_WAIT, wait * 2);
    }
  }
  return true;
}

async function next() {
  if (running >= AT_ONCE || !queue.length) return;
  const { input, file, shown } = queue.shift();
  running += 1;
  const good = await upload(input, file, shown);
  running -= 1;
  pending.delete(shown.line);
  next();
  const form = input.form ?? document.getElementById(input.id)?.form;
  if (!good && form) form.removeAttribute("data-sends-when-done");
  if (!waited(form).length && form?.hasAttribute("data-sends-when-done")) {
    const button = form.waiting;
    form.removeAttribute("data-sends-when-done");
    form.requestSubmit(button?.isConnected ? button : undefined);
  }
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches?.("input[type=file][data-upload]")) return;
  for (const file of input.files) {
    const shown = drawn(input, file);
    pending.add(shown.line);
    queue.push({ input, file, shown });
  }
  input.value = "";
  for (let n = 0; n < AT_ONCE; n += 1) next();
});

// Whoever presses the button while files are on their way need not press it again.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const lines = waited(form);
    if (!lines.length || event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.setAttribute("data-sends-when-done", "");
    form.waiting = event.submitter;
    const said = form.querySelector("[data-upload]")?.dataset.wait;
    for (const line of lines) line.querySelector(".mc-seen").textContent = said;
  },
  true,
);
