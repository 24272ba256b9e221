// Where names stand: beside their circle, on no other circle and no other name, in their own area
// where that has room. MapLibre's own placing knows neither circles nor areas.

import { boundsOf } from "./map_areas.mjs";
import { CONTEXT_PX, FIGURE_SCALE, GAP_PX, holdsFigure, nameSizes, radiusOf } from "./map_marks.mjs";

const TILE_PX = 512;
const LINE_EM = 1.15;
const LONG_NAME = 12; // letters; longer ones of several words take two lines
const VILLAGES_FROM = 9.5; // zoom from which villages are named
// What a place costs, against a less usual one: each of six points of the name over another area,
// over the sea, and leaving the screen.
const FOREIGN = 4;
const AT_SEA = 1.5;
const OFF_SCREEN = 60;
const REACH_PX = 260; // no name lies farther from its point, or is longer
const MOST_FOREIGN = { own: 5, loose: 2, figure: 1 }; // from so many points on, a name would seem another's
const FONT = '"Plus Jakarta Sans Variable", "Plus Jakarta Sans", sans-serif';
const SLANT = Math.SQRT1_2;
// Below, above, beside, slantwise: the way from the circle's middle, the more usual first.
const AROUND = [
  [0, 1], [0, -1], [1, 0], [-1, 0],
  [SLANT, SLANT], [-SLANT, SLANT], [SLANT, -SLANT], [-SLANT, -SLANT],
];
const UPRIGHT = 4; // of them are not slantwise
const NEARBY = [0, -1, 1, -2, 2, -3, 3];

let pen = null;

/**
 * Place the names of a level and of the one above it.
 * Returns, by level, the type size in px and a map `places` from code to `{ text, figure, offset }`,
 * the offset in em; a name without room is not in it. The figure stands under the name where its
 * circle is too small for it and the area has room.
 */
export function placeNames(self, look) {
  const { state, colours } = self;
  if (state.tiles) return {};
  const circles = listItems(self, state.level, look).filter((item) => item.code in state.values);
  const frame = frameOf(self.map, look.zoom);
  const isFar = state.level === "desa" && look.zoom < VILLAGES_FROM;
  const sizes = nameSizes(state.level, look, colours.scale);
  const own = placeLargest(isFar ? [] : circles, sizes, { circles, frame });
  const found = { [state.level]: own };
  if (state.level === "desa") {
    const around = listItems(self, "kecamatan", look, { isLoose: true });
    const others = around.filter((item) => item.code !== state.area);
    found.kecamatan = placeLargest(others, [CONTEXT_PX * colours.scale], { circles, frame, ...own });
  }
  return found;
}

// In the largest size that lets every name stand, else the one that lets most.
function placeLargest(items, sizes, { circles, frame, taken = [] }) {
  const near = items.map((item) => listNear(item, items, circles));
  let best = null;
  for (const size of sizes) {
    const sized = items.map((item, at) => ({ ...item, ...near[at], px: size }));
    const occupied = [...taken];
    const places = placeAll(sized, { frame, taken: occupied });
    if (!best || places.size > best.places.size) best = { size, places, taken: occupied };
    if (places.size === items.length) break;
  }
  return best;
}

// What a name may touch: few of the many villages.
function listNear({ x, y, shape: { zoom } }, items, circles) {
  const [west, north] = toDegrees(x - REACH_PX, y - REACH_PX, zoom);
  const [east, south] = toDegrees(x + REACH_PX, y + REACH_PX, zoom);
  const window = { left: west, right: east, top: south, bottom: north };
  return {
    circles: circles.filter((one) => Math.abs(one.x - x) < REACH_PX && Math.abs(one.y - y) < REACH_PX),
    areas: items
      .map((item) => item.shape)
      .filter(({ box: [left, top, right, bottom] }) => overlap({ left, top, right, bottom }, window)),
  };
}

function listItems({ areas, state, colours }, level, look, { isLoose = false } = {}) {
  const features = areas.get(level)?.features ?? [];
  return features
    .map(({ geometry, properties: { code, name, lon, lat } }) => {
      const [x, y] = toPx(lon, lat, look.zoom);
      const radius = isLoose ? 0 : radiusOf(state, code, look, colours.scale);
      const lines = breakLines(name);
      const count = isLoose ? "" : state.values[code]?.[3] ?? "";
      const figure = radius && count && !holdsFigure(radius, count, colours.scale) ? count : "";
      const shape = { geometry, box: boxOf(geometry), zoom: look.zoom };
      return { code, lines, figure, x, y, radius, isLoose, shape };
    })
    .sort((one, other) => other.radius - one.radius || (one.code < other.code ? -1 : 1));
}

// First every name that has room, then figures where that leaves any.
function placeAll(items, room) {
  const places = new Map();
  const put = (item, place) => {
    room.taken.push(place.box);
    places.set(item, place);
  };
  for (const item of items) {
    const place = choose(item, room);
    if (place) put(item, place);
  }
  for (const [item, place] of places) {
    if (!item.figure) continue;
    room.taken.splice(room.taken.indexOf(place.box), 1);
    put(item, choose(item, room, item.figure) ?? place);
  }
  return new Map([...places].map(([item, place]) => [item.code, describe(item, place)]));
}

function describe({ lines, px }, { x, y, figure }) {
  const offset = [x / px, y / px].map((part) => Math.round(part * 100) / 100);
  return { text: lines.join("\n"), figure, offset };
}

// A figure goes under the name only where both lie in their area.
function choose(item, room, figure = "") {
  const size = measure(item.lines, item.px, figure);
  const most = MOST_FOREIGN[item.isLoose ? "loose" : figure ? "figure" : "own"];
  let best = null;
  candidates(item, size, figure).forEach(([x, y], order) => {
    if (best && order >= best.cost) return; // cannot be better any more
    const box = boxAt(item, size, x, y);
    if (room.taken.some((other) => overlap(box, other))) return;
    if (item.circles.some((circle) => covers(circle, box))) return;
    const { foreign, sea } = countOutside(item.shape, item.areas, box);
    if (foreign > most || (figure && foreign + sea > most)) return;
    const cost = order + FOREIGN * foreign + AT_SEA * sea + (isCut(box, room.frame) ? OFF_SCREEN : 0);
    if (!best || cost < best.cost) best = { x, y, box, figure, cost };
  });
  return best;
}

// Ways from the point to the middle of the name.
function candidates({ radius, isLoose }, { width, height }, figure) {
  if (isLoose) {
    const ways = NEARBY.flatMap((row) => NEARBY.map((column) => [column * width * 0.3, row * height * 0.6]));
    return ways.sort(([x1, y1], [x2, y2]) => Math.hypot(x1, y1) - Math.hypot(x2, y2));
  }
  const away = radius ? radius + GAP_PX : 0;
  const beside = AROUND.map(([x, y]) => [
    x * away + (Math.sign(x) * width) / 2,
    y * away + (Math.sign(y) * height) / 2,
  ]);
  if (!radius) return [[0, 0], ...beside];
  return figure ? beside.slice(0, UPRIGHT) : beside;
}

function boxAt(item, { width, height }, x, y) {
  const [left, top] = [item.x + x - width / 2, item.y + y - height / 2];
  return { left, top, right: left + width, bottom: top + height };
}

const overlap = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

const isCut = (box, frame) =>
  overlap(box, frame) &&
  (box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom);

function covers({ x, y, radius }, box) {
  if (!radius) return false;
  const [right, down] = [Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)];
  return Math.hypot(right, down) < radius + 1;
}

// Of six points of the name, how many lie in other areas, and how many in none.
function countOutside(own, areas, { left, top, right, bottom }) {
  const counted = { foreign: 0, sea: 0 };
  for (const x of [left, (left + right) / 2, right]) {
    for (const y of [top, bottom]) {
      const point = toDegrees(x, y, own.zoom);
      if (isIn(own, point)) continue;
      if (areas.some((area) => isIn(area, point))) counted.foreign += 1;
      else counted.sea += 1;
    }
  }
  return counted;
}

function isIn({ box: [west, south, east, north], geometry }, [x, y]) {
  return x >= west && x <= east && y >= south && y <= north && holds(geometry, [x, y]);
}

function holds({ type, coordinates }, point) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.some((rings) => rings.reduce((isIn, ring) => isIn !== isInRing(ring, point), false));
}

function isInRing(ring, [x, y]) {
  let isIn = false;
  for (let at = 0, last = ring.length - 1; at < ring.length; last = at++) {
    const [[x1, y1], [x2, y2]] = [ring[at], ring[last]];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) isIn = !isIn;
  }
  return isIn;
}

function breakLines(name) {
  const words = name.split(/\s+/);
  if (name.length <= LONG_NAME || words.length < 2) return [name];
  const cuts = words.slice(1).map((_, at) => [words.slice(0, at + 1).join(" "), words.slice(at + 1).join(" ")]);
  const uneven = ([first, second]) => Math.abs(first.length - second.length);
  return cuts.reduce((best, cut) => (uneven(cut) < uneven(best) ? cut : best));
}

function measure(lines, px, figure) {
  pen ??= document.createElement("canvas").getContext("2d");
  pen.font = `600 ${px}px ${FONT}`;
  const widths = lines.map((line) => pen.measureText(line).width);
  if (figure) widths.push(pen.measureText(figure).width * FIGURE_SCALE);
  return { width: Math.max(...widths) + 2, height: widths.length * px * LINE_EM };
}

// Boxes of polygons, in degrees; polygons come once and stay.
const boxes = new WeakMap();

function boxOf(geometry) {
  if (!boxes.has(geometry)) boxes.set(geometry, boundsOf([{ geometry }]));
  return boxes.get(geometry);
}

function toPx(lon, lat, zoom) {
  const world = TILE_PX * 2 ** zoom;
  const south = Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);
  return [(lon / 360 + 0.5) * world, (0.5 - south) * world];
}

function toDegrees(x, y, zoom) {
  const world = TILE_PX * 2 ** zoom;
  const lat = (Math.atan(Math.exp((0.5 - y / world) * 2 * Math.PI)) * 360) / Math.PI - 90;
  return [(x / world - 0.5) * 360, lat];
}

function frameOf(map, zoom) {
  const box = map.getBounds();
  const [left, top] = toPx(box.getWest(), box.getNorth(), zoom);
  const [right, bottom] = toPx(box.getEast(), box.getSouth(), zoom);
  return { left, top, right, bottom };
}
