/**
 * Live fragments: an element refetches itself when one of its channels changes. Without this module a page shows the
 * same by plain reload.
 *
 *   <body data-mpp-stream="/aliran/?t=…">                       one stream per page
 *   <section data-mpp-fragment="/url/" data-mpp-channels="sesi-17 kunjungan-99" [data-mpp-calm]>
 *
 * The response's root replaces the element and fires a bubbling `mpp:changed`. `data-mpp-calm` waits up to 3 s, so that
 * a hall full of phones does not ask at once. <html data-mpp-online="ya|tidak"> tells CSS whether we hear anything.
 */

const CHECK = 42_000; // a wake may be lost: every fragment re-checks anyway, within a minute
const AWAY = 5_000; // ... more often while the stream is away
const HIDDEN = 300_000; // ... and rarely while nobody looks
const RETRY = 5_000; // after a check that failed although the stream lives
const CALM = 3_000;
const TIME_LIMIT = 10_000;
const SILENT = 45_000; // the server beats every 15-20 s; this long without: the connection is dead
const REOPEN = 10_000;
const OFFLINE_AFTER = 10_000;
const GONE = [403, 404, 410];

const around = (ms) => ms * (0.7 + 0.6 * Math.random());
const upTo = (ms) => ms * Math.random();

// --- Contact: does the page hear anything at all? ---------------------------------------------------------------------

const root = document.documentElement;
let offlineTimer = null;

function contact() {
  clearTimeout(offlineTimer);
  offlineTimer = null;
  root.dataset.mppOnline = "ya";
}

function noContact() {
  offlineTimer ??= setTimeout(() => (root.dataset.mppOnline = "tidak"), OFFLINE_AFTER);
}

async function request(url, headers = {}) {
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(), TIME_LIMIT);
  try {
    const response = await fetch(url, { headers, cache: "no-cache", signal: abort.signal });
    const text = await response.text();
    contact();
    return { response, text };
  } catch (error) {
    noContact();
    throw error;
  } finally {
    clearTimeout(limit);
  }
}

// --- Fragments --------------------------------------------------------------------------------------------------------

const fragments = new Map(); // element -> Fragment

class Fragment {
  constructor(element) {
    this.element = element;
    this.shown = comparable(element);
    fragments.set(element, this);
    this.plan(around(period()));
  }

  get channels() {
    return words(this.element.dataset.mppChannels);
  }

  get calm() {
    return "mppCalm" in this.element.dataset;
  }

  /** Check in `delay` ms, whatever was planned. */
  plan(delay) {
    clearTimeout(this.timer);
    this.due = performance.now() + delay;
    this.timer = setTimeout(() => this.check(), delay);
  }

  /** Check in at most `delay` ms. */
  hurry(delay) {
    if (this.busy) this.again = true;
    else if (!this.stopped && performance.now() + delay < this.due) this.plan(delay);
  }

  async check() {
    this.busy = true;
    this.again = false;
    const answered = await this.refetch().catch(() => false); // request() has noted the lost contact
    this.busy = false;
    if (!this.element.isConnected) fragments.delete(this.element);
    else if (!this.stopped) this.plan(this.again ? 0 : around(answered || stream.away ? period() : RETRY));
  }

  /** False where the server could not say: what woke us is still to be shown. */
  async refetch() {
    const { response, text } = await request(this.element.dataset.mppFragment, { "HX-Request": "true" });
    this.stopped = GONE.includes(response.status);
    if (!response.ok) return false;
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.querySelector("[data-mpp-fragment]");
    // Anything else, such as the login page after a redirect, is not ours to show.
    if (fresh?.tagName === this.element.tagName && comparable(fresh) !== this.shown) this.show(fresh);
    return true;
  }

  show(fresh) {
    const old = this.element;
    if (!old.isConnected) return;
    const restore = remember(old);
    this.shown = comparable(fresh);
    this.element = document.adoptNode(fresh);
    fragments.delete(old);
    fragments.set(this.element, this);
    old.replaceWith(this.element);
    restore();
    scan();
    this.element.dispatchEvent(new CustomEvent("mpp:changed", { bubbles: true }));
    stream.cover(this.channels);
  }
}

function words(text) {
  return (text ?? "").split(/\s+/).filter(Boolean);
}

/** The element as text, without the hidden fields (CSRF token, form key) that differ in every rendering. */
function comparable(element) {
  const copy = element.cloneNode(true);
  for (const field of copy.querySelectorAll("input[type=hidden]")) field.remove();
  return copy.outerHTML;
}

/** What the person has in hand: returns a function that gives it back to the element's successor. */
function remember(element) {
  const focused = element.contains(document.activeElement) && document.activeElement.id ? document.activeElement : null;
  const opened = [...element.querySelectorAll("details[id][open]")].map((details) => details.id);
  return () => {
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    const heir = focused && document.getElementById(focused.id);
    if (!heir) return;
    if ("value" in heir && heir.tagName !== "BUTTON") heir.value = focused.value;
    heir.focus({ preventScroll: true });
  };
}

function scan() {
  for (const element of document.querySelectorAll("[data-mpp-fragment]")) {
    if (!fragments.has(element)) new Fragment(element);
  }
}

function period() {
  if (document.hidden) return HIDDEN;
  return stream.away ? AWAY : CHECK;
}

function hurryAll(delay) {
  for (const fragment of fragments.values()) fragment.hurry(delay());
}

// --- The stream -------------------------------------------------------------------------------------------------------

const stream = {
  url: document.querySelector("[data-mpp-stream]")?.dataset.mppStream,
  source: null,
  away: false,
  failures: 0,
  covered: new Set(),

  open() {
    this.close();
    for (const fragment of fragments.values()) fragment.channels.forEach((channel) => this.covered.add(channel));
    this.source = new EventSource(this.url);
    const on = (name, act) =>
      this.source.addEventListener(name, (event) => {
        contact();
        this.expectBeat();
        act(event);
      });
    on("open", () => {
      this.failures = 0;
      this.setAway(false);
    });
    on("beat", () => {});
    on("wake", (event) => wake(new Set(words(event.data))));
    on("away", () => this.setAway(true));
    on("resync", () => {
      this.setAway(false);
      hurryAll(() => upTo(CALM));
    });
    this.source.addEventListener("error", () => this.lost());
    this.expectBeat();
  },

  close() {
    this.source?.close();
    clearTimeout(this.beatTimer);
    clearTimeout(this.reopenTimer);
  },

  expectBeat() {
    clearTimeout(this.beatTimer);
    this.beatTimer = setTimeout(() => {
      this.source.close();
      this.lost();
    }, SILENT);
  },

  lost() {
    noContact();
    this.setAway(true);
    // A closed source was refused (old token, full server) or is dead; otherwise the browser tries again by itself.
    if (this.source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.beatTimer);
    this.retryLater();
  },

  retryLater() {
    this.renew(around(Math.min(REOPEN * 2 ** this.failures++, HIDDEN)));
  },

  /** Open anew in `delay` ms with a fresh token, which only the page itself can give. */
  renew(delay) {
    clearTimeout(this.reopenTimer);
    this.reopenTimer = setTimeout(async () => {
      try {
        const { text } = await request(location.href, { "X-Mpp-Sendiri": "ya" }); // nobody pressed anything
        const page = new DOMParser().parseFromString(text, "text/html");
        this.url = page.querySelector("[data-mpp-stream]")?.dataset.mppStream ?? this.url;
        this.open();
      } catch {
        this.retryLater();
      }
    }, delay);
  },

  /** A ticket moved to another line hears channels that the first token does not name. */
  cover(channels) {
    if (this.url && channels.some((channel) => !this.covered.has(channel))) this.renew(0);
  },

  setAway(away) {
    if (this.away === away) return;
    this.away = away;
    if (away) hurryAll(() => around(period()));
  },
};

function wake(channels) {
  for (const fragment of fragments.values()) {
    if (!fragment.channels.some((channel) => channels.has(channel))) continue;
    // A hidden page still learns its own news (a call may ring); the rest waits until somebody looks.
    if (!fragment.calm) fragment.hurry(0);
    else if (!document.hidden) fragment.hurry(upTo(CALM));
  }
}

scan();
if (stream.url && fragments.size) {
  stream.open();
  window.addEventListener("pagehide", () => stream.close());
  window.addEventListener("pageshow", (event) => event.persisted && stream.open());
}
window.addEventListener("offline", noContact);
window.addEventListener("online", () => hurryAll(() => upTo(CALM)));
window.addEventListener("pageshow", (event) => event.persisted && hurryAll(() => 0));
document.addEventListener("visibilitychange", () => document.hidden || hurryAll(() => upTo(500)));
