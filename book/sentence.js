// 내 문장: 적은 한국어 문장을 8장의 GRU에 읽히고, 어절을 하나씩 지워 그 몫을 재요.
// 자르는 법과 거절하는 말은 bplib/topics/sentence.py와 똑같아요(tests/browser/test_type.py).
const Sentence = (() => {
  "use strict";

  const [LETTERS, WORDS, UNKNOWN] = [100, 20, 1];
  const LEARNED = "이 신경망이 배운 것은 날씨, 음식, 물건, 여행, 학교 같은 이야기예요.";
  const STRANGE = `모두 배운 적이 없는 글자라 읽지 못해요. ${LEARNED}`;
  const [ASK, CHANGED] = ["‘읽기’를 누르면 신경망이 읽고 답해요.", "문장을 고쳤어요. ‘읽기’를 누르면 다시 읽어요."];
  const START = "오늘 날씨가 정말 좋아!";
  const EXAMPLES = [START, "오늘 날씨가 안 좋아", "방이 춥지 않아요", "다시는 오지 않을 거예요"];

  const words = (text) => text.normalize("NFC").match(/[\p{L}\p{N}]+/gu) ?? [];
  const syllables = (text) => [...words(text).join(" ")];

  // 읽을 수 없는 글이면 그 까닭, 읽을 수 있으면 빈 글.
  function refusal(text) {
    const clean = text.normalize("NFC").trim();
    if (!clean) return "문장을 적어 주세요.";
    if ([...clean].length > LETTERS) return "문장 하나, 100자까지 읽어요.";
    if (!/[가-힣]/.test(clean))
      return /[ㄱ-ㅣ]/.test(clean)
        ? "자모만으로는 읽지 못해요. ‘좋아요’처럼 글자를 모아 적어 주세요."
        : "이 신경망은 한글 문장만 배웠어요. 한글로 적어 주세요.";
    return words(clean).length > WORDS ? "한 번에 어절 스무 개까지 읽어요. 문장을 나눠 적어 주세요." : "";
  }

  // 문장의 z와 긍정일 확률, 어절마다 [어절, 몫], 배운 적이 없는 글자, 그런 글자뿐인지.
  function read(net, text) {
    net.numbers ??= new Map([...net.extras.pieces].map((piece, k) => [piece, k + 2]));
    const score = (pieces) => {
      const ids = pieces.map((piece) => net.numbers.get(piece) ?? UNKNOWN);
      return net.forward(ids.length ? ids : [UNKNOWN])[0];
    };
    const whole = words(text);
    const z = score(syllables(text));
    const pulls = whole.map((word, k) => [word, z - score([...whole.filter((_, other) => other !== k).join(" ")])]);
    const pieces = [...new Set(syllables(text))];
    const strange = pieces.filter((piece) => !net.numbers.has(piece));
    const lost = strange.length === pieces.filter((piece) => piece !== " ").length;
    return { z, p: Engine.ACTIVATIONS.Sigmoid.f(z), pulls, strange, lost };
  }

  // ── 쪽 ──

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  class Lab {
    constructor(root) {
      const facts = root.querySelector(".ow-facts");
      this.box = make("input", { type: "text", lang: "ko", class: "se-box", enterkeyhint: "go", autocomplete: "off", value: START });
      this.text = make("p", { class: "bp-text", role: "status" }, ASK);
      this.box.addEventListener("input", () => this.tell(CHANGED)); // 앞 문장의 답을 남겨 두지 않아요
      this.bars = make("ol", { class: "se-bars", "aria-label": "어절마다 답을 민 만큼" });
      const form = make("form", { class: "se-form" },
        make("label", { class: "se-label" }, make("span", {}, "문장을 적어 보세요"), this.box),
        make("button", { type: "submit", class: "bp-play" }, "읽기"));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.show();
      });
      const examples = EXAMPLES.map((text) => {
        const button = make("button", { type: "button", class: "se-example" }, text);
        button.addEventListener("click", () => {
          this.box.value = text;
          this.show();
        });
        return button;
      });
      root.replaceChildren(form, make("div", { class: "ow-buttons", role: "group", "aria-label": "보기 문장" }, ...examples),
        this.text, this.bars, facts);
    }

    async show() {
      const text = this.box.value;
      const why = refusal(text);
      this.tell(why || "신경망을 가져오고 있어요 …");
      if (why) return;
      try {
        const net = await Forward.load("sentence");
        if (this.box.value === text) this.answer(read(net, text));
      } catch (error) {
        this.tell(error.message);
      }
    }

    tell(text) {
      this.bars.replaceChildren();
      if (this.text.textContent !== text) this.text.textContent = text;
    }

    answer({ p, pulls, strange, lost }) {
      if (lost) return this.tell(STRANGE);
      const most = Math.max(1, ...pulls.map(([, pull]) => Math.abs(pull)));
      this.tell(
        `${p > 0.5 ? "긍정" : "부정"}이라고 답했어요. 긍정일 확률 ${p.toFixed(2)}. ` +
          (strange.length ? `배운 적이 없는 글자: ${strange.join(", ")}. ${LEARNED}` : "모두 배운 글자예요."),
      );
      this.bars.replaceChildren(...pulls.map(([word, pull]) => {
        const fill = make("span", { class: pull > 0 ? "se-fill se-plus" : "se-fill" });
        const width = (50 * Math.abs(pull)) / most;
        fill.style.width = `${width.toFixed(1)}%`;
        fill.style.marginLeft = `${(pull > 0 ? 50 : 50 - width).toFixed(1)}%`;
        const size = Math.abs(pull).toFixed(1);
        const value = size === "0.0" ? size : `${pull > 0 ? "긍정" : "부정"} ${size}`;
        return make("li", {}, make("span", { class: "se-word" }, word),
          make("span", { class: "se-track" }, fill), make("span", { class: "ow-value" }, value));
      }));
    }
  }

  document.querySelectorAll('[data-own="sentence"]').forEach((root) => new Lab(root));
  return { words, syllables, refusal, read };
})();
