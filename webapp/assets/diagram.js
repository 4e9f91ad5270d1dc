// The diagram of a dossier: what is passed, where it is now. The same picture for officer, auditor and citizen.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";

async function show(place) {
  const answer = await fetch(place.dataset.diagram);
  if (!answer.ok) return;
  const viewer = new NavigatedViewer({ container: place });
  await viewer.importXML(await answer.text());
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  const list = (name) => (place.dataset[name] ?? "").split(" ").filter((id) => elements.get(id));
  for (const id of list("passed")) canvas.addMarker(id, "is-passed");
  for (const id of list("current")) {
    canvas.addMarker(id, "is-here");
    const word = document.createElement("span");
    word.className = "mc-here";
    word.textContent = place.dataset.here ?? "";
    viewer.get("overlays").add(id, { position: { top: -22, left: 0 }, html: word });
  }
  const sheet = canvas.viewbox().inner;
  const room = place.clientWidth;
  // A sheet that would become too small to read starts at the place where the dossier is.
  const scale = Math.max(Math.min(1, room / sheet.width), 0.55);
  place.style.height = `${Math.min(Math.max(sheet.height * scale + 24, 200), 640)}px`;
  canvas.resized();
  const here = elements.get(list("current")[0]);
  const width = room / scale;
  const middle = here ? here.x + here.width / 2 : sheet.x + width / 2;
  const left = Math.max(sheet.x - 10, Math.min(middle - width / 2, sheet.x + sheet.width - width + 10));
  canvas.viewbox({ x: left, y: sheet.y - 10, width, height: place.clientHeight / scale });
}

for (const place of document.querySelectorAll("[data-diagram]")) {
  show(place).catch(() => place.classList.add("is-broken"));
}
