// How households look: clusters, stacks, single pins. Part of map_style.mjs; pure.

// MapLibre reads the weight from the first name and draws with the first family that exists.
export const FONT = ["Plus Jakarta Sans SemiBold", "Plus Jakarta Sans Variable", "Plus Jakarta Sans"];

const HOUSEHOLDS = { source: "households", "source-layer": "households" };

const count = ["get", "n"];
const isSingle = ["==", count, 1];
const isKnown = ["all", isSingle, ["has", "s"]];
// Several families at exactly one point carry the id of one of them; a grid cluster carries none.
const hasId = ["any", ["to-boolean", ["id"]], ["has", "id"]];
const isStack = ["all", [">", count, 1], hasId];
const isCluster = ["all", [">", count, 1], ["!", hasId]];

/** Layers that answer a pointer, the one on top first. */
export const PIN_LAYERS = ["pin", "stack", "cluster", "far"];

/** List the layers of the households, lowest first. */
export function pinLayers(state, colours) {
  return [
    farLayer(colours),
    clusterLayer(colours),
    pinLayer(colours),
    stackLayer(colours),
    aidLayer(colours),
    numberLayer("stack-number", isStack, count, colours.ink, colours, [-0.17, 0.17]),
    numberLayer("cluster-number", isCluster, clusterText(state.language), colours.surface, colours),
    selectedLayer(colours),
  ];
}

function farLayer(colours) {
  return {
    id: "far",
    type: "circle",
    ...HOUSEHOLDS,
    filter: ["all", isSingle, ["!", ["has", "s"]]],
    paint: {
      "circle-radius": 3.5 * colours.scale,
      "circle-color": colours.pin,
      "circle-stroke-color": colours.surface,
      "circle-stroke-width": 1,
    },
  };
}

function clusterLayer(colours) {
  const byRoot = [[1, 8], [10, 14], [32, 19], [100, 28]];
  const stops = byRoot.flatMap(([root, px]) => [root, px * colours.scale]);
  return {
    id: "cluster",
    type: "circle",
    ...HOUSEHOLDS,
    filter: isCluster,
    layout: { "circle-sort-key": count },
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["sqrt", count], ...stops],
      "circle-color": colours.pin,
      "circle-opacity": 0.92,
      "circle-stroke-color": colours.surface,
      "circle-stroke-width": 1.5,
    },
  };
}

// Every household has its dot, whatever stands beside it: dots never give way to each other.
function pinLayer({ scale }) {
  const hasAid = ["case", ["==", ["coalesce", ["get", "a"], ""], ""], "0", "+"];
  return {
    id: "pin",
    type: "symbol",
    ...HOUSEHOLDS,
    filter: isKnown,
    layout: {
      "icon-image": ["concat", "dot-", ["get", "s"], hasAid],
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 12, 0.75 * scale, 16, scale],
    },
  };
}

function stackLayer({ scale }) {
  return {
    id: "stack",
    type: "symbol",
    ...HOUSEHOLDS,
    filter: isStack,
    layout: {
      "icon-image": "stack",
      "icon-size": scale,
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
    },
  };
}

// The rows of aid glyphs appear where there is room for them, nearest the dot that they belong to.
function aidLayer({ scale }) {
  return {
    id: "aid",
    type: "symbol",
    ...HOUSEHOLDS,
    minzoom: 13,
    filter: ["all", isKnown, ["!=", ["coalesce", ["get", "a"], ""], ""]],
    layout: {
      "icon-image": ["concat", "aid-", ["get", "a"]],
      "icon-anchor": "top",
      "icon-offset": [0, 9],
      "icon-padding": 1,
      "icon-size": ["interpolate", ["linear"], ["zoom"], 13, 0.7 * scale, 16, scale],
    },
  };
}

function numberLayer(id, filter, text, colour, { scale }, offset = [0, 0]) {
  return {
    id,
    type: "symbol",
    ...HOUSEHOLDS,
    filter,
    layout: {
      "text-field": text,
      "text-font": FONT,
      "text-size": 11.5 * scale,
      "text-offset": offset,
      // Every number is drawn; names make room for it and its circle.
      "text-allow-overlap": true,
      "text-padding": 7,
    },
    paint: { "text-color": colour },
  };
}

// 1.234 in full, from 10,000 on in thousands: 12 rb (Indonesian), 12k (English).
function clusterText(language) {
  const whole = (number) => ["number-format", number, { locale: language, "max-fraction-digits": 0 }];
  const thousands = ["concat", whole(["/", count, 1000]), language === "en" ? "k" : " rb"];
  return ["case", ["<", count, 10000], whole(count), thousands];
}

function selectedLayer(colours) {
  return {
    id: "selected-household",
    type: "circle",
    source: "selected-household",
    paint: {
      "circle-radius": 14 * colours.scale,
      "circle-color": "rgba(0,0,0,0)",
      "circle-stroke-color": colours.accent,
      "circle-stroke-width": 3.5,
    },
  };
}
