// Without WebGL: the server draws the same view as SVG, whose areas are plain links.

import { wordsOf } from "./map_words.mjs";

const NARROW_PX = 700;

/** Put the server's drawing of a state into the container. */
export async function showDrawing(container, state, number) {
  const view = state.query ?? location.search.slice(1);
  const isNarrow = container.clientWidth < NARROW_PX;
  const query = [view, isNarrow && "narrow=1"].filter(Boolean).join("&");
  const still = () => container.dataset.shown === String(number);
  try {
    const answer = await fetch(`/map.svg?${query}`);
    if (!answer.ok) throw new Error(`/map.svg: ${answer.status}`);
    const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
    if (!still()) return;
    container.replaceChildren(document.importNode(drawn.documentElement, true));
    container.classList.add("map-drawn");
  } catch (error) {
    console.warn("map:", error.message);
    if (still()) container.textContent = wordsOf(state.language).noSvg;
  }
  if (still()) container.dataset.painted = number;
}
