// 첫 그림 전에 할 세 가지: 저장소가 막힌 곳(쿠키를 막은 학교, 갇힌 틀)에서는 쪽을 떠날 때까지만 기억하는 것을 대신 두고, 제 밝기로 보이도록 테마를 정하고, 글이 보인 뒤에 수식의 너비가 바뀌지 않도록 CSS에 담은 수식 글꼴
// (labbundle.py)을 풀어요. 스크립트가 꺼져 있으면 data-mode가 없어요(site.css).
(() => {
  "use strict";
  for (const storage of ["localStorage", "sessionStorage"]) {
    try {
      window[storage].getItem("mode");
    } catch {
      const kept = new Map();
      const value = {
        getItem: (name) => kept.get(name) ?? null,
        setItem: (name, text) => void kept.set(name, `${text}`),
        removeItem: (name) => void kept.delete(name),
      };
      Object.defineProperty(window, storage, { value });
    }
  }
  const root = document.documentElement.dataset;
  root.mode = /^(light|dark)$/.exec(localStorage.getItem("mode"))?.[0] ?? "auto"; // 같은 주소의 다른 책이 적은 이름일 수도 있어요
  root.theme = root.mode !== "auto" ? root.mode : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  for (const font of ["1em KaTeX_Main", "italic 1em KaTeX_Math"]) document.fonts.load(font);
})();
