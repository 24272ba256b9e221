// The builder of a rule: counts while it is edited, and adds and removes rows without a new page.
//
// The server draws everything (dashboard/pages/rule_builder.py); without this module the same form
// is sent whole.

const PAUSE_MS = 250;

const form = document.getElementById("rule-form");
let asked = 0;
let pause = 0;
let isChanging = false;

// What is being asked is what stands in the form now; an older answer never overtakes a newer.
async function ask(act) {
  clearTimeout(pause);
  const number = ++asked;
  const filled = readForm();
  const before = filled.toString();
  filled.set("act", act);
  const count = document.getElementById("rule-count");
  count.classList.add("is-waiting");
  let said;
  try {
    const answer = await fetch(form.dataset.count, {
      method: "POST", body: filled, headers: { Accept: "application/json" },
    });
    said = await answer.json();
  } catch {
    said = { error: form.dataset.away };
  }
  if (number !== asked) return false;
  // New rows never take the place of what was typed in the meantime.
  if (said.builder && readForm().toString() !== before) return ask(act);
  count.classList.remove("is-waiting");
  if (said.error) {
    showError(count, said.error);
    return false;
  }
  show(said);
  return true;
}

// What changes the rows is never overtaken, and no second one begins on rows that are about to go.
async function change(act) {
  isChanging = true;
  lockRows(true);
  try {
    return await ask(act);
  } finally {
    isChanging = false;
    lockRows(false);
  }
}

function lockRows(isLocked) {
  for (const button of form.querySelectorAll("[name=act]")) {
    if (/^(add|remove)\./.test(button.value)) button.disabled = isLocked;
  }
}

function readForm() {
  return new URLSearchParams(new FormData(form));
}

function showError(count, sentence) {
  const span = document.createElement("span");
  span.className = "form-error";
  span.textContent = sentence;
  count.replaceChildren(span);
}

// Markup in the answer was made safe by the server.
function show(said) {
  if (said.builder) {
    const { name } = document.activeElement;
    document.getElementById("rule-builder").outerHTML = said.builder;
    if (name && name !== "act") form.elements[name]?.focus?.();
  }
  document.getElementById("rule-count").innerHTML = said.count;
  document.getElementById("rule-words").innerHTML = said.words;
  for (const row of form.querySelectorAll("[data-row]")) {
    const fault = said.rows[row.dataset.row] ?? "";
    row.classList.toggle("is-faulty", fault !== "");
    row.querySelector(".rule-fault").textContent = fault;
    for (const field of row.querySelectorAll("select, input:not([type=hidden])")) {
      if (fault) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }
}

// The keyboard goes on where the row came, or where the one that left stood.
function focusAfter(act) {
  const [verb, group, number] = act.split(".");
  const rows = [...form.querySelectorAll(`[data-row^="${group}."]`)];
  const row = verb === "add" ? rows.at(-1) : rows[Math.min(Number(number), rows.length - 1)];
  const inRow = row?.querySelector("select, input:not([type=hidden])");
  (inRow ?? form.querySelector(`[name="add.${group}"]`))?.focus();
}

function start() {
  form.classList.add("is-live");
  form.addEventListener("input", (event) => {
    if (event.target.name?.startsWith("add.")) return;
    clearTimeout(pause);
    // Several numbers are asked for by another field than one.
    const isComparison = event.target.name?.endsWith(".op");
    // What is typed while rows change goes with them: see `ask`.
    if (isChanging) return;
    pause = setTimeout(() => (isComparison ? change("draw") : ask("count")), PAUSE_MS);
  });
  form.addEventListener("submit", async (event) => {
    const act = event.submitter?.name === "act" ? event.submitter.value : "count";
    if (act !== "count" && !/^(add|remove)\./.test(act)) return;
    event.preventDefault();
    if (act.startsWith("add.") && !form.elements[act].value) return form.elements[act].focus();
    if (act === "count") return ask(act);
    if (isChanging) return;
    if (await change(act)) focusAfter(act);
  });
}

if (form) start();
