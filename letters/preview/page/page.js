// The preview's page: a list of letters, the letter looked at, and what is known of it.
// It asks for nothing but what the server that sent it says, and is told of each save.

import { clearMarks, markChanges, makeExplainable } from "./letter.js";

const $ = (id) => document.getElementById(id);
const tab = crypto.randomUUID();
const state = { letters: [], look: null, shown: null, details: null, asked: 0, turn: 0, paper: null };

/** An element with text and children; attributes are set as given. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

async function ask(address) {
  const answer = await fetch(address);
  return answer.ok ? answer.json() : null;
}

// What is looked at is in the address: #kent or #kent/html.

function readAddress() {
  const [letter, format] = location.hash.slice(1).split("/");
  const formats = [...document.querySelectorAll("[name=format]")].map((radio) => radio.value);
  return {
    letter: letter || state.letters[0]?.id || "",
    format: formats.includes(format) ? format : chosenFormat(),
  };
}

const chosenFormat = () => document.querySelector("[name=format]:checked").value;
const addressOf = (id) => `#${id}/${chosenFormat()}`;

/** How many points of the screen a page is wide. */
function pageWidth() {
  const room = $("paper").clientWidth || 794;
  return Math.round(Math.min(room, 794) * (window.devicePixelRatio || 1));
}

const query = (look) => new URLSearchParams({ tab, ...look, width: pageWidth() });

function setLook(next) {
  state.look = next;
  document.querySelector(`[name=format][value="${next.format}"]`).checked = true;
}

async function look() {
  const next = readAddress();
  if (!next.letter) return;
  const isSame = state.look?.letter === next.letter && state.look?.format === next.format;
  setLook(next);
  if (isSame && state.shown) return;
  markCurrent();
  document.querySelector("#letters [aria-current]")?.scrollIntoView({ block: "nearest" });
  const asked = ++state.asked;
  const shown = await ask(`/letters/${next.letter}/shown.json?${query(next)}`);
  if (asked === state.asked) await show(shown);
}

// The list.

function fillList(overview) {
  state.letters = overview.letters;
  const [one, many] = overview.nouns;
  $("round").textContent = overview.title;
  $("list-title").textContent = `${overview.letters.length} letters`;
  document.title = `${overview.title} – preview`;
  fillSelect($("outcome"), "All outcomes", overview.letters.map((l) => l.outcome || "None yet"));
  fillSelect($("state"), "All states", overview.letters.map((l) => l.state));
  $("search").placeholder = `Name of a ${one}`;
  $("letters").dataset.many = many;
  $("letters").replaceChildren(...overview.letters.map(listEntry));
  filterList();
  markCurrent();
}

function fillSelect(select, all, values) {
  const chosen = select.value;
  const options = [...new Set(values)].sort().map((v) => element("option", { value: v }, v));
  select.replaceChildren(element("option", { value: "" }, all), ...options);
  if ([...select.options].some((option) => option.value === chosen)) select.value = chosen;
}

function listEntry(letter) {
  const problems = letter.problems ? [element("span", { class: "flag" }, "Problem")] : [];
  const about = [`${letter.outcome || "None yet"} · `, element("span", { class: "state" }, letter.state)];
  const name = element("span", { class: "name" }, letter.name);
  const small = element("span", { class: "about" }, ...about);
  const link = element("a", { href: addressOf(letter.id) }, name, " ", small, ...problems);
  return element("li", { "data-id": letter.id }, link);
}

function filterList() {
  const words = $("search").value.toLowerCase().trim();
  let count = 0;
  for (const [n, item] of [...$("letters").children].entries()) {
    const letter = state.letters[n];
    const fits = letter.name.toLowerCase().includes(words) || letter.id.includes(words);
    const outcome = !$("outcome").value || $("outcome").value === (letter.outcome || "None yet");
    const inState = !$("state").value || $("state").value === letter.state;
    item.hidden = !(fits && outcome && inState);
    count += item.hidden ? 0 : 1;
  }
  $("count").textContent = `${count} of ${state.letters.length} ${$("letters").dataset.many}`;
}

function markCurrent() {
  for (const item of $("letters").children) {
    const isCurrent = item.dataset.id === state.look?.letter;
    if (isCurrent) item.firstChild.setAttribute("aria-current", "page");
    else item.firstChild.removeAttribute("aria-current");
    item.firstChild.setAttribute("href", addressOf(item.dataset.id));
  }
}

/** Arrow keys go from letter to letter of those listed, from the search field too. */
function walkList(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const isField = event.target.matches("input");
  if (!(step || (isField && event.key === "Enter")) || event.target.matches("select")) return;
  event.preventDefault();
  const links = [...$("letters").querySelectorAll("li:not([hidden]) a")];
  const at = links.indexOf(document.activeElement);
  const next = links[Math.max(0, Math.min(links.length - 1, at + (step || 1)))];
  if (!next) return;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  location.replace(next.hash);
}

// The letter.

async function show(shown) {
  if (!shown?.id) return tell(shown ? "Waiting for a project that can be read." : "No such letter.");
  const isNews = state.shown?.file !== shown.file || state.shown?.id !== shown.id;
  const isOther = state.shown?.id !== shown.id || state.shown?.format !== shown.format;
  state.shown = shown;
  $("name").textContent = shown.name;
  const tags = [shown.draft && "Draft", shown.held && "Last good version"].filter(Boolean);
  $("tags").replaceChildren(...tags.map((tag) => element("strong", { class: "tag" }, tag)));
  fillProblems(shown);
  fillLinks(shown);
  if (isNews || isOther) state.paper = put(shown);
  await state.paper; // the same letter told again waits for what is still loading
  if (isOther) $("letter").scrollTop = 0;
  document.documentElement.dataset.epoch = shown.epoch;
  tell(shown.held ? "Showing the last good version." : `Saved ${new Date().toTimeString().slice(0, 5)}.`);
  fillDetails(shown, isNews);
}

/** Put the letter on the paper, unless another one is put there meanwhile. */
function put(shown) {
  const turn = (state.turn += 1);
  const isLast = () => state.turn === turn && state.shown?.id === shown.id;
  return { pdf: showPages, html: showWeb, docx: showWord }[shown.format](shown, isLast);
}

const tell = (words) => ($("live").textContent = words);

function fillLinks(shown) {
  $("files").hidden = !shown.file;
  for (const format of ["pdf", "html", "docx"]) {
    $(`open-${format}`).href = `/letters/${shown.id}.${format}`;
  }
}

function fillProblems(shown) {
  const rows = [...shown.problems, ...shown.others];
  $("problems").hidden = !rows.length;
  $("problems-title").textContent =
    rows.length === 1 ? "There is a problem" : `There are ${rows.length} problems`;
  $("problem-rows").replaceChildren(
    ...rows.map((p) => element("p", {}, element("code", {}, p.place), ` ${p.what} ${p.fix}`)),
  );
}

/** All pages are loaded before any is shown, so that no one sees half a letter. */
async function showPages(shown, isLast) {
  const pages = shown.pages ?? [];
  const before = $("paper").querySelectorAll(".pages img");
  const images = pages.map((page, n) => pageImage(page, `Page ${n + 1} of ${pages.length}.`, before[n]));
  await Promise.allSettled(images.map((image) => image.decode()));
  if (isLast()) fillPaper("pages", ...images);
}

/** The picture of a page; the one on the screen where it is the same. */
function pageImage(page, which, before) {
  const src = `/pages/${page.id}.png`;
  const alt = `${which} The web letter and the Word text hold its words.`;
  if (before?.getAttribute("src") === src && before.alt === alt) return before;
  return element("img", { src, alt, width: page.width, height: page.height });
}

function fillPaper(kind, ...children) {
  $("paper").className = `paper ${kind}`;
  $("paper").replaceChildren(...(children.length ? children : [element("p", {}, "Not made yet.")]));
  $("explain").hidden = kind !== "web";
}

/** The new web letter takes the place of the old one once it is there, as high as it is long. */
async function showWeb(shown, isLast) {
  if (!shown.file) return fillPaper("web");
  const source = `/letters/${shown.id}.html?${shown.file.slice(0, 12)}`;
  const title = `Web letter: ${shown.name}`;
  const frame = element("iframe", { src: source, title, sandbox: "allow-same-origin" });
  const loaded = new Promise((done) => frame.addEventListener("load", done, { once: true }));
  const isFirst = !$("paper").querySelector("iframe");
  frame.classList.toggle("coming", !isFirst);
  if (!isFirst) $("paper").append(frame);
  else fillPaper("web", frame);
  await loaded;
  if (!isLast()) return frame.remove();
  fitFrame(frame);
  frame.classList.remove("coming");
  for (const other of $("paper").querySelectorAll("iframe")) if (other !== frame) other.remove();
  $("explain").hidden = false;
  new ResizeObserver(() => fitFrame(frame)).observe(frame.contentDocument.body);
}

function fitFrame(frame) {
  const height = frame.contentDocument?.documentElement?.getBoundingClientRect().height;
  if (height) frame.height = Math.ceil(height);
}

function showWord(shown) {
  const rows = (shown.paragraphs ?? []).map((p) =>
    element("tr", {}, element("th", { scope: "row" }, p.style),
      element("td", { class: p.kind.replace(" ", "-") }, [p.label, p.text].filter(Boolean).join(" "))),
  );
  const heads = ["Style", "Text"].map((head) => element("th", { scope: "col" }, head));
  const head = element("thead", {}, element("tr", {}, ...heads));
  const caption = element("caption", {}, "The Word file, paragraph by paragraph");
  fillPaper("word", element("table", {}, caption, head, element("tbody", {}, ...rows)));
}

// The side panel.

async function fillDetails(shown, isNews) {
  const details = await ask(`/letters/${shown.id}/details.json`);
  if (state.shown !== shown) return;
  state.details = details;
  $("panel").classList.toggle("empty", !details);
  if (details) {
    $("record").replaceChildren(...details.record.flatMap(valueRow));
    $("others").replaceChildren(...details.others.flatMap(valueRow));
    fillChanges();
  }
  if (isNews || !$("verdict").childElementCount) await fillVerdict(shown);
}

function valueRow(row) {
  const value = row.missing && !row.value
    ? element("strong", { class: "gap" }, "To be filled in")
    : row.value || element("span", { class: "none" }, "Nothing");
  const short = row.place.split("/").at(-1); // the record's file is the same for every row
  const place = short ? [element("code", { title: row.place }, short)] : [];
  return [element("dt", {}, row.name.replaceAll("_", " ")), element("dd", {}, value, ...place)];
}

/** The words that differ from the build or the publication, listed and marked in the web letter. */
function fillChanges() {
  if (!state.details) return;
  const changes = state.details.changes[$("since").value];
  overlay(state.details, changes ?? []);
  if (!changes) return $("changes").replaceChildren(`There is no ${$("since").value} of this letter.`);
  if (!changes.length) return $("changes").replaceChildren("No changes.");
  const rows = changes.map((c) =>
    element("li", {},
      ...(c.was ? [element("del", {}, c.was)] : []), " ", ...(c.now ? [element("ins", {}, c.now)] : []),
      ...(c.place ? [element("code", {}, c.place)] : [])),
  );
  $("changes").replaceChildren(element("ul", {}, ...rows));
}

function overlay(details, changes) {
  const frame = $("paper").querySelector("iframe:not(.coming)");
  if (state.shown.format !== "html" || !frame?.contentDocument) return;
  clearMarks(frame);
  markChanges(frame, changes);
  makeExplainable(frame, details.passages.length, (n) => explain(details, n));
  frame.dataset.epoch = details.epoch;
}

function explain(details, number) {
  const { place, fields, because } = details.passages[number];
  const values = new Map([...details.record, ...details.others].map((row) => [row.name, row]));
  const named = (names) =>
    element("ul", {}, ...names.map((name) => {
      const row = values.get(name);
      const from = row?.place ? [" ", element("code", {}, row.place)] : [];
      return element("li", {}, element("b", {}, name), row?.value ? `: ${row.value}` : "", ...from);
    }));
  $("explained").replaceChildren(
    element("p", {}, place ? "Written at " : "Put there by the layout and ",
      element("code", {}, place || "labels.yaml")),
    ...(fields.length ? [element("p", {}, "It prints"), named(fields)] : []),
    ...(because.length ? [element("p", {}, "It is here because of"), named(because)] : []),
  );
}

async function fillVerdict(shown) {
  const verdict = await ask(`/letters/${shown.id}/verdict.json`);
  if (state.shown !== shown || !verdict) return;
  const names = { pdf: "PDF", html: "Web letter", docx: "Word file" };
  const rows = Object.entries(verdict.findings).map(([format, found]) =>
    element("li", { class: found.length ? "bad" : "good" }, `${names[format]}: `,
      found.length ? found.join(" ") : "no finding"),
  );
  $("verdict").replaceChildren(element("ul", { class: "verdict" }, ...rows));
}

function fillReach({ reach, set }) {
  const names = new Map(state.letters.map((letter) => [letter.id, letter.name]));
  const links = (ids) =>
    ids.map((id) => element("li", {}, element("a", { href: addressOf(id) }, names.get(id))));
  $("reach").hidden = !reach;
  if (reach) {
    const files = reach.files.flatMap((file) => [element("code", {}, file), " "]);
    $("reach-rows").replaceChildren(
      element("p", {}, ...files, `${reach.sentence}${reach.letters.length ? ":" : "."}`),
      element("ul", { class: "links" }, ...links(reach.letters)),
    );
  }
  $("set").hidden = !set.length;
  $("set-rows").replaceChildren(...links(set));
}

async function refreshOverview() {
  const overview = await ask("/overview.json");
  if (!overview) return;
  fillList(overview);
  fillReach(overview);
  document.documentElement.dataset.overview = overview.epoch;
}

// News.

function listen() {
  const first = readAddress();
  if (first.letter) setLook(first); // the letter is there before the list is
  const events = new EventSource(`/events?${query(first)}`);
  events.addEventListener("epoch", async (event) => {
    const shown = JSON.parse(event.data);
    if (!state.letters.length && !shown.id) await refreshOverview();
    if (state.look && shown.id === state.look.letter && shown.format === state.look.format) {
      state.asked += 1;
      await show(shown);
    } else {
      state.shown = null;
      await look();
    }
    if (!state.letters.length) await refreshOverview();
  });
  events.addEventListener("reach", refreshOverview);
  events.addEventListener("error", () => tell("The preview has ended. Start it again to go on."));
}

document.querySelectorAll("[name=format]").forEach((radio) =>
  radio.addEventListener("change", () => location.replace(addressOf(state.look?.letter ?? ""))),
);
for (const id of ["search", "outcome", "state"]) $(id).addEventListener("input", filterList);
$("since").addEventListener("input", fillChanges);
document.querySelector(".list").addEventListener("keydown", walkList);
window.addEventListener("hashchange", look);
window.addEventListener("focus", refreshOverview);
listen();
