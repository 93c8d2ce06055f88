/**
 * Rings when one's own number is called, on a page that was asked to. Browsers allow sound after a press only, so the
 * button asks for it, and lets it be heard once. A page that is loaded again asks again.
 *
 *   <button data-mpp-ring data-mpp-on="Bunyi menyala" hidden>Bunyikan saat nomor saya dipanggil</button>
 *
 * A fragment with `data-mpp-urgent` whose `data-mpp-say` is new is what rings.
 */

const NOTES = [659.3, 523.3, 659.3, 523.3]; // Hz: the chime of the hall's display, twice
const LENGTH = 0.5; // s

const button = document.querySelector("[data-mpp-ring]");
const words = () => document.querySelector("[data-mpp-urgent]")?.dataset.mppSay;
let told = words();
let sound = null;

function ring() {
  NOTES.forEach((frequency, n) => {
    const start = sound.currentTime + 0.05 + n * LENGTH * 0.7;
    const tone = new OscillatorNode(sound, { frequency });
    const volume = new GainNode(sound, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.5, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + LENGTH);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + LENGTH);
  });
}

function on() {
  button.textContent = button.dataset.mppOn;
  button.disabled = true;
}

async function wake() {
  sound ??= new AudioContext();
  await sound.resume();
  on();
}

if (button && "AudioContext" in window) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await wake();
    ring();
  });
  document.addEventListener("mpp:changed", () => {
    const now = words();
    if (now && now !== told && sound?.state === "running") ring();
    told = now;
  });
}
