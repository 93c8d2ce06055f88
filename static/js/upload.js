/**
 * `<form data-mpp-upload hx-post=… hx-encoding="multipart/form-data">`: says how much of the files has been sent, in
 * its `[data-mpp-upload-said]`, and moves the focus to the new page's heading. Without this module the form is sent
 * and answered as a whole page.
 */

function say(form, words, percent) {
  const said = form.querySelector("[data-mpp-upload-said]");
  if (!said) return;
  said.hidden = false;
  said.querySelector("progress").value = percent;
  const span = said.querySelector("span");
  span.textContent = span.dataset[words].replace("{persen}", String(percent));
}

const uploads = (event) => event.target.closest?.("[data-mpp-upload]");
const hasFiles = (form) => [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length > 0);

document.addEventListener("htmx:xhr:progress", (event) => {
  const form = uploads(event);
  const { lengthComputable, loaded, total } = event.detail;
  if (form && lengthComputable && hasFiles(form)) say(form, "mppWords", Math.round((100 * loaded) / total));
});

document.addEventListener("htmx:sendError", (event) => {
  const form = uploads(event);
  if (form) say(form, "mppLost", 0);
});

document.addEventListener("htmx:afterSwap", () => {
  const heading = document.querySelector("main h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
});
