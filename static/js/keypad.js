/** `<div data-mpp-keypad="field-id">`: its buttons type into the field. Without this module the server does it. */

for (const pad of document.querySelectorAll("[data-mpp-keypad]")) {
  const field = document.getElementById(pad.dataset.mppKeypad);
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (!key) return;
    event.preventDefault();
    field.value = key.value === "hapus" ? field.value.slice(0, -1) : field.value + key.value;
  });
}
