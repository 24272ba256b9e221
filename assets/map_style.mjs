// What the map looks like: from a state and the page's colours to the list of MapLibre layers.
// Pure: it touches neither the map nor the page. map.mjs paints the difference to the last list.

import { circleLayers, nameLayers } from "./map_marks.mjs";
import { pinLayers } from "./map_pins.mjs";

export const LEVELS = ["kabupaten", "kecamatan", "desa"];

/**
 * List the layers of a state, lowest first.
 * `look` is the zoom the map stands at, how far the areas of each level lie apart, and the places
 * found for their names.
 */
export function listLayers(state, colours, look) {
  return [
    ...ground(state, colours),
    ...(state.level === "household" ? [reachLayer()] : fillLayers(state.level, state, colours)),
    ...borderLayers(state, colours),
    ...(state.tiles ? [] : circleLayers(state, colours, look)),
    ...nameLayers(state, colours, look),
    ...(state.tiles ? pinLayers(state, colours) : []),
  ];
}

function ground(state, colours) {
  const layers = [{ id: "sea", type: "background", paint: { "background-color": colours.sea } }];
  if (state.basemap) layers.push({ id: "basemap", type: "raster", source: "basemap" });
  else {
    layers.push({
      id: "land",
      type: "fill",
      source: "area-kabupaten",
      paint: { "fill-color": colours.land, "fill-antialias": false },
    });
  }
  return layers;
}

function codesOf(state, wanted) {
  return Object.entries(state.values)
    .filter(([, value]) => value[0] === wanted)
    .map(([code]) => code)
    .sort();
}

// Equally dark on both sides of zero, a change shows its sign by a pattern as well.
function riseLayer(source, state, opacity) {
  const codes = Object.entries(state.values)
    .filter(([, [number]]) => number >= state.rose_from)
    .map(([code]) => code)
    .sort();
  const paint = { "fill-pattern": "rose", "fill-opacity": opacity };
  return { id: "rose", type: "fill", source, filter: isAmong(codes), paint };
}

const isAmong = (codes) => ["in", ["get", "code"], ["literal", codes]];

function fillLayers(level, state, colours) {
  const source = `area-${level}`;
  const classes = colours.ramp.flatMap((colour, place) => [place, colour]);
  const fill = ["match", ["coalesce", ["feature-state", "class"], -9], ...classes, "rgba(0,0,0,0)"];
  const opacity = state.basemap ? 0.7 : 1;
  const noData = isAmong(codesOf(state, -1));
  const hidden = isAmong(codesOf(state, -2));
  return [
    { id: "fill", type: "fill", source, paint: { "fill-color": fill, "fill-opacity": opacity } },
    ...(state.rose_from == null ? [] : [riseLayer(source, state, opacity)]),
    {
      id: "no-data",
      type: "fill",
      source,
      filter: noData,
      paint: { "fill-pattern": "hatch", "fill-opacity": opacity },
    },
    {
      id: "hidden",
      type: "fill",
      source,
      filter: hidden,
      paint: { "fill-color": colours.hidden, "fill-opacity": opacity },
    },
    {
      id: "hidden-edge",
      type: "line",
      source,
      filter: hidden,
      paint: { "line-color": colours.ink2, "line-width": 1.5, "line-dasharray": [3, 2] },
    },
  ];
}

// Nothing to see, but the pointer can tell the village it is over.
function reachLayer() {
  return { id: "fill", type: "fill", source: "area-desa", paint: { "fill-color": "rgba(0,0,0,0)" } };
}

function borderLayers(state, colours) {
  const layers = [];
  const line = (id, level, paint, filter) =>
    layers.push({
      id,
      type: "line",
      source: `area-${level}`,
      ...(filter && { filter }),
      layout: { "line-join": "round" },
      paint,
    });
  const isFine = state.level !== "kecamatan";
  // White lines between filled areas; on bare land they would not be seen.
  const fine = state.level === "household" ? colours.borderQuiet : colours.border;
  const thin = { "line-color": fine, "line-width": widen(0.5, 1.1) };
  if (isFine) line("border-desa", "desa", thin);
  const parent = { "line-color": colours.borderStrong, "line-width": widen(1.1, 2.4) };
  line("border-kecamatan", "kecamatan", isFine ? parent : { ...thin, "line-width": widen(0.9, 1.4) });
  line("border-kabupaten", "kabupaten", {
    "line-color": colours.borderStrong,
    "line-width": widen(1.4, 2.6),
  });
  const outside = outsideOf(state);
  if (outside) {
    layers.push({
      id: "outside",
      type: "fill",
      source: `area-${outside.level}`,
      filter: outside.filter,
      paint: { "fill-color": colours.ground, "fill-opacity": 0.55 },
    });
  }
  if (state.area) {
    const level = levelOf(state.area);
    const mine = ["==", ["get", "code"], state.area];
    line("selected-casing", level, { "line-color": colours.surface, "line-width": 5 }, mine);
    line("selected", level, { "line-color": colours.ink, "line-width": 2.25 }, mine);
  }
  line("hover", state.level === "household" ? "desa" : state.level, {
    "line-color": colours.ink,
    "line-width": ["case", ["boolean", ["feature-state", "hover"], false], 2.5, 0],
  });
  return layers;
}

const widen = (near, far) => ["interpolate", ["linear"], ["zoom"], 8, near, 14, far];

/** Level of a Kemendagri code: 35.10 kabupaten, 35.10.01 kecamatan, 35.10.01.2001 desa. */
export const levelOf = (code) => LEVELS[code.split(".").length - 2];

function outsideOf(state) {
  if (!state.area) return null;
  const level = levelOf(state.area);
  return { level, filter: ["!=", ["get", "code"], state.area] };
}
