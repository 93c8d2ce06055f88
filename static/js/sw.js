/** Woken by the browser for a message: shows it, and opens its page when it is touched. Served at /sw.js. */

self.addEventListener("push", (event) => {
  const { judul, isi, tautan, kunci } = event.data.json();
  // The same key twice is the same message: it replaces the first.
  const options = { body: isi, tag: kunci, data: { tautan }, icon: "/static/img/logo.svg", requireInteraction: true };
  event.waitUntil(self.registration.showNotification(judul, options));
});

/** The page where it is open already, or a new one. */
async function open(tautan) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = pages.find((page) => page.url.split("#")[0] === tautan);
  return shown ? shown.focus() : self.clients.openWindow(tautan);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.tautan));
});
