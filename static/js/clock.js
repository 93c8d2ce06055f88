/** `[data-mpp-clock="Asia/Makassar"]` shows date and time of that zone, by the server's clock and not the screen's own. */

for (const clock of document.querySelectorAll("[data-mpp-clock]")) {
  const { mppClock: timeZone, mppZone: zone, mppNow: now } = clock.dataset;
  const ahead = Number(now) * 1000 - Date.now();
  const words = new Intl.DateTimeFormat(document.documentElement.lang, {
    timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const show = () => {
    const part = Object.fromEntries(words.formatToParts(Date.now() + ahead).map(({ type, value }) => [type, value]));
    const text = `${part.weekday}, ${part.day} ${part.month} ${part.year}, ${part.hour}.${part.minute} ${zone}`;
    if (clock.textContent !== text) clock.textContent = text;
  };
  show();
  setInterval(show, 1000);
}
