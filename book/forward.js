// 배운 신경망을 쪽에서 써요: bplib의 층과 같은 순전파, 그리고 출력 하나를 입력으로 미분하는 역전파.
// 선형층과 활성화 함수는 engine.js의 것이에요. bplib과 같은지는 tests/browser/test_own.py가 견줘요(1e-9).
// 표본은 언제나 하나예요. 그래서 모양에 표본의 수가 없어요: 그림은 (c, h, w), 열은 (t, k).
const Forward = (() => {
  "use strict";

  const size = (shape) => shape.reduce((product, n) => product * n, 1);

  // ── 층: new Layer(spec, take)가 배우는 수를 take(개수)로 bplib의 차례대로 가져가요 ──
  // forward(a, 모양) → [a′, 모양′], backward(∂y/∂a′) → ∂y/∂a. 앞에서 본 것을 기억해 둬요.

  // 행마다 z = W a + b.
  class Linear {
    constructor({ n_in, n_out }, take) {
      this.dense = new Engine.Dense(n_in, n_out, "Identity");
      this.dense.W = take(n_out * n_in);
      this.dense.b = take(n_out);
    }
    forward(a, shape) {
      this.n = size(shape) / this.dense.nIn;
      return [this.dense.forward(a, this.n), [...shape.slice(0, -1), this.dense.nOut]];
    }
    backward(delta) {
      return this.dense.backward(delta, this.n);
    }
  }

  // a = f(z). 시그모이드, tanh, ReLU, LeakyReLU, 항등.
  class Activation {
    constructor({ type, slope }) {
      Object.assign(this, { ...Engine.ACTIVATIONS[type], leak: slope, derivative: Engine.ACTIVATIONS[type].slope });
    }
    forward(z, shape) {
      this.a = z.map((one) => this.f(one, this.leak));
      return [this.a, shape];
    }
    backward(grad) {
      return grad.map((one, i) => one * this.derivative(this.a[i], this.leak));
    }
  }

  // z[o, r, s] = Σ W[o, c, i, j] · a[c, stride·r + i − padding, stride·s + j − padding] + b[o]. 그림 밖은 0.
  class Conv2d {
    constructor(spec, take) {
      Object.assign(this, spec);
      this.W = take(spec.c_out * spec.c_in * spec.size ** 2);
      this.b = take(spec.c_out);
    }
    // 겹치는 (z의 자리, W의 자리, a의 자리)를 모두 한 번씩 불러요. 순전파와 역전파가 함께 써요.
    pairs(visit) {
      const { c_in, c_out, size: side, stride, padding, shape: [, h, w], out: [, rows, cols] } = this;
      for (let o = 0; o < c_out; o++)
        for (let c = 0; c < c_in; c++)
          for (let i = 0; i < side; i++)
            for (let j = 0; j < side; j++)
              for (let r = 0; r < rows; r++)
                for (let s = 0; s < cols; s++) {
                  const y = stride * r + i - padding;
                  const x = stride * s + j - padding;
                  if (y < 0 || y >= h || x < 0 || x >= w) continue;
                  visit((o * rows + r) * cols + s, ((o * c_in + c) * side + i) * side + j, (c * h + y) * w + x);
                }
    }
    forward(a, shape) {
      const places = (length) => Math.floor((length + 2 * this.padding - this.size) / this.stride) + 1;
      this.shape = shape;
      this.out = [this.c_out, places(shape[1]), places(shape[2])];
      const area = this.out[1] * this.out[2];
      const z = new Float64Array(size(this.out));
      this.pairs((k, m, p) => { z[k] += this.W[m] * a[p]; });
      return [z.map((one, k) => one + this.b[Math.floor(k / area)]), this.out];
    }
    backward(delta) {
      const grad = new Float64Array(size(this.shape));
      this.pairs((k, m, p) => { grad[p] += this.W[m] * delta[k]; });
      return grad;
    }
  }

  // 칸마다의 최댓값. 기울기는 읽는 차례로 먼저 나온 최댓값에만 가요.
  class MaxPool2d {
    constructor({ size: side }) {
      this.side = side;
    }
    forward(a, shape) {
      const [c, h, w] = shape;
      const { side } = this;
      const [rows, cols] = [Math.floor(h / side), Math.floor(w / side)];
      this.length = a.length;
      this.won = new Int32Array(c * rows * cols); // 뽑힌 자리
      for (let k = 0; k < this.won.length; k++) {
        const corner = Math.floor(k / (rows * cols)) * h * w + (Math.floor(k / cols) % rows) * side * w + (k % cols) * side;
        let best = corner;
        for (let i = 0; i < side; i++)
          for (let j = 0; j < side; j++) if (a[corner + i * w + j] > a[best]) best = corner + i * w + j;
        this.won[k] = best;
      }
      return [Float64Array.from(this.won, (p) => a[p]), [c, rows, cols]];
    }
    backward(grad) {
      const before = new Float64Array(this.length);
      this.won.forEach((p, k) => (before[p] = grad[k]));
      return before;
    }
  }

  class Flatten {
    forward(a, shape) {
      return [a, [size(shape)]];
    }
    backward(grad) {
      return grad;
    }
  }

  // 번호 (t,) → 벡터 (t, n_out).
  class Embedding {
    constructor({ n_words, n_out }, take) {
      Object.assign(this, { n_words, n_out, W: take(n_words * n_out) });
    }
    forward(words) {
      const a = new Float64Array(words.length * this.n_out);
      words.forEach((i, t) => {
        if (!(Number.isInteger(i) && 0 <= i && i < this.n_words)) wrong("번호가", `0 … ${this.n_words - 1}`, i);
        a.set(this.W.subarray(i * this.n_out, (i + 1) * this.n_out), t * this.n_out);
      });
      return [a, [words.length, this.n_out]];
    }
  }

  // r = σ(Wʳ x + Uʳ a + bʳ), u = σ(Wᵘ x + Uᵘ a + bᵘ), ã = tanh(Wᵃ x + bᵃ + r (Uᵃ a + c)), aₜ = u aₜ₋₁ + (1 − u) ã.
  class GRU {
    constructor({ n_in, n_out, padding }, take) {
      Object.assign(this, { n_in, n_out, padding });
      this.W = take(3 * n_out * n_in);
      this.U = take(3 * n_out * n_out);
      this.b = take(3 * n_out);
      this.c = take(n_out);
    }
    // 한 걸음: x (n_in)와 앞 상태 a (n_out) → 새 상태. padding이면 모두 0인 x는 상태를 그대로 둬요.
    step(x, a) {
      if (this.padding && x.every((one) => one === 0)) return a;
      const { n_in, n_out, W, U, b, c } = this;
      const { f: sigmoid } = Engine.ACTIVATIONS.Sigmoid;
      const drive = (k) => b[k] + x.reduce((total, one, i) => total + W[k * n_in + i] * one, 0);
      const recur = (k) => a.reduce((total, one, i) => total + U[k * n_out + i] * one, 0);
      return a.map((old, k) => {
        const r = sigmoid(drive(k) + recur(k));
        const u = sigmoid(drive(n_out + k) + recur(n_out + k));
        const fresh = Math.tanh(drive(2 * n_out + k) + r * (recur(2 * n_out + k) + c[k]));
        return fresh + u * (old - fresh);
      });
    }
    forward(x, [t]) {
      const states = new Float64Array(t * this.n_out);
      let a = new Float64Array(this.n_out);
      for (let k = 0; k < t; k++) {
        a = this.step(x.subarray(k * this.n_in, (k + 1) * this.n_in), a);
        states.set(a, k * this.n_out);
      }
      return [states, [t, this.n_out]];
    }
  }

  class LastStep {
    forward(a, [t, k]) {
      return [a.slice((t - 1) * k), [k]];
    }
  }

  // 표본이 하나면 걸음이 곧 행이에요.
  class EveryStep {
    forward(a, shape) {
      return [a, shape];
    }
  }

  // 걸음의 평균. padding이면 모두 0인 걸음은 세지 않아요.
  class MeanOverTime {
    constructor({ padding }) {
      this.padding = padding;
    }
    forward(a, [t, k]) {
      const mean = new Float64Array(k);
      let count = 0;
      for (let step = 0; step < t; step++) {
        const row = a.subarray(step * k, (step + 1) * k);
        if (this.padding && row.every((one) => one === 0)) continue;
        count++;
        row.forEach((one, i) => (mean[i] += one));
      }
      return [mean.map((one) => one / Math.max(count, 1)), [k]];
    }
  }

  // 새 층은 위에 쓰고 여기에 이름을 더해요. 이름은 bplib의 것이에요.
  const LAYERS = { Linear, Conv2d, MaxPool2d, Flatten, Embedding, GRU, LastStep, EveryStep, MeanOverTime };
  for (const name of Object.keys(Engine.ACTIVATIONS)) LAYERS[name] = Activation;

  // ── 신경망 ──

  class Network {
    // layers: [{type, …}], weights: 모든 층의 배우는 수를 이은 것(bplib의 net.params()와 같은 차례).
    constructor({ layers, weights, ...extras }) {
      let used = 0;
      const take = (n) => Float64Array.from(weights.slice(used, (used += n)));
      this.layers = layers.map((spec) => {
        if (!Object.hasOwn(LAYERS, spec.type)) wrong("층이", Object.keys(LAYERS).join(", ") + " 가운데 하나", spec.type);
        return new LAYERS[spec.type](spec, take);
      });
      if (used !== weights.length) wrong("배우는 수의 개수가", used, weights.length);
      this.extras = extras;
    }

    // 순전파: 입력 (한 줄의 수)과 그 모양 → 출력.
    forward(input, shape = [input.length]) {
      if (size(shape) !== input.length) wrong("입력의 개수가", size(shape), input.length);
      return this.layers.reduce(([a, at], layer) => layer.forward(a, at), [Float64Array.from(input), shape])[0];
    }

    // 방금 한 순전파에서 Σ δ y의, 입력에 대한 기울기. 출력 k 하나라면 δ는 k만 1이에요.
    backward(delta) {
      return this.layers.reduceRight((grad, layer) => layer.backward(grad), Float64Array.from(delta));
    }
  }

  // pₖ = exp(zₖ / 온도) / Σ exp(z / 온도).
  function softmax(z, temperature = 1) {
    const top = z.reduce((most, one) => Math.max(most, one));
    const exps = Float64Array.from(z, (one) => Math.exp((one - top) / temperature));
    const total = exps.reduce((sum, one) => sum + one, 0);
    return exps.map((one) => one / total);
  }

  function wrong(what, expected, got) {
    throw new RangeError(`배운 신경망: ${what} 맞지 않아요. 기대: ${expected}, 받음: ${JSON.stringify(got) ?? got}`);
  }

  // ── 배운 수: _static/net-이름.js가 define을 불러요. 처음 쓸 때 한 번만 가져와요 ──

  const defined = {};
  const loading = {};

  // weights: float32의 바이트를 base64로 적은 글.
  function define(name, { weights, ...rest }) {
    const bytes = Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0));
    defined[name] = new Network({ ...rest, weights: new Float32Array(bytes.buffer) });
  }

  // 이름의 신경망을 기다려요. 가져오지 못하면 다음에 다시 해 봐요.
  function load(name) {
    if (defined[name]) return Promise.resolve(defined[name]);
    return (loading[name] ??= new Promise((done, failed) => {
      const src = new URL(`${document.documentElement.dataset.content_root ?? "./"}_static/net-${name}.js`, location.href);
      const ready = () => (defined[name] ? done(defined[name]) : stop());
      const stop = () => {
        delete loading[name];
        failed(new Error("배운 신경망을 불러오지 못했어요. 연결을 살피고 다시 해 보세요."));
      };
      document.head.append(Object.assign(document.createElement("script"), { src, onload: ready, onerror: stop }));
    }));
  }

  return { Network, define, load, softmax };
})();
