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
    button.textContent = `${symbol} ${verb}`;
    button.setAttribute("aria-label", button.getAttribute("aria-label").replace(/^[^:]*/, verb));
  }

  function stop() {
    if (!playing) return;
    clearTimeout(playing.timer);
    playing.output.disconnect();
    label(playing.button, "▶", "듣기");
    playing = null;
  }

  function drop(broken) {
    if (broken !== context) return;
    context = null;
    stop();
    broken.close?.().catch(() => {}); // 이미 닫힌 것
  }

  // 아이폰은 전화가 오거나 화면이 꺼지면 소리를 끊고(interrupted), 끊긴 것은 다시 깨어나지 않기도 해요. 버리고 새로 만들어요.
  function wake() {
    if (context && context.awake && context.state !== "running") drop(context);
    if (!context) {
      const mine = (context = new Context());
      mine.onstatechange = () => mine.state !== "running" && drop(mine);
      if (navigator.audioSession) navigator.audioSession.type = "playback"; // 무음 스위치가 켜져 있어도 들려요
    }
    const mine = context; // 브라우저는 누르기 전까지 소리를 재워 둬요
    mine.resume().then(() => (mine.awake = true), () => drop(mine));
  }

  // 음들을 들려주고 [끄는 자리, 마지막 소리]를 돌려줘요.
  function hear(notes) {
    wake();
    const output = context.createGain(), now = context.currentTime + 0.05;
    output.connect(context.destination);
    const tones = notes.map(([hertz, start, seconds]) => tone(output, hertz, now + start, seconds));
    return [output, tones[tones.length - 1]];
  }

  // 무음 스위치를 넘지 못하는 옛 아이폰에서 처음 누르면, 까닭을 알려 줘요.
  function hint(button) {
    if (navigator.audioSession || !/iP(hone|ad|od)/.test(navigator.userAgent) || document.querySelector(".bp-mute")) return;
    const text = "소리가 들리지 않으면 무음 스위치가 켜져 있는지 봐 주세요.";
    button.parentElement.append(Object.assign(document.createElement("p"), { className: "bp-mute", role: "status", textContent: text }));
  }

  function play(button) {
    const notes = JSON.parse(button.dataset.sound), [output, last] = hear(notes);
    const mine = (playing = { button, output });
    label(button, "⏹", "멈추기");
    hint(button);
    last.onended = () => playing === mine && stop();
    // 깨어났다고 하면서 시계가 멎어 있는 장치는 끝을 알려 주지 않아요
    mine.timer = setTimeout(() => playing === mine && drop(context), 1000 * (Math.max(...notes.map(([, start, seconds]) => start + seconds)) + 2));
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
