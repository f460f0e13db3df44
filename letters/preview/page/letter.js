// Marks laid over a web letter in its frame. The letter itself stays, byte for byte, as published.

const PASSAGES = "h1, h2, h3, h4, h5, h6, p, th, td";
const LOOKS = `
::highlight(changed) { background: #ffdd00; color: #0b0c0c; }
[data-passage] { cursor: help; }
[data-passage]:hover { outline: 1px dashed currentColor; outline-offset: 3px; }
[data-passage]:focus, [data-passage].chosen { outline: 3px solid #ffdd00; outline-offset: 3px;
  box-shadow: 0 0 0 6px #0b0c0c; }`;

const passagesOf = (frame) => [
  ...frame.contentDocument.querySelectorAll("article.letter"),
].flatMap((letter) => [...letter.querySelectorAll(PASSAGES)]);

/** Take every mark off again. */
export function clearMarks(frame) {
  frame.contentWindow.CSS.highlights?.clear();
  frame.contentDocument.querySelector("style[data-marks]")?.remove();
  const style = frame.contentDocument.createElement("style");
  style.dataset.marks = "";
  style.textContent = LOOKS;
  frame.contentDocument.head.append(style);
}

/** Highlight the words that changed; each change names a passage, and from where to where in it. */
export function markChanges(frame, changes) {
  const { CSS, Highlight } = frame.contentWindow;
  if (!CSS.highlights) return;
  const passages = passagesOf(frame);
  const ranges = changes
    .filter((change) => change.now && passages[change.passage])
    .map((change) => rangeOf(passages[change.passage], change.start, change.end));
  CSS.highlights.set("changed", new Highlight(...ranges));
}

/** The part of an element's text from character `start` to `end`; a line break counts as one. */
function rangeOf(passage, start, end) {
  const range = passage.ownerDocument.createRange();
  range.selectNodeContents(passage);
  let at = 0;
  for (const node of textsOf(passage)) {
    const length = node.nodeType === Node.TEXT_NODE ? node.data.length : 1;
    if (node.nodeType === Node.TEXT_NODE) {
      if (start >= at && start <= at + length) range.setStart(node, start - at);
      if (end >= at && end <= at + length) {
        range.setEnd(node, end - at);
        return range;
      }
    }
    at += length;
  }
  return range;
}

function* textsOf(passage) {
  const walker = passage.ownerDocument.createTreeWalker(
    passage, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT,
  );
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.TEXT_NODE || node.localName === "br") yield node;
  }
}

const choosing = new WeakMap();

/** Let each passage be chosen, by mouse or keyboard; `chosen` hears its number. */
export function makeExplainable(frame, count, chosen) {
  const passages = passagesOf(frame);
  if (passages.length !== count) return; // a layout with words of its own
  passages.forEach((passage, number) => {
    passage.dataset.passage = number;
    passage.tabIndex = 0;
  });
  const page = frame.contentDocument;
  if (!choosing.has(page)) {
    page.addEventListener("focusin", choose);
    page.addEventListener("click", focusPassage);
  }
  choosing.set(page, chosen);
}

function choose(event) {
  const passage = event.target.closest("[data-passage]");
  if (!passage) return;
  const page = passage.ownerDocument;
  for (const other of page.querySelectorAll(".chosen")) other.classList.remove("chosen");
  passage.classList.add("chosen");
  choosing.get(page)(Number(passage.dataset.passage));
}

function focusPassage(event) {
  if (event.target.closest("a")) event.preventDefault(); // a preview leads nowhere
  event.target.closest("[data-passage]")?.focus({ preventScroll: true });
}
