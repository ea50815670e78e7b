// 수업 슬라이드: 글쇠, 단추, 발표용 리모컨으로 앞뒤로 가요. 쓸어 넘기는 것과 인쇄는 브라우저가 해요(slides.css).
"use strict";
// 다음 반에서도 새로 걸도록, 내기는 열 때마다 닫혀 있어요. 독자가 장에서 남긴 것도 건드리지 않아요.
const Progress = { get() {}, put() {} };
(() => {
  const slides = [...document.querySelectorAll(".lab-slide")];
  const place = document.querySelector(".lab-slides nav output");
  // 리모컨은 PageUp과 PageDown을 보내요. 좌우 글쇠는 막대와 목록이 먼저 써요.
  const STEPS = { PageDown: 1, PageUp: -1, ArrowRight: 1, ArrowLeft: -1 };
  const now = () => Math.max(0, slides.findLastIndex((one) => one.getBoundingClientRect().top <= innerHeight / 2));
  const tell = () => (place.textContent = `${now() + 1} / ${slides.length}`);

  function go(step) {
    slides[Math.min(Math.max(now() + step, 0), slides.length - 1)].scrollIntoView();
    tell();
  }

  addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const busy = event.key.startsWith("Arrow") && event.target.closest("input, select");
    if (!step || busy || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(step);
  });
  for (const button of document.querySelectorAll(".lab-slides nav button[value]")) {
    button.addEventListener("click", () => go(Number(button.value)));
  }
  addEventListener("scroll", tell, { passive: true });
  tell();
})();
