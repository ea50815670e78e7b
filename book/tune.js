// 내 가락: 건반으로 음 몇 개를 주면 배운 신경망이 이어 써요. bplib.topics.melody.compose와 같은 걸음이고, 난수만 쪽의 것이에요.
const Tune = (() => {
  "use strict";
  const START = 0;
  const END = 1;

  // 음 [높이, 박]과 토큰 번호: 0은 시작, 1은 끝, 그다음이 높이들, 마지막이 길이들.
  const encode = ({ pitches, beats }, notes) => [
    START,
    ...notes.flatMap(([pitch, beat]) => [2 + pitches.indexOf(pitch), 2 + pitches.length + beats.indexOf(beat)]),
  ];

  // position번째에 올 수 있는 토큰: 홀수 자리에는 높이나 끝, 짝수 자리에는 길이.
  function allowed({ pitches, beats }, position) {
    const first = 2 + pitches.length;
    const count = position % 2 ? 1 + pitches.length : beats.length;
    return Array.from({ length: count }, (_, k) => (position % 2 ? END : first) + k);
  }

  // 토큰을 하나 읽을 때마다 다음 토큰의 점수 z를 내요.
  function reader({ layers: [embedding, cell, , out] }) {
    let state = new Float64Array(cell.n_out);
    return (token) => {
      state = cell.step(embedding.forward([token])[0], state);
      return out.forward(state, [cell.n_out])[0];
    };
  }

  // 읽은 토큰들 다음에 올 수 있는 토큰과 그 확률.
  function next(words, z, position, temperature) {
    const choices = allowed(words, position);
    return [choices, Forward.softmax(choices.map((k) => z[k]), temperature)];
  }

  function chances(net, words, notes, temperature) {
    const tokens = encode(words, notes);
    return next(words, tokens.map(reader(net)).at(-1), tokens.length, temperature);
  }

  // 이어 쓴 음들(준 음도 함께). 끝 토큰이 뽑히거나 음이 length개가 되면 멈춰요.
  function compose(net, words, given, { temperature, seed }) {
    const { uniform } = Engine.generator(seed);
    const read = reader(net);
    const tokens = encode(words, given);
    const notes = [...given];
    let z = tokens.map(read).at(-1);
    const draw = (position) => {
      const [choices, p] = next(words, z, position, temperature);
      let left = uniform();
      const k = p.findIndex((one) => (left -= one) < 0);
      const token = choices[k < 0 ? choices.length - 1 : k];
      z = read(token);
      return token;
    };
    while (notes.length < words.length) {
      const pitch = draw(2 * notes.length + 1);
      if (pitch === END) break;
      const beat = draw(2 * notes.length + 2);
      notes.push([words.pitches[pitch - 2], words.beats[beat - 2 - words.pitches.length]]);
    }
    return notes;
  }

  // 어느 노래와 높이도 길이도 같은 가장 긴 토막의 음의 수와 그 노래.
  function closest(notes, songs) {
    let best = [0, ""];
    for (const [title, song] of Object.entries(songs)) {
      let run = new Array(song.length + 1).fill(0);
      for (const [pitch, beat] of notes) {
        run = [0, ...song.map((other, j) => (other[0] === pitch && other[1] === beat ? run[j] + 1 : 0))];
        const most = Math.max(...run);
        if (most > best[0]) best = [most, title];
      }
    }
    return best;
  }

  // ── 쪽 ──

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  const svg = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  // 피아노 롤: 준 음은 속이 비고, 이어 쓴 음은 찼어요.
  function roll({ pitches, names }, notes, given) {
    const [width, height, left] = [340, 150, 30];
    const total = Math.max(8, notes.reduce((sum, [, beats]) => sum + beats, 0));
    const [low, high] = [pitches[0] - 1, pitches.at(-1) + 1];
    const x = (beat) => left + ((width - left) * beat) / total;
    const y = (pitch) => (height * (high - pitch)) / (high - low);
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "tu-roll", "aria-hidden": "true" });
    pitches.forEach((pitch, k) => {
      if (![0, 4, 7].includes(pitch % 12)) return;
      picture.append(svg("line", { x1: left, x2: width, y1: y(pitch), y2: y(pitch) }));
      const label = svg("text", { x: 0, y: y(pitch) + 4 });
      label.textContent = names[k];
      picture.append(label);
    });
    let at = 0;
    notes.forEach(([pitch, beats], k) => {
      const box = { x: x(at) + 1, width: Math.max(x(at + beats) - x(at) - 2, 1), y: y(pitch) - 3, height: 6 };
      picture.append(svg("rect", { ...box, class: k < given ? "tu-given" : "tu-made" }));
      at += beats;
    });
    return picture;
  }

  const choose = (label, options, chosen) => {
    const select = make("select", {}, ...options.map(([text, value]) => new Option(text, value)));
    select.value = chosen;
    return [make("label", { className: "tu-choice" }, label, select), select];
  };

  function open(root, words) {
    const given = [];
    let made = null; // 이어 쓴 뒤에는 음들, 아니면 null
    let seed = 0;
    const spell = (notes) => notes.map(([pitch, beats]) => `${words.names[words.pitches.indexOf(pitch)]} ${beats}박`).join(", ");
    const button = (text, act) => {
      const element = make("button", { type: "button", textContent: text, className: "bp-step" });
      element.addEventListener("click", act);
      return element;
    };

    const picture = make("div", { className: "tu-picture" });
    const text = make("p", { className: "bp-text" });
    text.setAttribute("aria-live", "polite");
    const sound = make("button", { type: "button", className: "bp-play", textContent: "▶ 듣기" });
    sound.setAttribute("aria-label", "듣기: 내 가락");
    const reading = make("p");

    function show(told) {
      window.Notes?.stop();
      const notes = made ?? given;
      picture.replaceChildren(roll(words, notes, given.length));
      let at = 0;
      const events = notes.map(([pitch, beats]) => {
        const second = 60 / words.tempo;
        const event = [words.hertz[words.pitches.indexOf(pitch)], at * second, beats * second];
        at += beats;
        return event;
      });
      sound.dataset.sound = JSON.stringify(events);
      sound.hidden = !notes.length || !window.Notes;
      reading.textContent = notes.length ? spell(notes) : "아직 없어요.";
      text.textContent = told;
    }
    const asked = () => {
      made = null;
      show(
        given.length
          ? `준 음 ${given.length}개: ${spell(given)}`
          : "준 음이 없어요. 건반을 눌러 가락을 주세요. 이대로 이어 쓰면 처음부터 지어요.",
      );
    };

    const [lengthLabel, length] = choose("길이", words.beats.map((beats) => [`${beats}박`, beats]), 1);
    const keys = make("div", { className: "tu-keys", role: "group" });
    keys.setAttribute("aria-label", "건반: 화살표로 옮기고 Enter로 눌러요. Backspace는 하나 지우기");
    words.pitches.forEach((pitch, k) => {
      const key = button(words.names[k], () => {
        if (given.length >= words.given) return show(`${words.given}음까지 줄 수 있어요. 이제 이어 쓰기를 눌러 보세요.`);
        given.push([pitch, Number(length.value)]);
        window.Notes?.hear([[words.hertz[k], 0, Math.min(0.5 * Number(length.value), 1)]]);
        asked();
      });
      keys.append(key);
    });
    keys.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      const at = [...keys.children].indexOf(document.activeElement);
      if (step) keys.children[Math.min(Math.max(at + step, 0), keys.children.length - 1)].focus();
      else if (event.key === "Backspace") drop();
      else return;
      event.preventDefault();
    });
    const replace = (notes) => {
      given.splice(0, given.length, ...notes);
      asked();
    };
    const drop = () => replace(given.slice(0, -1));

    const [learnedLabel, learned] = choose("배운 만큼", Object.entries(words.learned), "tune");
    const [heatLabel, heat] = choose("온도", words.temperatures.map((t) => [t.toFixed(1), t]), 1);
    async function write() {
      again.disabled = go.disabled = true;
      try {
        const net = await Forward.load(learned.value);
        made = compose(net, words, given, { temperature: Number(heat.value), seed });
        const written = made.slice(given.length);
        const [copied, title] = closest(written, words.songs);
        show(
          `씨앗 ${seed}: ${given.length ? `${given.length}음 다음에` : "처음부터"} ${written.length}음을 썼어요.` +
            (copied ? ` 그 가운데 배운 노래와 가장 길게 같은 토막은 ${copied}음: ${title}.` : ""),
        );
      } catch (error) {
        text.textContent = error.message;
      }
      again.disabled = go.disabled = false;
    }
    for (const control of [learned, heat]) control.addEventListener("change", () => made && (text.textContent = words.old));
    const go = button("이어 쓰기", write);
    const again = button("다시 (다음 씨앗)", () => {
      seed += 1;
      write();
    });

    root.replaceChildren(
      make("div", { className: "ow-buttons" }, lengthLabel, button("하나 지우기", drop), button("모두 지우기", () => replace([])),
        button("아리랑 첫 여덟 음", () => replace(words.example))),
      keys,
      make("div", { className: "ow-buttons" }, learnedLabel, heatLabel),
      make("div", { className: "ow-buttons" }, go, again, sound),
      picture,
      text,
      make("details", {}, make("summary", { textContent: "음 읽기" }), reading),
    );
    asked();
  }

  document.querySelectorAll('[data-own="tune"]').forEach((root) => {
    const start = make("button", { type: "button", className: "bp-step", textContent: "건반 열기" });
    const text = root.querySelector(".bp-text");
    start.addEventListener("click", async () => {
      start.disabled = true;
      try {
        open(root, (await Forward.load("tune")).extras);
        root.querySelector(".tu-keys button").focus();
      } catch (error) {
        text.textContent = error.message;
        start.disabled = false;
      }
    });
    text.textContent = "음 몇 개를 눌러 주면 신경망이 이어 써요. 열면 배운 수(약 40 KB)를 가져와요.";
    root.append(start);
  });

  return { allowed, chances, closest, compose };
})();
