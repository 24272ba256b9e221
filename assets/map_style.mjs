// What the map looks like: from a state and the page's colours to the list of MapLibre layers.
// Pure: it touches neither the map nor the page. map.mjs paints the difference to the last list.

import { FONT, pinLayers } from "./map_pins.mjs";

export const LEVELS = ["kabupaten", "kecamatan", "desa"];

// Radius in px of the largest count of a level, by zoom. Between two filters the same circle
// stands for the same count.
const LARGEST_RADIUS = {
  kecamatan: [[7, 9], [9, 26], [10.5, 44], [12, 60]],
  desa: [[8, 5], [10, 13], [11.5, 26], [13, 44]],
};

/** List the layers of a state, lowest first. */
export function listLayers(state, colours) {
  return [
    ...ground(state, colours),
    ...(state.level === "household" ? [reachLayer()] : fillLayers(state.level, state, colours)),
    ...borderLayers(state, colours),
    ...(state.tiles ? [] : circleLayers(state, colours)),
    ...nameLayers(state, colours),
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

/** Radius in px of a circle whose area is the share `q`² of the largest count. */
function radius(level, scale) {
  const stops = LARGEST_RADIUS[level].flatMap(([zoom, px]) => [zoom, ["*", ["get", "q"], px * scale]]);
  return ["interpolate", ["linear"], ["zoom"], ...stops];
}

function circleLayers(state, colours) {
  const source = `name-${state.level}`;
  const counted = ["all", ["get", "mine"], [">", ["get", "q"], 0]];
  const wideEnough = fitsByZoom(state.level);
  return [
    {
      id: "count-circle",
      type: "circle",
      source,
      filter: counted,
      paint: {
        "circle-radius": radius(state.level, colours.scale),
        "circle-color": colours.surface,
        "circle-opacity": 0.9,
        "circle-stroke-color": colours.ink,
        "circle-stroke-width": 1.1,
        "circle-stroke-opacity": 0.85,
      },
    },
    {
      id: "count-number",
      type: "symbol",
      source,
      filter: wideEnough,
      layout: {
        "text-field": ["get", "count"],
        "text-font": FONT,
        "text-size": 11 * colours.scale,
        "text-allow-overlap": true,
        "text-padding": 0,
      },
      paint: { "text-color": colours.ink },
    },
  ];
}

// Whether a number of its length fits into its circle. MapLibre asks at whole zooms only, so the
// radius is that of the middle of the zoom.
function fitsByZoom(level) {
  const fits = (px) => [">=", ["*", ["get", "q"], px], ["+", 2, ["*", 2.6, ["length", ["get", "count"]]]]];
  const later = [8, 9, 10, 11, 12, 13].flatMap((zoom) => [zoom, fits(radiusAt(level, zoom + 0.4))]);
  return ["step", ["zoom"], fits(radiusAt(level, 7.4)), ...later];
}

function radiusAt(level, zoom) {
  const stops = LARGEST_RADIUS[level];
  const next = stops.findIndex(([stop]) => stop > zoom);
  if (next === 0) return stops[0][1];
  if (next < 0) return stops.at(-1)[1];
  const [[low, from], [high, to]] = [stops[next - 1], stops[next]];
  return from + ((to - from) * (zoom - low)) / (high - low);
}

function nameLayers(state, colours) {
  const layers = [];
  const isFine = state.level !== "kecamatan";
  const text = (id, level, options) => layers.push(nameLayer(id, level, state, colours, options));
  if (isFine) text("context-kecamatan", "kecamatan", { faint: true, size: 12.5, maxzoom: 13 });
  if (state.level === "household") {
    text("context-desa", "desa", { faint: true, size: 12, minzoom: 10.5 });
  } else {
    text("names", state.level, { size: isFine ? 12 : 13, minzoom: isFine ? 9.5 : 0 });
  }
  return layers;
}

function nameLayer(id, level, state, colours, { faint = false, size, minzoom = 0, maxzoom = 24 }) {
  const circle = !faint && !state.tiles;
  return {
    id,
    type: "symbol",
    source: `name-${level}`,
    minzoom,
    maxzoom,
    filter: faint ? ["!=", ["get", "code"], state.area ?? ""] : ["==", ["get", "mine"], true],
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": size * colours.scale,
      "text-max-width": 7,
      "text-padding": 3,
      "text-justify": "auto",
      "symbol-sort-key": ["-", 0, ["get", "q"]],
      ...(circle && besideCircle(level, size)),
    },
    paint: {
      "text-color": faint ? colours.ink2 : colours.ink,
      "text-halo-color": colours.halo,
      "text-halo-width": 1.6,
    },
  };
}

// The name stands below its circle where there is room, else above, right or left of it. MapLibre
// asks for the offset at whole zooms only: the circle of the end of the zoom counts.
function besideCircle(level, size) {
  const offset = (zoom) => ["/", ["+", ["*", ["get", "q"], radiusAt(level, zoom + 0.7)], 2], size];
  const stops = [7, 8, 9, 10, 11, 12, 13].flatMap((zoom) => [zoom, offset(zoom)]);
  return {
    "text-variable-anchor": ["top", "bottom", "left", "right"],
    "text-radial-offset": ["interpolate", ["linear"], ["zoom"], ...stops],
  };
}
