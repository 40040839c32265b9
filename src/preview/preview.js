// The preview's script: hears that the page is another, and takes over what differs, in place.
//
// It keeps the page as it came (`source`) beside the page as it is (`document`). When the page
// changes, the new one is compared with `source`, and only what differs there is done to the
// document: whatever a reader or a script has done to the rest stays, be it scrolled, opened, filled
// in or focused.
(() => {
  'use strict';
  const base = document.currentScript.src.replace(/preview\.js.*$/, '');
  const ELEMENT = 'dateline-preview';
  let told = read(document);
  let source = document.cloneNode(true);
  let isFirst = true;
  /** Which node of the document a node of the source is. */
  const twins = new WeakMap();
  pair(source, document);

  // ---- what the server says -------------------------------------------------------------------

  let siteFaults = [];
  let pageFaults = told.faults || [];
  let connection;

  async function listen() {
    let failures = 0;
    for (;;) {
      if (document.hidden) {
        await new Promise((seen) => document.addEventListener('visibilitychange', seen, { once: true }));
        continue;
      }
      connection = new AbortController();
      let watchdog;
      try {
        const query = new URLSearchParams({ page: told.page, tag: told.tag });
        const response = await fetch(`${base}live?${query}`, { signal: connection.signal, cache: 'no-store' });
        // Another server is there, with another secret.
        if (response.status === 403) return location.reload();
        if (!response.ok) throw new Error(response.statusText);
        failures = 0;
        ui.notice('stopped', null);
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        let text = '';
        for (;;) {
          clearTimeout(watchdog);
          watchdog = setTimeout(() => connection.abort(), 25_000);
          const { value, done } = await reader.read();
          if (done) break;
          text += value;
          const events = text.split('\n\n');
          text = events.pop();
          for (const event of events) if (event.startsWith('data: ')) hear(JSON.parse(event.slice(6)));
        }
      } catch {
        // Ended, refused or aborted: all the same.
      }
      clearTimeout(watchdog);
      if (document.hidden) continue;
      failures += 1;
      if (failures > 2) ui.notice('stopped', ['The preview has stopped. This page goes on when it is started again.']);
      await new Promise((passed) => setTimeout(passed, Math.min(100 * 2 ** failures, 2000)));
    }
  }

  // A tab that can't be seen needs no connection, of which browsers have few; it catches up later.
  document.addEventListener('visibilitychange', () => document.hidden && connection?.abort());
  addEventListener('pagehide', () => connection?.abort());

  function hear(event) {
    switch (event.type) {
      case 'page':
        return update();
      case 'gone':
        if (event.moved && told.navigate) return location.replace(event.moved);
        return ui.notice('gone', ['This page is gone. ', event.moved && { text: 'It is there now.', href: event.moved }]);
      case 'faults':
        siteFaults = event.faults;
        return ui.overlay();
      case 'files':
        return files(event.files);
      case 'navigate':
        if (new URL(event.url, location).pathname !== location.pathname) location.assign(event.url);
    }
  }

  // ---- the page -------------------------------------------------------------------------------

  let isUpdating = false;
  let isStale = false;

  /** Fetches the page, and again as long as it is said to be another while it is fetched. */
  async function update() {
    isStale = true;
    if (isUpdating) return;
    isUpdating = true;
    try {
      while (isStale) {
        isStale = false;
        await take();
      }
    } catch {
      // The connection was lost; it says what was missed when it is there again.
    } finally {
      isUpdating = false;
    }
  }

  async function take() {
    const headers = told.tag ? { 'If-None-Match': `"${told.tag}"`, Accept: 'text/html' } : { Accept: 'text/html' };
    const response = await fetch(location.href, { headers, cache: 'no-store' });
    if (response.status === 304) return healed();
    if (response.redirected) return location.replace(response.url);
    const html = await response.text();
    const next = new DOMParser().parseFromString(html, 'text/html');
    const nextTold = read(next);
    if (!nextTold) return location.reload();
    if (nextTold.faults) {
      pageFaults = nextTold.faults;
      told.tag = '';
      return ui.overlay();
    }
    if (response.status === 404 && told.tag) return;
    if (scripts(source) !== scripts(next)) return location.reload();
    const sheets = await load(next);
    patch(source, next, sheets);
    sheets.forEach((sheet) => isUsed(sheet) || sheet.remove());
    source = next;
    isFirst = false;
    told = nextTold;
    healed();
    ui.notice('gone', null);
    ui.bar();
    document.dispatchEvent(new CustomEvent('dateline:update'));
  }

  function healed() {
    pageFaults = [];
    ui.overlay();
  }

  function read(page) {
    const element = page.getElementById(ELEMENT);
    return element && JSON.parse(element.textContent);
  }

  /** What runs in a page; where that changes, only loading it anew will do. */
  function scripts(page) {
    const run = [...page.querySelectorAll('script')].filter(
      ({ type, id }) => !id.startsWith(ELEMENT) && (!type || type === 'module' || type.includes('javascript')),
    );
    return run.map((script) => `${script.getAttribute('src')} ${script.type} ${script.textContent}`).join('\n');
  }

  // ---- style sheets ---------------------------------------------------------------------------

  function sheetsOf(page) {
    return [...page.querySelectorAll('link[rel~="stylesheet"][href]')];
  }

  function isUsed(sheet) {
    return sheetsOf(source).some((link) => twins.get(link) === sheet) || sheet.dataset.dateline === 'used';
  }

  /** Loads the style sheets that are in the next page only, beside those that they replace. */
  async function load(next) {
    const known = sheetsOf(source);
    const hrefs = new Set(known.map((link) => link.getAttribute('href')));
    const sheets = new Map();
    await Promise.all(
      sheetsOf(next).map((link, at) => {
        const href = link.getAttribute('href');
        if (hrefs.has(href) || sheets.has(href)) return null;
        const sheet = document.importNode(link, true);
        sheets.set(href, sheet);
        const replaced = known[at] && twins.get(known[at]);
        if (replaced?.isConnected) replaced.after(sheet);
        else document.head.append(sheet);
        return loaded(sheet);
      }),
    );
    return sheets;
  }

  function loaded(element) {
    return new Promise((done) => {
      element.addEventListener('load', done, { once: true });
      element.addEventListener('error', done, { once: true });
      setTimeout(done, 5000);
    });
  }

  /** Shows files anew that keep their names: pictures, style sheets. */
  function files(changed) {
    const print = (address) => {
      if (!address) return undefined;
      const url = new URL(address, location);
      return url.origin === location.origin ? changed[decodeURI(url.pathname)] ?? changed[url.pathname] : undefined;
    };
    const renewed = (address) => {
      const url = new URL(address, location);
      url.searchParams.set('dateline', print(address));
      return url.href;
    };
    if ([...document.scripts].some((script) => script.src && print(script.src))) return location.reload();
    const seen = new Set();
    for (const link of sheetsOf(document)) {
      if (!print(link.href)) continue;
      seen.add(new URL(link.href).pathname);
      const sheet = link.cloneNode();
      sheet.removeAttribute('integrity');
      sheet.href = renewed(link.href);
      link.after(sheet);
      const own = sheetsOf(source).find((node) => twins.get(node) === link);
      if (own) twins.set(own, sheet);
      loaded(sheet).then(() => link.remove());
    }
    for (const element of document.querySelectorAll('img, source, video, audio, iframe, embed, link[rel~="icon"]')) {
      for (const name of ['src', 'href', 'poster']) {
        if (print(element.getAttribute(name))) {
          seen.add(new URL(element.getAttribute(name), location).pathname);
          element.setAttribute(name, renewed(element.getAttribute(name)));
        }
      }
      const set = element.getAttribute('srcset');
      if (!set) continue;
      const parts = set.split(',').map((part) => part.trim().split(/\s+/));
      if (parts.some(([address]) => print(address))) {
        parts.forEach(([address]) => seen.add(new URL(address, location).pathname));
        element.setAttribute('srcset', parts.map(([address, ...size]) => [print(address) ? renewed(address) : address, ...size].join(' ')).join(', '));
      }
    }
    // What a style sheet asked for can't be swapped by itself.
    const asked = performance.getEntriesByType('resource').filter(({ initiatorType }) => initiatorType === 'css');
    if (asked.some(({ name }) => print(name) && !seen.has(new URL(name).pathname))) location.reload();
  }

  // ---- taking over what differs ---------------------------------------------------------------

  /** Notes that two trees of the same shape are each other's. */
  function pair(node, twin) {
    twins.set(node, twin);
    const own = twin.childNodes;
    node.childNodes.forEach((child, at) => own[at] && pair(child, own[at]));
  }

  /** Notes that what is not changed in a page stays what it is in the document. */
  function adopt(old, next) {
    twins.set(next, twins.get(old));
    const own = next.childNodes;
    old.childNodes.forEach((child, at) => adopt(child, own[at]));
  }

  /** Does to the document what makes `next` of `old`. */
  function patch(old, next, sheets) {
    if (old.isEqualNode(next)) return adopt(old, next);
    const live = twins.get(old);
    if (old.nodeName === 'LINK' && sheets.has(next.getAttribute('href'))) {
      const sheet = sheets.get(next.getAttribute('href'));
      sheet.dataset.dateline = 'used';
      twins.set(next, sheet);
      return live?.remove();
    }
    twins.set(next, live);
    if (old.nodeType !== Node.ELEMENT_NODE && old.nodeType !== Node.DOCUMENT_NODE) {
      if (live && 'data' in live) live.data = next.data;
      return;
    }
    if (old.nodeType === Node.ELEMENT_NODE) attributes(old, next, live);
    children(old, next, live, sheets);
  }

  function attributes(old, next, live) {
    if (!live) return;
    const isRoot = old.nodeName === 'HTML' || old.nodeName === 'BODY';
    for (const { name, value } of next.attributes) {
      if (old.getAttribute(name) === value) continue;
      // Scripts that ran before this one have left their marks in what is known of the first page.
      if (isRoot && isFirst && name === 'class') live.classList.add(...next.classList);
      else live.setAttribute(name, value);
      if (name === 'value' && 'value' in live) live.value = value;
    }
    for (const { name } of [...old.attributes]) {
      if (!next.hasAttribute(name) && !(isRoot && isFirst)) live.removeAttribute(name);
    }
  }

  function children(old, next, live, sheets) {
    const a = [...old.childNodes];
    const b = [...next.childNodes];
    const matches = match(a, b);
    const kept = new Set(matches);
    a.forEach((node, at) => kept.has(at) || twins.get(node)?.remove());
    // From the end, so that what comes after is in its place.
    let anchor = null;
    let earliest = a.length;
    for (let at = b.length - 1; at >= 0; at -= 1) {
      const from = matches[at];
      if (from === undefined) {
        const sheet = b[at].nodeName === 'LINK' && sheets.get(b[at].getAttribute('href'));
        const made = sheet || document.importNode(b[at], true);
        if (sheet) sheet.dataset.dateline = 'used';
        pair(b[at], made);
        if (!live) continue;
        if (!sheet) live.insertBefore(made, anchor);
        anchor = made.parentNode === live ? made : anchor;
        continue;
      }
      patch(a[from], b[at], sheets);
      const own = twins.get(b[at]);
      if (!own || !live || own.parentNode !== live) continue;
      if (from > earliest) live.insertBefore(own, anchor);
      else earliest = from;
      anchor = own;
    }
  }

  /** For each node of `b`, the place in `a` of the node that it was. */
  function match(a, b) {
    const matches = new Array(b.length);
    let start = 0;
    while (start < a.length && start < b.length && a[start].isEqualNode(b[start])) matches[start] = start++;
    let ends = 0;
    while (ends < a.length - start && ends < b.length - start && a[a.length - 1 - ends].isEqualNode(b[b.length - 1 - ends])) {
      ends += 1;
      matches[b.length - ends] = a.length - ends;
    }
    const free = new Set();
    for (let at = start; at < a.length - ends; at += 1) free.add(at);
    const claim = (at, fits) => {
      for (const from of free) {
        if (!fits(a[from], from)) continue;
        free.delete(from);
        matches[at] = from;
        return from;
      }
      return undefined;
    };
    const open = [];
    for (let at = start; at < b.length - ends; at += 1) open.push(at);
    for (const at of open) {
      if (b[at].id) claim(at, (node) => node.id === b[at].id && node.nodeName === b[at].nodeName);
    }
    let last = start - 1;
    for (const at of open) {
      if (matches[at] !== undefined) continue;
      const from = claim(at, (node, from) => from > last && node.isEqualNode(b[at]));
      if (from !== undefined) last = from;
    }
    last = start - 1;
    for (const at of open) {
      if (matches[at] === undefined) {
        const next = open.find((later) => later > at && matches[later] > last);
        const before = next === undefined ? Infinity : matches[next];
        claim(at, (node, from) => from > last && from < before && node.nodeName === b[at].nodeName && !node.id && !b[at].id);
      }
      if (matches[at] > last) last = matches[at];
    }
    return matches;
  }

  // ---- the bar, the overlay and notices -------------------------------------------------------

  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; font: 14px/1.45 system-ui, sans-serif; }
    [hidden] { display: none !important; }
    a { color: inherit; }
    button { background: none; border: 0; color: inherit; cursor: pointer; padding: 0 .3em; }
    .bar, .notice { background: #222; border-radius: 6px; bottom: 10px; box-shadow: 0 1px 6px #0006; color: #eee;
      display: flex; flex-wrap: wrap; gap: .2em .8em; left: 10px; max-width: calc(100vw - 20px); padding: .35em .7em;
      position: fixed; z-index: 2147483645; opacity: .92; }
    .bar b { background: #f5c542; border-radius: 3px; color: #222; font-weight: 600; padding: 0 .4em; }
    .notice { background: #7a1f1f; bottom: 56px; opacity: 1; }
    .overlay { background: #000a; inset: 0; overflow: auto; padding: 4vh 1rem; position: fixed; z-index: 2147483647; }
    .faults { background: #fff; border-radius: 8px; border-top: 6px solid #c62828; color: #222; margin: 0 auto;
      max-width: 60rem; padding: 1rem 1.4rem 1.4rem; }
    .faults header { align-items: baseline; display: flex; justify-content: space-between; }
    .faults h1 { font-size: 17px; font-weight: 600; margin: 0 0 .4em; }
    .fault { border-top: 1px solid #ddd; padding: .8em 0 .2em; }
    .fault p { margin: 0 0 .3em; }
    .message { font-weight: 600; }
    .warning .message { font-weight: 400; }
    pre { background: #f5f3ef; border-radius: 4px; font: 13px/1.5 ui-monospace, monospace; margin: .4em 0; overflow-x: auto; padding: .5em .8em; }
    pre * { font: inherit; }
    pre mark { background: none; color: #c62828; font-weight: 700; }
    .hint { color: #444; }
    @media (prefers-color-scheme: dark) {
      .faults { background: #1d1d1d; color: #eee; } pre { background: #2a2a2a; } .hint { color: #bbb; }
      .fault { border-color: #444; } pre mark { color: #ff8a80; }
    }
    @media print { :host, .bar, .notice, .overlay { display: none !important; } }`;

  const ui = (() => {
    const host = document.createElement('dateline-preview');
    const root = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    document.documentElement.append(host);

    /** Makes an element with children: texts, elements, or nothing. */
    function make(name, properties, ...content) {
      const element = Object.assign(document.createElement(name), properties);
      element.append(...content.filter((one) => one !== null && one !== undefined && one !== false));
      return element;
    }

    const overlay = make('div', { className: 'overlay', hidden: true });
    overlay.setAttribute('role', 'alertdialog');
    overlay.setAttribute('aria-label', 'What is wrong with the site');
    const notices = new Map();
    let bar = make('div', { className: 'bar', hidden: true });
    root.append(bar, overlay);
    let shown = '';

    overlay.addEventListener('click', ({ target }) => {
      if (target === overlay) overlay.hidden = true;
    });
    addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') overlay.hidden = true;
    });

    function where({ path, line, column, editor }) {
      const text = line ? `${path}:${line}:${column}` : path;
      return editor ? make('a', { href: editor, textContent: text }) : make('span', { textContent: text });
    }

    function line({ line, text, caret, length }) {
      if (text === null || text === undefined) return null;
      const letters = [...text];
      const number = `${line} | `;
      const blank = number.replace(/[^|]/g, ' ') + letters.slice(0, caret).map((one) => (one === '\t' ? '\t' : ' ')).join('');
      return make('pre', {}, `${number}${text}\n${blank}`, make('mark', { textContent: '^'.repeat(Math.max(1, Math.min(length, letters.length - caret))) }));
    }

    function fault({ severity, message, place, related, hints }) {
      return make(
        'section',
        { className: `fault ${severity}` },
        make('p', { className: 'message', textContent: `${severity}: ${message}` }),
        place && make('p', {}, where(place)),
        place && line(place),
        ...related.flatMap(({ label, place }) => [make('p', {}, `${label}: `, where(place)), line(place)]),
        ...hints.map((hint) => make('p', { className: 'hint', textContent: `hint: ${hint}` })),
      );
    }

    return {
      overlay() {
        const faults = [...siteFaults, ...pageFaults];
        const now = JSON.stringify(faults);
        if (now === shown) return;
        shown = now;
        const errors = faults.length === 1 ? 'There is an error' : `There are ${faults.length} errors`;
        const close = make('button', { textContent: '✕', title: 'show the page (Esc)' });
        close.addEventListener('click', () => (overlay.hidden = true));
        overlay.replaceChildren(
          make('div', { className: 'faults' }, make('header', {}, make('h1', { textContent: errors }), close), ...faults.map(fault)),
        );
        overlay.hidden = faults.length === 0;
        this.ready();
      },
      notice(name, content) {
        notices.get(name)?.remove();
        notices.delete(name);
        if (!content) return;
        const parts = content.map((part) => (part?.href ? make('a', { href: part.href, textContent: part.text }) : part));
        const notice = make('div', { className: 'notice' }, ...parts);
        notice.setAttribute('role', 'status');
        notices.set(name, notice);
        root.append(notice);
      },
      bar() {
        const { facts } = told;
        const isHidden = sessionStorage.getItem('dateline-bar') === 'hidden';
        const close = make('button', { textContent: '✕', title: 'hide until this tab is closed' });
        close.addEventListener('click', () => {
          bar.hidden = true;
          sessionStorage.setItem('dateline-bar', 'hidden');
        });
        const says = [
          ...(facts?.notes ?? []).map((note) => make('b', { textContent: note })),
          facts?.words !== undefined && make('span', { textContent: `${facts.words} ${facts.words === 1 ? 'word' : 'words'}` }),
          facts?.source && (facts.editor ? make('a', { href: facts.editor, textContent: facts.source }) : make('span', { textContent: facts.source })),
        ];
        const next = make('div', { className: 'bar', hidden: isHidden || !says.some(Boolean) }, ...says, close);
        bar.replaceWith(next);
        bar = next;
      },
      ready() {
        // Scripts of the page can have thrown the element out.
        if (!host.isConnected) document.documentElement.append(host);
      },
    };
  })();

  ui.bar();
  ui.overlay();
  listen();
})();
