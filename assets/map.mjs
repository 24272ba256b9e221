// The map. Dash hands over a state, this module paints it and answers clicks.
//
//   Dash -> map   dash_clientside.kentongan.show(state)      (map_door.js keeps the last one)
//   map -> Dash   set_props("map-event", ...) and, once, set_props("map-status", ...)
//
// Polygons come once from versioned addresses; a filter change is one number per area, painted by
// feature-state, and another tile address. Tests wait on #map: `data-shown` counts the states
// taken, `data-painted` the last one that stands on the screen.

import * as maplibre from "./vendor/maplibre-gl.mjs";
import { GLYPH_RATIO, drawGlyph } from "./glyphs.mjs";
import { loadArea, paintValues, wantedLevels } from "./map_areas.mjs";
import { addControls, escapeHtml } from "./map_controls.mjs";
import { showDrawing } from "./map_drawing.mjs";
import { listenTo } from "./map_events.mjs";
import { largestRadius } from "./map_marks.mjs";
import { placeNames } from "./map_places.mjs";
import { listLayers } from "./map_style.mjs";
import { readColours, wordsOf } from "./map_words.mjs";

const ID = "map";
const FIT_MS = 400;
const ZOOM_STEPS = 4; // per zoom level
const NOWHERE = { type: "FeatureCollection", features: [] };

let shown = 0;
let eventNumber = 0;
let current = null; // the one map on the page: what it is, and what it was last told

/** Take a state: the first one makes the map, the later ones change it. */
export function take(state) {
  const container = document.getElementById(ID);
  if (!container) return;
  if (current && current.container !== container) drop();
  shown += 1;
  container.dataset.shown = shown;
  if (!current) current = open(container, state);
  if (!current.map) showDrawing(container, state, shown);
  else if (current.isReady) apply(state);
  else current.pending = state;
}

function open(container, state) {
  const self = {
    container, state: null, layers: new Map(), areas: new Map(), images: new Set(), spacing: {},
  };
  try {
    self.map = makeMap(container, state);
  } catch (error) {
    if (error instanceof maplibre.GPUInitializationError) {
      container.replaceChildren();
      report({ ready: true, webgl: false });
      return self;
    }
    throw error;
  }
  window.kentonganMap = self.map;
  self.pending = state;
  self.map.setMissingStyleImageResolver((name) => addImage(self, name));
  self.map.once("load", () => {
    self.isReady = true;
    listenTo(self, send);
    self.map.on("zoom", () => showCircleSize(self));
    self.map.on("movestart", (event) => event.originalEvent && (self.isFitted = false));
    self.map.on("resize", () => fitAnew(self));
    self.map.on("moveend", (event) => placeAnew(self, !event.originalEvent));
    apply(self.pending);
  });
  self.map.on("error", (event) => warn(self, event.error));
  self.guard = new MutationObserver(() => container.isConnected || drop());
  self.guard.observe(document.body, { childList: true, subtree: true });
  return self;
}

function makeMap(container, state) {
  const words = wordsOf(state.language);
  const map = new maplibre.Map({
    container,
    style: {
      version: 8,
      sources: { "selected-household": { type: "geojson", data: NOWHERE } },
      layers: [],
    },
    bounds: state.bounds,
    fitBoundsOptions: { padding: padding(container) },
    minZoom: 5,
    maxZoom: 18,
    attributionControl: false,
    renderWorldCopies: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    locale: {
      "Map.Title": words.map,
      "NavigationControl.ZoomIn": words.zoomIn,
      "NavigationControl.ZoomOut": words.zoomOut,
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  addControls(map, maplibre, words, () => goHome(map));
  return map;
}

function apply(state) {
  const self = current;
  const number = shown;
  const before = self.state;
  self.state = state;
  self.colours = readColours(state);
  addSources(self, before);
  paintLayers(self);
  const loads = wantedLevels(state).map((level) =>
    loadArea(self, level).then((isNew) => isNew && self === current && paintLayers(self)),
  );
  Promise.all(loads).then(
    () => self === current && self.state === state && finish(self, number),
    (error) => warn(self, error),
  );
  move(self, before);
}

// Everything is there: paint the values, and say so once the map stands still.
function finish(self, number) {
  paintValues(self);
  self.map.once("idle", () => {
    self.container.dataset.painted = number;
    self.container.dataset.fit = self.state.fit ?? "";
    delete self.container.dataset.failed;
    reportOnce(self);
  });
  self.map.triggerRepaint();
}

function addSources(self, before) {
  const { map, state } = self;
  if (state.basemap && !map.getSource("basemap")) {
    map.addSource("basemap", {
      type: "raster",
      tiles: [state.basemap.url],
      tileSize: 256,
      attribution: escapeHtml(state.basemap.attribution ?? ""),
    });
  }
  if (state.tiles && state.tiles !== self.tiles) {
    const tiles = [location.origin + state.tiles];
    const source = map.getSource("households");
    if (source) source.setTiles(tiles);
    else map.addSource("households", { type: "vector", tiles, minzoom: 5, maxzoom: 16 });
    self.tiles = state.tiles;
  }
  const at = state.household;
  if (JSON.stringify(at) !== JSON.stringify(before?.household)) {
    const point = { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [at?.lon, at?.lat] } };
    map.getSource("selected-household").setData(at?.lon == null ? NOWHERE : point);
  }
}

// Paint the difference between the layers that stand and the layers of the state. A layer whose
// polygons have not come yet waits for them.
function paintLayers(self) {
  const { map } = self;
  self.look = { zoom: roundZoom(map), spacing: self.spacing };
  self.look.names = placeNames(self, self.look);
  showCircleSize(self);
  const wanted = listLayers(self.state, self.colours, self.look).filter(
    (layer) => !layer.source || map.getSource(layer.source),
  );
  const names = new Set(wanted.map((layer) => layer.id));
  for (const [id, old] of self.layers) {
    const now = wanted.find((layer) => layer.id === id);
    if (!names.has(id) || now.source !== old.source) {
      map.removeLayer(id);
      self.layers.delete(id);
    }
  }
  let above;
  for (const layer of wanted.toReversed()) {
    const old = self.layers.get(layer.id);
    if (old) change(map, layer, old);
    else map.addLayer(layer, above);
    self.layers.set(layer.id, layer);
    above = layer.id;
  }
}

const roundZoom = (map) => Math.round(map.getZoom() * ZOOM_STEPS) / ZOOM_STEPS;

// Names and figures are laid out for one zoom, where a small step looks no different, and for what
// is in sight at first: under the reader's hand they stay where they are.
function placeAnew(self, isFit) {
  if (isFit || roundZoom(self.map) !== self.look.zoom) paintLayers(self);
}

// The circles of the legend are as large as those on the map.
function showCircleSize({ map, state, spacing, colours }) {
  if (state.tiles) return;
  const look = { zoom: map.getZoom(), spacing };
  const diameter = 2 * largestRadius(state.level, look, colours.scale);
  document.documentElement.style.setProperty("--map-circle", `${diameter.toFixed(1)}px`);
}

function change(map, layer, old) {
  const differs = (one, other) => JSON.stringify(one) !== JSON.stringify(other);
  if (differs(layer.filter, old.filter)) map.setFilter(layer.id, layer.filter);
  for (const [kind, set] of [["paint", "setPaintProperty"], ["layout", "setLayoutProperty"]]) {
    const names = new Set([...Object.keys(layer[kind] ?? {}), ...Object.keys(old[kind] ?? {})]);
    for (const name of names) {
      const value = layer[kind]?.[name];
      if (differs(value, old[kind]?.[name])) map[set](layer.id, name, value);
    }
  }
}

// A drawer takes room of the map or gives it back: the area stays whole in sight, unless the reader
// has moved the map.
function fitAnew({ map, state, container, isFitted }) {
  if (isFitted && state) {
    map.fitBounds(state.bounds, { padding: padding(container), maxZoom: 15, duration: 0 });
  }
}

function move(self, before) {
  const { map, state, container } = self;
  const at = state.household;
  if (at?.lon != null && at.id !== before?.household?.id) {
    const { right, left, top, bottom } = padding(container);
    const offset = [(left - right) / 2, (top - bottom) / 2];
    const zoom = Math.max(map.getZoom(), 16);
    self.isFitted = false;
    map.easeTo({ center: [at.lon, at.lat], zoom, offset, ...pace(before) });
  } else if (state.fit !== before?.fit && state.bounds) {
    self.isFitted = true;
    map.fitBounds(state.bounds, { padding: padding(container), maxZoom: 15, ...pace(before) });
  }
}

const prefersStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const pace = (before) => ({ duration: !before || prefersStill() ? 0 : FIT_MS });

function goHome(map) {
  const { container, state, home } = current;
  if (home) map.fitBounds(home, { padding: padding(container), ...pace(state) });
  send({ kind: "home" });
}

// Room for what lies over the map: the panel beside it, the sheet at the bottom of a phone. The
// probe turns the page's custom properties, in whatever unit, into px.
function padding(container) {
  const probe = document.createElement("div");
  probe.className = "map-probe";
  container.append(probe);
  const { clientWidth: width, clientHeight: height } = container;
  const isCovered = width >= document.documentElement.clientWidth - 1;
  const right = isCovered ? Math.min(probe.offsetWidth, width * 0.5) : 0;
  const bottom = isCovered ? Math.min(probe.offsetHeight, height * 0.6) : 0;
  const above = parseFloat(getComputedStyle(probe).marginTop) || 0;
  probe.remove();
  const edge = Math.min(48, width * 0.06);
  const beside = isCovered ? 0 : legendWidth(width);
  return { top: edge + above, left: edge + beside, right: right + edge, bottom: bottom + edge };
}

// The legend lies over the left of the map; where the map is wide, the area is fitted beside it.
function legendWidth(mapWidth) {
  const width = document.querySelector("#legend")?.offsetWidth ?? 0;
  return width < mapWidth * 0.35 ? width : 0;
}

function addImage(self, name) {
  const pixels = drawGlyph(name, self.colours);
  if (!pixels) return;
  self.images.add(name);
  self.map.addImage(name, pixels, { pixelRatio: GLYPH_RATIO });
}

function send(event) {
  eventNumber += 1;
  window.dash_clientside.set_props?.("map-event", { data: { ...event, n: eventNumber } });
}

// Only now: the charts that come next would keep the first map from being drawn.
function reportOnce(self) {
  if (self.isReported) return;
  self.isReported = true;
  report({ ready: true, webgl: true });
}

function report(status) {
  window.dash_clientside.set_props?.("map-status", { data: status });
}

// A file that did not come: say so on the map, and try again with the next state.
function warn(self, error) {
  self.container.dataset.failed = wordsOf(self.state?.language).failed;
  console.warn("map:", error?.message ?? error);
  reportOnce(self);
}

function drop() {
  current?.guard?.disconnect();
  current?.map?.remove();
  current = null;
  delete window.kentonganMap;
}

document.addEventListener("kentongan:theme", () => {
  if (!current?.isReady || !current.map) return;
  current.colours = readColours(current.state);
  for (const name of current.images) current.map.updateImage(name, drawGlyph(name, current.colours));
  paintLayers(current);
});

const door = window.kentonganDoor;
if (door) {
  door.take = take;
  if (door.state) take(door.state);
}
