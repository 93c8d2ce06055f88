/** Two tones at every `mpp:call`, once somebody pressed `[data-mpp-chime]`: browsers allow sound only after a press. */

const TONES = [659.3, 523.3]; // Hz, e'' c''
const LENGTH = 0.7; // s

const button = document.querySelector("[data-mpp-chime]");
let sound = null;

function ring() {
  TONES.forEach((pitch, n) => {
    const start = sound.currentTime + n * LENGTH * 0.6;
    const tone = new OscillatorNode(sound, { frequency: pitch });
    const volume = new GainNode(sound, { gain: 0 });
    volume.gain.linearRampToValueAtTime(0.4, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + LENGTH);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + LENGTH);
  });
}

if (button && "AudioContext" in window) {
  button.hidden = false;
  button.addEventListener("click", () => {
    sound ??= new AudioContext();
    button.textContent = button.dataset.mppOn;
    button.disabled = true;
    ring();
  });
  document.addEventListener("mpp:call", () => sound && ring());
}
