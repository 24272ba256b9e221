// Small pictures for the map, drawn on a canvas when MapLibre first asks for them by name:
//   dot-<v|u|r|g><+|0>   a household: status letter, and whether it has received any aid
//   aid-<letters>        a row of aid glyphs, one per domain
//   stack                several households at one point
//   hatch                no data
//   rose                 a value that rose: the sign of a change, for whoever sees no colour
// Hue and shape both tell the domain, so that a pin reads without colour.

export const DOMAINS = {
  E: {
    token: "--domain-education",
    hue: "#0072b2",
    path: "M6 2 11.6 4.7 6 7.4.4 4.7ZM2.7 6.6V9.2C4.2 10.6 7.8 10.6 9.3 9.2V6.6L6 8.3Z",
  },
  H: {
    token: "--domain-health",
    hue: "#d55e00",
    path: "M4.4 1.2h3.2v3.2h3.2v3.2H7.6v3.2H4.4V7.6H1.2V4.4h3.2Z",
  },
  F: {
    token: "--domain-food",
    hue: "#e69f00",
    path: "M.9 5.8h10.2C11 8.7 9.4 10.3 7.8 10.8H4.2C2.6 10.3 1 8.7.9 5.8ZM3.3 1.6h1.2v3H3.3ZM5.4.9h1.2v3.7H5.4ZM7.5 1.6h1.2v3H7.5Z",
  },
  B: {
    token: "--domain-business",
    hue: "#009e73",
    path: "M1.4 4.2h9.2l-.8 6.8H2.2ZM3.6 4.2V3.4a2.4 2.4 0 0 1 4.8 0v.8H7.2v-.8a1.2 1.2 0 0 0-2.4 0v.8Z",
  },
  R: {
    token: "--domain-housing",
    hue: "#cc79a7",
    path: "M6 .9 11.5 5.8H10V11H7.3V7.6H4.7V11H2V5.8H.5Z",
  },
  C: {
    token: "--domain-cash",
    hue: "#56b4e9",
    path: "M.6 2.6h10.8v6.8H.6ZM6 4.1a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8Z",
  },
};

const SCALE = 2; // drawn twice as large, for dense screens
const TILE = 14;
const GAP = 1;
const DOT = 16;
const STACK = 26;
const HATCH = 8;
const RISE = 12;

/** Draw the picture of a name; null for a name of someone else. */
export function drawGlyph(name, tokens) {
  if (name.startsWith("aid-")) return drawRow(name.slice(4), tokens);
  if (name.startsWith("dot-")) return drawDot(name[4], name[5] === "+", tokens);
  if (name === "stack") return drawStack(tokens);
  if (name === "hatch") return drawHatch(tokens);
  if (name === "rose") return drawRise(tokens);
  return null;
}

/** The pixel ratio the pictures are drawn at. */
export const GLYPH_RATIO = SCALE;

function paint(width, height, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.scale(SCALE, SCALE);
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function drawRow(letters, tokens) {
  const known = [...letters].filter((letter) => letter in DOMAINS);
  const width = Math.max(1, known.length * (TILE + GAP) - GAP) + 2;
  return paint(width, TILE + 2, (pen) => {
    pen.fillStyle = tokens.surface;
    pen.beginPath();
    pen.roundRect(0, 0, width, TILE + 2, 4);
    pen.fill();
    known.forEach((letter, place) => drawTile(pen, letter, 1 + place * (TILE + GAP), tokens));
  });
}

function drawTile(pen, letter, left, tokens) {
  const hue = tokens.domains[letter];
  pen.save();
  pen.translate(left, 1);
  pen.fillStyle = hue;
  pen.beginPath();
  pen.roundRect(0, 0, TILE, TILE, 3);
  pen.fill();
  pen.translate(1, 1);
  pen.fillStyle = isLight(hue) ? "#10171f" : "#ffffff";
  pen.fill(new Path2D(DOMAINS[letter].path), "evenodd");
  pen.restore();
}

function drawDot(status, hasAid, tokens) {
  return paint(DOT, DOT, (pen) => {
    const middle = DOT / 2;
    disc(pen, middle, 7, tokens.surface);
    pen.lineWidth = hasAid ? 1.5 : 3;
    pen.strokeStyle = hasAid ? tokens.ink2 : tokens.alarm;
    if (status === "u") pen.setLineDash(hasAid ? [2.2, 1.7] : [3, 2.2]);
    pen.beginPath();
    pen.arc(middle, middle, hasAid ? 5 : 5, 0, 2 * Math.PI);
    pen.stroke();
    if (hasAid) disc(pen, middle, status === "u" ? 2 : 4.6, tokens.ink2);
    if (status === "r" || status === "g") cross(pen, middle, tokens);
  });
}

// Households that are no longer poor, or never were, carry a stroke through the dot.
function cross(pen, middle, tokens) {
  pen.setLineDash([]);
  pen.lineWidth = 2;
  pen.strokeStyle = tokens.surface;
  pen.beginPath();
  pen.moveTo(middle - 5, middle + 5);
  pen.lineTo(middle + 5, middle - 5);
  pen.stroke();
}

function disc(pen, middle, radius, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(middle, middle, radius, 0, 2 * Math.PI);
  pen.fill();
}

function drawStack(tokens) {
  return paint(STACK, STACK, (pen) => {
    for (const [left, top] of [[5, 1], [1, 5]]) {
      pen.beginPath();
      pen.roundRect(left, top, STACK - 6, STACK - 6, 5);
      pen.fillStyle = tokens.surface;
      pen.fill();
      pen.lineWidth = 1.75;
      pen.strokeStyle = tokens.ink2;
      pen.stroke();
    }
  });
}

function drawHatch(tokens) {
  return paint(HATCH, HATCH, (pen) => {
    pen.strokeStyle = tokens.hatch;
    pen.lineWidth = 0.9;
    pen.beginPath();
    for (const start of [-HATCH, 0, HATCH]) {
      pen.moveTo(start, HATCH);
      pen.lineTo(start + HATCH, 0);
    }
    pen.stroke();
  });
}

function drawRise(tokens) {
  return paint(RISE, RISE, (pen) => {
    pen.lineJoin = "round";
    pen.lineWidth = 1.6;
    pen.strokeStyle = tokens.surface;
    pen.fillStyle = tokens.ink;
    const triangle = new Path2D("M6 3.4 8.4 7.8H3.6Z");
    pen.stroke(triangle);
    pen.fill(triangle);
  });
}

// Relative luminance of an sRGB hex colour, WCAG 2.2.
function isLight(hex) {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.3;
}
