// The verification list: picking many at once, and saying what a decision will do.

import { followJob } from "./desk_job.mjs";

const form = document.getElementById("verify");

function listPicks() {
  return [...form.querySelectorAll("input[name=household]")];
}

function pickRange(event, last) {
  const picks = listPicks();
  const ends = [picks.indexOf(last), picks.indexOf(event.target)].sort((one, other) => one - other);
  for (const pick of picks.slice(ends[0], ends[1] + 1)) pick.checked = event.target.checked;
}

// The same sentence as the server's, with the numbers of now.
function showEffect() {
  const output = document.getElementById("effect");
  const chosen = form.elements.status.selectedOptions[0];
  const picked = listPicks().filter((one) => one.checked);
  const stuck = picked.filter((one) => !chosen.dataset.from.split(" ").includes(one.dataset.status));
  const number = (count) => count.toLocaleString(document.documentElement.lang);
  const day = form.elements.decree_date.valueAsDate;
  const written = day?.toLocaleDateString(document.documentElement.lang, {
    day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
  });
  if (!picked.length) output.textContent = output.dataset.none;
  else if (stuck.length) {
    output.textContent = output.dataset.refused
      .replace("{count}", number(stuck.length))
      .replace("{old}", [...new Set(stuck.map((one) => one.dataset.name))].join(", "))
      .replace("{new}", chosen.dataset.name);
  }
  else {
    output.textContent = chosen.dataset.effect
      .replace("{count}", number(picked.length))
      .replace("{decree}", form.elements.decree_number.value.trim() || "…")
      .replace("{day}", written ?? "…");
  }
  output.classList.toggle("form-error", stuck.length > 0);
  const all = document.getElementById("pick-all");
  all.checked = picked.length > 0 && picked.length === listPicks().length;
  all.indeterminate = picked.length > 0 && !all.checked;
}

function start() {
  let last = null;
  form.querySelector(".pick-all").hidden = false;
  form.addEventListener("click", (event) => {
    if (event.target.name !== "household") return;
    if (event.shiftKey && last) pickRange(event, last);
    last = event.target;
    showEffect();
  });
  form.addEventListener("input", (event) => {
    if (event.target.id === "pick-all") {
      for (const pick of listPicks()) pick.checked = event.target.checked;
    }
    showEffect();
  });
  showEffect();
}

if (form) start();
followJob();
