// 이 기기에만 남기는 것: 적은 코드, 푼 연습, 고른 내기, 마지막 자리. 어디로도 보내지 않아요.
// 저장소가 막힌 곳에서는 쪽을 떠날 때까지만 기억해요(theme.js).
const Progress = (() => {
  "use strict";
  const KEY = "backprop-lab";
  let memory = {};

  function all() {
    try { memory = JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch {} // 다른 쪽에서 지웠을 수 있어요
    return memory;
  }

  function write() {
    try { localStorage.setItem(KEY, JSON.stringify(memory)); } catch {}
    document.dispatchEvent(new Event("progress"));
  }

  return {
    all,
    // 주소나 링크가 가리키는 쪽의 이름: …/chapters/05-backprop.html → 05-backprop
    pageOf: ({ pathname }) => pathname.split("/").at(-1).replace(/\.html$/, ""),
    get: (kind, name) => all()[kind]?.[name],
    // 연습 하나의 판정을 적어요. 처음 푼 날이 남아요.
    answer(number, mark) {
      const page = this.pageOf(location);
      const id = document.querySelector(`.bp-exercise[data-number="${number}"]`)?.closest("section[id]")?.id;
      this.put("tried", number, { mark, page, id });
      if (mark !== "✓" || this.get("solved", number)) return;
      this.put("solved", number, { day: new Date().toLocaleDateString("sv"), page });
    },
    put(kind, name, value) {
      (all()[kind] ??= {})[name] = value;
      write();
    },
    forget() {
      memory = {};
      try { localStorage.removeItem(KEY); } catch {}
      document.dispatchEvent(new Event("progress"));
    },
  };
})();
