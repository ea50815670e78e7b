// 음의 목록을 소리로 내요. 음마다 [주파수, 시작 초, 길이 초]이고, 소리의 식은 bplib/lab/sound.py의 wave()와 같아요.
// 한 번에 하나만 들려요. 다른 것을 누르거나 같은 단추를 다시 누르면 멈춰요. 내 가락(tune.js)의 건반은 Notes.hear를 써요.
window.Notes = (() => {
  "use strict";
  const PEAK = 0.3, ATTACK = 0.012, FLOOR = 0.003;
  const Context = window.AudioContext || window.webkitAudioContext;
  if (!Context) return null; // 소리를 낼 수 없는 브라우저에서는 단추를 숨긴 채로 둬요
  let context = null;
  let playing = null;

  function tone(output, hertz, start, seconds) {
    const oscillator = context.createOscillator(), gain = context.createGain();
    const peak = start + ATTACK, end = Math.max(start + seconds, peak + ATTACK);
    oscillator.type = "triangle";
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(PEAK, peak);
    gain.gain.exponentialRampToValueAtTime(FLOOR, end);
    oscillator.connect(gain).connect(output);
    oscillator.start(start);
    oscillator.stop(end);
    return oscillator;
  }

  function label(button, symbol, verb) {
    button.textContent = symbol;
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/^[^:]*/, verb));
  }

  function stop() {
    if (!playing) return;
    playing.output.disconnect();
    label(playing.button, "▶", "듣기");
    playing = null;
  }

  // 음들을 들려주고 [끄는 자리, 마지막 소리]를 돌려줘요.
  function hear(notes) {
    context ??= new Context();
    context.resume(); // 브라우저는 누르기 전까지 소리를 재워 둬요
    const output = context.createGain(), now = context.currentTime + 0.05;
    output.connect(context.destination);
    const tones = notes.map(([hertz, start, seconds]) => tone(output, hertz, now + start, seconds));
    return [output, tones[tones.length - 1]];
  }

  function play(button) {
    const [output, last] = hear(JSON.parse(button.dataset.sound));
    const mine = (playing = { button, output });
    label(button, "⏹", "멈추기");
    last.onended = () => playing === mine && stop();
  }

  document.querySelectorAll("button[data-sound]").forEach((button) => (button.hidden = false));
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button[data-sound]");
    if (!button) return;
    const again = playing?.button === button;
    stop();
    if (!again) play(button);
  });

  return { hear, stop };
})();
