// Buttons and scale on the map.

/** Add the zoom and home buttons, the scale bar, and the basemap's attribution. */
export function addControls(map, maplibre, words, goHome) {
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-left");
  map.addControl(homeButton(words, goHome), "top-left");
  map.addControl(new maplibre.ScaleControl({ maxWidth: 120, unit: "metric" }), "bottom-left");
  map.addControl(new maplibre.AttributionControl({ compact: false }), "bottom-left");
}

function homeButton(words, goHome) {
  const box = document.createElement("div");
  box.className = "maplibregl-ctrl maplibregl-ctrl-group";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "map-home";
  button.title = words.home;
  button.setAttribute("aria-label", words.home);
  button.addEventListener("click", goHome);
  box.append(button);
  return { onAdd: () => box, onRemove: () => box.remove() };
}

/** Make text safe inside markup: MapLibre writes attributions as HTML. */
export function escapeHtml(text) {
  const box = document.createElement("span");
  box.textContent = text;
  return box.innerHTML.replaceAll('"', "&quot;");
}
