// Pointer, touch and tooltip.

import { DOMAINS } from "./glyphs.mjs";
import { PIN_LAYERS } from "./map_pins.mjs";
import { wordsOf } from "./map_words.mjs";

const CLOSER = 2; // zoom levels that a click on a cluster comes closer

/** Answer the pointer on a map; `send` carries an event to Dash. */
export function listenTo(self, send) {
  const { map, container } = self;
  const tip = addTip(container);
  let isTouch = false;
  let touched = null; // what the last tap showed: a second one opens it
  container.addEventListener("pointerdown", (event) => (isTouch = event.pointerType === "touch"), true);
  const leave = () => {
    hover(self, null);
    tip.hide();
    map.getCanvas().style.cursor = "";
  };
  map.on("mousemove", (event) => {
    if (isTouch) return;
    const hit = find(self, event.point, 3);
    hover(self, hit?.code);
    map.getCanvas().style.cursor = hit && !hit.isClosed ? "pointer" : "";
    if (hit) tip.show(event.point, describe(self, hit));
    else tip.hide();
  });
  map.on("mouseout", leave);
  map.on("movestart", () => tip.hide());
  map.on("click", (event) => {
    const hit = find(self, event.point, isTouch ? 12 : 3);
    const key = hit && JSON.stringify([hit.kind, hit.code, hit.id]);
    if (isTouch && hit?.kind === "area" && key !== touched) {
      touched = key;
      hover(self, hit.code);
      const more = hit.isClosed ? [] : [wordsOf(self.state.language).tapArea];
      tip.show(event.point, [...describe(self, hit), ...more]);
      return;
    }
    touched = null;
    if (hit?.isClosed) return;
    leave();
    act(self, hit, send);
  });
}

// What lies under a point: a pin or cluster before the area it stands in.
function find(self, { x, y }, reach) {
  const { map } = self;
  const box = [[x - reach, y - reach], [x + reach, y + reach]];
  const layers = PIN_LAYERS.filter((id) => self.layers.has(id));
  const pins = layers.length ? map.queryRenderedFeatures(box, { layers }) : [];
  if (pins.length) return pinHit(nearest(map, pins, { x, y }));
  if (!self.layers.has("fill")) return null;
  const code = map.queryRenderedFeatures([x, y], { layers: ["fill"] })[0]?.properties.code;
  const reached = code && reachable(self.state, code);
  if (!reached) return null;
  const isClosed = levelNamed(reached) === "desa" && self.state.opens_desa === false;
  return { kind: "area", code: reached, isClosed };
}

function nearest(map, pins, { x, y }) {
  const distance = (pin) => {
    const at = map.project(pin.geometry.coordinates);
    return Math.hypot(at.x - x, at.y - y);
  };
  return pins.reduce((best, pin) => (distance(pin) < distance(best) ? pin : best));
}

function pinHit(pin) {
  const kinds = { pin: "household", stack: "stack", cluster: "cluster", far: "cluster" };
  const at = pin.geometry.coordinates;
  const id = pin.id ?? pin.properties.id;
  return { kind: kinds[pin.layer.id], id, at, properties: pin.properties };
}

// Which area a click into the polygon of a code opens: a painted one itself; outside the area
// looked into, the neighbour at its level.
function reachable({ values, area }, code) {
  if (code in values || !area) return code;
  const neighbour = code.split(".").slice(0, area.split(".").length).join(".");
  if (neighbour !== area) return neighbour;
  return code === area ? null : code;
}

function act(self, hit, send) {
  const { map } = self;
  if (!hit) send({ kind: "background" });
  else if (hit.kind === "area") send({ kind: "area", code: hit.code });
  else if (hit.kind === "household") send({ kind: "household", id: hit.id });
  else if (hit.kind === "stack") send({ kind: "stack", at: hit.id, count: hit.properties.n });
  else {
    self.isFitted = false;
    map.easeTo({ center: hit.at, zoom: Math.min(map.getZoom() + CLOSER, 17), duration: 400 });
  }
}

function hover(self, code) {
  if (self.hovered?.code === code) return;
  const set = ({ source, code: id }, isOn) => {
    if (self.map.getSource(source)) self.map.setFeatureState({ source, id }, { hover: isOn });
  };
  if (self.hovered) set(self.hovered, false);
  self.hovered = code ? { source: `area-${levelNamed(code)}`, code } : null;
  if (self.hovered) set(self.hovered, true);
}

const levelNamed = (code) => ["kabupaten", "kecamatan", "desa"][code.split(".").length - 2];

function describe(self, hit) {
  return hit.kind === "area" ? describeArea(self, hit.code) : describePin(self.state, hit);
}

function describeArea({ areas, state }, code) {
  const name = areas.get(levelNamed(code))?.names.get(code) ?? code;
  const [number, count, value, countText] = state.values[code] ?? [];
  const { value_title: valueTitle, count_title: countTitle } = state.texts ?? {};
  const lines = [name];
  if (number === -1) lines.push(wordsOf(state.language).noData);
  else if (value) lines.push([value, valueTitle ?? ""]);
  if (count != null && countText) lines.push([countText, countTitle ?? ""]);
  return lines;
}

function describePin({ language }, { kind, properties }) {
  const words = wordsOf(language);
  const count = new Intl.NumberFormat(language).format(properties.n);
  if (kind === "cluster") return [`${count} ${words.households}`, words.closer];
  if (kind === "stack") return [`${count} ${words.atOnePoint}`, words.list];
  const aid = [...(properties.a ?? "")].filter((letter) => letter in DOMAINS);
  const named = aid.map((letter) => words.domains[letter]).join(", ");
  const title = properties.d ? `${words.decile} ${properties.d}` : words.households;
  return [
    `${title}, ${words.status[properties.s] ?? ""}`,
    named ? `${words.aid}: ${named}` : words.noAid,
    words.card,
  ];
}

// Text only: nothing that a register holds is ever read as markup.
function addTip(container) {
  const box = document.createElement("div");
  box.className = "map-tip";
  box.hidden = true;
  container.append(box);
  const line = (content, place) => {
    const row = document.createElement(place === 0 ? "strong" : "span");
    if (typeof content === "string") row.textContent = content;
    else {
      const figure = document.createElement("b");
      figure.textContent = content[0];
      row.append(figure, ` ${content[1]}`);
    }
    return row;
  };
  return {
    hide: () => (box.hidden = true),
    show({ x, y }, lines) {
      box.replaceChildren(...lines.map(line));
      box.hidden = false;
      const left = Math.min(x + 14, container.clientWidth - box.offsetWidth - 8);
      const above = y - box.offsetHeight - 14;
      box.style.transform = `translate(${Math.max(8, left)}px, ${above < 8 ? y + 18 : above}px)`;
    },
  };
}
