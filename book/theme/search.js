// Search in the whole text. The index is a script, since a page that was opened from a disk (file://) may not fetch data; it
// is loaded when the box is first used. `/` goes to the box, arrows choose, Enter goes there, Escape closes.
"use strict";

(() => {
  const box = document.getElementById("search");
  const list = document.getElementById("search-results");
  const status = document.getElementById("search-status");
  const kMost = 12;
  let chosen = -1;
  let loading = null;

  function loadIndex() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = "search-index.js";
      script.onload = () => resolve(window.dockwrightIndex.map(([url, page, section, text]) => (
        { url, page, section, text, head: `${page} ${section}`.toLowerCase(), body: text.toLowerCase() })));
      script.onerror = () => reject(new Error("the search index is missing"));
      document.head.append(script);
    });
    return loading;
  }

  const termsOf = (query) => query.toLowerCase().split(/[\s,;()]+/).filter(Boolean);

  // How well a place answers: 0 when a term is missing; a heading counts more than the text, a whole word more than a part.
  function score(place, terms) {
    let sum = 0;
    for (const term of terms) {
      const inHead = place.head.includes(term);
      const at = place.body.indexOf(term);
      if (!inHead && at < 0) return 0;
      if (inHead) sum += 12;
      if (at >= 0) sum += Math.min(place.body.split(term).length - 1, 5);
      const edge = at > 0 ? place.body[at - 1] : " ";
      if (at >= 0 && !/[a-z0-9_]/.test(edge)) sum += 3;
    }
    return sum + (/^(ch\d|glossary|index|errors|syscalls)/.test(place.url) ? 6 : 0);  // the book before the reference
  }

  // `text` with the terms in <mark>, as nodes: nothing of the index is ever read as HTML.
  function marked(text, terms) {
    const fragment = document.createDocumentFragment();
    const escaped = terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    for (const [i, piece] of text.split(new RegExp(`(${escaped.join("|")})`, "i")).entries()) {
      if (i % 2 === 0) { fragment.append(piece); continue; }
      const mark = document.createElement("mark");
      mark.textContent = piece;
      fragment.append(mark);
    }
    return fragment;
  }

  function snippet(place, terms) {
    const hits = terms.map((term) => place.body.indexOf(term)).filter((at) => at >= 0);
    const at = hits.length ? Math.min(...hits) : 0;
    let start = Math.max(0, at - 60);
    if (start > 0) start = place.text.indexOf(" ", start) + 1;
    return (start > 0 ? "… " : "") + place.text.slice(start, start + 170) + (start + 170 < place.text.length ? " …" : "");
  }

  function option(place, terms, number) {
    const item = document.createElement("li");
    item.id = `found-${number}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const link = document.createElement("a");
    link.href = place.url;
    link.tabIndex = -1;
    const where = document.createElement("strong");
    where.append(marked(place.section || place.page, terms));
    link.append(where);
    if (place.section) {
      const page = document.createElement("small");
      page.textContent = place.page;
      link.append(page);
    }
    const text = document.createElement("span");
    text.append(marked(snippet(place, terms), terms));
    link.append(text);
    link.addEventListener("click", close);
    item.append(link);
    return item;
  }

  function choose(number) {
    const items = [...list.children].filter((item) => item.getAttribute("role") === "option");
    if (!items.length) return;
    chosen = (number + items.length) % items.length;
    for (const [i, item] of items.entries()) item.setAttribute("aria-selected", String(i === chosen));
    box.setAttribute("aria-activedescendant", items[chosen].id);
    items[chosen].scrollIntoView({ block: "nearest" });
  }

  function close() {
    list.hidden = true;
    chosen = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  async function search() {
    const terms = termsOf(box.value);
    if (!terms.length) { status.textContent = ""; return close(); }
    let places = [];
    try {
      places = (await loadIndex()).map((place) => [score(place, terms), place]).filter(([points]) => points > 0);
    } catch (error) {
      status.textContent = error.message;
      return close();
    }
    places.sort((a, b) => b[0] - a[0]);
    list.replaceChildren(...places.slice(0, kMost).map(([, place], i) => option(place, terms, i)));
    if (!places.length) {
      const none = document.createElement("li");
      none.className = "none";
      none.textContent = "Nothing found.";
      list.append(none);
    }
    status.textContent = places.length === 1 ? "1 place found" : `${places.length} places found`;
    list.hidden = false;
    chosen = -1;
    box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-expanded", "true");
  }

  box.addEventListener("focus", () => loadIndex().catch(() => {}), { once: true });
  box.addEventListener("input", search);
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { choose(chosen + 1); event.preventDefault(); }
    if (event.key === "ArrowUp") { choose(chosen < 0 ? -1 : chosen - 1); event.preventDefault(); }
    if (event.key === "Escape") { box.value = ""; close(); box.blur(); }
    if (event.key === "Enter") {
      const item = document.getElementById(`found-${Math.max(chosen, 0)}`);
      if (item && !list.hidden) item.querySelector("a").click();
      event.preventDefault();
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      box.focus();
      event.preventDefault();
    }
  });
  document.addEventListener("click", (event) => { if (!event.target.closest(".search")) close(); });
})();
