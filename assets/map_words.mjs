// The few words the map itself says, and the colours it takes from the page.

import { DOMAINS } from "./glyphs.mjs";

const WORDS = {
  id: {
    map: "Peta kemiskinan. Tombol panah menggeser, tambah dan kurang memperbesar dan memperkecil.",
    zoomIn: "Perbesar",
    zoomOut: "Perkecil",
    home: "Kembali ke seluruh wilayah",
    attribution: "Sumber peta dasar",
    households: "keluarga",
    decile: "Desil",
    status: { u: "belum diverifikasi", v: "terverifikasi", r: "ditolak", g: "lulus" },
    domains: {
      E: "pendidikan", H: "kesehatan", F: "pangan", B: "usaha", R: "perumahan", C: "tunai",
    },
    noAid: "belum pernah menerima bantuan",
    aid: "Bantuan",
    tapArea: "Ketuk sekali lagi untuk membuka",
    closer: "Klik untuk mendekat",
    card: "Klik untuk membuka kartu keluarga",
    list: "Klik untuk melihat daftarnya",
    atOnePoint: "keluarga di satu titik",
    noData: "tidak ada data",
    failed: "Sebagian peta tidak dapat dimuat. Periksa sambungan; peta akan mencoba lagi.",
    noSvg: "Peta tidak dapat digambar. Tabel di samping memuat angka yang sama.",
  },
  en: {
    map: "Poverty map. Arrow keys move it, plus and minus zoom.",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    home: "Back to the whole region",
    attribution: "Base map source",
    households: "families",
    decile: "Decile",
    status: { u: "unverified", v: "verified", r: "rejected", g: "graduated" },
    domains: {
      E: "education", H: "health", F: "food", B: "business", R: "housing", C: "cash",
    },
    noAid: "has never received aid",
    aid: "Aid",
    tapArea: "Tap once more to open",
    closer: "Click to come closer",
    card: "Click to open the family card",
    list: "Click to see the list",
    atOnePoint: "families at one point",
    noData: "no data",
    failed: "Part of the map could not be loaded. Check the connection; the map will try again.",
    noSvg: "The map could not be drawn. The table beside it holds the same figures.",
  },
};

export const wordsOf = (language) => WORDS[language] ?? WORDS.id;

/** Read the page's colours; a page without one of them gets a plain stand-in. */
export function readColours(state) {
  const style = getComputedStyle(document.documentElement);
  const token = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const isDark = document.documentElement.dataset.theme === "dark";
  const surface = token("--surface", "#ffffff");
  const ink2 = token("--ink-2", "#47525f");
  return {
    scale: (parseFloat(style.fontSize) || 16) / 16, // what stands on the map grows with the page
    sea: token("--sea", "#dfe9f0"),
    land: token("--land", "#f3f1ec"),
    ground: token("--ground", "#f6f5f2"),
    surface,
    ink: token("--ink", "#18202a"),
    ink2,
    accent: token("--accent", "#0b6e8a"),
    alarm: token("--map-alarm", isDark ? "#ff9d8a" : "#a3180c"),
    pin: token("--map-pin", isDark ? "#c9d3dd" : "#34495c"),
    border: token("--map-border", isDark ? "#10171f" : "#ffffff"),
    borderQuiet: token("--map-border-quiet", isDark ? "#46535f" : "#b9bdbf"),
    borderStrong: token("--map-border-strong", isDark ? "#dbe3ea" : "#2b3642"),
    halo: token("--map-halo", surface),
    hidden: token("--map-hidden", isDark ? "#4a525b" : "#c9ccd0"),
    hatch: token("--nodata-hatch", ink2),
    ramp: isDark ? state.ramp_dark : state.ramp,
    domains: Object.fromEntries(
      Object.entries(DOMAINS).map(([letter, { token: name, hue }]) => [letter, token(name, hue)]),
    ),
  };
}
