/**
 * One key per action: `<button data-mpp-keys="b enter">` is pressed by B or Enter, unless somebody types in a field; a
 * `<summary>` opens, and what it holds has the focus. Escape leaves the field. What is typed or ticked outlives the
 * fragment until its form is sent. An action that did not arrive is said by `[data-mpp-failed]`. Without this module
 * the buttons work by themselves.
 */

const failed = document.querySelector("[data-mpp-failed]");
const typing = "input:not([type=checkbox], [type=hidden]), select, textarea";
const busy = "input, select, textarea, button, a, summary";
const inHand = new Map(); // id of a field -> what stands in it

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  const key = event.key.toLowerCase();
  if (key === "escape") event.target.closest(typing)?.blur();
  if (event.target.closest(key === "enter" ? busy : typing)) return;
  const button = document.querySelector(`[data-mpp-keys~="${CSS.escape(key)}"]:not(:disabled)`);
  if (!button) return;
  event.preventDefault();
  button.click();
  if (button.tagName === "SUMMARY") button.parentElement.querySelector(typing)?.focus();
});

document.addEventListener("input", ({ target }) => {
  if (target.id) inHand.set(target.id, target.type === "checkbox" ? target.checked : target.value);
});

function giveBack() {
  for (const [id, value] of inHand) {
    const field = document.getElementById(id);
    if (field?.type === "checkbox") field.checked = value;
    else if (field) field.value = value;
    else inHand.delete(id); // of somebody who has left
  }
}

document.addEventListener("htmx:beforeRequest", () => (failed.hidden = true));
document.addEventListener("htmx:afterSwap", giveBack);
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status >= 400 || detail.serverResponse.includes('role="alert"')) return;
  for (const field of detail.requestConfig.elt.elements ?? []) inHand.delete(field.id);
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => (failed.hidden = false));
}

// The session is over, or the loket is no longer one's own: the page itself says so.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status < 400 && !event.detail.serverResponse.includes('id="konsol-isi"')) location.reload();
});

// stream.js put a new fragment in place: its forms are htmx's again.
document.addEventListener("mpp:changed", (event) => {
  window.htmx?.process(event.target);
  giveBack();
});
