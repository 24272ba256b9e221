// What the page does by itself: follow links, write filters into the address, keys, drawers, the
// sheet of a phone, the banner. Everything else comes from the server.
(function () {
  "use strict";
  const dash = (window.dash_clientside = window.dash_clientside || {});
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const here = document.currentScript.src; // its folder changes its name with every version
  const isPhone = () => matchMedia("(width <= 760px)").matches;

  // --- Address -----------------------------------------------------------------------------

  // Several quick choices each build on the last one, whether or not the server has answered.
  let search = location.search;

  function go(next) {
    const target = next === "?" ? "" : next;
    closeMenus();
    if (target === search) return;
    search = target;
    dash.set_props("url", { search: target });
  }

  for (const moved of ["popstate", "_dashprivate_pushstate"]) {
    addEventListener(moved, () => (search = location.search));
  }

  function change(edit) {
    const query = new URLSearchParams(search);
    edit(query);
    query.delete("page");
    query.delete("at");
    go("?" + query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":"));
  }

  const listOf = (text) => (text ? text.split(",") : []);

  function toggle(name, value, start) {
    change((query) => {
      const chosen = new Set(listOf(query.has(name) ? query.get(name) : start));
      if (!chosen.delete(value)) chosen.add(value);
      const isStart = [...chosen].sort().join() === listOf(start).sort().join();
      if (isStart) query.delete(name);
      else query.set(name, [...chosen].sort().join());
    });
  }

  function chooseAid(code, choice) {
    change((query) => {
      for (const name of ["received", "not_received"]) {
        const codes = new Set(listOf(query.get(name)));
        codes.delete(code);
        if (name === choice) codes.add(code);
        if (codes.size) query.set(name, [...codes].sort().join());
        else query.delete(name);
      }
    });
  }

  // The choice shows at once; the server's answer confirms it with new counts.
  function press(button) {
    const { toggle: name, value, start, aid, choice } = button.dataset;
    if (name) {
      button.setAttribute("aria-checked", String(button.getAttribute("aria-checked") !== "true"));
      toggle(name, value, start);
      return;
    }
    for (const other of button.parentElement.children) {
      other.setAttribute("aria-checked", String(other === button));
    }
    chooseAid(aid, choice);
  }

  function closeMenus(except) {
    for (const menu of document.querySelectorAll(".dropdown[open]")) {
      if (menu !== except) menu.open = false;
    }
  }

  // --- Clicks ------------------------------------------------------------------------------

  // A form that unfolds at the end of the panel comes into sight, ready to be written into.
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (!target.matches?.("details.card-rights[open]")) return;
      target.scrollIntoView({ block: "end" });
      target.querySelector("textarea")?.focus({ preventScroll: true });
    },
    true, // it does not bubble
  );

  const isPlain = (event) => !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    closeMenus(at(".dropdown"));
    if (!at(".search")) showHits(false);
    const option = at("#search-hits [data-href]");
    if (option) return choose(option);
    const button = at("[data-toggle], [data-aid]");
    if (button) return press(button);
    const opener = at("[data-open], [data-action]");
    if (opener) return act(opener.dataset.action ?? "filters");
    const anchor = at("a[href]");
    if (anchor) return follow(event, anchor);
    const row = at("tr[data-href]");
    if (row && isPlain(event) && getSelection().isCollapsed) go(row.dataset.href);
  });

  function follow(event, anchor) {
    closeMenus(); // a download leaves the page as it is, and its menu open
    const address = anchor.getAttribute("href");
    if (!address.startsWith("?") || anchor.dataset.reload || !isPlain(event)) return;
    event.preventDefault();
    go(address);
  }

  function act(action) {
    if (action === "filters") openFilters(byId("filter-panel").hidden);
    else if (action === "theme") switchTheme();
    else if (action === "help") toggleHelp();
    else if (action === "banner") delete root.dataset.fault;
    else if (action === "sheet") nextStop();
  }

  // --- Drawers, theme, help ----------------------------------------------------------------

  let wasLegendOpen = true;

  function openFilters(isOpen) {
    const panel = byId("filter-panel");
    const opener = document.querySelector("[data-open]");
    panel.hidden = !isOpen;
    root.toggleAttribute("data-filters", isOpen);
    opener.setAttribute("aria-expanded", String(isOpen));
    makeRoom(isOpen);
    if (isOpen) panel.querySelector("button[aria-checked]")?.focus({ preventScroll: true });
    else if (panel.contains(document.activeElement)) opener.focus();
  }

  // Beside an open drawer a small screen has no room for the legend; it comes back with the room.
  function makeRoom(isOpen) {
    const legend = document.querySelector("[data-fold]");
    if (!legend || innerWidth >= 1500 || isPhone()) return;
    if (isOpen) wasLegendOpen = legend.open;
    legend.open = !isOpen && wasLegendOpen;
  }

  function switchTheme() {
    const theme = root.dataset.theme === "dark" ? "light" : "dark";
    root.dataset.theme = theme;
    try {
      localStorage.setItem("kentongan-theme", theme);
    } catch {
      // Storage switched off: the choice lasts as long as the page.
    }
    document.dispatchEvent(new CustomEvent("kentongan:theme"));
  }

  function toggleHelp() {
    const help = byId("help");
    if (help.open) help.close();
    else help.showModal();
  }

  // --- Keys --------------------------------------------------------------------------------

  const KEYS = { f: "filters", d: "theme", "?": "help" };

  document.addEventListener("keydown", (event) => {
    if (event.target.id === "search-text") return moveInHits(event);
    if (event.key === "Escape") return goBack(event);
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.target.matches?.("input, select, textarea")) return;
    if (moveInRadios(event)) return;
    if (event.key === "/") {
      event.preventDefault();
      byId("search-text").focus();
    } else if (KEYS[event.key]) act(KEYS[event.key]);
  });

  function goBack(event) {
    if (byId("help").open) return; // the dialog closes itself
    const menu = document.querySelector(".dropdown[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (!byId("filter-panel").hidden) openFilters(false);
    else {
      event.preventDefault();
      const back = document.querySelector("[data-up]");
      if (back) go(back.getAttribute("href"));
    }
  }

  // Arrow keys move the choice within a radio group, as a reader expects of one.
  function moveInRadios({ key, target }) {
    const group = target.closest?.("[role=radiogroup]");
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
    if (!group || !step) return false;
    const buttons = [...group.children];
    const next = buttons.at((buttons.indexOf(target) + step) % buttons.length);
    next.focus();
    press(next);
    return true;
  }

  // --- Search: a combobox ------------------------------------------------------------------

  let active = -1;

  const options = () => [...document.querySelectorAll("#search-hits [data-href]")];

  function prepareSearch() {
    const box = byId("search-text");
    if (!box || box.getAttribute("role") === "combobox") return;
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", "search-hits");
    box.setAttribute("aria-expanded", "false");
    box.setAttribute("maxlength", "80");
    box.addEventListener("focus", () => showHits(true));
    new MutationObserver(() => {
      active = -1;
      showHits(document.activeElement === box);
    }).observe(byId("search-hits"), { childList: true, subtree: true, characterData: true });
  }

  function showHits(isWanted) {
    const box = byId("search-text");
    const list = byId("search-hits");
    if (!box || !list) return;
    const isOpen = isWanted && list.children.length > 0;
    list.hidden = !isOpen;
    box.setAttribute("aria-expanded", String(isOpen));
    mark(isOpen ? active : -1);
  }

  function mark(place) {
    active = place;
    options().forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === place));
      if (at === place) option.scrollIntoView({ block: "nearest" });
    });
    const current = options()[place];
    if (current) byId("search-text").setAttribute("aria-activedescendant", current.id);
    else byId("search-text").removeAttribute("aria-activedescendant");
  }

  function moveInHits(event) {
    const found = options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      showHits(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (found.length) mark((active + step + found.length) % found.length);
    } else if (event.key === "Enter" && found.length) {
      event.preventDefault();
      choose(found[Math.max(0, active)]);
    } else if (event.key === "Escape") {
      showHits(false);
      event.target.blur();
    }
  }

  function choose(option) {
    showHits(false);
    byId("search-text").blur();
    go(option.dataset.href);
    if (isPhone()) setStop("half");
  }

  // --- The sheet of a phone ----------------------------------------------------------------

  const STOPS = { peek: 0.26, half: 0.52, full: 0.9 };
  const ORDER = Object.keys(STOPS);

  function setStop(name) {
    root.dataset.sheet = name;
    root.style.setProperty("--sheet-height", isPhone() ? `${shareOf(name) * 100}dvh` : "0px");
  }

  // The lowest stop ends where the headline does, not in the middle of a line.
  function shareOf(name) {
    const last = [...document.querySelectorAll("#card .card-head, #panel-head .figure.main")]
      .filter((part) => part.offsetParent)
      .at(-1);
    if (name !== "peek" || !last) return STOPS[name];
    const { scrollTop } = document.querySelector(".panel-scroll");
    const foot = last.getBoundingClientRect().bottom + scrollTop + PEEK_ROOM_PX;
    return Math.min(0.4, (foot - byId("panel").getBoundingClientRect().top) / innerHeight);
  }

  function nextStop() {
    setStop(ORDER[(ORDER.indexOf(root.dataset.sheet) + 1) % ORDER.length]);
  }

  const PEEK_ROOM_PX = 12;
  let drag = null;

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.(".handle");
    if (!handle) return;
    drag = { from: event.clientY, start: byId("panel").offsetHeight, moved: false };
    handle.setPointerCapture(event.pointerId);
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const height = drag.start + drag.from - event.clientY;
    drag.moved ||= Math.abs(drag.from - event.clientY) > 6;
    drag.share = Math.min(0.92, Math.max(0.12, height / innerHeight));
    if (drag.moved) root.style.setProperty("--sheet-height", `${drag.share * 100}dvh`);
  });

  document.addEventListener("pointerup", () => {
    if (drag?.moved) {
      const distance = (name) => Math.abs(shareOf(name) - drag.share);
      const stop = ORDER.reduce((best, name) => (distance(name) < distance(best) ? name : best));
      setStop(stop);
      // The click that follows the drag is no wish for the next stop.
      addEventListener("click", (event) => event.stopPropagation(), { capture: true, once: true });
    }
    drag = null;
  });

  // --- What the page says of itself --------------------------------------------------------

  function follows(id, react) {
    const part = byId(id);
    if (part && !part.dataset.watched) {
      part.dataset.watched = "true";
      new MutationObserver(react).observe(part, { childList: true, subtree: true, characterData: true });
    }
  }

  let shownName = null;

  function nameThePage() {
    const name = document.querySelector("#card h1, #panel-head h1")?.textContent;
    document.title = name ? `${name} · Kentongan` : "Kentongan";
    if (name !== shownName) document.querySelector(".panel-scroll").scrollTop = 0;
    shownName = name;
    if (root.dataset.sheet === "peek" && !drag) setStop("peek");
  }

  let isLegendSeen = false;

  function prepare() {
    if (!byId("panel")) return;
    prepareSearch();
    follows("panel-head", nameThePage);
    follows("card", nameThePage);
    if (!root.dataset.sheet) {
      setStop("peek");
      matchMedia("(width <= 760px)").addEventListener("change", () => setStop("peek"));
    }
    const legend = document.querySelector("[data-fold]");
    if (legend && !isLegendSeen) {
      isLegendSeen = true;
      if (isPhone()) legend.open = false;
    }
  }

  new MutationObserver(prepare).observe(root, { childList: true, subtree: true });

  // --- Faults ------------------------------------------------------------------------------

  const FIRST_WAIT_MS = 1000;
  const LONGEST_WAIT_MS = 15000;
  let isAsking = false;

  async function askUntilBack() {
    if (isAsking) return;
    isAsking = true;
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 1.6, LONGEST_WAIT_MS)) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      const answer = await fetch("/health").catch(() => null);
      if (answer?.ok) break;
    }
    isAsking = false;
    delete root.dataset.fault;
    dash.set_props("retry", { data: Date.now() });
  }

  // Whether a drawer stands open is the reader's choice, not the server's.
  const keeps = (name, node) => !(name === "open" && node.tagName === "DETAILS");

  // --- What Dash calls by name -------------------------------------------------------------

  let charts = null;

  dash.kentongan = Object.assign({}, dash.kentongan, {
    // A part's text becomes its content; what stays the same stays, with focus and scroll.
    fill(text, id) {
      const part = byId(id);
      if (!part || typeof text !== "string") return;
      Idiomorph.morph(part, text, { morphStyle: "innerHTML", callbacks: { beforeAttributeUpdated: keeps } });
    },

    showFault(fault) {
      if (!fault) return dash.no_update;
      root.dataset.fault = fault.retry ? "away" : "said";
      if (fault.retry) askUntilBack();
      return fault.text;
    },

    // The chart library comes after the map: it is the largest file of the page.
    loadCharts(status) {
      if (!status?.ready) return dash.no_update;
      charts ??= new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = new URL("vendor/plotly-basic.min.js", here).href;
        script.onload = () => resolve(true);
        script.onerror = () => resolve(false);
        document.head.append(script);
      });
      return charts;
    },
  });
})();
