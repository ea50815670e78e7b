// 사이트의 작은 도우미: 코드 복사, 인쇄, 펼침 목록 닫기, 옮긴 절 따라가기, 넘치는 수식을 키보드로 밀기.
async function copyText(text) {
  "use strict";
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

(() => {
  "use strict";

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
        await copyText(box.querySelector("pre").textContent);
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

  // 넘치는 것만 Tab으로 닿게 해요. 관찰자는 이미 배치된 것의 크기를 알려 줘서, 배치를 다시 시키지 않아요.
  function watchOverflow() {
    const boxes = document.querySelectorAll(".katex-display, .cell_output, .cell_output > .output, pre, .pst-scrollable-table-container");
    const observer = new ResizeObserver((entries) => {
      const overflows = entries.map(({ target }) => target.scrollWidth > target.clientWidth);
      entries.forEach(({ target }, i) => (overflows[i] ? (target.tabIndex = 0) : target.removeAttribute("tabindex")));
    });
    const observe = () => boxes.forEach((box) => (observer.unobserve(box), observer.observe(box)));
    observe();
    document.fonts.ready.then(observe);
  }

  // 옛 주소로 온 독자를 옮긴 절로 보내요. 뒤로 가기에 옛 주소가 남지 않아요.
  function followMoved() {
    // :target은 스크립트가 다 돈 다음에야 정해져서, 주소의 이름을 직접 견줘요
    const signs = [...document.querySelectorAll(".lab-moved")];
    const sign = signs.find(({ id }) => new URL(`#${id}`, location).hash === location.hash);
    if (sign) location.replace(sign.href);
  }

  // 좁은 화면에서 카드가 되는 표: 머리글을 칸마다 적어 둬요(site.css).
  for (const table of document.querySelectorAll(".lab-cards table")) {
    for (const cell of table.querySelectorAll("td")) cell.dataset.label = table.tHead.rows[0].cells[cell.cellIndex].textContent;
  }
  addCopyButtons();
  followMoved();
  addEventListener("hashchange", followMoved);
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
  watchOverflow();
})();
