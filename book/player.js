// 실험을 움직여요: 첫 장면의 SVG에, 고른 장면에서 달라지는 값만 입혀요.
// bplib/frames.py의 rebuild()와 같은 일을 해요. 두 결과가 같은지는 tests/browser가 확인해요.
(() => {
  "use strict";
  const TEXT = "#text", INNER = "#inner";

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

  function start(root) {
    const data = JSON.parse(root.querySelector('script[type="application/json"]').textContent);
    const frame = root.querySelector(".bp-frame");
    const text = root.querySelector(".bp-text");
    const inputs = [...root.querySelectorAll("input, select")];
    const paint = painter(frame, data);
    const position = (input) => (input.tagName === "SELECT" ? input.selectedIndex : Number(input.value));
    const put = (input, place) => (input.tagName === "SELECT" ? (input.selectedIndex = place) : (input.value = place));

    function update() {
      let number = 0;
      inputs.forEach((input, i) => {
        number = number * data.controls[i].length + position(input);
        if (input.tagName === "SELECT") return;
        const name = data.controls[i][position(input)];
        input.setAttribute("aria-valuetext", name);
        input.parentElement.querySelector("output").textContent = name;
      });
      paint(number);
      frame.setAttribute("aria-label", data.texts[number]);
      text.textContent = data.texts[number];
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

    // 주소의 #bp…=3.5는 이 실험의 조작을 3번과 5번 자리에 놓으라는 뜻이에요. 주소를 보내면 같은 장면이 열려요.
    function recall() {
      const [id, places = ""] = location.hash.slice(1).split("=");
      const numbers = places.split(".").map(Number);
      const fits = numbers.length === inputs.length && numbers.every((n, i) => Number.isInteger(n) && data.controls[i][n]);
      if (id !== root.id || !fits) return;
      inputs.forEach((input, i) => put(input, numbers[i]));
      update();
      root.scrollIntoView({ block: "center" });
    }
    const remember = () => history.replaceState(null, "", `#${root.id}=${inputs.map(position).join(".")}`);

    inputs.forEach((input) => {
      input.addEventListener("input", update);
      input.addEventListener("change", remember);
    });
    addEventListener("hashchange", recall);
    frame.addEventListener("click", pick);
    frame.addEventListener("pointerover", (event) => {
      frame.style.cursor = picked(event).length ? "pointer" : "";
    });
    root.querySelectorAll(".bp-play").forEach((button) => player(button, text, data.interval, update));
    root.querySelector(".bp-controls").disabled = false;
    recall();
  }

  // 재생 단추: 끝에 닿으면 처음부터. 움직임을 줄여 달라고 한 독자에게는 한 번에 한 칸씩 나아가요.
  function player(button, text, interval, update) {
    const slider = button.parentElement.querySelector("input");
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    let timer = 0;
    const step = () => {
      slider.value = slider.value === slider.max ? slider.min : Number(slider.value) + 1;
      if (slider.value === slider.max) stop(); // 먼저 멈춰야 마지막 설명을 낭독기가 읽어요
      update();
    };
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      button.textContent = "▶";
      button.setAttribute("aria-label", "재생");
      text.setAttribute("aria-live", "polite");
    };
    button.addEventListener("click", () => {
      if (timer) return stop();
      if (calm.matches) return step();
      text.setAttribute("aria-live", "off"); // 재생하는 동안 화면 낭독기가 설명을 쌓지 않게 해요.
      button.textContent = "⏸";
      button.setAttribute("aria-label", "멈춤");
      timer = setInterval(step, interval);
      step();
    });
    slider.addEventListener("pointerdown", () => timer && stop());
    slider.addEventListener("keydown", () => timer && stop());
  }

  document.querySelectorAll(".bp-experiment:not(.bp-exercise)").forEach((root) => {
    if (root.querySelector("script")) start(root);
  });
})();
