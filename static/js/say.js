/**
 * What changed, in words: after a fragment was replaced, its `data-mpp-say` goes into `[data-mpp-voice]`, a live region
 * that stays, because screen readers do not hear a region that is replaced whole. `data-mpp-title` becomes the page's
 * title, and `data-mpp-urgent` shakes the phone once.
 */

const voice = document.querySelector("[data-mpp-voice]");
const tail = document.title.slice(document.title.lastIndexOf(" · "));
let said = document.querySelector("[data-mpp-say]")?.dataset.mppSay;

document.addEventListener("mpp:changed", ({ target }) => {
  const { mppSay: words, mppTitle: title } = target.dataset;
  if (title) document.title = title + tail;
  if (!words || words === said) return;
  said = words;
  if (voice) voice.textContent = words;
  if ("mppUrgent" in target.dataset) navigator.vibrate?.([300, 150, 300]);
});
