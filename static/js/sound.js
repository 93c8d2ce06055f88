/**
 * At every `mpp:call` a chime and then the call, spoken from clips: one after the other, never two voices at once. The
 * next call waits until this one has been said (`detail.waitUntil`, see calls.js).
 *
 *   <button data-mpp-sound="id id en" data-mpp-sound-from="/static/suara/" data-mpp-on="…" hidden>
 *   <div data-mpp-call="57" data-mpp-spoken="A-012 3 2">      label, loket, floor
 *
 * Browsers allow sound after a press, or always where the hall's own are told so (docs/anjungan.md).
 */

const TONES = [659.3, 523.3]; // Hz, e'' c''
const LENGTH = 0.7; // s
const PAUSE = 0.6; // s between the chime, and the sentences

const button = document.querySelector("[data-mpp-sound]");
const clips = new Map(); // address -> promise of what is heard; a voice has some fifty of them
let sound = null;

// --- Which clips a number is made of ----------------------------------------------------------------------------------

const digits = (text) => [...text.toLowerCase()].filter((letter) => /[a-z0-9]/.test(letter));

const NUMBER = {
  id(n) {
    if (n < 12) return [n];
    if (n < 20) return [n - 10, "belas"];
    if (n < 100) return [Math.floor(n / 10), "puluh", ...rest("id", n % 10)];
    return [...(n < 200 ? [100] : [Math.floor(n / 100), "ratus"]), ...rest("id", n % 100)];
  },
  en(n) {
    if (n < 21) return [n];
    if (n < 100) return [n - (n % 10), ...rest("en", n % 10)];
    return [Math.floor(n / 100), "ratus", ...rest("en", n % 100)];
  },
};

const rest = (language, n) => (n ? NUMBER[language](n) : []);

/** “Nomor antrean, A, nol satu dua, silakan menuju loket tiga, lantai dua.” */
function sentence(language, [label, loket, floor]) {
  const where = Number(floor) > 0 ? ["lantai", ...NUMBER[language](Number(floor))] : [];
  return ["nomor", ...digits(label), "menuju", ...NUMBER[language](Number(loket)), ...where];
}

// --- Saying it --------------------------------------------------------------------------------------------------------

async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(address);
  return sound.decodeAudioData(await response.arrayBuffer());
}

/** A clip that cannot be had is left out, and asked for again the next time. */
function clip(address) {
  if (!clips.has(address)) clips.set(address, load(address).catch(() => void clips.delete(address)));
  return clips.get(address);
}

function ring(at) {
  TONES.forEach((pitch, n) => {
    const start = at + n * LENGTH * 0.6;
    const tone = new OscillatorNode(sound, { frequency: pitch });
    const volume = new GainNode(sound, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.4, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + LENGTH);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + LENGTH);
  });
  return at + LENGTH * 1.6;
}

function play(buffer, at) {
  const source = new AudioBufferSourceNode(sound, { buffer });
  source.connect(sound.destination);
  source.start(at);
  return at + buffer.duration;
}

async function say(spoken) {
  const { mppSound, mppSoundFrom } = button.dataset;
  const said = mppSound.split(" ").map((language) =>
    Promise.all(sentence(language, spoken).map((name) => clip(`${mppSoundFrom}${language}/${name}.mp3`))),
  );
  const voices = await Promise.all(said);
  let at = ring(sound.currentTime + 0.05);
  for (const voice of voices) {
    for (const buffer of voice) if (buffer) at = play(buffer, at);
    at += PAUSE;
  }
  await new Promise((done) => setTimeout(done, (at - sound.currentTime) * 1000));
}

function on() {
  button.textContent = button.dataset.mppOn;
  button.disabled = true;
}

if (button && "AudioContext" in window) {
  sound = new AudioContext();
  button.hidden = false;
  button.addEventListener("click", () => sound.resume().then(() => (on(), ring(sound.currentTime))));
  if (sound.state === "running") on();
  sound.addEventListener("statechange", () => sound.state === "running" && on());
  document.addEventListener("mpp:call", ({ detail }) => {
    if (sound.state === "running" && detail.spoken) detail.waitUntil(say(detail.spoken.split(" ")));
  });
}
