// Sets the theme before the first paint: the reader's choice, else the system's.
(function () {
  "use strict";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("kentongan-theme");
    } catch {
      return null; // storage switched off
    }
  };
  const apply = () => {
    document.documentElement.dataset.theme = chosen() ?? (system.matches ? "dark" : "light");
    document.dispatchEvent(new CustomEvent("kentongan:theme"));
  };
  system.addEventListener("change", apply);
  apply();
})();
