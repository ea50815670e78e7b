// 쪽의 계산기: bplib과 같은 수를 내는 작은 신경망. 책의 수식을 그 차례 그대로 적었어요.
// 노트북의 bplib과 같은지는 tests/browser/test_engine.py가 아무렇게나 지은 신경망 수백 개로 견줘요(1e-12).
// 행렬은 한 줄의 Float64Array예요: 행 i, 열 j의 수는 M[i * 열의 수 + j]. 표본은 행이에요.
const Engine = (() => {
  "use strict";

  // ── 활성화 함수: f(z), 그리고 기억해 둔 a로 적은 f′(z) ──

  const ACTIVATIONS = {
    Sigmoid: { f: (z) => 1 / (1 + Math.exp(-Math.max(z, -708))), slope: (a) => a * (1 - a) },
    Tanh: { f: (z) => Math.tanh(z), slope: (a) => 1 - a * a },
    ReLU: { f: (z) => Math.max(z, 0), slope: (a) => (a > 0 ? 1 : 0) },
    LeakyReLU: { f: (z, s) => Math.max(z, s * z), slope: (a, s) => (a > 0 ? 1 : s) },
    Identity: { f: (z) => z, slope: () => 1 },
  };

  // ── 손실: (출력, 정답, 표본 수 n, 출력 수 k) → [E, ∂E/∂출력]. 1/n은 여기에만 있어요 ──

  const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

  function halfSquares(pred, y, n) {
    const miss = pred.map((a, i) => a - y[i]);
    return [(0.5 * sum(miss.map((r) => r * r))) / n, miss.map((r) => r / n)];
  }

  function meanSquares(pred, y, n, k) {
    const miss = pred.map((a, i) => a - y[i]);
    return [sum(miss.map((r) => r * r)) / (n * k), miss.map((r) => (2 * r) / (n * k))];
  }

  function binary(z, y, n) {
    const s = z.map((one) => Math.max(one, 0) + Math.log1p(Math.exp(-Math.abs(one)))); // ln(1 + eᶻ)
    return [sum(z.map((one, i) => s[i] - y[i] * one)) / n, z.map((one, i) => (Math.exp(one - s[i]) - y[i]) / n)];
  }

  function softmax(z, y, n, k) {
    const grad = new Float64Array(n * k);
    let E = 0;
    for (let i = 0; i < n; i++) {
      const row = z.subarray(i * k, i * k + k);
      const top = Math.max(...row);
      const exps = row.map((one) => Math.exp(one - top));
      const total = sum(exps);
      for (let j = 0; j < k; j++) {
        E += y[i * k + j] * (Math.log(total) - (row[j] - top));
        grad[i * k + j] = (exps[j] / total - y[i * k + j]) / n;
      }
    }
    return [E / n, grad];
  }

  const LOSSES = {
    HalfSquaredError: halfSquares,
    MeanSquaredError: meanSquares,
    BinaryCrossEntropy: binary,
    SoftmaxCrossEntropy: softmax,
  };

  // ── 처음 가중치: 씨앗이 같으면 어디서나 같아요 ──

  // 32비트 수 하나를 섞어 [0, 1)의 수를 차례로 내요(mulberry32). NumPy의 생성기와는 다른 수예요.
  function generator(seed) {
    let state = seed >>> 0;
    const uniform = () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()); // Box–Muller
    return { uniform, normal, get state() { return state; } };
  }

  const INITS = {
    zeros: () => 0,
    normal: (rng, nIn, nOut, std) => std * rng.normal(),
    xavier: (rng, nIn, nOut) => (2 * rng.uniform() - 1) * Math.sqrt(6 / (nIn + nOut)),
    he: (rng, nIn) => Math.sqrt(2 / nIn) * rng.normal(),
  };

  // 0 … n−1을 섞어요. 미니배치를 나눌 때 써요.
  function shuffled(n, rng) {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(rng.uniform() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  // ── 층 하나: z = W a + b, 그다음 a = f(z) ──

  class Dense {
    constructor(nIn, nOut, activation, slope) {
      Object.assign(this, { nIn, nOut, activation, leak: slope });
      this.W = new Float64Array(nOut * nIn);
      this.b = new Float64Array(nOut);
      this.gradW = new Float64Array(nOut * nIn);
      this.gradB = new Float64Array(nOut);
    }

    // 표본마다 zⱼ = Σᵢ Wⱼᵢ aᵢ + bⱼ, aⱼ = f(zⱼ). 입력과 z와 a를 기억해요.
    forward(input, n) {
      const { nIn, nOut, W, b, leak } = this;
      const { f } = ACTIVATIONS[this.activation];
      const z = new Float64Array(n * nOut);
      for (let s = 0; s < n; s++) {
        for (let j = 0; j < nOut; j++) {
          let total = 0;
          for (let i = 0; i < nIn; i++) total += input[s * nIn + i] * W[j * nIn + i];
          z[s * nOut + j] = total + b[j];
        }
      }
      this.input = input;
      this.z = z;
      this.a = z.map((one) => f(one, leak));
      return this.a;
    }

    // ∂E/∂a를 받아 δ = ∂E/∂a · f′(z), ∂E/∂W = Σ δ aᵀ, ∂E/∂b = Σ δ를 적고 앞 층의 ∂E/∂a = Wᵀ δ를 돌려줘요.
    backward(gradA, n) {
      const { nIn, nOut, W, gradW, gradB, input, a, leak } = this;
      const { slope } = ACTIVATIONS[this.activation];
      const delta = gradA.map((one, i) => one * slope(a[i], leak));
      const before = new Float64Array(n * nIn);
      gradW.fill(0);
      gradB.fill(0);
      for (let s = 0; s < n; s++) {
        for (let j = 0; j < nOut; j++) {
          const d = delta[s * nOut + j];
          gradB[j] += d;
          for (let i = 0; i < nIn; i++) {
            gradW[j * nIn + i] += d * input[s * nIn + i];
            before[s * nIn + i] += d * W[j * nIn + i];
          }
        }
      }
      this.gradA = gradA;
      this.delta = delta;
      return before;
    }
  }

  // ── 고치기: 수 w와 기울기 g의 한 묶음에 한 걸음 ──

  const OPTIMIZERS = {
    // v ← μ v + g, w ← w − η v. nesterov면 w ← w − η (g + μ v). μ = 0이면 w ← w − η g.
    SGD(w, g, memory, { lr, momentum = 0, nesterov = false }) {
      const v = (memory.v ??= new Float64Array(w.length));
      for (let i = 0; i < w.length; i++) {
        v[i] = momentum * v[i] + g[i];
        w[i] -= lr * (nesterov ? g[i] + momentum * v[i] : v[i]);
      }
    },
    // m과 v는 기울기와 그 제곱의 평균, w ← w − η m̂ / (√v̂ + ε).
    Adam(w, g, memory, { lr, betas: [beta1, beta2] = [0.9, 0.999], eps = 1e-8 }) {
      const m = (memory.m ??= new Float64Array(w.length));
      const v = (memory.v ??= new Float64Array(w.length));
      const t = (memory.t = (memory.t ?? 0) + 1);
      for (let i = 0; i < w.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        w[i] -= (lr * (m[i] / (1 - beta1 ** t))) / (Math.sqrt(v[i] / (1 - beta2 ** t)) + eps);
      }
    },
  };

  // ── 신경망 ──

  class Network {
    // spec: { sizes: [2, 8, 1], activation, output, leak, loss, optimizer: { name, lr, … }, init, std, seed, l2 }
    constructor(spec) {
      check(spec);
      this.spec = spec;
      const { sizes, activation = "Tanh", output = "Identity", leak = 0.01 } = spec;
      const last = sizes.length - 2;
      this.layers = sizes.slice(1).map((nOut, l) => new Dense(sizes[l], nOut, l < last ? activation : output, leak));
      this.rng = generator(spec.seed ?? 0);
      const draw = INITS[spec.init ?? "xavier"];
      for (const layer of this.layers) {
        for (let i = 0; i < layer.W.length; i++) layer.W[i] = draw(this.rng, layer.nIn, layer.nOut, spec.std ?? 1);
      }
      this.memories = this.layers.map(() => [{}, {}]);
    }

    // 순전파: a⁰ = x, aˡ = f(Wˡ aˡ⁻¹ + bˡ).
    forward(x, n) {
      return this.layers.reduce((a, layer) => layer.forward(a, n), x);
    }

    // 출력과 정답의 손실 E. ∂E/∂출력을 기억해요. L2가 있으면 ½ λ Σ W²을 더해요(편향은 빼고).
    loss(y, n) {
      const { a, nOut } = this.layers.at(-1);
      const [E, grad] = LOSSES[this.spec.loss](a, y, n, nOut);
      this.gradOut = grad;
      const l2 = this.spec.l2 ?? 0;
      return l2 ? E + 0.5 * l2 * sum(this.layers.map(({ W }) => sum(W.map((w) => w * w)))) : E;
    }

    // 역전파: 마지막 층부터 거꾸로. 모든 gradW와 gradB를 새로 적어요.
    backward(n) {
      this.layers.reduceRight((grad, layer) => layer.backward(grad, n), this.gradOut);
      const l2 = this.spec.l2 ?? 0;
      if (l2) for (const { W, gradW } of this.layers) W.forEach((w, i) => (gradW[i] += l2 * w));
    }

    // 고치기: w ← w − η ∂E/∂w, 또는 고른 최적화의 식.
    update() {
      const { name, ...options } = this.spec.optimizer;
      this.layers.forEach((layer, l) => {
        OPTIMIZERS[name](layer.W, layer.gradW, this.memories[l][0], options);
        OPTIMIZERS[name](layer.b, layer.gradB, this.memories[l][1], options);
      });
    }

    // 한 걸음: 순전파, 손실, 역전파, 고치기. 고치기 전의 손실을 돌려주고, 유한하지 않으면 고치지 않아요.
    step(x, y, n) {
      this.forward(x, n);
      const E = this.loss(y, n);
      if (!Number.isFinite(E)) return E;
      this.backward(n);
      this.update();
      return E;
    }

    // 한 에폭: 표본을 섞어 미니배치로 나눠 걷고, 손실의 표본 평균을 돌려줘요. 배치가 전체면 섞지 않아요.
    epoch(x, y, n, batch = n) {
      if (batch >= n) return this.step(x, y, n);
      const order = shuffled(n, this.rng);
      let total = 0;
      for (let start = 0; start < n; start += batch) {
        const rows = order.slice(start, start + batch);
        const E = this.step(pick(x, rows, n), pick(y, rows, n), rows.length);
        if (!Number.isFinite(E)) return E;
        total += E * rows.length;
      }
      return total / n;
    }

    // 수 하나를 h만큼 키우고 줄여 잰 기울기: (E(w + h) − E(w − h)) / 2h. 역전파와 견줄 때 써요.
    nudge(numbers, i, x, y, n, h = 1e-5) {
      const kept = numbers[i];
      const E = (w) => {
        numbers[i] = w;
        this.forward(x, n);
        return this.loss(y, n);
      };
      const slope = (E(kept + h) - E(kept - h)) / (2 * h);
      E(kept);
      return slope;
    }
  }

  // 고른 표본의 행만 모은 새 배열.
  function pick(matrix, rows, n) {
    const width = matrix.length / n;
    const out = new Float64Array(rows.length * width);
    rows.forEach((row, s) => out.set(matrix.subarray(row * width, row * width + width), s * width));
    return out;
  }

  // ── 잘못 적은 신경망: 무엇을 바랐고 무엇이 왔는지 한국어로 알려요 ──

  function wrong(what, expected, got) {
    throw new RangeError(`신경망: ${what} 맞지 않아요. 기대: ${expected}, 받음: ${JSON.stringify(got) ?? got}`);
  }

  function among(what, table, name) {
    if (!Object.hasOwn(table, name)) wrong(what, Object.keys(table).join(", ") + " 가운데 하나", name);
  }

  function between(what, number, low, high, { open = false } = {}) {
    const inside = typeof number === "number" && (open ? low < number : low <= number) && number < high;
    if (!inside) wrong(what, `${open ? low + "보다 크고" : low + " 이상"} ${high}보다 작은 수`, number);
  }

  function check(spec) {
    const { sizes, activation = "Tanh", output = "Identity", leak = 0.01, init = "xavier", std = 1 } = spec;
    const whole = Array.isArray(sizes) && sizes.length >= 2 && sizes.every((n) => Number.isInteger(n) && n >= 1);
    if (!whole) wrong("층의 크기가", "1 이상의 정수 둘 이상", sizes);
    among("활성화 함수가", ACTIVATIONS, activation);
    among("출력층의 활성화 함수가", ACTIVATIONS, output);
    among("손실이", LOSSES, spec.loss);
    among("초기화가", INITS, init);
    between("LeakyReLU의 기울기가", leak, 0, 1);
    between("초기화의 표준편차가", std, 0, Infinity);
    between("L2의 λ가", spec.l2 ?? 0, 0, Infinity);
    if (!Number.isInteger(spec.seed ?? 0)) wrong("씨앗이", "정수", spec.seed);
    const { name, lr, momentum = 0, nesterov = false, betas = [0.9, 0.999], eps = 1e-8 } = spec.optimizer ?? {};
    among("최적화가", OPTIMIZERS, name);
    between("학습률 η가", lr, 0, Infinity, { open: true });
    between("모멘텀 μ가", momentum, 0, 1);
    if (nesterov && !momentum) wrong("모멘텀 μ가", "nesterov면 0보다 큰 수", momentum);
    for (const beta of betas) between("β가", beta, 0, 1);
    between("ε이", eps, 0, Infinity, { open: true });
  }

  return { ACTIVATIONS, Dense, INITS, LOSSES, OPTIMIZERS, Network, generator, shuffled };
})();
