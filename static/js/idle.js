/**
 * A screen that many people use goes back to its start when nobody touches it.
 *
 *   <body data-mpp-idle="60" data-mpp-idle-to="/start/">      seconds without a touch, and where to
 *   <dialog data-mpp-idle-warning>                            shown for the last 15 of them, with a button to stay;
 *     <p data-mpp-words="… {detik} …">
 *   <a data-mpp-idle-soon="20">                               while this stands on the page, so many seconds
 */

const WARNING = 15; // s

const { mppIdle: limit, mppIdleTo: start } = document.body.dataset;
const warning = document.querySelector("[data-mpp-idle-warning]");
const words = warning.querySelector("[data-mpp-words]");
let left = 0;

function wait() {
  const soon = document.querySelector("[data-mpp-idle-soon]");
  left = Number(soon?.dataset.mppIdleSoon ?? limit);
  if (warning.open) warning.close();
}

function tick() {
  left -= 1;
  if (left <= 0) location.assign(start);
  else if (left <= WARNING) warn();
}

function warn() {
  words.textContent = words.dataset.mppWords.replace("{detik}", left);
  if (!warning.open) warning.showModal();
}

warning.querySelector("button").addEventListener("click", wait);
for (const sign of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
  document.addEventListener(sign, () => warning.open || wait(), { passive: true });
}
warning.addEventListener("cancel", wait);
document.addEventListener("mpp:changed", wait);
wait();
setInterval(tick, 1000);
