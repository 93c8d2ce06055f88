/**
 * A checklist that remembers: `<ul data-mpp-checklist="key">` of checkboxes keeps its ticks on this device, and
 * `data-mpp-checklist-progress="key"` says how many are ticked. Without this module they are plain checkboxes.
 */

function remembered(key) {
  try {
    return new Set(JSON.parse(localStorage.getItem(key)) ?? []);
  } catch {
    return new Set(); // storage is closed, or somebody else's value lies there
  }
}

function remember(key, values) {
  try {
    localStorage.setItem(key, JSON.stringify(values));
  } catch {
    // the ticks hold until the page is left
  }
}

for (const list of document.querySelectorAll("[data-mpp-checklist]")) {
  const key = list.dataset.mppChecklist;
  const boxes = [...list.querySelectorAll("input[type=checkbox]")];
  const progress = document.querySelector(`[data-mpp-checklist-progress="${CSS.escape(key)}"]`);
  const ticked = () => boxes.filter((box) => box.checked);

  const say = () => {
    if (!progress) return;
    const words = progress.dataset.mppWords.replace("{siap}", ticked().length).replace("{semua}", boxes.length);
    progress.hidden = false;
    progress.textContent = words;
  };

  const before = remembered(key);
  for (const box of boxes) box.checked = before.has(box.value);
  list.addEventListener("change", () => {
    remember(key, ticked().map((box) => box.value));
    say();
  });
  say();
}
