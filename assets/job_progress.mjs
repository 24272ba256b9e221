// Keeps the progress of a job up to date, and opens its page anew when it is over.

const FIRST_MS = 300;
const LONGEST_MS = 2_000;

async function follow(box) {
  const bar = box.querySelector('progress');
  const words = box.querySelector('output');
  for (let pause = FIRST_MS; ; pause = Math.min(pause * 1.3, LONGEST_MS)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const state = await ask(box.dataset.job);
    if (!state) continue; // the server is away; it comes back
    if (state.over) {
      location.reload();
      return;
    }
    if (state.total) {
      bar.max = state.total;
      bar.value = Math.min(state.done, state.total);
    }
    if (words.textContent !== state.text) words.textContent = state.text;
  }
}

async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: 'application/json' } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

for (const box of document.querySelectorAll('[data-job]')) follow(box);
