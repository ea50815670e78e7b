// 내기: 하나를 고르면 그 아래의 결과가 열려요. 고른 것은 이 기기에만 남아요.
(() => {
  "use strict";

  const SAID = { true: "✓ 내기에서 이겼어요. 아래의 결과를 보세요.", false: "✗ 이번 내기는 졌어요. 아래의 결과를 보세요." };

  function settle(root, choice) {
    const won = `${choice}` === root.dataset.right;
    for (const button of root.querySelectorAll("button")) {
      button.ariaPressed = `${button.value === `${choice}`}`;
      button.dataset.right = button.value === root.dataset.right;
    }
    const status = root.querySelector(".bp-text");
    status.textContent = SAID[won];
    status.dataset.verdict = won ? "✓" : "✗";
    document.querySelector(`.bp-after[data-bet="${root.dataset.number}"]`)?.classList.add("bp-open");
  }

  for (const root of document.querySelectorAll(".bp-bet")) {
    const { number } = root.dataset;
    for (const button of root.querySelectorAll("button")) {
      button.disabled = false;
      button.addEventListener("click", () => {
        if (Progress.get("bets", number) === undefined) Progress.put("bets", number, { choice: button.value, right: root.dataset.right });
        settle(root, button.value);
      });
    }
    const kept = Progress.get("bets", number);
    if (kept) settle(root, kept.choice);
  }

  // 흔한 오해 모음: 독자가 고른 것
  for (const place of document.querySelectorAll("span[data-bet]")) {
    const kept = Progress.get("bets", place.dataset.bet);
    place.textContent = kept ? (kept.choice === kept.right ? "✓ 이겼어요" : "✗ 졌어요") : "";
  }
})();
