// Searches the site. Nothing is loaded before the reader comes to the field, or came with a query.
const form = document.querySelector(".seeker");
const field = form.q;
const words = JSON.parse(document.querySelector("#search-words").textContent);
const names = form.dataset.filters.split(" ").filter(Boolean);
const lang = document.documentElement.lang;
const isUnspaced = /^(zh|ja|ko|th)\b/.test(lang);
const tally = form.querySelector(".tally");
const sort = form.querySelector(".sort");
const facets = document.querySelector(".facets");
const values = document.querySelector(".values");
const clear = document.querySelector(".clear");
const list = document.querySelector(".hits");
const further = document.querySelector(".further");
const PAGE = 10;
const FEW = 6;
// Where there are so few articles, the filters are small and are shown at once.
const SMALL = 3000;

let engine;
let found = [];
let shown = 0;
let turn = 0;
let chosen = {};

const make = (tag, content, attributes = {}) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...[content].flat().filter((part) => part != null));
  return element;
};
const number = (n) => n.toLocaleString(lang);
// The words come with a number of each plural form.
const counted = (forms, n) => {
  const rules = new Intl.PluralRules(lang);
  const [, form] = forms.find(([one]) => rules.select(one) === rules.select(n)) ?? forms.at(-1);
  return form.replace("{n}", number(n));
};

// Loads the script and the list of parts, once; the newest part is the one into which the others are merged.
const load = () => (engine ??= (async () => {
  const [pagefind, parts] = await Promise.all([
    import(form.dataset.script),
    fetch(form.dataset.index, { cache: "no-cache" }).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))),
  ]);
  const base = form.dataset.index.replace(/[^/]*$/, "");
  const options = (part) => ({ metaCacheTag: part.tag, excerptLength: isUnspaced ? 70 : 32, excerptEllipsis: "…" });
  const [newest, ...older] = parts.parts;
  const made = pagefind.createInstance({ basePath: base, noWorker: true, ...options(newest) });
  await made.preload("");
  await Promise.all(older.map((part) => made.mergeIndex(base + part.path, options(part))));
  made.size = parts.parts.reduce((sum, part) => sum + part.count, 0);
  return made;
})().catch((error) => {
  engine = null;
  throw error;
}));

// What is searched, as the address says it.
const address = () => {
  const query = new URLSearchParams();
  if (field.value.trim()) query.set("q", field.value.trim());
  if (form.sort.value) query.set("sort", form.sort.value);
  for (const name of names) for (const value of chosen[name] ?? []) query.append(name, value);
  const text = query.toString();
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
};

const read = () => {
  const query = new URLSearchParams(location.search);
  field.value = query.get("q") ?? "";
  form.sort.value = query.get("sort") === "date" ? "date" : "";
  chosen = {};
  for (const name of names) if (query.has(name)) chosen[name] = query.getAll(name);
  facets.open = Object.keys(chosen).length > 0;
};

const search = async () => {
  const own = ++turn;
  const query = field.value.trim();
  address();
  const isFiltered = names.some((name) => chosen[name]?.length);
  if (!query && !isFiltered) return reset();
  if (!shown) tally.textContent = words.loading;
  try {
    const made = await load();
    if (made.size <= SMALL && innerWidth >= 1024) facets.open ||= !facets.dataset.seen;
    facets.dataset.seen = "yes";
    if (facets.open) await made.filters();
    const filters = {};
    for (const name of names) if (chosen[name]?.length) filters[name] = { any: chosen[name] };
    const answer = await made.search(query || null, { filters });
    if (own !== turn) return;
    found = answer.results;
    // The id begins with the time of publication, to the base of 36.
    const time = (result) => parseInt(result.id, 36);
    if (form.sort.value || !query) found.sort((a, b) => time(b) - time(a));
    facets.hidden = names.length === 0 || (!found.length && !isFiltered);
    if (facets.open) choices(answer);
    const first = await rows(found.slice(0, PAGE));
    if (own !== turn) return;
    shown = first.length;
    list.replaceChildren(...first);
    further.hidden = shown >= found.length;
    sort.hidden = found.length < 2;
    tally.replaceChildren(...(found.length ? [counted(words.results, found.length)] : [words.none.replace("{q}", query), make("span", words.none_text)]));
  } catch (error) {
    if (own === turn) fail(error);
  }
};

const reset = () => {
  found = [];
  shown = 0;
  list.replaceChildren();
  tally.replaceChildren();
  sort.hidden = facets.hidden = further.hidden = true;
};

const fail = (error) => {
  reset();
  console.warn(error);
  const again = make("button", words.retry, { type: "button" });
  again.addEventListener("click", search);
  tally.replaceChildren(words.failed, make("span", again));
};

const rows = (results) => Promise.all(results.map(async (result) => row(await result.data())));

const row = ({ url, meta, excerpt }) => {
  const figure = meta.image && make("figure", [
    make("img", null, { src: meta.image, alt: meta.image_alt ?? "", loading: "lazy", decoding: "async", ...size(meta.image_size) }),
    (meta.credit || meta.origin) && make("figcaption", [
      meta.origin && make("span", words[meta.origin], { class: "origin" }),
      meta.origin && " ",
      meta.credit && make("span", [make("span", `${words.photo}: `, { class: "vh" }), meta.credit], { class: "credit" }),
    ]),
  ], { class: "photo" });
  const text = make("div", [
    meta.section && make("p", meta.section, { class: "kicker" }),
    make("h2", make("a", meta.title, { href: url }), { class: "headline" }),
    make("p", marked(excerpt, field.value), { class: "summary" }),
    make("p", [meta.author && make("span", `${words.by} ${meta.author}`, { class: "byline" }), meta.date && day(meta.date)], { class: "meta" }),
  ], { class: "text" });
  return make("li", make("article", [figure, text], { class: "teaser row" }));
};

const size = (written) => {
  const [width, height] = written?.split("x") ?? [];
  return height ? { width, height } : {};
};

// A date is as exact as its author gave it, and stays the day that it was there.
const day = (date) => {
  const [year, month, of] = date.slice(0, 10).split("-").map(Number);
  const parts = { year: "numeric", ...(month && { month: "long" }), ...(of && { day: "numeric" }), timeZone: "UTC" };
  return make("time", new Date(Date.UTC(year, (month || 1) - 1, of || 1)).toLocaleDateString(lang, parts), { datetime: date });
};

// The words that were found stand between marks; all else is text.
const marked = (excerpt, query) => {
  let text = "";
  const marks = [];
  excerpt.split(/<\/?mark>/).forEach((piece, at) => {
    const from = text.length;
    text += piece.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("\u200b", "");
    if (at % 2) marks.push([from, text.length]);
  });
  const pieces = [];
  let done = 0;
  for (const [from, to] of isUnspaced ? widened(text, marks, query) : marks) {
    pieces.push(text.slice(done, from), make("mark", text.slice(from, to)));
    done = to;
  }
  return [...pieces, text.slice(done)];
};

// Where words have no spaces between them, the first character of each is marked: the mark grows over what the query has
// from there on, and over what follows it.
const widened = (text, marks, query) => {
  const low = text.toLowerCase();
  const terms = query.toLowerCase().split(/[\s"]+/).filter(Boolean);
  const segments = terms.flatMap((term) => [...new Intl.Segmenter(lang, { granularity: "word" }).segment(term)].map((one) => one.segment));
  const known = [...terms, ...segments].sort((a, b) => b.length - a.length);
  const wide = [];
  for (const [from, to] of marks) {
    const end = Math.max(to, from + (known.find((term) => low.startsWith(term, from))?.length ?? 0));
    const last = wide.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], end);
    else wide.push([from, end]);
  }
  return wide;
};

// The values of each filter with what they leave, the most frequent first, and years from the newest.
const choices = ({ filters, totalFilters }) => {
  const active = document.activeElement?.closest(".values label")?.dataset.value;
  values.replaceChildren(...names.map((name) => {
    const own = chosen[name] ?? [];
    const counts = (own.length ? totalFilters : filters)[name] ?? {};
    const all = Object.keys(counts).filter((value) => counts[value] || own.includes(value));
    all.sort(name === "year" ? (a, b) => b - a : (a, b) => counts[b] - counts[a] || a.localeCompare(b, lang));
    if (!all.length) return null;
    const few = values.dataset[name] ? all.slice(0, 200) : all.filter((value, at) => at < FEW || own.includes(value));
    const labels = few.map((value) => {
      const box = make("input", null, { type: "checkbox", name, value });
      box.checked = own.includes(value);
      return make("label", [box, value, make("span", number(counts[value] ?? 0), { class: "count" })], { "data-value": `${name} ${value}` });
    });
    const rest = few.length < all.length && make("button", words.all, { type: "button", "data-name": name });
    return make("fieldset", [make("legend", words[name]), ...labels, rest || null]);
  }).filter(Boolean));
  clear.hidden = !names.some((name) => chosen[name]?.length);
  if (active) values.querySelector(`[data-value="${CSS.escape(active)}"] input`)?.focus();
};

let pause;
field.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(search, 150);
});
field.addEventListener("focus", () => load().catch(() => {}), { once: true });
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(pause);
  search();
});
sort.addEventListener("change", search);
values.addEventListener("change", ({ target: { name, value, checked } }) => {
  chosen[name] = checked ? [...(chosen[name] ?? []), value] : chosen[name].filter((other) => other !== value);
  search();
});
facets.addEventListener("toggle", () => facets.open && !values.childElementCount && !facets.hidden && search());
values.addEventListener("click", (event) => {
  const { name } = event.target.dataset;
  if (!name) return;
  values.dataset[name] = "all";
  search();
});
clear.addEventListener("click", () => {
  chosen = {};
  field.focus();
  search();
});
further.addEventListener("click", async () => {
  const own = turn;
  try {
    const next = await rows(found.slice(shown, shown + PAGE));
    if (own !== turn) return;
    shown += next.length;
    list.append(...next);
    next[0]?.querySelector("a").focus();
    further.hidden = shown >= found.length;
  } catch (error) {
    fail(error);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
  const isTyping = event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "Escape" && (event.target === field || list.contains(event.target))) {
    event.preventDefault();
    field.value = "";
    field.focus();
    search();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (event.target === field || list.contains(event.target))) {
    const links = [...list.querySelectorAll(".headline a")];
    const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    if (at >= links.length || (at < 0 && event.target === field)) return;
    event.preventDefault();
    (links[at] ?? field).focus();
  }
});

addEventListener("popstate", () => {
  read();
  search();
});
read();
if (location.search) search();
