// Small things that every page gets. Nothing here is needed: each page works without it.

// "/" goes to the search box, unless somebody is typing.
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const box = document.getElementById("find");
    if (box) {
      event.preventDefault();
      box.focus();
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
  form.dataset.sent = "1";
  addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});

// Every request of htmx carries the token of the page.
document.addEventListener("htmx:config:request", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  const request = event.detail?.ctx?.request;
  if (token && request?.headers) request.headers["X-CSRFToken"] = token;
});
