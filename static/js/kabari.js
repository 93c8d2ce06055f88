/**
 * "Kabari di peramban ini": offers web push where the browser can do it, and says what became of it.
 *
 *   <section data-mpp-push="/kabar/peramban/…/" data-mpp-push-key="public VAPID key"> with a hidden [data-mpp-push-offer]
 *   that holds a button, a csrf token, and a [data-mpp-push-said] with data-mpp-refused="sentence"
 */

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

async function subscribe(section) {
  const worker = await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(section.dataset.mppPushKey) };
  const given = await worker.pushManager.subscribe(options);
  const body = new FormData();
  body.set("langganan", JSON.stringify(given));
  body.set("csrfmiddlewaretoken", section.querySelector("[name=csrfmiddlewaretoken]").value);
  const answer = await fetch(section.dataset.mppPush, { method: "POST", body });
  return (await answer.json()).kalimat;
}

for (const section of document.querySelectorAll("[data-mpp-push]")) {
  if (!("serviceWorker" in navigator && "PushManager" in window)) continue;
  const offer = section.querySelector("[data-mpp-push-offer]");
  const said = section.querySelector("[data-mpp-push-said]");
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", async () => {
    try {
      said.textContent = await subscribe(section);
      offer.hidden = true;
    } catch {
      said.textContent = said.dataset.mppRefused;
    }
  });
}
