// Sends a file in pieces: a torn connection costs one piece, and after a reload the same file goes on
// where it stopped. The server's side of it is dashboard/routes/data_uploads.py.

const FIRST_PIECE = 1 << 18;
const SMALLEST_PIECE = 1 << 16;
const QUICK_MS = 1_000;
const SLOW_MS = 3_000;
const MOST_TRIES = 12;
const LONGEST_PAUSE_MS = 15_000;
const BLOCK = 1 << 20; // of the digest, as the server counts it
const REMEMBERED = 'kentongan_uploads';

class Refused extends Error {}

class Upload {
  constructor(form) {
    this.form = form;
    this.texts = form.dataset;
    this.progress = form.querySelector('.upload-progress');
    this.bar = form.querySelector('progress');
    this.words = form.querySelector('output');
    this.fault = form.querySelector('.form-error');
    this.stopped = false;
    this.wake = () => {};
    addEventListener('online', () => this.wake());
  }

  async run(file) {
    this.stopped = false;
    this.show(0);
    this.tell('');
    this.fault.hidden = true;
    this.progress.hidden = false;
    const key = `${this.form.action}|${file.name}|${file.size}|${file.lastModified}`;
    try {
      let state = (await this.recall(key)) ?? (await this.begin(file));
      remember(key, state.id);
      if (state.offset > 0) this.tell(this.texts.resumed);
      if (!state.whole) {
        state = await this.sendPieces(file, state);
        this.tell(this.texts.checking);
        state = await this.end(file, state);
      }
      remember(key, null);
      location.assign(state.page + languageOf(this.form));
    } catch (error) {
      if (error instanceof Refused && error.forgets) remember(key, null);
      this.progress.hidden = true;
      this.refuse(this.stopped ? this.texts.stopped : error.message || this.texts.failed);
    }
  }

  async recall(key) {
    const id = readRemembered()[key];
    if (!id) return null;
    try {
      return await this.ask('GET', `/data/uploads/${id}`);
    } catch (error) {
      if (error instanceof Refused) return null; // deleted meanwhile
      throw error;
    }
  }

  begin(file) {
    if (file.size > Number(this.texts.most)) throw new Refused(this.texts.large);
    const body = new URLSearchParams(new FormData(this.form));
    body.delete('file');
    body.set('name', file.name);
    body.set('size', file.size);
    return this.ask('POST', '/data/uploads', body);
  }

  async sendPieces(file, state) {
    let size = FIRST_PIECE;
    let tries = 0;
    while (state.offset < file.size) {
      if (this.stopped) throw new Error();
      const began = performance.now();
      try {
        state = await this.sendPiece(file, state, size);
        tries = 0;
        const took = performance.now() - began;
        if (took < QUICK_MS) size = Math.min(2 * size, Number(this.texts.piece));
        else if (took > SLOW_MS) size = Math.max(size / 2, SMALLEST_PIECE);
      } catch (error) {
        if (error instanceof Refused || this.stopped || ++tries > MOST_TRIES) throw error;
        size = Math.max(size / 2, SMALLEST_PIECE);
        this.tell(this.texts.retrying);
        await this.pause(Math.min(500 * 2 ** tries, LONGEST_PAUSE_MS));
        state = await this.look(state);
      }
      this.show((100 * state.offset) / file.size);
    }
    return state;
  }

  async sendPiece(file, state, size) {
    const piece = await file.slice(state.offset, state.offset + Math.floor(size)).arrayBuffer();
    return this.ask('PATCH', `/data/uploads/${state.id}`, piece, {
      'Content-Type': 'application/octet-stream',
      'Upload-Offset': state.offset,
      'Upload-Digest': toHex(await crypto.subtle.digest('SHA-256', piece)),
    });
  }

  async look(state) {
    try {
      return await this.ask('GET', `/data/uploads/${state.id}`);
    } catch (error) {
      if (error instanceof Refused) throw error;
      return state; // still away; the next piece finds out
    }
  }

  async end(file, state) {
    const digest = await digestFile(file);
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.ask(
          'POST',
          `/data/uploads/${state.id}/end`,
          new URLSearchParams({ digest }),
        );
      } catch (error) {
        if (error instanceof Refused || tries > MOST_TRIES) throw error;
        await this.pause(Math.min(500 * 2 ** tries, LONGEST_PAUSE_MS));
      }
    }
  }

  /** Ask the server; what it refuses for good is a Refused, anything else may be tried again. */
  async ask(method, path, body, headers = {}) {
    const answer = await fetch(path + languageOf(this.form), {
      method,
      body,
      headers: { Accept: 'application/json', 'X-CSRFToken': this.texts.csrf, ...headers },
    });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok || (answer.status === 409 && 'offset' in told)) return told;
    if (answer.status >= 500 || answer.status === 408 || answer.status === 429) {
      throw new Error(this.texts.failed);
    }
    const refused = new Refused(told.error ?? this.texts.failed);
    refused.forgets = answer.status === 400 || answer.status === 404;
    throw refused;
  }

  pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  stop() {
    this.stopped = true;
    this.wake();
  }

  show(percent) {
    const whole = Math.floor(percent);
    this.bar.value = whole;
    // Read out in steps, so that a screen reader is not talking all the time.
    if (whole >= (this.shown ?? -1) + 5 || whole === 100 || whole === 0) {
      this.shown = whole;
      this.tell(this.texts.sent.replace('{percent}', whole));
    }
  }

  tell(text) {
    this.words.textContent = text;
  }

  refuse(text) {
    this.fault.textContent = text;
    this.fault.hidden = false;
  }
}

async function digestFile(file) {
  const digests = [];
  for (let at = 0; at < file.size; at += BLOCK) {
    const block = await file.slice(at, at + BLOCK).arrayBuffer();
    digests.push(new Uint8Array(await crypto.subtle.digest('SHA-256', block)));
  }
  return toHex(await crypto.subtle.digest('SHA-256', await new Blob(digests).arrayBuffer()));
}

function toHex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function languageOf(form) {
  return new URL(form.action, location).search;
}

function readRemembered() {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED)) ?? {};
  } catch {
    return {};
  }
}

// Only the random name of an upload, so that the same file goes on after a reload.
function remember(key, id) {
  const known = readRemembered();
  if (id) known[key] = id;
  else delete known[key];
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(known));
  } catch {
    // Without storage an upload starts again after a reload.
  }
}

function attach(form) {
  const upload = new Upload(form);
  const input = form.querySelector('input[type="file"]');
  const button = form.querySelector('button.primary');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    button.disabled = true;
    await upload.run(input.files[0]);
    button.disabled = false;
  });
  form.querySelector('[data-stop]').addEventListener('click', () => upload.stop());
  const zone = form.querySelector('.drop-zone');
  for (const kind of ['dragover', 'dragleave', 'drop']) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.toggle('is-over', kind === 'dragover');
      if (kind === 'drop' && event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  }
}

for (const form of document.querySelectorAll('#upload-form')) attach(form);
