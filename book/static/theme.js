// 첫 그림부터 제 밝기로 보이도록, 쪽을 읽기 시작할 때 테마를 정해요. 스크립트가 꺼져 있으면 data-mode가 없어요(site.css).
(() => {
  "use strict";
  const root = document.documentElement.dataset;
  root.mode = localStorage.getItem("mode") || "auto";
  root.theme = root.mode !== "auto" ? root.mode : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
})();
