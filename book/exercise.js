// 연습문제를 채점해요. bplib/lab의 typed.py, exercises.py와 같은 판정이에요. 수만 읽고, 아무것도 실행하지 않아요.
(() => {
  "use strict";

  const NUMBER = /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?$/i;
  const THOUSANDS = /^[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?$/;
  const MIXED = /[0-9０-９][⁰¹²³⁴-⁹₀-₉¼-¾⅐-⅞]/;
  const COMMA = /^[-+]?[0-9]+,[0-9]+$/;

  // 적은 글 → { value, decimals, note }, 수가 아니면 undefined
  function readNumber(text) {
    if (MIXED.test(text)) return undefined; // 1½과 5²은 NFKC로 11/2와 52가 돼요
    const shown = text.normalize("NFKC").replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
    let plain = shown.replace(/[−–—‒―]/g, "-").replace(/⁄/g, "/");
    plain = plain.replace(/[ \t]*(%|°|[가-힣]+)$/, "").replace(/ *\/ */g, "/");
    let note = "";
    if (THOUSANDS.test(plain)) plain = plain.replace(/,/g, "");
    else if (COMMA.test(plain)) {
      plain = plain.replace(",", ".");
      note = `‘${shown}’는 ${plain}로 읽었어요. `;
    }
    const parts = plain.split("/");
    if (parts.length > 2 || !parts.every((part) => NUMBER.test(part))) return undefined;
    const value = Number(parts[0]) / (parts.length === 2 ? Number(parts[1]) : 1);
    const exact = parts.length === 1 && !/e/i.test(plain);
    return Number.isFinite(value) ? { value, decimals: exact ? (plain.split(".")[1] ?? "").length : undefined, note } : undefined;
  }

  // 정답을 덜 자세히 적은 것인지: 그 자리까지 반올림하면 같고, 유효 숫자가 둘은 있어야 해요.
  function rounded(data, { value, decimals }) {
    const unit = 10 ** -decimals;
    const enough = Math.floor(Math.abs(value) / unit + 0.5) >= 10;
    return decimals < data.digits && enough && Math.abs(value - data.known[0][0]) <= 0.5000001 * unit;
  }

  function judge(data, text) {
    const read = readNumber(text);
    if (!read) return { mark: "✗", message: data.notNumber, tried: false };
    const found = data.known.findIndex(([value]) => Math.abs(read.value - value) <= data.tolerance);
    const say = (mark, message) => ({ mark, message: read.note + message, tried: true });
    if (found >= 0) return say(found ? "✗" : "✓", data.known[found][1]);
    if (rounded(data, read)) return say("≈", data.near);
    return say("✗", Math.abs(read.value - data.known[0][0]) <= data.closeBy ? data.close : data.unknown);
  }

  document.querySelectorAll(".bp-exercise form").forEach((form) => {
    const root = form.parentElement;
    const data = JSON.parse(root.querySelector("script").textContent);
    const input = form.querySelector("input");
    form.querySelectorAll("input, button").forEach((element) => (element.disabled = false));
    // 전화기의 숫자판에는 빼기표가 없어요.
    form.querySelector("[type=button]").addEventListener("click", () => {
      const text = input.value.trim();
      input.value = /^[-−–]/.test(text) ? text.slice(1) : `-${text}`;
      input.focus();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { mark, message, tried } = judge(data, input.value);
      const status = root.querySelector(".bp-text");
      status.textContent = `${mark} ${message}`;
      status.dataset.verdict = mark;
      if (!tried) return;
      root.querySelector("details").hidden = false;
      Progress.answer(root.dataset.number, mark);
    });
  });
})();
