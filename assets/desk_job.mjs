// How a job fares that a desk's page asked for: asked again until it is over, and said aloud.

const PAUSES_MS = [150, 250, 400, 700, 1000];

export function followJob() {
  const status = document.getElementById("desk-status");
  if (!status?.textContent) return;
  sayAloud(status);
  if (status.dataset.job) ask(status, 0);
}

// What stands in a live region when the page opens is not read; what changes in it is.
function sayAloud(status) {
  const said = status.innerHTML;
  status.replaceChildren();
  requestAnimationFrame(() => {
    if (!status.innerHTML) status.innerHTML = said;
  });
}

async function ask(status, times) {
  await new Promise((done) => setTimeout(done, PAUSES_MS[Math.min(times, PAUSES_MS.length - 1)]));
  let job;
  try {
    const answer = await fetch(status.dataset.job, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    job = await answer.json();
  } catch {
    return; // the page goes away, or the server: the next page says how it went
  }
  if (!job.isOver) return ask(status, times + 1);
  if (job.state === "done" && "reload" in status.dataset) return location.reload();
  status.innerHTML = job.html; // made safe by the server
  status.classList.toggle("alarm", job.state === "failed");
  const count = document.getElementById("desk-count");
  if (count && job.count) count.textContent = job.count;
}
