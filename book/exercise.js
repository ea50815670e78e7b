// 연습문제를 채점해요. bplib/exercises.py의 _judge()와 같은 판정이에요. 수만 읽고, 아무것도 실행하지 않아요.
(() => {
  "use strict";

  function readNumber(text) {
    const plain = text.trim().replace(/−/g, "-").replace(/,/g, "");
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  }

  function judge(data, text) {
    const number = readNumber(text);
    if (!Number.isFinite(number)) return { right: false, message: data.notNumber, tried: false };
    const found = data.known.findIndex(([value]) => Math.abs(number - value) <= data.tolerance);
    return { right: found === 0, message: found < 0 ? data.unknown : data.known[found][1], tried: true };
  }

  document.querySelectorAll(".bp-exercise form").forEach((form) => {
    const root = form.parentElement;
    const data = JSON.parse(root.querySelector("script").textContent);
    form.querySelectorAll("input, button").forEach((element) => (element.disabled = false));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const verdict = judge(data, form.querySelector("input").value);
      root.querySelector(".bp-text").textContent = (verdict.right ? "✓ " : "✗ ") + verdict.message;
      if (verdict.tried) root.querySelector("details").hidden = false;
    });
  });
})();
