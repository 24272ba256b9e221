// The review queue by keys: each presses the button that bears it.

import { followJob } from "./desk_job.mjs";

const TYPING = "input:not([type=radio]), select, textarea";

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  const { open } = document.getElementById("desk-keys");
  if (event.key === "?" || (event.key === "Escape" && open)) {
    showKeys(!open);
    return event.preventDefault();
  }
  if (event.repeat) return; // a key that is held must not decide the next rows too
  const isFree = !event.target.closest("a, button, summary");
  const key = event.key === "Enter" && isFree ? "s" : event.key.toLowerCase();
  const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!found) return;
  event.preventDefault();
  if (found.type === "radio") choose(found);
  else found.click();
}

// The keys go on working while their list is open: the case keeps the focus.
function showKeys(isOpen) {
  const keys = document.getElementById("desk-keys");
  keys.open = isOpen;
  document.getElementById("case").focus({ preventScroll: true });
  if (isOpen) keys.scrollIntoView({ block: "nearest" });
}

function choose(radio) {
  radio.checked = true;
  radio.focus();
}

// A button that is pressed twice decides once.
function sendOnce(event) {
  const form = event.target;
  if (form.dataset.isSent) return event.preventDefault();
  form.dataset.isSent = "yes";
}

document.addEventListener("keydown", press);
document.addEventListener("submit", sendOnce);
// Back from the next row: the page may come out of the browser's memory as it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
document.getElementById("case")?.focus({ preventScroll: true });
followJob();
