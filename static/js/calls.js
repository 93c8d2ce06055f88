/**
 * Calls on the hall's display, one at a time, in their order and none twice. The fragment lists the calls that still
 * hold, `<div data-mpp-call="57">`; `[data-mpp-stage]` stays and shows the one announced last. After a lost connection
 * or a reload, what was missed and still holds is announced; who has come to the loket meanwhile is not called any more.
 * Each fires `mpp:call`, whose `detail.waitUntil(promise)` keeps the stage for as long as it is being spoken.
 */

const HOLD = 6_000; // ms that a call has the stage before the next one, at least …
const PATIENCE = 45_000; // … and at most, should its voice never end
const stage = document.querySelector("[data-mpp-stage]");
const memory = `panggilan:${location.pathname}`;
const queue = [];
let announced = before();
let showing = false;

function newest() {
  return Number(document.querySelector("[data-mpp-newest]").dataset.mppNewest);
}

/** The last call this display announced; on a fresh display nothing of before is said again. */
function before() {
  try {
    const kept = Number(sessionStorage.getItem(memory) ?? NaN);
    return Number.isNaN(kept) ? newest() : Math.min(kept, newest());
  } catch {
    return newest();
  }
}

function keep(urut) {
  announced = urut;
  try {
    sessionStorage.setItem(memory, String(urut));
  } catch {
    // a reload may then repeat nothing and miss what came while it loaded
  }
}

function listen() {
  for (const call of document.querySelectorAll("[data-mpp-call]")) {
    const urut = Number(call.dataset.mppCall);
    if (urut <= announced) continue;
    queue.push({ urut, shown: call.innerHTML, spoken: call.dataset.mppSpoken });
    keep(urut);
  }
  if (!showing) next();
}

const holds = ({ urut }) => document.querySelector(`[data-mpp-call="${urut}"]`) !== null;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

function next() {
  let call = queue.shift();
  while (call && !holds(call)) call = queue.shift();
  showing = call !== undefined;
  if (!showing) return;
  const waits = [pause(HOLD)];
  stage.innerHTML = call.shown;
  stage.classList.remove("panggung-baru");
  void stage.offsetWidth; // lets the animation start again
  stage.classList.add("panggung-baru");
  const detail = { spoken: call.spoken, waitUntil: (promise) => waits.push(promise.catch(() => {})) };
  stage.dispatchEvent(new CustomEvent("mpp:call", { bubbles: true, detail }));
  Promise.race([Promise.all(waits), pause(PATIENCE)]).then(next);
}

document.addEventListener("mpp:changed", listen);
listen();
