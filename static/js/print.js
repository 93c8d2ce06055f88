/** `<button data-mpp-print hidden>` prints the page; without this module the button stays hidden. */

for (const button of document.querySelectorAll("[data-mpp-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
