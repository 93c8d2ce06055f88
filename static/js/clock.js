/**
 * `[data-mpp-clock="Asia/Makassar"]` shows date and time of that zone, by the server's clock and not the screen's own.
 * `data-mpp-words` is the sentence it stands in: "{hari}, pukul {jam} WITA". Each language writes both in its own way.
 */

for (const clock of document.querySelectorAll("[data-mpp-clock]")) {
  const { mppClock: timeZone, mppWords: words, mppNow: now } = clock.dataset;
  const language = document.documentElement.lang;
  const ahead = Number(now) * 1000 - Date.now();
  const dates = new Intl.DateTimeFormat(language, {
    timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  const times = new Intl.DateTimeFormat(language, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const show = () => {
    const at = Date.now() + ahead;
    const part = Object.fromEntries(dates.formatToParts(at).map(({ type, value }) => [type, value]));
    const day = `${part.weekday}, ${part.day} ${part.month} ${part.year}`; // day before month, in English too
    const text = words.replace("{hari}", day).replace("{jam}", times.format(at));
    if (clock.textContent !== text) clock.textContent = text;
  };
  show();
  setInterval(show, 1000);
}
