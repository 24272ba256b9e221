// The pages of plans: how an act fares, and the cost of the programme that is chosen.

import { followJob } from "./desk_job.mjs";

function fillCost() {
  const form = document.querySelector(".plan-form");
  const programme = form?.elements.programme;
  const cost = form?.elements.unit_cost;
  if (!programme || !cost) return;
  let filled = programme.selectedOptions[0]?.dataset.cost ?? "";
  const group = (text) => text.replace(/\B(?=(\d{3})+$)/g, ".");
  programme.addEventListener("change", () => {
    const known = programme.selectedOptions[0]?.dataset.cost ?? "";
    // What somebody typed stays.
    if (!cost.value || cost.value === group(filled)) cost.value = group(known);
    filled = known;
  });
}

// Settings that the chosen way of ranking or sharing doesn't use are put aside.
function hideUnused() {
  const form = document.querySelector(".plan-form");
  if (!form) return;
  const show = () => {
    const isWeighted = form.elements.ranking.value === "weights";
    form.querySelector(".plan-weights").hidden = !isWeighted;
    const isShared = form.elements.split.value !== "none";
    for (const name of ["floor", "most"]) form.querySelector(`.plan-${name}`).hidden = !isShared;
  };
  form.addEventListener("change", show);
  show();
}

fillCost();
hideUnused();
followJob();
