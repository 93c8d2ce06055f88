/** Woken by the browser for a message: shows it, and opens its page when it is touched. Served at /sw.js. */

self.addEventListener("push", (event) => {
  const { judul, isi, tautan, kunci } = event.data.json();
  // The same key twice is the same message: it replaces the first.
  const options = { body: isi, tag: kunci, data: { tautan }, icon: "/static/img/logo.svg", requireInteraction: true };
  event.waitUntil(self.registration.showNotification(judul, options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.tautan));
});
