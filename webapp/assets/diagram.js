// The diagram of a dossier: what is passed, where it is now. The same picture for officer, auditor and citizen.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";

//: Words smaller than this share of their size cannot be read.
const READABLE = 0.85;
const STEP = 80;

async function show(place) {
  const answer = await fetch(place.dataset.diagram);
  if (!answer.ok) throw new Error(answer.status);
  const viewer = new NavigatedViewer({ container: place });
  await viewer.importXML(await answer.text());
  const canvas = viewer.get("canvas");
  const elements = viewer.get("elementRegistry");
  const list = (name) => (place.dataset[name] ?? "").split(" ").filter((id) => elements.get(id));
  const passed = list("passed");
  const current = list("current");
  if (passed.length || current.length) mark(canvas, elements, passed, current);
  for (const id of current) {
    const word = document.createElement("span");
    word.className = "mc-here";
    word.textContent = place.dataset.here ?? "";
    viewer.get("overlays").add(id, { position: { top: -22, left: 0 }, html: word });
  }
  const sheet = canvas.viewbox().inner;
  const readable = Math.max(Math.min(1, place.clientWidth / sheet.width), READABLE);
  place.style.height = `${Math.min(Math.max(sheet.height * readable + 24, 200), innerHeight * 0.75)}px`;
  canvas.resized();
  const whole = () => canvas.zoom("fit-viewport", "auto");
  const there = () => look(place, canvas, sheet, elements.get(current[0]), readable);
  there();
  steer(place, canvas, { whole, there });
}

/** Shapes speak too: thick is passed, accent is now, dashed is to come. */
function mark(canvas, elements, passed, current) {
  const next = new Map(passed.map((id, index) => [id, passed[index + 1] ?? current[0]]));
  for (const element of elements.getAll()) {
    const node = element.businessObject;
    if (element.type === "label") continue;
    if (node.$instanceOf("bpmn:Lane") || node.$instanceOf("bpmn:Participant")) canvas.addMarker(element, "is-lane");
    else if (current.includes(element.id)) canvas.addMarker(element, "is-here");
    else if (passed.includes(element.id)) canvas.addMarker(element, "is-passed");
    else if (node.$instanceOf("bpmn:FlowNode")) canvas.addMarker(element, "is-todo");
    else if (node.$instanceOf("bpmn:SequenceFlow") && next.get(node.sourceRef.id) === node.targetRef.id) canvas.addMarker(element, "is-passed");
  }
}

/** A sheet that would become too small to read starts at the place where the dossier is. */
function look(place, canvas, sheet, here, scale) {
  const [width, height] = [place.clientWidth / scale, place.clientHeight / scale];
  const within = (middle, start, size, room) =>
    size <= room ? start - (room - size) / 2 : Math.max(start - 10, Math.min(middle - room / 2, start + size - room + 10));
  const x = within(here ? here.x + here.width / 2 : sheet.x, sheet.x, sheet.width, width);
  const y = within(here ? here.y + here.height / 2 : sheet.y, sheet.y, sheet.height, height);
  canvas.viewbox({ x, y, width, height });
}

/** Arrow keys, plus and minus while the diagram has the focus; the same as buttons. */
function steer(place, canvas, { whole, there }) {
  const larger = (factor) => canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)));
  const acts = {
    ArrowLeft: () => canvas.scroll({ dx: STEP, dy: 0 }),
    ArrowRight: () => canvas.scroll({ dx: -STEP, dy: 0 }),
    ArrowUp: () => canvas.scroll({ dx: 0, dy: STEP }),
    ArrowDown: () => canvas.scroll({ dx: 0, dy: -STEP }),
    "+": () => larger(1.25),
    "-": () => larger(0.8),
    0: whole,
    Home: there,
  };
  place.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
  for (const button of document.querySelectorAll(`[data-steer="${place.id}"]`)) {
    button.addEventListener("click", () => acts[button.value]());
    button.closest("[hidden]")?.removeAttribute("hidden");
  }
}

for (const place of document.querySelectorAll("[data-diagram]")) {
  show(place).catch(() => place.classList.add("is-broken"));
}
