/**
 * One key per action: `<button data-mpp-keys="b enter">` is pressed by B or Enter, unless somebody types in a field.
 * An action that did not arrive is said by `[data-mpp-failed]`. Without this module the buttons work by themselves.
 */

const failed = document.querySelector("[data-mpp-failed]");
const busy = "input, select, textarea, button, a, summary";

document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  const key = event.key.toLowerCase();
  if (event.target.closest(key === "enter" ? busy : "input, select, textarea")) return;
  const button = document.querySelector(`[data-mpp-keys~="${CSS.escape(key)}"]:not(:disabled)`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

document.addEventListener("htmx:beforeRequest", () => (failed.hidden = true));
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => (failed.hidden = false));
}

// The session is over, or the loket is no longer one's own: the page itself says so.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status < 400 && !event.detail.serverResponse.includes('id="konsol-isi"')) location.reload();
});

// stream.js put a new fragment in place: its forms are htmx's again.
document.addEventListener("mpp:changed", (event) => window.htmx?.process(event.target));
