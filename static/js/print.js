/**
 * `<button data-mpp-print hidden>` prints the page; without this module the button stays hidden. With a name,
 * `data-mpp-print="cetakan-17"`, it is pressed by itself, once for each name, however often the page is loaded.
 */

function isFirst(name) {
  try {
    if (sessionStorage.getItem("tercetak") === name) return false;
    sessionStorage.setItem("tercetak", name);
  } catch {
    // a paper too many says that it is a copy; none at all would leave somebody without a number
  }
  return true;
}

for (const button of document.querySelectorAll("[data-mpp-print]")) {
  const name = button.dataset.mppPrint;
  button.hidden = Boolean(name);
  button.addEventListener("click", () => window.print());
  if (name && isFirst(name)) button.click();
}
