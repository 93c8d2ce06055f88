/**
 * "Kabari di peramban ini": offers web push where the browser can do it, and says what became of it.
 *
 *   <section data-mpp-push="/kabar/peramban/…/" data-mpp-push-key="public VAPID key"> with a hidden [data-mpp-push-offer]
 *   that holds a button, a csrf token, and a [data-mpp-push-said] with data-mpp-refused and data-mpp-failed, the
 *   sentences for a person who said no and for a browser or a portal that could not
 */

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

/** What the portal answered: `{ ok, kalimat }`. */
async function subscribe(section) {
  const worker = await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(section.dataset.mppPushKey) };
  const given = await worker.pushManager.subscribe(options);
  const body = new FormData();
  body.set("langganan", JSON.stringify(given));
  body.set("csrfmiddlewaretoken", section.querySelector("[name=csrfmiddlewaretoken]").value);
  const answer = await fetch(section.dataset.mppPush, { method: "POST", body });
  return { ok: answer.ok, ...(await answer.json()) };
}

async function ask(section) {
  const words = section.querySelector("[data-mpp-push-said]").dataset;
  if ((await Notification.requestPermission()) !== "granted") return { ok: false, kalimat: words.mppRefused };
  return subscribe(section).catch(() => ({ ok: false, kalimat: words.mppFailed }));
}

for (const section of document.querySelectorAll("[data-mpp-push]")) {
  if (!("serviceWorker" in navigator && "PushManager" in window)) continue;
  const offer = section.querySelector("[data-mpp-push-offer]");
  const button = offer.querySelector("button");
  offer.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true; // a second click while the browser asks would ask twice
    const { ok, kalimat } = await ask(section);
    button.disabled = false;
    offer.hidden = ok;
    section.querySelector("[data-mpp-push-said]").textContent = kalimat;
  });
}
