// 자유 실험실: 신경망을 짓고, 배우게 하고, 뜯어봐요. 계산은 모두 engine.js가 하고, 여기는 보여 주고 듣기만 해요.
(() => {
  "use strict";

  // ── 고를 수 있는 것 ──

  const DATA = { rings: "원판과 고리", xor: "XOR", moons: "두 초승달", spirals: "두 나선", line: "곡선 맞추기(회귀)", own: "내 점" };
  const LOSSES = {
    BinaryCrossEntropy: "이진 교차 엔트로피",
    HalfSquaredError: "제곱 오차의 절반",
    MeanSquaredError: "평균 제곱 오차",
    SoftmaxCrossEntropy: "소프트맥스 교차 엔트로피(출력 둘)",
  };
  const ACTIVATIONS = { Tanh: "tanh", Sigmoid: "시그모이드", ReLU: "ReLU", LeakyReLU: "LeakyReLU", Identity: "항등" };
  const INITS = { xavier: "Xavier", he: "He", normal: "정규분포(σ = 1)", zeros: "모두 0" };
  const OPTIMIZERS = {
    sgd: ["경사 하강법", { name: "SGD" }],
    momentum: ["모멘텀 0.9", { name: "SGD", momentum: 0.9 }],
    nesterov: ["네스테로프 0.9", { name: "SGD", momentum: 0.9, nesterov: true }],
    adam: ["Adam", { name: "Adam" }],
  };
  const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
  const named = (list, unit = "") => Object.fromEntries(list.map((one) => [one, `${one}${unit}`]));
  const CHOICES = {
    data: ["자료", DATA],
    noise: ["잡음", named([0, 0.05, 0.1, 0.2, 0.4])],
    count: ["점의 수", named([20, 60, 120, 200], "개")],
    holdout: ["검증용", { 0: "없음", 4: "넷에 하나" }],
    activation: ["은닉층의 활성화", ACTIVATIONS],
    init: ["초기화", INITS],
    loss: ["손실", LOSSES],
    optimizer: ["최적화", Object.fromEntries(Object.entries(OPTIMIZERS).map(([key, [name]]) => [key, name]))],
    lr: ["학습률 η", named(RATES)],
    batch: ["배치", { 0: "전체", 1: "1개", 8: "8개", 32: "32개" }],
    l2: ["L2의 λ", named([0, 0.0001, 0.001, 0.01, 0.1])],
    seed: ["씨앗", named([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])],
  };
  const TEXTS = new Set(["data", "activation", "init", "loss", "optimizer"]); // 나머지는 수예요
  const MAKES_POINTS = new Set(["data", "noise", "count", "seed"]); // 바꾸면 점을 새로 만들어요(손으로 놓은 점은 그대로)
  const START = {
    data: "rings", noise: 0.1, count: 120, holdout: 4, hidden: [4], activation: "Tanh", init: "xavier",
    loss: "BinaryCrossEntropy", optimizer: "sgd", lr: 0.3, batch: 8, l2: 0, seed: 0, story: "start",
  };
  // 해 볼 거리: 차려 둘 것(state)과 목표, 목표를 이루었는지(done). 이름은 노트북의 절 제목과 같아요.
  const PRESETS = {
    start: { title: "처음 모습", state: {} },
    formula: {
      title: "그림이 식이 된다", goal: "‘한 단계’를 눌러, 표본 하나를 ①에서 ⑤까지 보내기",
      state: { hidden: [2] }, done: (lab) => lab.phase === 2 * lab.net.layers.length + 2,
    },
    diverge: {
      title: "발산", goal: "학습률 η만 바꿔, 오차 E를 0.02 아래로",
      state: { data: "line", hidden: [8], loss: "HalfSquaredError", lr: 3, batch: 0 }, done: (lab) => lab.last.train < 0.02,
    },
    xor: {
      title: "XOR을 둘로", goal: "은닉 뉴런 둘로 모든 점 맞히기",
      state: { data: "xor", noise: 0, count: 20, hidden: [2], batch: 0, holdout: 0 },
      done: (lab) => lab.right === 1 && lab.state.hidden.join() === "2",
    },
    zeros: {
      title: "모두 0에서", goal: "초기화는 ‘모두 0’인 채로, 가중치를 손으로 바꿔 모든 점 맞히기",
      state: { data: "xor", noise: 0, count: 20, hidden: [4], init: "zeros", batch: 0, holdout: 0 },
      done: (lab) => lab.right === 1 && lab.state.init === "zeros",
    },
    overfit: {
      title: "너무 잘 외우는 신경망", goal: "학습 E는 0.01 아래인데 검증 E는 1이 넘게 만들기",
      state: { data: "moons", noise: 0.4, count: 60, hidden: [8, 8], optimizer: "adam", lr: 0.03, batch: 0, seed: 4 },
      done: (lab) => lab.last.train < 0.01 && lab.last.valid > 1,
    },
    stuck: {
      title: "갇힌 씨앗", goal: "신경망은 그대로 두고 씨앗만 바꿔 모든 점 맞히기",
      state: { data: "xor", noise: 0, count: 20, hidden: [2], activation: "Sigmoid", lr: 1, batch: 0, holdout: 0, seed: 4 },
      done: (lab) => lab.right === 1 && lab.state.hidden.join() === "2" && lab.state.activation === "Sigmoid",
    },
    momentum: {
      title: "모멘텀으로", goal: "η는 그대로 두고 최적화만 바꿔, 150에폭 안에 E를 0.3 아래로",
      state: { data: "rings", noise: 0.05, hidden: [4], lr: 0.1, batch: 0, holdout: 0 },
      done: (lab) => lab.last.train < 0.3 && lab.epochs <= 150 && lab.state.lr <= 0.1,
    },
    vanishing: {
      title: "사라지는 기울기", goal: "은닉 8층으로 200에폭 안에 90 % 맞히기",
      state: { data: "rings", hidden: [8, 8, 8, 8, 8, 8, 8, 8], activation: "Sigmoid", lr: 0.1, batch: 8 },
      done: (lab) => lab.right >= 0.9 && lab.epochs <= 200 && lab.state.hidden.length === 8,
    },
  };
  const STORIES = Object.fromEntries(Object.entries(PRESETS).map(([key, { title }]) => [key, title]));
  const slug = (title) => title.toLowerCase().replace(/ /g, "-"); // 절 제목의 주소
  const LEGEND = "바탕은 신경망의 대답이에요: 파랑이면 ●(1), 주황이면 ■(0), 옅으면 망설임.";
  const MAX_HIDDEN = 8, MAX_NEURONS = 8, MAX_POINTS = 400, SPAN = 1.3, FAR = 10, GRID = 41, KEPT = 400;
  const TOO_BIG = 1e10; // 손실이 이만큼 커지면 돌아오지 못해요
  const LONGEST = 8000; // 주소의 글자 수. 더 길면 어떤 메신저는 잘라요

  // ── 작은 도구 ──

  const SVG = "http://www.w3.org/2000/svg";
  function put(parent, tag, attributes = {}, text = "") {
    const svg = parent.namespaceURI === SVG || tag === "svg";
    const node = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text) node.textContent = text;
    return parent.appendChild(node);
  }
  const on = (node, type, action) => node.addEventListener(type, action);
  const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
  const short = (number) => {
    if (!Number.isFinite(number)) return "수가 아님";
    const size = Math.abs(number);
    return size && (size < 1e-3 || size >= 1e4) ? number.toExponential(2) : number.toFixed(4);
  };
  const thousandth = (value) => Math.round(value * 1000) / 1000;
  const sub = (number) => [...String(number)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
  const sup = (number) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[number];
  const color = (name) => getComputedStyle(document.querySelector(".bp-playground")).getPropertyValue(`--bp-${name}`);

  // ── 자료: 점 하나는 [x₁, x₂, 정답, 검증용인가]. 회귀에서는 [x, y, y, 검증용인가]예요 ──

  function makePoints({ data, noise, count, seed }) {
    const rng = Engine.generator(seed + 1000);
    const wobble = () => noise * rng.normal();
    const turn = (angle, radius, kind) => [radius * Math.cos(angle) + wobble(), radius * Math.sin(angle) + wobble(), kind];
    const makers = {
      rings: (i) => turn(2 * Math.PI * rng.uniform(), i % 2 ? 0.45 * rng.uniform() : 0.75 + 0.35 * rng.uniform(), i % 2),
      xor: (i) => {
        const corner = i + 2 * (i >> 3); // 검증용에도 네 귀퉁이가 모두 들어가게
        const [a, b] = [corner & 1, (corner >> 1) & 1];
        return [a * 1.4 - 0.7 + wobble(), b * 1.4 - 0.7 + wobble(), a ^ b];
      },
      moons: (i) => {
        const angle = Math.PI * rng.uniform();
        const [x, y] = i % 2 ? [0.35 - 0.75 * Math.cos(angle), 0.2 - 0.75 * Math.sin(angle)]
          : [0.75 * Math.cos(angle) - 0.35, 0.75 * Math.sin(angle) - 0.2];
        return [x + wobble(), y + wobble(), i % 2];
      },
      spirals: (i) => {
        const radius = 0.1 + 0.95 * rng.uniform();
        return turn(2.2 * Math.PI * radius + Math.PI * (i % 2), radius, i % 2);
      },
      line: () => {
        const x = 2.4 * rng.uniform() - 1.2;
        const y = 0.8 * Math.sin(2.5 * x) + wobble();
        return [x, y, y];
      },
    };
    return Array.from({ length: count }, (_, i) => [...makers[data](i).map(thousandth), i % 8 < 2 ? 1 : 0]);
  }

  // 파이썬으로 옮긴 Engine.shuffled와 그 난수. STATE에서 이어져요.
  const SHUFFLED = `state = STATE  # 쪽이 미니배치를 섞는 난수(mulberry32)


def uniform():
    global state
    state = (state + 0x6D2B79F5) % 2**32
    t = (state ^ (state >> 15)) * (state | 1) % 2**32
    t ^= (t + (t ^ (t >> 7)) * (t | 61)) % 2**32
    return (t ^ (t >> 14)) / 2**32


def shuffled(n):
    order = np.arange(n)
    for i in range(n - 1, 0, -1):
        j = int(uniform() * (i + 1))
        order[[i, j]] = order[[j, i]]
    return order

`;

  // ── 상태: 주소와 파일에 온전히 담겨요 ──

  const bytes = (numbers) => btoa(String.fromCharCode(...new Uint8Array(Float64Array.from(numbers).buffer)));
  const numbers = (text) => [...new Float64Array(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer)];

  // 남이 준 상태에서 쓸 수 있는 것만 받아요. 틀린 것은 처음 값 그대로예요.
  function clean(given) {
    const state = { ...START, hidden: [...START.hidden] };
    if (typeof given !== "object" || given === null) return state;
    for (const [key, [, options]] of Object.entries(CHOICES)) {
      const usable = ["string", "number"].includes(typeof given[key]) && Object.hasOwn(options, given[key]);
      if (usable) state[key] = TEXTS.has(key) ? given[key] : Number(given[key]);
    }
    if (Object.hasOwn(PRESETS, given.story)) state.story = given.story;
    const sizes = given.hidden;
    const fits = (n) => Number.isInteger(n) && n >= 1 && n <= MAX_NEURONS;
    if (Array.isArray(sizes) && sizes.length <= MAX_HIDDEN && sizes.every(fits)) state.hidden = [...sizes];
    if (Array.isArray(given.points)) state.points = cleanPoints(given.points, state.data === "line");
    return state;
  }

  // 터무니없이 먼 점은 당기고(잡음으로 평면을 조금 벗어난 것은 그대로), 정답은 회귀면 높이, 아니면 0이나 1로.
  function cleanPoints(points, regression) {
    const whole = (p) => Array.isArray(p) && p.length >= 3 && p.every(Number.isFinite);
    return points.filter(whole).slice(0, MAX_POINTS).map(([x, y, kind, held]) => {
      const [u, v] = [clamp(x, -FAR, FAR), clamp(y, -FAR, FAR)];
      return [u, v, regression ? v : kind > 0.5 ? 1 : 0, held ? 1 : 0];
    });
  }

  class Lab {
    constructor(root) {
      this.root = root;
      root.lab = this; // 콘솔에서 들여다볼 수 있게
      this.state = clean(this.fromAddress());
      root.replaceChildren();
      this.points = [];
      this.build();
      this.newData(this.state.points);
      this.reset(this.given);
      on(window, "hashchange", () => {
        if (!/^#(lab|preset)=/.test(location.hash)) return; // 쪽 안의 링크는 실험실을 건드리지 않아요
        const given = this.fromAddress();
        if (given) this.load(given);
        else this.say("주소에 담긴 것을 읽지 못했어요. 실험실은 그대로예요.");
        this.broken = false;
      });
      new MutationObserver(() => this.draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    }

    // 주소: #lab=담은 것, #preset=해 볼 거리, 또는 해 볼 거리의 절 제목
    fromAddress() {
      const [kind, text] = location.hash.slice(1).split("=");
      try {
        if (kind === "lab") return this.unpack(JSON.parse(atob(text.replace(/-/g, "+").replace(/_/g, "/"))));
        const title = decodeURIComponent(kind);
        const key = kind === "preset" ? text : Object.keys(PRESETS).find((one) => slug(PRESETS[one].title) === title);
        if (!Object.hasOwn(PRESETS, key ?? "")) {
          this.broken = kind === "preset";
          return undefined;
        }
        requestAnimationFrame(() => this.root.scrollIntoView());
        return { ...PRESETS[key].state, story: key };
      } catch {
        this.broken = true;
      }
      return undefined;
    }

    // 담긴 수(가중치, 최적화의 기억, 섞는 난수, 에폭)는 잠시 두었다가 새 신경망에 넣어요.
    unpack(saved) {
      if (typeof saved !== "object" || saved === null || !("hidden" in saved || "data" in saved)) throw new TypeError("자유 실험실의 것이 아니에요");
      const { weights, v, m, t, rng, epochs } = saved;
      const read = (text) => (text === undefined ? undefined : numbers(text));
      this.given = { weights: read(weights), v: read(v), m: read(m), t, rng, epochs };
      return saved;
    }

    pack() {
      const memories = this.net.memories.flat();
      const kept = ["v", "m"].filter((name) => memories[0][name]);
      return {
        ...this.state, points: this.points,
        weights: bytes(this.net.layers.flatMap(({ W, b }) => [...W, ...b])),
        ...Object.fromEntries(kept.map((name) => [name, bytes(memories.flatMap((memory) => [...memory[name]]))])),
        t: memories[0].t, rng: this.net.rng.state, epochs: this.epochs,
      };
    }

    load(given) {
      this.pause();
      this.state = clean(given);
      this.newData(this.state.points);
      this.reset(this.given);
    }

    get address() {
      const text = btoa(JSON.stringify(this.pack())); // 상태에는 수와 영문 이름뿐이에요
      return `${location.href.split("#")[0]}#lab=${text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")}`;
    }

    // ── 자료와 신경망 ──

    get regression() {
      return this.state.data === "line";
    }

    get softmax() {
      return this.state.loss === "SoftmaxCrossEntropy";
    }

    get outputs() {
      return this.softmax ? 2 : 1;
    }

    get penalty() {
      return 0.5 * this.state.l2 * this.net.layers.reduce((total, { W }) => total + W.reduce((sum, w) => sum + w * w, 0), 0);
    }

    get last() {
      return this.log.at(-1);
    }

    // 담긴 점이 있으면 그것을, 없으면 고른 자료를 새로 만들어요. “내 점”이면 지금 있는 점을 그대로 써요.
    newData(given) {
      const { state, points } = this;
      this.held = undefined;
      this.keepCleared();
      if (given) this.points = given.map((point) => [...point]);
      else this.points = state.data === "own" ? cleanPoints(points, false) : makePoints(state);
      delete state.points; // 이제부터는 this.points예요
      this.touched = Boolean(given);
      this.split();
    }

    isHeld(point) {
      return this.state.holdout > 0 && point[3] > 0;
    }

    // 학습용과 검증용으로 나눠요.
    split() {
      const width = this.regression ? 1 : 2;
      const matrix = (points) => ({
        n: points.length,
        x: Float64Array.from(points.flatMap((point) => point.slice(0, width))),
        y: Float64Array.from(points.flatMap(([, , kind]) => (this.softmax ? [1 - kind, kind] : [kind]))),
        kinds: points.map((point) => point[2]),
      });
      this.train = matrix(this.points.filter((point) => !this.isHeld(point)));
      this.valid = matrix(this.points.filter((point) => this.isHeld(point)));
      this.picked = clamp(this.picked ?? 0, 0, Math.max(0, this.train.n - 1));
      if (!this.train.n) this.phase = -1;
    }

    spec() {
      const { hidden, activation, init, loss, optimizer, lr, l2, seed } = this.state;
      const output = loss.endsWith("CrossEntropy") || this.regression ? "Identity" : "Sigmoid";
      return {
        sizes: [this.regression ? 1 : 2, ...hidden, this.outputs], activation, output, init, loss, l2, seed,
        optimizer: { ...OPTIMIZERS[optimizer][1], lr },
      };
    }

    reset(given) {
      this.pause();
      if (this.regression && this.state.loss.endsWith("CrossEntropy")) this.state.loss = "HalfSquaredError"; // 회귀의 정답은 확률이 아니에요
      this.syncControls();
      this.split(); // 손실마다 정답의 모양이 달라요
      this.net = new Engine.Network(this.spec());
      this.epochs = 0;
      const lost = given && !this.restore(given);
      this.given = undefined;
      this.log = [];
      this.phase = -1;
      this.reached = undefined;
      this.diverged = false;
      this.chosen = { kind: "weight", l: 0, j: 0, i: 0 };
      this.seer = new Engine.Network(this.spec());
      this.seer.layers.forEach((layer, l) => Object.assign(layer, { W: this.net.layers[l].W, b: this.net.layers[l].b }));
      this.record();
      if (this.broken) this.say("주소에 담긴 것을 읽지 못해 처음 모습으로 열었어요.");
      else if (lost) this.say("담긴 가중치가 이 신경망과 맞지 않아, 가중치는 처음부터예요.");
      else this.say("준비됐어요. ‘배우기’를 눌러 보세요.");
      this.broken = false;
      this.drawNet();
      this.draw();
    }

    // 담아 둔 수를 그대로 되돌려요. 하나라도 맞지 않으면 아무것도 바꾸지 않고 false예요.
    restore({ weights, v, m, t, rng, epochs }) {
      const places = this.net.layers.flatMap(({ W, b }) => [W, b]);
      const total = places.reduce((count, place) => count + place.length, 0);
      const fits = (list) => list?.length === total && list.every(Number.isFinite);
      const whole = (number) => Number.isInteger(number) && number >= 0;
      if (!fits(weights) || (v && !fits(v)) || (m && !fits(m))) return false;
      let start = 0;
      places.forEach((place, k) => {
        const part = (list) => Float64Array.from(list.slice(start, start + place.length));
        place.set(part(weights));
        const memory = this.net.memories[k >> 1][k & 1];
        if (v) memory.v = part(v);
        if (m) Object.assign(memory, { m: part(m), t: whole(t) ? t : 0 });
        start += place.length;
      });
      if (whole(rng)) this.net.rng = Engine.generator(rng);
      if (whole(epochs)) this.epochs = epochs;
      return true;
    }

    // 지금의 손실과 층마다의 ‖∂E/∂W‖를 적어요. 길어지면 하나 걸러 남겨요.
    record() {
      const measure = ({ x, y, n }) => {
        if (!n) return undefined;
        this.net.forward(x, n);
        return this.net.loss(y, n) - this.penalty; // L2의 벌점을 뺀, 대답만의 손실
      };
      const valid = measure(this.valid);
      const train = measure(this.train);
      if (train !== undefined) this.net.backward(this.train.n);
      const norms = this.net.layers.map(({ gradW }) => Math.hypot(...gradW));
      if (this.last?.epoch === this.epochs) this.log.pop();
      this.log.push({ epoch: this.epochs, train, valid, norms });
      if (this.log.length > 2 * KEPT) this.log = this.log.filter((_, i) => i % 2 === 0);
    }

    epoch() {
      if (!this.train.n) return this.stop("배울 점이 없어요. 점을 놓거나 자료를 골라 주세요.");
      const E = this.net.epoch(this.train.x, this.train.y, this.train.n, this.state.batch || this.train.n);
      this.epochs += 1;
      if (!(E < TOO_BIG) || !this.net.layers.every(({ W }) => W.every(Number.isFinite))) {
        const again = this.diverged ? "가중치가 이미 너무 커져서 η를 줄여도 돌아오지 못해요." : "학습률 η를 줄이고";
        this.diverged = true;
        return this.stop(`${this.epochs}번째 에폭에서 발산했어요: 손실 E = ${short(E)}. ${again} ‘처음부터’를 눌러 보세요.`);
      }
      this.record();
      return true;
    }

    stop(message) {
      this.pause();
      this.say(message);
      return false;
    }

    // ── 배우기와 멈추기 ──

    play() {
      if (this.running) return this.pause();
      this.running = true;
      this.phase = -1;
      this.buttons.play.textContent = "❚❚ 멈추기";
      this.buttons.play.setAttribute("aria-pressed", "true");
      this.say("배우고 있어요. 배우는 동안에도 점을 옮기고 학습률을 바꿀 수 있어요.");
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches; // 움직임을 줄여 달라면 1초에 한 번만 그려요
      let drawn = 0;
      const frame = () => {
        if (!this.running) return;
        const begin = performance.now();
        let going = true; // 한 장면에 8 ms까지만 셈해서 화면이 끊기지 않게 해요
        for (let k = 0; going && k < this.speed && performance.now() - begin < 8; k++) going = this.epoch();
        if (!calm) this.drawMoving();
        else if (begin - drawn > 1000) {
          drawn = begin;
          this.draw();
        }
        if (going) this.waiting = requestAnimationFrame(frame);
      };
      this.waiting = requestAnimationFrame(frame);
    }

    pause() {
      if (!this.running) return;
      cancelAnimationFrame(this.waiting);
      this.running = false;
      this.buttons.play.textContent = "▶ 배우기";
      this.buttons.play.setAttribute("aria-pressed", "false");
      this.draw();
      this.say(`멈췄어요. ${this.score.textContent}.`);
    }

    say(text) {
      this.status.textContent = text;
    }

    tell() {
      const { train, valid } = this.last;
      this.right = this.accuracy(this.train);
      const share = (part) => (part === undefined ? "없음" : `${Math.floor(100 * part)} %`);
      const checked = this.valid.n ? `(검증 ${share(this.accuracy(this.valid))})` : "";
      const right = this.regression ? "" : `, 맞힌 점 ${share(this.right)}${checked}`;
      const held = valid === undefined ? "" : `, 검증 E ${short(valid)}`;
      this.score.textContent = `에폭 ${this.epochs}: 학습 E ${train === undefined ? "없음" : short(train)}${held}${right}`;
      this.tellGoal();
    }

    // 해 볼 거리의 목표. 이룬 에폭을 적고, 한 번만 알려요.
    tellGoal() {
      const { goal, done, state } = PRESETS[this.state.story];
      const same = this.state.data === (state.data ?? START.data); // 자료를 쉽게 고쳐 이룬 것은 아니어야 해요
      if (goal && this.reached === undefined && same && this.epochs + Math.max(this.phase, 0) > 0 && done(this)) {
        this.reached = this.epochs;
        this.say(`목표를 이루었어요: ${goal}.`);
      }
      this.goal.hidden = !goal;
      this.goal.textContent = goal ? `목표: ${goal}.${this.reached === undefined ? "" : ` ✔ 이루었어요(에폭 ${this.reached}).`}` : "";
    }

    // 출력 하나를 −1(■)에서 1(●) 사이의 수로: 교차 엔트로피면 2p − 1, 제곱 오차면 2a − 1.
    level(out, k) {
      if (this.softmax) return Math.tanh((out[2 * k + 1] - out[2 * k]) / 2);
      return this.state.loss === "BinaryCrossEntropy" ? Math.tanh(out[k] / 2) : 2 * out[k] - 1;
    }

    // 점 가운데 맞힌 몫. 점이 없거나 회귀면 undefined예요.
    accuracy({ x, n, kinds }) {
      if (!n || this.regression) return undefined;
      const out = this.seer.forward(x, n);
      return kinds.filter((kind, k) => this.level(out, k) > 0 === kind > 0.5).length / n;
    }

    // ── 한 표본을 한 단계씩: 앞으로 값, E, 뒤로 δ, 기울기, 고치기 ──

    sample() {
      const { x, y, n } = this.train;
      const width = n ? x.length / n : 0;
      const s = this.picked;
      return { x: x.slice(s * width, s * width + width), y: y.slice(s * this.outputs, (s + 1) * this.outputs), n: Math.min(n, 1) };
    }

    // 고른 표본 하나로 순전파와 역전파를 해 두어요. 보여 주는 값은 모두 여기에서 나와요.
    walk() {
      const one = this.sample();
      if (!one.n) return undefined;
      this.net.forward(one.x, 1);
      this.sampleE = this.net.loss(one.y, 1);
      this.net.backward(1);
      return one;
    }

    nextPhase() {
      this.pause();
      if (!this.train.n) return this.stop("단계를 볼 점이 없어요. 점을 놓아 주세요.");
      const depth = this.net.layers.length;
      const last = 2 * depth + 2;
      this.phase = this.phase >= last ? 0 : this.phase + 1;
      const one = this.walk();
      this.say(this.phaseText(one, depth));
      if (this.phase === last) {
        this.net.update();
        this.record();
        this.walk();
      }
      this.draw();
    }

    phaseText(one, depth) {
      const { phase } = this;
      const list = (values) => [...values].map(short).join(", ");
      if (phase === 0) return `① 표본 ${this.picked + 1}의 입력 x = (${list(one.x)}), 정답 y = ${one.y.length > 1 ? `(${list(one.y)})` : short(one.y[0])}. 여기에서 출발해요.`;
      if (phase <= depth) {
        const { z, a } = this.net.layers[phase - 1];
        return `② 앞으로, ${phase}층: z${sup(phase)} = (${list(z)}), a${sup(phase)} = (${list(a)})`;
      }
      if (phase === depth + 1) return `③ ${this.verdict(one)} = ${short(this.sampleE - this.penalty)}. 이제 거꾸로 가요.`;
      if (phase <= 2 * depth + 1) {
        const l = 2 * depth + 2 - phase;
        const { delta } = this.net.layers[l - 1];
        return `④ 뒤로, ${l}층: δ${sup(l)} = (${list(delta)}). ∂E/∂W${sup(l)}은 이 δ에 앞 층의 값을 곱한 것이에요.`;
      }
      return "⑤ 고치기: 모든 가중치와 편향을 한 번에 고쳤어요. 한 번 더 누르면 처음 단계로 가요.";
    }

    // 출력을 정답과 견주는 식: 교차 엔트로피면 확률 p로 바꿔서, 제곱 오차면 그대로.
    verdict({ y }) {
      const { a } = this.net.layers.at(-1);
      const list = (values) => [...values].map(short).join(", ");
      if (this.softmax) return `확률 p = softmax(${list(a)}) = (${list(this.chances())}). 정답의 p로 E = −ln p`;
      if (this.state.loss === "BinaryCrossEntropy") {
        return `확률 p = σ(${short(a[0])}) = ${short(this.chances()[0])}, 정답 y = ${y[0]}. E = −ln ${y[0] > 0.5 ? "p" : "(1 − p)"}`;
      }
      return `출력 a = ${short(a[0])}, 정답 y = ${short(y[0])}. E = ${this.state.loss === "HalfSquaredError" ? "½ " : ""}(a − y)²`;
    }

    // 고른 표본의 출력을 확률로.
    chances() {
      const { a } = this.net.layers.at(-1);
      if (!this.softmax) return [1 / (1 + Math.exp(-a[0]))];
      const top = 1 / (1 + Math.exp(a[0] - a[1]));
      return [1 - top, top];
    }

    // 출력층의 ∂E/∂a가 나온 식과 수
    outputRow(j, y) {
      const { a, gradA } = this.net.layers.at(-1);
      if (this.state.loss.endsWith("CrossEntropy")) {
        const p = this.softmax ? "softmax(a)" : "σ(a)";
        return ["확률과 정답", `p = ${p}, ∂E/∂a = p − y`, `${short(this.chances()[j])} − ${y[j]} = ${short(gradA[j])}`];
      }
      const two = this.state.loss === "HalfSquaredError" ? "" : "2 ";
      return ["출력과 정답", `∂E/∂a = ${two}(a − y)`, `${two}(${short(a[j])} − ${short(y[j])}) = ${short(gradA[j])}`];
    }

    // ── 고른 가중치나 뉴런 하나 ──

    place() {
      const { kind, l, j, i } = this.chosen;
      const layer = this.net.layers[l];
      if (kind === "weight") return { list: layer.W, at: j * layer.nIn + i, grads: layer.gradW };
      return { list: layer.b, at: j, grads: layer.gradB };
    }

    inspect() {
      const one = this.walk();
      const { kind, l, j, i } = this.chosen;
      const layer = this.net.layers[l];
      const { list, at, grads } = this.place();
      const L = sup(l + 1), from = l ? `a${sup(l)}` : "x";
      const name = kind === "weight" ? `w${L}${sub(j + 1)}${sub(i + 1)}` : `b${L}${sub(j + 1)}`;
      this.picker.textContent = kind === "weight"
        ? `가중치 ${name}: ${l ? `${l}층 ${i + 1}번` : `입력 ${i + 1}`} → ${l + 1}층 ${j + 1}번`
        : `뉴런 ${l + 1}층 ${j + 1}번과 그 편향 ${name}`;
      if (document.activeElement !== this.typed) this.typed.value = String(list[at]);
      this.slider.value = String(clamp(list[at], -5, 5));
      this.slider.setAttribute("aria-valuetext", short(list[at]));
      if (!one) return this.facts.replaceChildren();
      const terms = [...layer.input].map((a, k) => `${short(layer.W[j * layer.nIn + k])} × ${short(a)}`).join(" + ");
      const sum = `${terms} + ${short(layer.b[j])}`;
      const delta = layer.delta[j], grad = grads[at], slope = Engine.ACTIVATIONS[layer.activation].slope(layer.a[j], layer.leak);
      const l2 = kind === "weight" && this.state.l2 ? this.state.l2 : 0;
      const nudged = this.net.nudge(list, at, one.x, one.y, 1);
      this.walk();
      const size = Math.max(Math.abs(nudged), Math.abs(grad));
      const gap = size < 1e-8 ? "둘 다 거의 0" : `상대 차이 ${(Math.abs(nudged - grad) / size).toExponential(1)}`; // 더 작으면 반올림만 보여요
      const penalty = l2 ? [" + λ w", ` + ${l2} × ${short(list[at])}`] : ["", ""];
      const rows = [
        ["순전파", `z${L}${sub(j + 1)} = Σ w a + b`, `${sum} = ${short(layer.z[j])}`],
        ["활성값", `a${L}${sub(j + 1)} = f(z)`, short(layer.a[j])],
        ...(l === this.net.layers.length - 1 ? [this.outputRow(j, one.y)] : []),
        ["델타", `δ${L}${sub(j + 1)} = ∂E/∂a · f′(z)`, `${short(layer.gradA[j])} × ${short(slope)} = ${short(delta)}`],
        kind === "weight"
          ? ["기울기", `∂E/∂${name} = δ${L}${sub(j + 1)} ${from}${sub(i + 1)}${penalty[0]}`, `${short(delta)} × ${short(layer.input[i])}${penalty[1]} = ${short(grad)}`]
          : ["기울기", `∂E/∂${name} = δ${L}${sub(j + 1)}`, short(grad)],
        ...(this.state.optimizer === "sgd" ? [["고치기", "w ← w − η ∂E/∂w", `${short(list[at])} − ${this.state.lr} × ${short(grad)} = ${short(list[at] - this.state.lr * grad)}`]] : []),
        ["움직여 재기", "(E(w + h) − E(w − h)) / 2h", `${short(nudged)}, ${gap}`],
      ];
      this.facts.replaceChildren();
      for (const [what, formula, value] of rows) {
        const row = put(this.facts, "tr");
        put(row, "th", { scope: "row" }, what);
        put(row, "td", {}, formula);
        put(row, "td", {}, value);
      }
      return undefined;
    }

    setChosen(value) {
      if (!Number.isFinite(value)) return this.say(`가중치는 유한한 수여야 해요. 받은 것: ${this.typed.value || "빈 칸"}`);
      this.pause();
      const { list, at } = this.place();
      list[at] = value;
      this.say(`${this.picker.textContent.split(":")[0]}을(를) ${short(value)}로 바꿨어요.`);
      this.record();
      this.draw();
      return undefined;
    }

    // ── 짓기: 조작판과 그림판 ──

    build() {
      const { root } = this;
      const top = put(root, "div", { class: "pg-top" });
      const bar = put(top, "div", { class: "pg-bar pg-run", role: "group", "aria-label": "배우기" });
      const button = (parent, text, action, attributes = {}) => {
        const made = put(parent, "button", { type: "button", class: "bp-play", ...attributes }, text);
        on(made, "click", action);
        return made;
      };
      this.buttons = { play: button(bar, "▶ 배우기", () => this.play(), { "aria-pressed": "false" }) };
      button(bar, "한 에폭", () => {
        this.pause();
        if (this.epoch()) this.say("한 에폭을 배웠어요.");
        this.draw();
      });
      button(bar, "한 단계", () => this.nextPhase(), { "aria-label": "한 단계(표본 하나)" });
      button(bar, "처음부터", () => this.reset());
      this.score = put(top, "p", { class: "pg-score" });
      this.status = put(top, "p", { class: "bp-text pg-status", role: "status" });
      this.goal = put(root, "p", { class: "pg-goal" });
      const more = put(root, "div", { class: "pg-bar", role: "group", "aria-label": "고르기" });
      this.controls = {};
      this.choice(more, "lr");
      this.speed = 1;
      this.story = this.select(more, "해 볼 거리", STORIES, "start", (value) => this.load({ ...PRESETS[value].state, story: value }));
      this.buildSettings(put(root, "details", { class: "pg-settings" }));
      const views = put(root, "div", { class: "pg-views" });
      this.buildPlane(put(views, "section", { "aria-label": "자료와 결정 경계" }), button);
      this.buildNetwork(put(views, "section", { "aria-label": "신경망" }), button);
      this.buildInspector(put(views, "section", { "aria-label": "고른 것의 수" }), button);
      this.buildCharts(put(views, "section", { "aria-label": "지켜보기" }));
      this.buildSharing(put(root, "details", { class: "pg-sharing" }), button);
      this.buildStarters();
    }

    // 글의 ‘해 볼 거리’ 제목마다, 그것을 실험실에 차리는 단추
    buildStarters() {
      for (const [key, { title, state }] of Object.entries(PRESETS)) {
        const heading = document.getElementById(slug(title))?.querySelector("h3");
        if (!heading) continue;
        const made = Object.assign(document.createElement("button"), { type: "button", className: "pg-start", textContent: "실험실에 차리기" });
        made.setAttribute("aria-label", `${title}: 실험실에 차리기`);
        heading.after(made);
        on(made, "click", () => {
          this.load({ ...state, story: key });
          this.root.scrollIntoView();
          this.buttons.play.focus({ preventScroll: true });
        });
      }
    }

    // 이름표와 짝이 되는 입력 칸
    field(parent, label, tag, attributes) {
      const wrap = put(parent, "span", { class: "pg-select" });
      this.fields = (this.fields ?? 0) + 1;
      put(wrap, "label", { for: `pg-${this.fields}` }, label);
      return put(wrap, tag, { id: `pg-${this.fields}`, ...attributes });
    }

    select(parent, label, options, value, action) {
      const made = this.field(parent, label, "select", { autocomplete: "off" });
      const entries = Object.entries(options);
      if (entries.every(([key]) => Number.isFinite(Number(key)))) entries.sort(([a], [b]) => a - b); // 객체는 정수인 열쇠를 앞에 둬요
      for (const [key, name] of entries) put(made, "option", { value: key }, name);
      made.value = String(value);
      on(made, "change", () => action(made.value));
      return made;
    }

    buildSettings(box) {
      this.summary = put(box, "summary");
      const grid = put(box, "div", { class: "pg-grid" });
      for (const key of Object.keys(CHOICES)) if (key !== "lr") this.choice(grid, key); // 학습률은 ‘배우기’ 곁에 있어요
      this.select(grid, "빠르기", { 1: "장면마다 1에폭", 5: "5에폭", 50: "되는 대로" }, 1, (value) => (this.speed = Number(value)));
    }

    // 고를 것 하나. 자료와 씨앗은 점을, 나머지는 신경망을 새로 만들고, 걷는 법은 가중치를 두고 바꿔요.
    choice(parent, key) {
      const [label, options] = CHOICES[key];
      this.controls[key] = this.select(parent, label, options, this.state[key], (value) => {
        this.state[key] = TEXTS.has(key) ? value : Number(value);
        if (key === "data") this.state.loss = this.regression ? "HalfSquaredError" : "BinaryCrossEntropy";
        if (key === "data" || (MAKES_POINTS.has(key) && !this.touched)) this.newData();
        if (["lr", "batch", "l2", "optimizer"].includes(key)) this.retune();
        else if (["holdout", "noise", "count"].includes(key)) this.refresh();
        else this.reset();
        this.syncControls();
      });
    }

    // 배우는 도중에 바꿀 수 있는 것: 가중치는 그대로 두고 걷는 법만 바꿔요.
    retune() {
      const old = this.net;
      this.net = new Engine.Network(this.spec());
      this.net.layers = old.layers;
      this.net.rng = old.rng;
      if (this.net.spec.optimizer.name === old.spec.optimizer.name) this.net.memories = old.memories;
      this.refresh();
    }

    refresh() {
      this.split();
      this.record();
      this.draw();
    }

    syncControls() {
      this.story.value = this.state.story;
      for (const [key, control] of Object.entries(this.controls)) control.value = String(this.state[key]);
      this.tools.zero.hidden = this.regression;
      this.legend.textContent = this.regression ? "가로가 입력 x, 세로가 정답 y예요. 선은 신경망의 대답이에요." : LEGEND;
      for (const key of ["noise", "count"]) this.controls[key].disabled = this.touched || this.state.data === "own";
      for (const option of this.controls.loss.options) option.disabled = this.regression && option.value.endsWith("CrossEntropy");
      const { data, activation, optimizer, lr } = this.state;
      this.summary.textContent = `자료와 신경망 고르기: ${DATA[data]} · ${ACTIVATIONS[activation]} · ${OPTIMIZERS[optimizer][0]} · η ${lr}`;
    }

    buildSharing(box, button) {
      put(box, "summary", {}, "담아 두기와 파이썬으로");
      const bar = put(box, "div", { class: "pg-bar" });
      button(bar, "주소에 담기", () => {
        if (this.address.length > LONGEST) return this.say("지금 것은 너무 커서 주소에 담지 못해요. ‘파일로 내려받기’로 담아 주세요.");
        history.replaceState(null, "", this.address);
        navigator.clipboard?.writeText(location.href).catch(() => {});
        this.say("주소에 지금의 자료와 신경망을 모두 담았어요. 주소를 복사해 나눠 주세요.");
        return undefined;
      });
      button(bar, "파일로 내려받기", () => {
        const link = put(box, "a", { download: "lab.json" });
        link.href = URL.createObjectURL(new Blob([JSON.stringify(this.pack())], { type: "application/json" }));
        link.click();
        URL.revokeObjectURL(link.href);
        link.remove();
      });
      const file = this.field(bar, "파일 열기", "input", { type: "file", accept: ".json,application/json" });
      on(file, "change", async () => {
        try {
          this.load(this.unpack(JSON.parse(await file.files[0].text())));
        } catch {
          this.say("이 파일은 자유 실험실의 파일이 아니에요. ‘파일로 내려받기’로 만든 lab.json을 골라 주세요.");
        }
        file.value = "";
      });
      button(bar, "파이썬으로", () => {
        if (!this.train.n) return this.stop("파이썬으로 옮길 점이 없어요. 점을 놓아 주세요.");
        this.code.value = this.python();
        this.code.hidden = false;
        this.code.focus();
        this.code.select();
        this.code.scrollTop = 0;
        return this.say("코드를 골라 두었어요. 복사해서 노트북에 붙여 실행해 보세요.");
      });
      this.code = put(box, "textarea", { rows: "14", readonly: "", hidden: "", spellcheck: "false", "aria-label": "이어서 배우는 파이썬 코드" });
    }

    // 같은 수에서 이어 배우는 bplib 코드: 가중치도, 최적화의 기억도, 섞는 차례도 이어져요.
    python() {
      const { activation, loss, lr, batch, l2 } = this.state;
      const { layers, memories, spec: { output, optimizer: { name, momentum, nesterov } } } = this.net;
      const { x, y, n } = this.train;
      const list = (values) => `[${[...values].join(", ")}]`;
      const rows = (values, width) => `[${Array.from({ length: values.length / width }, (_, r) => list(values.slice(r * width, r * width + width))).join(", ")}]`;
      const end = layers.length - 1;
      const after = (l) => (l < end ? [`${activation}()`] : output === "Identity" ? [] : [`${output}()`]);
      const parts = layers.flatMap(({ nIn, nOut }, l) => [`Linear(${nIn}, ${nOut}, rng=rng)`, ...after(l)]);
      const kinds = [...new Set([name, loss, ...parts.map((part) => part.split("(")[0]), "Sequential"])].sort();
      const options = [`lr=${lr}`, ...(momentum ? [`momentum=${momentum}`] : []), ...(nesterov ? ["nesterov=True"] : [])];
      const kept = { v: name === "Adam" ? "v" : momentum ? "velocity" : undefined, m: name === "Adam" ? "m" : undefined };
      const mini = batch && batch < n;
      const memory = Object.entries(kept).filter(([key, attribute]) => attribute && memories[0][0][key])
        .map(([key, attribute]) => `opt.${attribute}[0][:] = ${list(memories.flat().flatMap((one) => [...one[key]]))}`);
      return [
        "import numpy as np",
        `from bplib import ${kinds.join(", ")}`,
        "",
        "rng = np.random.default_rng(0)",
        `net = Sequential(${parts.join(", ")})`,
        ...layers.map(({ W, b, nIn }, l) => `net[${2 * l}].W.value = np.array(${rows(W, nIn)})\nnet[${2 * l}].b.value = np.array(${list(b)})`),
        `x = np.array(${n ? rows(x, x.length / n) : "[]"}, dtype=float)`,
        `y = np.array(${n ? rows(y, this.outputs) : "[]"}, dtype=float)`,
        `loss, opt = ${loss}(), ${name}(net.params(), ${options.join(", ")})`,
        ...(memory.length ? ["# 최적화가 지금까지 기억한 것", ...memory] : []),
        ...(name === "Adam" && memories[0][0].t ? [`opt.t = ${memories[0][0].t}`] : []),
        "",
        ...(mini ? [SHUFFLED.replace("STATE", this.net.rng.state)] : []),
        "losses = []",
        "for epoch in range(100):",
        ...(mini ? ["    order, total = shuffled(len(x)), 0.0", `    for start in range(0, len(x), ${batch}):`, `        rows = order[start:start + ${batch}]`]
          : ["    total = 0.0", "    for rows in [np.arange(len(x))]:"]),
        "        E = loss.forward(net.forward(x[rows]), y[rows])",
        "        net.backward(loss.backward())",
        ...(l2 ? [`        for layer in [${layers.map((_, l) => `net[${2 * l}]`).join(", ")}]:  # L2: ½ λ Σ w²`,
          `            E += 0.5 * ${l2} * np.sum(layer.W.value**2)`, `            layer.W.grad += ${l2} * layer.W.value`] : []),
        "        opt.step()",
        "        total += E * len(rows)",
        "    losses.append(total / len(x))",
        'print(f"손실 E: {losses[0]:.4f} → {losses[-1]:.4f}")',
        "",
      ].join("\n");
    }

    // ── 평면: 결정 경계와 점 ──

    buildPlane(box, button) {
      const bar = put(box, "div", { class: "pg-bar", role: "group", "aria-label": "점 다루기" });
      this.tools = {};
      const tool = (key, text) => {
        this.tools[key] = button(bar, text, () => this.setTool(key), { "aria-pressed": "false" });
      };
      tool("look", "표본 고르기");
      tool("one", "● 놓기");
      tool("zero", "■ 놓기");
      tool("move", "옮기기");
      tool("remove", "지우기");
      this.clearer = button(bar, "모두 지우기", () => this.clearOrRestore());
      const frame = put(box, "div", { class: "pg-plane" });
      this.heat = put(frame, "canvas", { width: GRID, height: GRID, "aria-hidden": "true" });
      this.plane = put(frame, "svg", { viewBox: "0 0 260 260", tabindex: "0", role: "application", "aria-roledescription": "점을 놓는 평면" });
      this.curve = put(this.plane, "path", { class: "pg-curve" });
      this.dots = put(this.plane, "g");
      this.cross = put(this.plane, "path", { class: "pg-cross", d: "M-8 0H8M0 -8V8" });
      this.cursor = [0, 0];
      this.legend = put(box, "p", { class: "pg-note" });
      put(box, "p", { class: "pg-note" }, "속이 빈 점은 검증용이에요. 글쇠: 화살표로 +를 옮기고 스페이스로 놓거나 집고, Delete로 지워요.");
      on(this.plane, "pointerdown", (event) => this.press(event));
      on(this.plane, "click", (event) => this.click(event));
      on(this.plane, "pointermove", (event) => this.drag(event));
      on(this.plane, "pointerup", () => (this.held = undefined));
      on(this.plane, "pointercancel", () => (this.held = undefined));
      on(this.plane, "keydown", (event) => this.key(event));
      this.setTool("look");
    }

    setTool(key) {
      this.tool = key;
      this.held = undefined;
      for (const [name, made] of Object.entries(this.tools)) made.setAttribute("aria-pressed", String(name === key));
      this.plane.classList.toggle("pg-moving", key === "move");
    }

    toPlane = (x, y) => [130 + (x / SPAN) * 130, 130 - (y / SPAN) * 130];

    fromEvent(event) {
      const box = this.plane.getBoundingClientRect();
      const part = (at, start, size) => clamp(((at - start) / size) * 2 - 1, -1, 1) * SPAN;
      return [part(event.clientX, box.left, box.width), -part(event.clientY, box.top, box.height)];
    }

    nearest([x, y], reach) {
      const gaps = this.points.map(([a, b]) => Math.hypot(a - x, b - y));
      const best = gaps.indexOf(Math.min(...gaps));
      return best >= 0 && gaps[best] <= reach ? best : undefined;
    }

    // 옮기기만 누르자마자 집어요. 나머지는 떼었을 때(click) 해서, 쪽을 밀어 내리다가 점을 놓지 않아요.
    press(event) {
      if (this.tool !== "move" || event.button !== 0) return;
      this.cursor = this.fromEvent(event);
      this.held = this.nearest(this.cursor, 0.16);
      if (this.held === undefined) this.say("가까이에 점이 없어요.");
      else this.plane.setPointerCapture(event.pointerId);
    }

    click(event) {
      if (this.tool === "move") return;
      this.cursor = this.fromEvent(event);
      this.act(0.16);
    }

    drag(event) {
      if (this.held === undefined) return;
      this.cursor = this.fromEvent(event);
      this.moveHeld();
    }

    moveHeld() {
      const point = this.points[this.held];
      [point[0], point[1]] = this.cursor.map(thousandth);
      if (this.regression) point[2] = point[1];
      this.edited();
    }

    // 모두 지우고, 바로 다시 누르면 되살려요.
    clearOrRestore() {
      const [now, before] = [this.points, this.cleared];
      this.held = undefined;
      this.points = before ?? [];
      this.edited();
      if (!before) this.keepCleared(now);
    }

    // 되살릴 점을 간직하거나 잊어요. 자료가 바뀌면 옛 점은 새 자료의 것이 아니에요.
    keepCleared(points) {
      this.cleared = points;
      if (this.clearer) this.clearer.textContent = points ? "되살리기" : "모두 지우기";
    }

    // 고른 도구로 +가 있는 자리에서 하는 일
    act(reach) {
      const near = this.nearest(this.cursor, reach);
      const { tool } = this;
      if (tool === "one" || tool === "zero") return this.addPoint(tool === "one" ? 1 : 0);
      if (near === undefined) return this.say("가까이에 점이 없어요.");
      if (tool === "remove") {
        this.points.splice(near, 1);
        return this.edited();
      }
      if (tool === "move") {
        this.held = this.held === near ? undefined : near;
        return this.say(this.held === undefined ? "점을 놓았어요." : "점을 집었어요. 화살표로 옮기고 스페이스로 놓으세요.");
      }
      if (this.isHeld(this.points[near])) return this.say("검증용 점이에요. 배우는 데 쓰지 않으니 학습용 점을 골라 주세요.");
      this.picked = this.points.slice(0, near).filter((point) => !this.isHeld(point)).length;
      this.phase = -1;
      this.say(`표본 ${this.picked + 1}을 골랐어요. ‘한 단계’를 누르면 이 점 하나가 신경망을 지나가요.`);
      return this.draw();
    }

    addPoint(kind) {
      if (this.points.length >= MAX_POINTS) return this.say(`점은 ${MAX_POINTS}개까지 놓을 수 있어요.`);
      const [x, y] = this.cursor.map(thousandth);
      this.points.push([x, y, this.regression ? y : kind, this.points.length % 8 > 5 ? 1 : 0]);
      return this.edited();
    }

    // 점을 고친 뒤: 자료는 “내 점”이 되고(회귀는 그대로), 신경망의 수는 그대로예요.
    edited() {
      if (!this.regression) this.state.data = "own";
      this.touched = true;
      this.keepCleared();
      this.syncControls();
      this.split();
      this.phase = -1;
      this.record();
      this.say(`점 ${this.points.length}개예요.`);
      this.draw();
    }

    key(event) {
      const step = event.shiftKey ? 0.02 : 0.1;
      const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
      const move = moves[event.key];
      if (move) {
        this.cursor = this.cursor.map((v, i) => clamp(v + move[i], -SPAN, SPAN));
        if (this.held !== undefined) this.moveHeld();
        this.draw();
      } else if (event.key === " " || event.key === "Enter") this.act(0.16);
      else if (event.key === "Delete" || event.key === "Backspace") {
        const near = this.nearest(this.cursor, 0.16);
        if (near === undefined) this.say("가까이에 지울 점이 없어요.");
        else {
          this.points.splice(near, 1);
          this.held = undefined;
          this.edited();
        }
      } else return;
      event.preventDefault();
    }

    // ── 신경망 그림 ──

    buildNetwork(box, button) {
      const bar = put(box, "div", { class: "pg-bar", role: "group", "aria-label": "층과 뉴런" });
      this.depthText = put(bar, "span", { class: "pg-depth" });
      this.fewer = button(bar, "층 −", () => this.resize((hidden) => hidden.pop()), { "aria-label": "은닉층 빼기" });
      this.more = button(bar, "층 +", () => this.resize((hidden) => hidden.push(hidden.at(-1) ?? 4)), { "aria-label": "은닉층 더하기" });
      this.widths = put(bar, "span", { class: "pg-widths" });
      this.diagram = put(box, "svg", { viewBox: "0 0 420 320", class: "pg-net", role: "group", "aria-label": "신경망 그림. 화살표와 뉴런을 고를 수 있어요" });
      put(box, "p", { class: "pg-note" }, "굵기는 가중치의 크기, 파랑은 양수, 주황(끊은 줄)은 음수예요. 네모 안은 그 뉴런이 평면에서 보는 것이고, 가리키면 큰 평면에 보여요.");
    }

    resize(change) {
      change(this.state.hidden);
      this.reset();
    }

    drawNet() {
      const { hidden } = this.state, pressed = document.activeElement;
      this.depthText.textContent = `은닉층 ${hidden.length}개`;
      this.fewer.disabled = !hidden.length;
      this.more.disabled = hidden.length >= MAX_HIDDEN;
      for (const [one, other] of [[this.fewer, this.more], [this.more, this.fewer]]) {
        if (one === pressed && one.disabled) other.focus(); // 꺼진 단추는 초점을 잃어요
      }
      this.widths.replaceChildren();
      hidden.forEach((n, l) => {
        const made = this.select(this.widths, `${l + 1}층`, named([1, 2, 3, 4, 5, 6, 7, 8], "개"), n, (value) => {
          this.resize((sizes) => (sizes[l] = Number(value)));
          this.widths.querySelectorAll("select")[l].focus(); // 새로 그린 칸에 초점을 돌려줘요
        });
        made.setAttribute("aria-label", `은닉 ${l + 1}층의 뉴런 수`);
      });
      const svg = this.diagram;
      svg.replaceChildren();
      const sizes = this.net.spec.sizes;
      const at = sizes.map((n, l) => Array.from({ length: n }, (_, k) => [36 + (l * 348) / (sizes.length - 1), 156 + (k - (n - 1) / 2) * Math.min(64, 304 / n)]));
      const side = clamp(Math.min(210 / Math.max(...sizes), 210 / sizes.length), 22, 40);
      const choose = (chosen) => () => {
        this.chosen = chosen;
        this.draw();
        if (!this.running) this.say(`${this.picker.textContent}. 값 ${short(this.place().list[this.place().at])}`);
      };
      const pickable = (node, label, chosen) => {
        node.setAttribute("role", "button");
        node.setAttribute("tabindex", "0");
        node.setAttribute("aria-label", label);
        on(node, "click", choose(chosen));
        on(node, "keydown", (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          choose(chosen)();
        });
        return node;
      };
      this.edges = this.net.layers.map(({ nIn, nOut }, l) => Array.from({ length: nOut * nIn }, (_, k) => {
        const [j, i] = [Math.floor(k / nIn), k % nIn];
        const [[x0, y0], [x1, y1]] = [at[l][i], at[l + 1][j]];
        const group = pickable(put(svg, "g", { class: "pg-edge" }), `가중치 w${sup(l + 1)}${sub(j + 1)}${sub(i + 1)}`, { kind: "weight", l, j, i });
        put(group, "line", { x1: x0, y1: y0, x2: x1, y2: y1, class: "pg-hit" });
        const title = put(group, "title");
        on(group, "pointerenter", () => (title.textContent = `w${sup(l + 1)}${sub(j + 1)}${sub(i + 1)} = ${short(this.net.layers[l].W[k])}`));
        return put(group, "line", { x1: x0 + side / 2, y1: y0, x2: x1 - side / 2, y2: y1 });
      }));
      this.cells = at.map((column, l) => column.map(([x, y], k) => {
        const group = put(svg, "g", { class: "pg-cell" });
        const image = put(group, "image", { x: x - side / 2, y: y - side / 2, width: side, height: side, preserveAspectRatio: "none" });
        const box = put(group, "rect", { x: x - side / 2, y: y - side / 2, width: side, height: side });
        const text = put(group, "text", { x, y: y + side / 2 + 11 });
        if (l) pickable(group, `뉴런 ${l}층 ${k + 1}번`, { kind: "bias", l: l - 1, j: k });
        const look = (lens) => () => {
          this.lens = lens;
          if (!this.running) this.drawHeat();
        };
        if (l && !this.regression) {
          for (const type of ["pointerenter", "focus"]) on(group, type, look({ l: l - 1, k }));
          for (const type of ["pointerleave", "blur"]) on(group, type, look(undefined));
        }
        return { image, box, text };
      }));
    }

    // ── 고른 것의 수 ──

    buildInspector(box, button) {
      this.picker = put(box, "p", { class: "pg-picked" });
      const bar = put(box, "div", { class: "pg-bar" });
      this.typed = this.field(bar, "값", "input", { type: "text", inputmode: "decimal", autocomplete: "off" });
      const turnSign = () => this.setChosen(-this.place().list[this.place().at]);
      button(bar, "±", turnSign, { "aria-label": "부호 바꾸기" }); // 전화기의 숫자판에는 빼기표가 없어요
      this.slider = put(bar, "input", { type: "range", min: "-5", max: "5", step: "0.01", "aria-label": "고른 수를 밀어서 바꾸기", autocomplete: "off" });
      on(this.typed, "change", () => {
        const text = this.typed.value.trim().replace("−", "-");
        this.setChosen(/^-?\d+,\d+$/.test(text) && !/,\d{3}$/.test(text) ? Number(text.replace(",", ".")) : text ? Number(text) : NaN);
      });
      on(this.typed, "blur", () => this.inspect());
      on(this.slider, "input", () => this.setChosen(Number(this.slider.value)));
      const scroll = put(box, "div", { class: "pg-scroll", tabindex: "0", role: "region", "aria-label": "고른 것의 식과 수" });
      const table = put(scroll, "table");
      put(table, "caption", {}, "고른 표본 하나에서");
      this.facts = put(table, "tbody");
    }

    // ── 지켜보기 ──

    buildCharts(box) {
      const chart = (title, legend) => {
        const figure = put(box, "figure", { class: "pg-chart" });
        put(figure, "figcaption", {}, title);
        const svg = put(figure, "svg", { viewBox: "0 0 260 110", role: "img", "aria-label": title });
        const note = put(figure, "p", { class: "pg-note" }, legend);
        return { svg, note };
      };
      this.charts = {
        loss: chart("손실 E (로그 눈금)", "실선은 학습, 끊은 줄은 검증이에요."),
        norms: chart("층마다의 ‖∂E/∂W‖ (로그 눈금)", ""),
        weights: chart("가중치의 분포", ""),
      };
    }

    // 에폭에 따른 선들, 세로는 로그 눈금. series: { name, css, key(row) }
    drawLines(chart, series, label) {
      const { svg } = chart;
      const { log } = this;
      const shown = (v) => v > 0 && Number.isFinite(v);
      svg.replaceChildren();
      svg.setAttribute("aria-label", label);
      const values = series.flatMap(({ key }) => log.map(key)).filter(shown).map(Math.log10);
      if (!values.length) return void put(svg, "text", { x: 130, y: 55, class: "pg-tick pg-mid" }, "모두 0이라 로그 눈금에 그릴 것이 없어요");
      let [low, high] = [Math.floor(Math.min(...values)), Math.ceil(Math.max(...values))];
      if (low === high) high += 1;
      const [first, last] = [log[0].epoch, Math.max(this.epochs, log[0].epoch + 1)];
      const x = (epoch) => 34 + ((epoch - first) / (last - first)) * 196;
      const y = (v) => 92 - ((Math.log10(v) - low) / (high - low)) * 84;
      for (const power of [low, high]) {
        put(svg, "line", { x1: 34, x2: 230, y1: y(10 ** power), y2: y(10 ** power), class: "pg-grid-line" });
        put(svg, "text", { x: 30, y: y(10 ** power) + 4, class: "pg-tick" }, `1e${power}`);
      }
      put(svg, "text", { x: 34, y: 107, class: "pg-tick pg-from" }, `에폭 ${first}`);
      put(svg, "text", { x: 230, y: 107, class: "pg-tick" }, String(last));
      let lowest = -Infinity; // 이름끼리 겹치지 않게 아래로 밀어요
      for (const { name, css, key } of series) {
        const rows = log.filter((row) => shown(key(row)));
        if (!rows.length) continue;
        put(svg, "path", { d: `M${rows.map((row) => `${x(row.epoch).toFixed(1)} ${y(key(row)).toFixed(1)}`).join("L")}`, class: `pg-line ${css}` });
        if (!name) continue;
        const at = y(key(rows.at(-1))) + 4;
        lowest = Math.abs(at - lowest) < 10 ? lowest + 10 : at;
        put(svg, "text", { x: 233, y: lowest, class: "pg-tick pg-from" }, name);
      }
    }

    drawCharts() {
      const { last } = this;
      this.drawLines(this.charts.loss, [
        { name: "학습", css: "pg-l0", key: (row) => row.train },
        { name: "검증", css: "pg-l1 pg-dash", key: (row) => row.valid },
      ], `손실: 학습 ${short(last.train ?? NaN)}`);
      const text = last.norms.map((norm, l) => `${l + 1}층 ${short(norm)}`).join(", ");
      const end = last.norms.length - 1;
      const norms = last.norms.map((_, l) => ({ name: end < 5 || l === 0 || l === end ? `${l + 1}층` : "", css: `pg-l${l}`, key: (row) => row.norms[l] }));
      this.drawLines(this.charts.norms, norms, `층마다의 기울기의 길이: ${text}`);
      this.charts.norms.note.textContent = `지금: ${text}`;
      this.drawBars();
    }

    drawBars() {
      const { svg, note } = this.charts.weights;
      const all = this.net.layers.flatMap(({ W }) => [...W]).filter(Number.isFinite);
      svg.replaceChildren();
      if (!all.length) return;
      const reach = Math.max(1, ...all.map(Math.abs)), bins = new Array(21).fill(0);
      for (const w of all) bins[Math.min(20, Math.floor(((w / reach + 1) / 2) * 21))] += 1;
      const top = Math.max(...bins);
      bins.forEach((count, k) => put(svg, "rect", { x: 4 + k * 12, width: 11, y: 100 - (92 * count) / top, height: (92 * count) / top, class: "pg-bar-one" }));
      put(svg, "text", { x: 130, y: 109, class: "pg-tick pg-mid" }, "0");
      note.textContent = `가중치 ${all.length}개, −${short(reach)}에서 ${short(reach)}까지`;
      svg.setAttribute("aria-label", note.textContent);
    }

    // ── 그리기 ──

    draw() {
      this.shades = [color("blue"), color("orange")].map((text) => text.match(/[0-9a-f]{2}/gi).map((two) => parseInt(two, 16)));
      this.inspect();
      this.drawHeat();
      this.drawCells();
      this.drawDots();
      this.drawWeights();
      this.drawCharts();
      this.tell();
    }

    // 배우는 동안의 장면: 하나씩 돌아가며 그려, 느린 기기에서도 화면이 끊기지 않게 해요. 뉴런의 네모는 방금 칠한 평면의 것이에요.
    drawMoving() {
      this.frames = (this.frames ?? 0) + 1;
      const heatAndCells = () => {
        this.drawHeat();
        this.drawCells();
      };
      [() => this.drawHeat(), () => this.drawWeights(), () => this.drawHeat(), () => this.inspect(), heatAndCells, () => this.tell(),
        () => this.drawHeat(), () => this.drawCharts()][this.frames % 8]();
    }

    // 평면의 격자를 한 번에 순전파해서 출력은 평면에 칠해요.
    drawHeat() {
      const width = this.regression ? 1 : 2;
      if (this.grid?.length !== GRID * GRID * width) {
        this.grid = new Float64Array(GRID * GRID * width);
        for (let k = 0; k < GRID * GRID; k++) {
          this.grid[k * width] = ((k % GRID) / (GRID - 1)) * 2 * SPAN - SPAN;
          if (width === 2) this.grid[k * width + 1] = SPAN - (Math.floor(k / GRID) / (GRID - 1)) * 2 * SPAN;
        }
      }
      const out = this.seer.forward(this.grid, GRID * GRID);
      this.heat.hidden = this.regression;
      const seen = this.lens && this.seen(this.lens.l, this.lens.k);
      if (!this.regression) this.paint(this.heat, GRID, seen ?? ((k) => this.level(out, k)));
      this.curve.setAttribute("d", this.regression ? `M${Array.from({ length: GRID }, (_, k) => this.toPlane(this.grid[k], clamp(out[k] || 0, -9, 9)).join(" ")).join("L")}` : "");
    }

    // 격자의 자리 → 뉴런 하나가 보는 것(−1에서 1). l이 −1이면 입력, 마지막 층이면 신경망의 대답이에요.
    seen(l, k) {
      const layer = this.seer.layers[l];
      if (!layer) return (at) => Math.tanh(this.grid[at * (this.regression ? 1 : 2) + k]);
      const { a, nOut, activation } = layer;
      if (l === this.seer.layers.length - 1 && !this.regression) {
        const sign = this.softmax && k === 0 ? -1 : 1; // 소프트맥스의 첫 출력은 ■의 것이에요
        return (at) => sign * this.level(a, at);
      }
      return activation === "Sigmoid" ? (at) => 2 * a[at * nOut + k] - 1 : (at) => Math.tanh(a[at * nOut + k]);
    }

    // 뉴런마다 보는 것을 그 네모에, 가로세로 한 칸씩 걸러 칠해요. drawHeat가 방금 격자를 순전파했어야 해요.
    drawCells() {
      const side = (GRID + 1) / 2;
      this.scratch ??= Object.assign(document.createElement("canvas"), { width: side, height: side });
      this.cells.forEach((column, l) => column.forEach(({ image }, k) => {
        const value = this.seen(l - 1, k);
        this.paint(this.scratch, side, (at) => value(2 * Math.floor(at / side) * GRID + 2 * (at % side)));
        image.setAttribute("href", this.scratch.toDataURL());
      }));
    }

    // −1에서 1 사이의 값을 주황에서 파랑으로. 0에 가까울수록 옅어요.
    paint(canvas, side, value) {
      const context = canvas.getContext("2d");
      const image = context.createImageData(side, side);
      for (let k = 0; k < side * side; k++) {
        const v = clamp(value(k), -1, 1);
        const [r, g, b] = this.shades[v >= 0 ? 0 : 1];
        image.data[4 * k] = r;
        image.data[4 * k + 1] = g;
        image.data[4 * k + 2] = b;
        image.data[4 * k + 3] = Math.abs(v) * 170;
      }
      context.putImageData(image, 0, 0);
    }

    drawDots() {
      this.dots.replaceChildren();
      let row = -1;
      this.points.forEach((point) => {
        const [x, y, kind] = point;
        const [cx, cy] = this.toPlane(x, y);
        const held = this.isHeld(point);
        if (!held) row += 1;
        const css = `pg-dot ${kind > 0.5 || this.regression ? "pg-one" : "pg-zero"}${held ? " pg-held" : ""}`;
        if (!held && row === this.picked) put(this.dots, "circle", { cx, cy, r: 9, class: "pg-ring" });
        if (kind > 0.5 || this.regression) put(this.dots, "circle", { cx, cy, r: 4.5, class: css });
        else put(this.dots, "rect", { x: cx - 4, y: cy - 4, width: 8, height: 8, class: css });
      });
      this.cross.setAttribute("transform", `translate(${this.toPlane(...this.cursor).join(" ")})`);
      const [x, y] = this.cursor.map((v) => v.toFixed(2));
      this.plane.setAttribute("aria-label", `점 ${this.points.length}개. + 자리 (${x}, ${y})`);
    }

    drawWeights() {
      const depth = this.net.layers.length;
      const { phase, chosen } = this;
      this.net.layers.forEach(({ W, nIn }, l) => this.edges[l].forEach((edge, k) => {
        edge.setAttribute("class", W[k] < 0 ? "pg-minus" : "pg-plus");
        edge.setAttribute("stroke-width", String(clamp(Math.abs(W[k]) * 1.6, 0.5, 7)));
        const picked = chosen.kind === "weight" && chosen.l === l && chosen.j === Math.floor(k / nIn) && chosen.i === k % nIn;
        edge.parentNode.classList.toggle("pg-on", picked);
      }));
      this.cells.forEach((column, l) => column.forEach(({ box, text }, k) => {
        const layer = l ? this.net.layers[l - 1] : undefined;
        const roomy = column.length <= 5 || chosen.l === l - 1; // 뉴런이 많으면 고른 층의 수만 적어요
        const forward = phase >= l && phase >= 0 && roomy;
        const back = l > 0 && phase >= 2 * depth + 2 - l && roomy;
        const value = forward ? (layer ? layer.a[k] : this.net.layers[0].input[k]) : undefined;
        text.textContent = back ? `δ ${short(layer.delta[k])}` : forward ? short(value) : l ? "" : this.regression ? "x" : `x${sub(k + 1)}`;
        text.setAttribute("class", back ? "pg-back" : forward ? "pg-forward" : "");
        const picked = chosen.kind === "bias" && chosen.l === l - 1 && chosen.j === k;
        box.setAttribute("class", `${picked ? "pg-on" : ""} ${back ? "pg-back" : forward ? "pg-forward" : ""}`);
      }));
    }
  }

  document.querySelectorAll(".bp-playground").forEach((root) => new Lab(root));
})();
