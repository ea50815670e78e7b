// 실험을 움직여요: 첫 장면의 SVG에, 고른 장면에서 달라지는 값만 입혀요.
// bplib/frames.py의 rebuild()와 같은 일을 해요. 두 결과가 같은지는 tests/browser가 확인해요.
(() => {
  "use strict";
  const TEXT = "#text", INNER = "#inner";
  const READING = 40; // 재생할 때 새로 적힌 글자마다 머무는 시간 (ms)
  const SPEEDS = [1, 2, 4, 0.5];

  function read(node, name) {
    if (name === TEXT) return node.textContent;
    if (name === INNER) return [...node.childNodes];
    return node.getAttribute(name);
  }

  function write(node, name, value) {
    if (name === TEXT) node.textContent = value;
    else if (name === INNER) Array.isArray(value) ? node.replaceChildren(...value) : (node.innerHTML = value);
    else if (value === null) node.removeAttribute(name);
    else node.setAttribute(name, value);
  }

  // 장면을 바꾸는 함수를 돌려줘요. 처음 값은 바꾸기 직전에 적어 두었다가 되돌릴 때 써요.
  function painter(frame, data) {
    const nodes = [frame, ...frame.querySelectorAll("*")];
    const original = new Map();
    let shown = new Map();
    return (number) => {
      const wanted = new Map();
      const delta = data.deltas[number];
      for (let i = 0; i < delta.length; i += 3) wanted.set(delta[i] + " " + delta[i + 1], delta.slice(i, i + 3));
      for (const [key, [node, name]] of shown) {
        if (!wanted.has(key)) write(nodes[node], data.attributes[name], original.get(key));
      }
      for (const [key, [node, name, value]] of wanted) {
        const attribute = data.attributes[name];
        if (!original.has(key)) original.set(key, read(nodes[node], attribute));
        write(nodes[node], attribute, data.values[value]);
      }
      shown = wanted;
    };
  }

  const moved = new Map(); // 움직인 실험의 id → 자리 "3.5". 마지막에 움직인 것이 끝에 있어요

  // 실험 하나를 켜고, 주소에 적힌 자리로 옮기는 함수를 돌려줘요.
  function start(root) {
    const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    const [panel, frame, text] = [".bp-controls", ".bp-frame", ".bp-text"].map((name) => root.querySelector(name));
    const inputs = [...panel.querySelectorAll("input, select")];
    const paint = painter(frame, data);
    const position = (input) => (input.tagName === "SELECT" ? input.selectedIndex : Number(input.value));
    const put = (input, place) => (input.tagName === "SELECT" ? (input.selectedIndex = place) : (input.value = place));
    const positions = () => inputs.map(position);
    const number = (places) => places.reduce((n, place, i) => n * data.controls[i].length + place, 0);

    function update() {
      const places = positions(), now = number(places);
      inputs.forEach((input, i) => {
        if (input.tagName === "SELECT") return;
        const name = data.controls[i][places[i]];
        input.setAttribute("aria-valuetext", name);
        input.parentElement.querySelector("output").textContent = name;
      });
      paint(now);
      frame.setAttribute("aria-label", data.texts[now]);
      text.textContent = data.texts[now];
      rings.forEach((ring) => ring.place());
    }

    function move(places) {
      places.forEach((place, i) => put(inputs[i], place));
      update();
    }

    // 누른 그림 조각의 이름으로 시작하는 것을 조작판에서 찾아요: [조작, 자리]의 목록.
    function picked(event) {
      const name = event.target.closest("[data-pick]")?.dataset.pick;
      const matches = (shown) => shown === name || shown.startsWith(name + ":");
      return inputs
        .map((input, i) => [input, name ? data.controls[i].findIndex(matches) : -1])
        .filter(([, found]) => found >= 0);
    }

    // 그림 조각을 누르면 그것을 골라요. 키보드로는 목록에서 고르면 돼요.
    function pick(event) {
      picked(event).forEach(([input, found]) => {
        put(input, found);
        update();
      });
      if (picked(event).length) remember();
    }

    // 주소의 bp…=3.5는 이 실험의 조작을 3번과 5번 자리에 놓으라는 뜻이에요.
    function recall(written) {
      const places = written.split(".").map(Number);
      if (places.length !== inputs.length || !places.every((n, i) => Number.isInteger(n) && data.controls[i][n])) return false;
      move(places);
      return true;
    }

    function remember() {
      moved.delete(root.id);
      moved.set(root.id, positions().join("."));
      history.replaceState(null, "", `#${[...moved].map((one) => one.join("=")).join("&")}`);
    }

    inputs.forEach((input) => {
      input.addEventListener("input", update);
      input.addEventListener("change", remember);
    });
    frame.addEventListener("click", pick);
    frame.addEventListener("pointerover", (event) => {
      frame.style.cursor = picked(event).length ? "pointer" : "";
    });
    const stops = [...root.querySelectorAll(".bp-player")].map((row) => player(row, text, data.interval, update, remember));
    const scene = { root, frame, data, positions, number, move, remember, stop: () => stops.forEach((stop) => stop()) };
    const rings = data.handles.map((handle) => draggable(scene, handle));
    panel.disabled = false;
    return { panel, frame, text, texts: data.texts, rings, recall, width: 0 };
  }

  // 손잡이 하나: 끌면, 제 조작만 바꾼 장면 가운데 손잡이가 손가락에 가장 가까워지는 것을 골라요.
  // 손잡이가 장면마다 그림의 어디에 놓이는지(at)는 책을 지을 때 적어 두었어요. 글쇠와 낭독기는 조작판을 써요.
  function draggable({ root, frame, data, positions, number, move, remember, stop }, { figure, controls, along, at }) {
    const mark = (className) => root.appendChild(Object.assign(document.createElement("span"), { className, ariaHidden: "true" }));
    const ring = mark("bp-handle");
    const axes = [0, 1].filter((axis) => along.includes("xy"[axis]));
    let corner = [0, 0], scale = 0, grip = [0, 0], spots = [];

    // 그림의 왼쪽 위와 배율. 그림이 보이지 않으면 배율이 0이에요.
    function measure() {
      const { a, e, f } = frame.querySelectorAll("svg")[figure].getScreenCTM(), home = root.getBoundingClientRect();
      corner = [e - home.left - root.clientLeft, f - home.top - root.clientTop];
      scale = a;
    }

    function lay(dot, spot) {
      dot.hidden = !spot || !scale;
      if (spot) dot.style.translate = corner.map((start, axis) => `${start + scale * spot[axis]}px`).join(" ");
    }
    const place = () => lay(ring, at[number(positions())]);

    // 손가락이 그림의 어디에 있나
    function point(event) {
      const home = root.getBoundingClientRect();
      const inside = [event.clientX - home.left - root.clientLeft, event.clientY - home.top - root.clientTop];
      return inside.map((value, axis) => (value - corner[axis]) / scale);
    }

    // 이 손잡이로 갈 수 있는 자리: [조작의 자리, 손잡이의 자리].
    function reachable() {
      let all = [positions()];
      for (const i of controls) all = all.flatMap((one) => data.controls[i].map((_, k) => Object.assign([...one], { [i]: k })));
      return all.map((places) => [places, at[number(places)]]).filter(([, spot]) => spot);
    }

    // 손잡이가 겹치는 자리(한 바퀴 돈 톱니바퀴)에서는 지금에서 덜 움직인 쪽을 골라요.
    function nearest(want) {
      const now = positions();
      const far = ([places, spot]) => Math.hypot(...axes.map((axis) => spot[axis] - want[axis]))
        + 0.01 * places.reduce((sum, place, i) => sum + Math.abs(place - now[i]), 0);
      return reachable().reduce((best, one) => (far(one) < far(best) ? one : best))[0];
    }

    ring.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      stop();
      ring.setPointerCapture(event.pointerId);
      const spot = at[number(positions())];
      grip = point(event).map((value, axis) => value - spot[axis]);
      spots = reachable().map(([, there]) => [mark("bp-spot"), there]);
      spots.forEach(([dot, there]) => lay(dot, there));
    });
    ring.addEventListener("pointermove", (event) => {
      if (!ring.hasPointerCapture(event.pointerId)) return;
      const places = nearest(point(event).map((value, axis) => value - grip[axis]));
      if (number(places) !== number(positions())) move(places);
    });
    ring.addEventListener("lostpointercapture", () => {
      spots.forEach(([dot]) => dot.remove());
      remember();
    });
    return { measure, place };
  }

  // 가장 높은 설명의 자리를 비워 둬, 설명의 줄 수가 바뀌어도 아래의 글이 움직이지 않게 해요. 긴 것 몇만 한 칸에 겹쳐 재요.
  // 하나씩 재면 그때마다 쪽 전체가 다시 놓여서, 모아서 한 번에 재요.
  function reserve(some) {
    const length = (one) => one.length + one.replace(/[^가-힣]/g, "").length; // 한글은 두 칸
    const probes = some.map(({ text, texts }) => {
      const longest = [...new Set(texts)].sort((a, b) => length(b) - length(a)).slice(0, 12);
      const probe = Object.assign(document.createElement("p"), { className: "bp-text bp-probe" });
      probe.append(...longest.map((one) => Object.assign(document.createElement("span"), { textContent: one })));
      text.after(probe);
      return probe;
    });
    const heights = probes.map((probe) => probe.getBoundingClientRect().height);
    some.forEach((one) => { one.width = one.frame.clientWidth; });
    some.forEach(({ text }, i) => {
      text.style.minHeight = `${heights[i]}px`;
      probes[i].remove();
    });
  }

  // 앞의 글에 없던 낱말의 글자 수: 다음 장면에서 읽을 것은 바뀐 수뿐이에요.
  function fresh(before, now) {
    const known = new Set(before.split(" "));
    return now.split(" ").filter((word) => !known.has(word)).join(" ").length;
  }

  // 재생 단추: 끝에 닿으면 처음부터. 움직임을 줄여 달라고 한 독자에게는 한 번에 한 칸씩 나아가요. 멈추는 함수를 돌려줘요.
  function player(row, text, least, update, remember) {
    const slider = row.parentElement.querySelector("input");
    const [button, speed] = [".bp-play", ".bp-speed"].map((name) => row.querySelector(name));
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    let timer = 0, playing = false, pace = 1;
    const show = (on) => {
      playing = on;
      clearTimeout(timer);
      button.textContent = on ? "⏸" : "▶";
      button.setAttribute("aria-label", on ? "멈춤" : "재생");
      text.setAttribute("aria-live", on ? "off" : "polite"); // 재생하는 동안 화면 낭독기가 설명을 쌓지 않게 해요.
    };
    const stop = () => {
      if (!playing) return;
      show(false);
      remember();
    };
    const step = () => {
      const before = text.textContent;
      slider.value = slider.value === slider.max ? slider.min : Number(slider.value) + 1;
      if (slider.value === slider.max || calm.matches) stop(); // 먼저 멈춰야 마지막 설명을 낭독기가 읽어요
      update();
      if (playing) timer = setTimeout(step, Math.max(least, READING * fresh(before, text.textContent)) / pace);
    };
    button.addEventListener("click", () => {
      if (playing) return stop();
      show(true);
      step();
    });
    row.querySelectorAll(".bp-step").forEach((one) => one.addEventListener("click", () => {
      stop();
      slider.value = Number(slider.value) + Number(one.value);
      update();
      remember();
    }));
    speed.addEventListener("click", () => {
      pace = SPEEDS[(SPEEDS.indexOf(pace) + 1) % SPEEDS.length];
      speed.textContent = `${pace}×`;
      speed.setAttribute("aria-label", `빠르기 ${pace}배`);
    });
    slider.addEventListener("pointerdown", stop);
    slider.addEventListener("keydown", stop);
    return stop;
  }

  const live = new Map([...document.querySelectorAll(".bp-experiment:not(.bp-exercise)")]
    .filter((root) => root.querySelector(".bp-controls"))
    .map((root) => [root.id, start(root)]));
  // 그림의 자리와 글의 높이는 폭이 바뀔 때만 달라져요. 아직 재지 않은 것은 폭을 묻지 않아요: 묻기만 해도 쪽이 한 번 더 놓여요.
  const all = [...live.values()], rings = all.flatMap((one) => one.rings);
  function measure() {
    reserve(all.filter(({ frame, width }) => !width || frame.clientWidth !== width));
    rings.forEach((ring) => ring.measure());
    rings.forEach((ring) => ring.place());
  }
  measure();
  const watcher = new ResizeObserver(measure);
  all.forEach(({ frame, panel }) => [frame, panel].forEach((part) => watcher.observe(part)));

  // 주소에는 움직인 실험이 모두 적혀 있어요(#bp…=3.5&bp…=0). 주소를 보내거나 돌아오면 같은 장면이 열리고, 마지막에 움직인 것이 보여요.
  function recallAll() {
    let last = "";
    for (const [id, places = ""] of location.hash.slice(1).split("&").map((one) => one.split("="))) {
      if (!live.get(id)?.recall(places)) continue;
      moved.delete(id);
      moved.set((last = id), places);
    }
    // 아직 걸지 않은 내기의 결과 속에 있으면 그 내기부터 보여요
    const place = document.getElementById(last), closed = place?.closest(".bp-after:not(.bp-open)");
    (closed ? document.querySelector(`.bp-bet[data-number="${closed.dataset.bet}"]`) : place)?.scrollIntoView();
  }
  addEventListener("hashchange", recallAll);
  recallAll(); // 모두 제 높이가 된 다음에 화면을 옮겨요

  // 쪽을 쓸어 넘기던 손가락이 막대를 스치면, 브라우저는 막대를 옮긴 뒤에야 쓸기인 줄 알고 손짓을 거둬요(pointercancel).
  // 그래서 옆으로 밀거나 손가락을 뗄 때까지는 막대의 소식(input)을 붙들어 두고, 거두면 막대만 처음 자리에 놓아요. 실험실의 막대도요.
  let held = null;
  const tell = () => held.slider.dispatchEvent(new Event("input", { bubbles: true }));
  const watch = (kind, act) => addEventListener(kind, (event) => held && act(event), true);
  addEventListener("pointerdown", ({ target, pointerType, clientX }) => {
    held = target.type === "range" && pointerType !== "mouse" ? { slider: target, value: target.value, clientX } : null;
  }, true);
  watch("input", (event) => {
    if (held.free || event.target !== held.slider) return;
    held.waiting = true;
    event.stopImmediatePropagation();
  });
  const release = () => {
    held.free = true;
    if (held.waiting) tell();
    held.waiting = false;
  };
  watch("pointermove", ({ clientX }) => Math.abs(clientX - held.clientX) > 5 && release());
  watch("pointerup", () => {
    release();
    held = null;
  });
  watch("pointercancel", () => {
    held.slider.value = held.value;
    if (held.free) tell();
    held = null;
  });
})();
