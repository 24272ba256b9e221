// Circles, the figures inside them, and names. Pure, as map_style.mjs, which puts them together.
//
// MapLibre measures what symbols need at whole zooms only. So sizes are plain numbers here, made
// for the zoom the map stands at; map.mjs asks anew when that has changed by a quarter.

import { FONT } from "./map_pins.mjs";

// The largest circle takes this share of the distance between neighbours, up to so many px: circles
// of neighbours then keep apart at every zoom, in a regency of any size.
const SHARE_OF_SPACING = 0.62;
const LARGEST_PX = { kecamatan: 52, desa: 40 };
// Without neighbours to measure: about the spacing of a regency's areas, in the world's width.
const USUAL_SPACING = { kecamatan: 1.6e-4, desa: 5e-5 };
const TILE_PX = 512;

const FIGURE_PX = { least: 11, most: 18 };
const NAME_PX = { least: 12.5, most: 17, share: 0.27 };
export const CONTEXT_PX = 13; // names of what lies around
export const FIGURE_SCALE = 0.9; // of a figure under a name, beside that name
export const GAP_PX = 3; // between a circle and its name

const clamp = (value, { least, most }) => Math.max(least, Math.min(most, value));

/** Median distance from an area's point to its nearest neighbour, in the world's width. */
export function measureSpacing(points) {
  const places = points.map(([lon, lat]) => [
    lon / 360,
    Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI),
  ]);
  const nearest = places
    .map(([x, y], at) =>
      places.reduce(
        (best, [left, top], other) => (other === at ? best : Math.min(best, Math.hypot(x - left, y - top))),
        Infinity,
      ),
    )
    .sort((one, other) => one - other);
  const median = nearest[Math.floor(nearest.length / 2)];
  return median > 0 && median < Infinity ? median : null;
}

/** Radius in px of the largest count of a level. Under every filter a circle means the same. */
export function largestRadius(level, { zoom, spacing }, scale) {
  return Math.min(LARGEST_PX[level] * scale, SHARE_OF_SPACING * spacingPx(level, zoom, spacing));
}

const spacingPx = (level, zoom, spacing) =>
  (spacing?.[level] ?? USUAL_SPACING[level]) * TILE_PX * 2 ** zoom;

/** Share of the largest radius that a count has: areas of circles compare as the counts do. */
export function shareOf(count, countMax) {
  return count > 0 && countMax > 0 ? Math.sqrt(count / countMax) : 0;
}

/** Radius in px of an area's circle. */
export function radiusOf({ level, values, count_max: most }, code, look, scale) {
  return shareOf(values[code]?.[1], most) * largestRadius(level, look, scale);
}

const share = ["get", "q"];
const isCounted = ["all", ["get", "mine"], [">", share, 0]];

/** The circles, and the figures of those that have room for theirs. */
export function circleLayers(state, colours, look) {
  const source = `name-${state.level}`;
  const radius = ["*", share, largestRadius(state.level, look, colours.scale)];
  return [
    {
      id: "count-circle",
      type: "circle",
      source,
      filter: isCounted,
      layout: { "circle-sort-key": ["-", 0, share] },
      paint: {
        "circle-radius": growing(state.level, look, colours.scale),
        "circle-color": colours.surface,
        "circle-opacity": 0.92,
        "circle-stroke-color": colours.ink,
        "circle-stroke-width": 1.1,
        "circle-stroke-opacity": 0.85,
      },
    },
    figureLayer(source, radius, colours),
  ];
}

// `reach` is the half diagonal of a figure in em: what its circle must hold.
function figureLayer(source, radius, { scale, ink }) {
  const inside = ["-", radius, 2];
  const fitting = ["/", inside, ["get", "reach"]];
  const [least, most] = [FIGURE_PX.least * scale, FIGURE_PX.most * scale];
  return {
    id: "count-number",
    type: "symbol",
    source,
    filter: ["all", isCounted, [">=", inside, ["*", least, ["get", "reach"]]]],
    layout: {
      "text-field": ["get", "count"],
      "text-font": FONT,
      "text-size": ["max", least, ["min", most, fitting]],
      "text-allow-overlap": true,
      "text-ignore-placement": true,
    },
    paint: { "text-color": ink },
  };
}

// Between two zooms the circles grow with the land, until they are as large as they may be.
function growing(level, look, scale) {
  const largest = LARGEST_PX[level] * scale;
  const full = Math.log2(largest / (SHARE_OF_SPACING * spacingPx(level, 0, look.spacing)));
  const far = full - 6;
  return [
    "interpolate", ["exponential", 2], ["zoom"],
    far, ["*", share, largest / 2 ** 6],
    full, ["*", share, largest],
  ];
}

/** The names of the painted areas, and fainter those of what lies around. */
export function nameLayers(state, colours, look) {
  const layers = [];
  const isFine = state.level !== "kecamatan";
  const text = (id, level, options) => layers.push(nameLayer(id, level, state, colours, look, options));
  if (isFine) text("context-kecamatan", "kecamatan", { faint: true, size: CONTEXT_PX, maxzoom: 13 });
  if (state.level === "household") {
    text("context-desa", "desa", { faint: true, size: 12.5, minzoom: 10.5 });
  } else {
    text("names", state.level, { size: look.names[state.level].size / colours.scale });
  }
  return layers;
}

/** Whether a circle holds its figure. */
export const holdsFigure = (radius, text, scale) => radius - 2 >= FIGURE_PX.least * scale * reachOf(text);

/**
 * Half the diagonal of a figure in em: digits are 0.62 wide, what parts them 0.3; they are 0.72
 * high.
 */
export function reachOf(text) {
  const width = [...text].reduce((sum, sign) => sum + (/\d/.test(sign) ? 0.62 : 0.3), 0);
  return Math.hypot(width / 2, 0.36);
}

/** Type sizes in px to try for a level's names: the farther apart its areas, the larger. */
export function nameSizes(level, look, scale) {
  const wanted = spacingPx(level, look.zoom, look.spacing) * NAME_PX.share;
  const sizes = [1, 0.88, 0.76].map((part) => clamp(wanted * part, NAME_PX) * scale);
  return [...new Set(sizes)];
}

function nameLayer(id, level, state, colours, look, { faint = false, size, minzoom = 0, maxzoom = 24 }) {
  const all = faint ? ["!=", ["get", "code"], state.area ?? ""] : ["==", ["get", "mine"], true];
  const places = look.names[level]?.places;
  return {
    id,
    type: "symbol",
    source: `name-${level}`,
    minzoom,
    maxzoom,
    filter: places ? ["in", ["get", "code"], ["literal", [...places.keys()]]] : all,
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT,
      "text-size": size * colours.scale,
      "text-max-width": 7,
      "text-line-height": 1.15,
      "text-padding": 0,
      "symbol-sort-key": ["-", 0, share],
      ...(places?.size && placed(places)),
    },
    paint: {
      "text-color": faint ? colours.ink2 : colours.ink,
      "text-halo-color": colours.halo,
      "text-halo-width": 1.75,
    },
  };
}

const withFigure = (text, figure) => ["format", text, {}, `\n${figure}`, { "font-scale": FIGURE_SCALE }];

// The places found (map_places.mjs), by code: an offset can't be put together of two properties.
function placed(places) {
  const match = (read, otherwise) => [
    "match", ["get", "code"],
    ...[...places].flatMap(([code, place]) => [code, read(place)]),
    otherwise,
  ];
  return {
    "text-field": match(({ text, figure }) => (figure ? withFigure(text, figure) : text), ""),
    "text-offset": match(({ offset }) => ["literal", offset], ["literal", [0, 0]]),
    "text-max-width": 99,
  };
}
