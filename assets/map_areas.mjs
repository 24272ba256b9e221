// Polygons, their values, and the points that names and circles stand on.

import { measureSpacing, reachOf, shareOf } from "./map_marks.mjs";

/** Levels whose polygons a state needs, the coarsest first. */
export function wantedLevels(state) {
  const levels = ["kabupaten", "kecamatan"];
  return state.level === "kecamatan" ? levels : [...levels, "desa"];
}

/** Fetch the polygons of a level, once per address. Resolves to whether they are new. */
export function loadArea(self, level) {
  const url = self.state.boundaries[level];
  const known = self.areas.get(level);
  if (known?.url === url) return known.coming.then(() => false);
  const coming = fetch(url)
    .then((answer) => {
      if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
      return answer.json();
    })
    .then((polygons) => addArea(self, level, polygons));
  const area = { url, coming, painted: new Map() };
  self.areas.set(level, area);
  coming.catch(() => self.areas.get(level) === area && self.areas.delete(level));
  return coming.then(() => true);
}

function addArea(self, level, polygons) {
  const { map } = self;
  const area = self.areas.get(level);
  if (!area || self.isGone) return;
  area.features = polygons.features;
  area.names = new Map(polygons.features.map(({ properties }) => [properties.code, properties.name]));
  self.spacing[level] = measureSpacing(polygons.features.map(pointOf));
  if (level === "kabupaten") self.home = boundsOf(polygons.features);
  const source = map.getSource(`area-${level}`);
  if (source) {
    source.setData(polygons);
    return;
  }
  map.addSource(`area-${level}`, {
    type: "geojson",
    data: polygons,
    promoteId: "code",
    tolerance: 0.2,
  });
  map.addSource(`name-${level}`, { type: "geojson", data: namePoints(self, level) });
}

/** Paint the values of the state: feature-state for the fill, points for circles and names. */
export function paintValues(self) {
  for (const level of wantedLevels(self.state)) {
    const area = self.areas.get(level);
    if (!area?.features) continue;
    paintClasses(self, level, area);
    const points = namePoints(self, level);
    const written = JSON.stringify(points);
    if (written !== area.points) self.map.getSource(`name-${level}`).setData(points);
    area.points = written;
  }
}

function paintClasses({ map, state }, level, area) {
  const source = `area-${level}`;
  const values = state.level === level ? state.values : {};
  for (const code of area.painted.keys()) {
    if (code in values) continue;
    map.removeFeatureState({ source, id: code }, "class");
    area.painted.delete(code);
  }
  for (const [code, [number]] of Object.entries(values)) {
    if (area.painted.get(code) === number) continue;
    map.setFeatureState({ source, id: code }, { class: number });
    area.painted.set(code, number);
  }
}

// `q` is the radius of the circle as a share of the largest one: areas compare as the counts do.
function namePoints({ areas, state }, level) {
  const values = state.level === level ? state.values : {};
  const features = areas.get(level).features.map(({ properties: { code, name, lon, lat } }) => {
    const [, count, , text] = values[code] ?? [];
    const q = shareOf(count, state.count_max);
    return {
      type: "Feature",
      properties: { code, name, q, count: text ?? "", reach: reachOf(text ?? ""), mine: code in values },
      geometry: { type: "Point", coordinates: [lon, lat] },
    };
  });
  return { type: "FeatureCollection", features };
}

const pointOf = ({ properties: { lon, lat } }) => [lon, lat];

/** The box around some features, in degrees; null around none. */
export function boundsOf(features) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (part) => {
    if (typeof part[0] !== "number") part.forEach(visit);
    else {
      box[0] = Math.min(box[0], part[0]);
      box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]);
      box[3] = Math.max(box[3], part[1]);
    }
  };
  features.forEach((feature) => visit(feature.geometry.coordinates));
  return features.length ? box : null;
}
