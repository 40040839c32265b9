// Searches the site. Nothing is loaded before the reader comes to the field, or came with a query.
const form = document.querySelector("#search");
const count = document.querySelector("#count");
const results = document.querySelector("#results");
const MOST = 20;
let engine;
let turn = 0;

const make = (tag, content, attributes = {}) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...[content].flat().filter((part) => part != null));
  return element;
};

// The newest part of the index is the one into which the others are merged.
const load = async () => {
  const { script, index } = form.dataset;
  const [pagefind, answer] = await Promise.all([import(script), fetch(index, { cache: "no-cache" })]);
  if (!answer.ok) throw new Error(`the list of the index: ${answer.status}`);
  const base = index.replace(/[^/]*$/, "");
  const [newest, ...older] = (await answer.json()).parts;
  const made = pagefind.createInstance({ basePath: base, noWorker: true, metaCacheTag: newest.tag });
  await Promise.all(older.map((part) => made.mergeIndex(base + part.path, { metaCacheTag: part.tag })));
  return made;
};
const loaded = () => (engine ??= load().catch((error) => {
  engine = null;
  throw error;
}));

// The words that were found stand between marks; all else is text.
const marked = (excerpt) => excerpt.split(/<\/?mark>/).map((piece, at) => {
  const text = piece.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("\u200b", "");
  return at % 2 ? make("mark", text) : text;
});

const ORIGINS = { ai: "AI-generated image", partly_ai: "Made in part with AI", computer: "Computer-generated image" };

const row = ({ url, meta, excerpt }) => {
  const photo = meta.image && make("figure", [
    make("img", null, { src: meta.image, alt: meta.image_alt ?? "", loading: "lazy", width: 160 }),
    (meta.credit || meta.origin) && make("figcaption", [meta.origin && make("span", `${ORIGINS[meta.origin]} `, { class: "origin" }), meta.credit && make("span", "Photo: ", { class: "vh" }), meta.credit]),
  ]);
  return make("article", [
    make("h2", make("a", meta.title, { href: url })),
    photo || null,
    make("p", [...marked(excerpt), meta.date ? " " : null, meta.date ? make("time", meta.date.slice(0, 10), { datetime: meta.date }) : null]),
  ]);
};

const search = async () => {
  const own = ++turn;
  const query = form.q.value.trim();
  history.replaceState(null, "", query ? `?q=${encodeURIComponent(query)}` : location.pathname);
  try {
    const found = query ? (await (await loaded()).search(query)).results : [];
    const rows = await Promise.all(found.slice(0, MOST).map(async (one) => row(await one.data())));
    if (own !== turn) return;
    results.replaceChildren(...rows);
    count.textContent = !query ? "" : found.length > MOST ? `The best ${MOST} of ${found.length} articles` : found.length ? `Found: ${found.length}` : "Nothing found";
  } catch (error) {
    console.warn(error);
    if (own === turn) count.textContent = "The search could not be loaded; try again.";
  }
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
let pause;
form.q.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(search, 200);
});
form.q.addEventListener("focus", () => loaded().catch(() => {}), { once: true });
form.q.value = new URLSearchParams(location.search).get("q") ?? "";
if (form.q.value) search();
