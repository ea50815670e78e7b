// 내 그림: 손가락, 마우스, 글쇠로 그은 획을 8×8 수로 고쳐 7장의 합성곱 신경망에 보여요.
// cells는 bplib/lab/drawing.py의 cells와 한 칸도 다르지 않아요(tests/browser/test_draw.py).
const Drawing = (() => {
  "use strict";

  const [SIDE, WIDTH, HEIGHT, STRETCH, PEN, THICKEST] = [32, 20, 32, 2, 1 / 12, 1 / 6];
  const [THIN, THINNER, THICK, THICKER] = [256, 108, 412, 560];

  // ── 획 → 32×32 비트맵 → 8×8칸의 켜진 화소 수 ──

  // strokes: 획마다 [[x, y], …]. 캔버스는 0~1, y는 아래로 커져요.
  function cells(strokes, pen = PEN) {
    const counts = new Array(64).fill(0);
    const segments = strokes.flatMap((points) =>
      points.length === 1 ? [[points[0], points[0]]] : points.slice(1).map((point, i) => [points[i], point]));
    if (!segments.length) return counts;
    const size = Math.max(...[0, 1].map((k) => {
      const along = segments.flatMap((ends) => ends.map((point) => point[k]));
      return Math.max(...along) - Math.min(...along);
    }));
    if (size > 0) pen = Math.min(pen, THICKEST * size); // 작게 쓴 글씨의 속이 메워지지 않게
    upright(evenInk(bitmap(segments, pen / 2))).forEach((on, p) => {
      if (on) counts[Math.floor(p / SIDE / 4) * 8 + Math.floor((p % SIDE) / 4)]++;
    });
    return counts;
  }

  // 글씨를 오려 20×32로 늘린 비트맵. 화소의 가운데가 붓 자국 속이면 켜져요.
  function bitmap(segments, radius) {
    const [low, high] = [[Infinity, Infinity], [-Infinity, -Infinity]];
    for (const ends of segments)
      for (const point of ends)
        point.forEach((at, k) => {
          low[k] = Math.min(low[k], at - radius);
          high[k] = Math.max(high[k], at + radius);
        });
    const fit = [WIDTH / (high[0] - low[0]), HEIGHT / (high[1] - low[1])];
    const scale = fit.map((one, k) => Math.min(one, STRETCH * fit[1 - k]));
    const place = (i, k) => (low[k] + high[k]) / 2 + (i + 0.5 - SIDE / 2) / scale[k];
    const bits = new Uint8Array(SIDE * SIDE);
    for (let r = 0; r < SIDE; r++)
      for (let c = 0; c < SIDE; c++) {
        const [x, y] = [place(c, 0), place(r, 1)];
        bits[r * SIDE + c] = segments.some(([[x0, y0], [x1, y1]]) => {
          const [dx, dy, px, py] = [x1 - x0, y1 - y0, x - x0, y - y0];
          const length = dx * dx + dy * dy;
          const along = Math.min(Math.max((px * dx + py * dy) / (length > 0 ? length : 1), 0), 1);
          return (px - along * dx) ** 2 + (py - along * dy) ** 2 <= radius * radius;
        });
      }
    return bits;
  }

  // 켜진 화소가 적으면 한두 겹 입히고, 많으면 한두 겹 벗겨요. 그림 밖은 꺼져 있어요.
  function evenInk(bits) {
    const ink = bits.reduce((sum, on) => sum + on, 0);
    const layer = (from, most) =>
      from.map((on, p) => {
        const c = p % SIDE;
        const around = [on, from[p - SIDE] ?? 0, from[p + SIDE] ?? 0, c ? from[p - 1] : 0, c < SIDE - 1 ? from[p + 1] : 0];
        return most ? Math.max(...around) : Math.min(...around);
      });
    for (let k = (ink < THIN) + (ink < THINNER); k > 0; k--) bits = layer(bits, true);
    for (let k = (ink > THICK) + (ink > THICKER); k > 0; k--) bits = layer(bits, false);
    return bits;
  }

  // 맨 위와 맨 아래에서 둘째 줄 안쪽의 왼쪽 끝이 같은 열에 오게, 줄마다 옆으로 밀어요.
  function upright(bits) {
    const left = (r) => bits.subarray(r * SIDE, (r + 1) * SIDE).indexOf(1);
    const rows = [...Array(SIDE).keys()].filter((r) => left(r) >= 0);
    const [top, bottom] = [rows[0] + 2, rows.at(-1) - 2];
    if (!rows.length || rows.at(-1) - rows[0] < 5 || left(top) < 0 || left(bottom) < 0) return bits;
    const slope = (left(top) - left(bottom)) / (bottom - top);
    const made = new Uint8Array(SIDE * SIDE);
    for (let r = 0; r < SIDE; r++) {
      const shift = Math.floor((r - SIDE / 2) * slope + 0.5);
      for (let c = 0; c < SIDE; c++)
        if (bits[r * SIDE + c] && c + shift >= 0 && c + shift < SIDE) made[r * SIDE + c + shift] = 1;
    }
    return made;
  }

  // 8×8 그림을 아래로 dy, 오른쪽으로 dx칸. 밖으로 나간 것은 버려요.
  function moved(picture, dy, dx) {
    return picture.map((_, p) => {
      const [r, c] = [Math.floor(p / 8) - dy, (p % 8) - dx];
      return r >= 0 && r < 8 && c >= 0 && c < 8 ? picture[r * 8 + c] : 0;
    });
  }

  // 신경망의 대답: 확률 열 개, 대답, 그리고 대답의 z를 화소마다 얼마나 밀었나(기울기 × 화소).
  function read(net, picture) {
    const x = picture.map((count) => count / 16);
    const z = net.forward(x, [1, 8, 8]);
    const answer = z.indexOf(Math.max(...z));
    const gradient = net.backward(z.map((_, k) => (k === answer ? 1 : 0)));
    return { p: Forward.softmax(z), answer, push: x.map((one, i) => one * gradient[i]) };
  }

  // ── 쪽 ──

  const [MOST, FAR] = [400, 3]; // 그을 수 있는 점의 수, 옮길 수 있는 칸의 수
  const FULL = "종이가 찼어요. 더 그으려면 지우기를 누르세요.";
  const EMPTY = "아직 빈 종이예요. 위의 칸에 손가락이나 마우스로 숫자를 하나 그려 보세요.";
  const WAYS = { "←": ["왼쪽", 0, -1], "↑": ["위", -1, 0], "↓": ["아래", 1, 0], "→": ["오른쪽", 0, 1] };
  const KEYS = { ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowRight: [1, 0] };
  const SVG = "http://www.w3.org/2000/svg";

  function make(tag, attributes = {}, ...children) {
    const shape = ["svg", "rect", "text", "polyline", "circle", "g", "title"].includes(tag);
    const element = shape ? document.createElementNS(SVG, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  // 8×8 칸의 그림. paint(수마다의 [진하기, 글, 모양 이름], 한마디)로 칠해요. 화면 낭독기는 칸 예순넷 대신 그 한마디를 읽어요.
  function board(label) {
    const squares = [...Array(64).keys()].map((p) => {
      const [x, y] = [(p % 8) * 10, Math.floor(p / 8) * 10];
      return [make("rect", { x, y, width: 10, height: 10 }), make("text", { x: x + 5, y: y + 6.8 })];
    });
    const svg = make("svg", { viewBox: "-0.5 -0.5 81 81", class: "dr-board", role: "img" }, ...squares.flat());
    const paint = (looks, told) => {
      svg.setAttribute("aria-label", `${label}: ${told}`);
      looks.forEach(([strength, words, kind], p) => {
        const [rect, text] = squares[p];
        rect.setAttribute("class", kind);
        rect.style.fillOpacity = strength.toFixed(2);
        text.textContent = words;
        text.setAttribute("class", strength > 0.55 ? "dr-over" : "");
      });
    };
    return { svg, paint };
  }

  class Lab {
    constructor(root) {
      this.strokes = [];
      this.shift = [0, 0];
      this.cursor = [3, 3]; // 글쇠로 움직이는 붓, 8×8칸
      this.seen = board("신경망이 보는 8×8 수");
      this.pushed = board("기울기 × 화소");
      this.build(root);
      this.show();
    }

    build(root) {
      this.ink = make("g");
      this.tip = make("circle", { class: "dr-tip", r: 4 });
      const help = { "aria-label": "그리는 칸", "aria-description": "화살표로 붓을 옮기고, 스페이스로 붓을 대거나 떼요." };
      this.pad = make("svg", { viewBox: "0 0 100 100", class: "dr-pad", tabindex: 0, role: "application", ...help }, this.ink, this.tip);
      this.big = make("p", { class: "dr-big", "aria-hidden": "true" }); // 글(text)과 같은 대답을 크게
      this.bars = [...Array(10).keys()].map((digit) => {
        const [fill, value] = [make("span", { class: "ow-fill" }), make("span", { class: "ow-value" })];
        return { row: make("li", {}, make("span", { class: "ow-name" }, `${digit}`), make("span", { class: "ow-track" }, fill), value), fill, value };
      });
      this.text = make("p", { class: "bp-text dr-answer", role: "status" });
      this.pick = make("select", { "aria-label": "시험 그림 불러오기" }, make("option", { value: "" }, "시험 그림"));
      const button = (name, label, act) => {
        const made = make("button", { type: "button", class: "bp-play", "aria-label": label }, name);
        made.addEventListener("click", act);
        return made;
      };
      const panel = (area, caption, ...content) => {
        const made = make("figure", { class: "dr-panel" }, make("figcaption", {}, caption), ...content);
        made.style.gridArea = area;
        return made;
      };
      const clear = button("지우기", "모두 지우기", () => this.clear());
      clear.addEventListener("pointerup", () => this.clear()); // 긋고 곧바로 톡 치면 브라우저가 click을 보내지 않기도 해요
      const ways = Object.entries(WAYS).map(([arrow, [side, dy, dx]]) =>
        button(arrow, `그림을 ${side}${side === "위" || side === "아래" ? "로" : "으로"} 한 칸 옮기기`, () => this.move(dy, dx)));
      const facts = root.querySelector(".ow-facts");
      root.replaceChildren(
        make("div", { class: "dr-panels" },
          panel("pad", "여기에 그리세요", this.pad), panel("answer", "대답", this.big, clear),
          panel("bars", "확률", make("ol", { class: "ow-bars", "aria-label": "숫자마다의 확률" }, ...this.bars.map(({ row }) => row))),
          make("div", { class: "dr-hand" },
            make("div", { class: "ow-buttons" }, this.pick,
              make("span", { class: "dr-move", role: "group", "aria-label": "한 칸 옮기기" }, make("span", {}, "한 칸 옮기기"), ...ways)),
            this.text),
          panel("seen", "신경망이 보는 수", this.seen.svg), panel("pushed", "기울기 × 화소", this.pushed.svg)),
        facts);
      this.pick.addEventListener("pointerdown", () => this.wake());
      this.pick.addEventListener("focus", () => this.wake());
      this.pick.addEventListener("change", () => this.choose());
      this.listen();
    }

    // 처음 만질 때 신경망 둘을 가져와요.
    async wake() {
      this.absence = "신경망을 가져오고 있어요 …";
      try {
        const [net, plain] = await Promise.all([Forward.load("digits"), Forward.load("digits_plain")]);
        if (this.net) return;
        [this.net, this.plain] = [net, plain];
        net.extras.examples.forEach((_, k) => this.pick.append(make("option", { value: k }, `${k}의 글씨`)));
        this.show();
      } catch (error) {
        this.absence = error.message;
        this.show();
      }
    }

    listen() {
      const at = (event) => {
        const box = this.pad.getBoundingClientRect();
        return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      };
      let finger = null; // 긋고 있는 손가락
      this.pad.addEventListener("pointerdown", (event) => {
        if (finger !== null || event.button) return;
        finger = event.pointerId;
        this.pad.setPointerCapture(finger);
        this.begin(at(event));
      });
      this.pad.addEventListener("pointermove", (event) => {
        if (event.pointerId !== finger) return;
        for (const one of event.getCoalescedEvents?.() ?? [event]) this.extend(at(one));
      });
      const end = (event) => {
        if (event.pointerId !== finger) return;
        finger = null;
        this.lift("");
      };
      this.pad.addEventListener("pointerup", end);
      this.pad.addEventListener("pointercancel", end);
      this.pad.addEventListener("keydown", (event) => this.key(event));
    }

    key(event) {
      const way = KEYS[event.key];
      if (!way && event.key !== " ") return;
      event.preventDefault();
      const spot = () => this.cursor.map((k) => (k + 0.5) / 8);
      if (way) {
        this.cursor = this.cursor.map((k, axis) => Math.min(Math.max(k + way[axis], 0), 7));
        if (this.down) this.extend(spot());
        this.show();
      } else if (this.down) this.lift("붓을 뗐어요.");
      else this.begin(spot());
    }

    // 새 획. 불러온 그림이 있으면 새 종이에서 시작해요.
    begin(point) {
      this.wake();
      Object.assign(this, { example: undefined, shift: [0, 0], down: true, pen: "붓을 댔어요." });
      this.pick.value = "";
      if (!this.full()) this.strokes.push([point]);
      this.later();
    }

    extend(point) {
      const stroke = this.strokes.at(-1);
      if (!stroke || this.full() || Math.hypot(point[0] - stroke.at(-1)[0], point[1] - stroke.at(-1)[1]) < 0.008) return;
      stroke.push(point);
      this.later();
    }

    lift(pen) {
      Object.assign(this, { down: false, pen });
      this.show();
    }

    full() {
      return this.strokes.reduce((sum, points) => sum + points.length, 0) >= MOST;
    }

    clear() {
      Object.assign(this, { strokes: [], example: undefined, shift: [0, 0] });
      this.pick.value = "";
      this.lift("");
    }

    async choose() {
      await this.wake();
      const example = this.net?.extras.examples[this.pick.value];
      Object.assign(this, { strokes: [], example, shift: [0, 0] });
      this.lift("");
    }

    async move(dy, dx) {
      await this.wake();
      const shift = [this.shift[0] + dy, this.shift[1] + dx];
      const far = Math.max(...shift.map(Math.abs)) > FAR;
      Object.assign(this, { pen: "", shift: far ? this.shift : shift });
      this.show(far ? `${FAR}칸까지만 옮길 수 있어요.` : "");
    }

    // 긋는 동안에는 화면이 그려질 때마다 한 번만.
    later() {
      this.drawing ??= requestAnimationFrame(() => this.show());
    }

    show(note) {
      cancelAnimationFrame(this.drawing);
      this.drawing = undefined;
      this.ink.replaceChildren(...this.strokes.map((points) => {
        const line = points.length > 1 ? points : [points[0], points[0]];
        return make("polyline", { points: line.map(([x, y]) => `${100 * x},${100 * y}`).join(" "), "stroke-width": 100 * PEN });
      }));
      this.tip.setAttribute("cx", 12.5 * this.cursor[0] + 6.25);
      this.tip.setAttribute("cy", 12.5 * this.cursor[1] + 6.25);
      this.tip.classList.toggle("dr-down", this.down === true);
      const still = this.example ?? cells(this.strokes);
      const picture = moved(still, ...this.shift);
      this.seen.paint(picture.map((count) => [count / 16, count || "", "dr-ink"]), `0이 아닌 칸 ${picture.filter(Boolean).length}개`);
      const answer = this.answer(still, picture);
      const told = [this.full() && FULL, note, this.pen, !this.down && answer].filter(Boolean).join(" ");
      if (this.text.textContent !== told) this.text.textContent = told; // 같은 말을 두 번 읽어 주지 않게
    }

    // 대답을 그림과 막대로 보이고, 글로 돌려줘요.
    answer(still, picture) {
      if (!this.net || !picture.some(Boolean)) {
        this.pushed.paint(picture.map(() => [0, "", "dr-ink"]), "아직 대답이 없어요");
        this.bars.forEach((bar) => this.setBar(bar, 0, "", false));
        this.big.replaceChildren("?", make("small", {}, "\u00a0")); // 대답이 와도 지우기 단추가 제자리에 있게
        return picture.some(Boolean) ? this.absence : still.some(Boolean) ? "그림이 밖으로 나갔어요." : EMPTY;
      }
      const { p, answer, push } = read(this.net, picture);
      const most = Math.max(...push.map(Math.abs), 1e-9);
      const looks = push.map((one) => {
        const share = Math.abs(one) / most;
        return [share, share < 0.12 ? "" : one > 0 ? "+" : "−", one > 0 ? "dr-plus" : "dr-minus"];
      });
      const count = (sign) => looks.filter(([, words]) => words === sign).length;
      this.pushed.paint(looks, `대답(${answer})을 민 칸 ${count("+")}개, 막은 칸 ${count("−")}개`);
      this.bars.forEach((bar, digit) => this.setBar(bar, p[digit], p[digit].toFixed(2), digit === answer));
      this.big.replaceChildren(`${answer}`, make("small", {}, `확률 ${p[answer].toFixed(2)}`));
      const plain = read(this.plain, picture);
      const [dy, dx] = this.shift;
      const far = [dx && `${dx > 0 ? "오른쪽" : "왼쪽"}으로 ${Math.abs(dx)}칸`, dy && `${dy > 0 ? "아래" : "위"}로 ${Math.abs(dy)}칸`].filter(Boolean);
      return (
        `${far.length ? `${far.join(", ")} 옮긴 그림: ` : ""}대답은 ${answer}, 확률 ${p[answer].toFixed(2)}. ` +
        `옮긴 글씨를 못 본 신경망은 ${plain.answer}, ${plain.p[plain.answer].toFixed(2)}.`
      );
    }

    setBar({ row, fill, value }, share, words, chosen) {
      fill.style.width = `${(100 * share).toFixed(1)}%`;
      value.textContent = words;
      row.classList.toggle("ow-chosen", chosen);
    }
  }

  document.querySelectorAll('[data-own="digits"]').forEach((root) => new Lab(root));
  return { cells, moved, read };
})();
