// 사이트의 작은 도우미: 코드 복사, 인쇄, 펼침 목록 닫기, 넘치는 수식을 키보드로 밀기.
(() => {
  "use strict";

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // file:// 처럼 클립보드 API가 없는 곳
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }

  function addCopyButtons() {
    for (const box of document.querySelectorAll(".bd-article div.highlight")) {
      if (box.closest(".cell_output")) continue;
      const button = Object.assign(document.createElement("button"), {
        type: "button",
        className: "lab-copy",
        textContent: "복사",
      });
      button.setAttribute("aria-label", "코드 복사");
      button.addEventListener("click", async () => {
        await copy(box.querySelector("pre").textContent);
        button.textContent = "복사했어요";
        setTimeout(() => (button.textContent = "복사"), 1500);
      });
      box.append(button);
    }
  }

  function closeMenus(event) {
    for (const menu of document.querySelectorAll(".lab-menu[open]")) {
      if (event.type === "keydown" ? event.key === "Escape" : !menu.contains(event.target)) {
        if (event.type === "keydown" && menu.contains(document.activeElement)) menu.firstElementChild.focus();
        menu.open = false;
      }
    }
  }

  function markScrollable() {
    for (const box of document.querySelectorAll(".katex-display, .cell_output, .highlight pre, .pst-scrollable-table-container")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }

  addCopyButtons();
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
  addEventListener("resize", markScrollable);
  document.fonts.ready.then(markScrollable);
})();
