// Follow-up of a plan: picking all targets of a page at once, and how a recording fares.

import { followJob } from "./desk_job.mjs";

const form = document.getElementById("deliver");

function listPicks() {
  return [...form.querySelectorAll("input[name=target]")];
}

function pickRange(event, last) {
  const picks = listPicks();
  const ends = [picks.indexOf(last), picks.indexOf(event.target)].sort((one, other) => one - other);
  for (const pick of picks.slice(ends[0], ends[1] + 1)) pick.checked = event.target.checked;
}

function start() {
  const all = document.getElementById("pick-all");
  all.closest(".pick-all").hidden = false;
  const show = () => {
    const picked = listPicks().filter((one) => one.checked).length;
    all.checked = picked > 0 && picked === listPicks().length;
    all.indeterminate = picked > 0 && !all.checked;
  };
  let last = null;
  form.addEventListener("click", (event) => {
    if (event.target.name !== "target") return;
    if (event.shiftKey && last) pickRange(event, last);
    last = event.target;
    show();
  });
  all.addEventListener("change", () => {
    for (const pick of listPicks()) pick.checked = all.checked;
    show();
  });
}

if (form) start();
followJob();
