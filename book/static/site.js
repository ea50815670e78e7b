// 사이트의 작은 도우미: 코드와 수식 복사, 인쇄, 펼침 목록 닫기, 옮긴 절 따라가기, 넘치는 수식을 키보드로 밀기, 폴더에서 노트북 내려받기, 책을 이 기기에 담기, 이상한 문장 알리기.
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

  // 수식은 눈에 보이는 것과 낭독기가 읽는 것이 함께 들어 있어, 그대로 복사하면 두 번, 조각조각 나와요. TeX로 한 번만 건네요.
  function chosen(selection) {
    const range = selection.getRangeAt(0).cloneRange();
    const formula = (node) => {
      const here = node.closest ? node : node.parentElement;
      return here.closest(".katex-display") ?? here.closest(".katex");
    };
    const [first, last] = [range.startContainer, range.endContainer].map(formula);
    if (first) range.setStartBefore(first);
    if (last) range.setEndAfter(last);
    const copy = document.createElement("div");
    copy.append(range.cloneContents());
    const formulas = copy.querySelectorAll(".katex");
    copy.querySelectorAll("button, .headerlink").forEach((one) => one.remove());
    for (const one of formulas) {
      const mark = one.parentElement.matches(".katex-display") ? "$$" : "$";
      one.replaceWith(mark + one.querySelector("annotation").textContent.trim() + mark);
    }
    return { copy, formulas: formulas.length };
  }

  function copyFormulas(event) {
    const selection = getSelection();
    if (selection.isCollapsed || event.target.closest?.("input, textarea")) return;
    const { copy, formulas } = chosen(selection);
    if (!formulas) return;
    document.body.append(copy); // 놓여 있어야 innerText가 줄을 나눠요
    event.clipboardData.setData("text/plain", copy.innerText.trim());
    event.clipboardData.setData("text/html", copy.innerHTML);
    copy.remove();
    event.preventDefault();
  }

  // 폴더에서 바로 연 쪽에서는 브라우저가 노트북을 내려받지 않고 글로 펼쳐요. 같은 글을 담은 스크립트(labsite.py)를 읽어 파일로 건네요.
  function saveNotebook(event) {
    const link = event.target.closest('a[download][href$=".ipynb"]');
    if (!link || location.protocol !== "file:") return;
    event.preventDefault();
    addEventListener("notebook", ({ detail }) => {
      const href = URL.createObjectURL(new Blob([detail], { type: "application/x-ipynb+json" }));
      Object.assign(document.createElement("a"), { href, download: link.href.replace(/.*\//, "") }).click();
      URL.revokeObjectURL(href);
    }, { once: true });
    document.head.append(Object.assign(document.createElement("script"), { src: `${link.href}.js` }));
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

  // 종이에는 스크립트가 없어요: 밝은 테마로, 움직이지 않는 것은 숨기고(site.css) 접어 둔 글은 펼쳐서 인쇄한 뒤에 되돌려요.
  let afterPrint = () => {};
  function readyForPaper() {
    const look = document.documentElement.dataset, { mode, theme } = look;
    if (!mode) return; // 활동지는 언제나 종이예요
    const closed = [...document.querySelectorAll(".bd-article details:not([open], .lab-fold)")];
    const open = (yes) => closed.forEach((one) => (one.open = yes));
    afterPrint = () => {
      Object.assign(look, { mode, theme });
      open(false);
      afterPrint = () => {};
    };
    delete look.mode;
    look.theme = "light";
    open(true);
  }

  // 좁은 화면에서 카드가 되는 표: 머리글을 칸마다 적어 둬요(site.css).
  for (const table of document.querySelectorAll(".lab-cards table")) {
    for (const cell of table.querySelectorAll("td")) cell.dataset.label = table.tHead.rows[0].cells[cell.cellIndex].textContent;
  }
  // 머리의 찾기 칸에 처음 적을 때 책의 글과 찾기를 읽어요. 찾기 쪽은 스스로 읽어요.
  const here = document.currentScript.src;
  const readSearch = () => ["search-sections.js", "search.js"].forEach((file) =>
    document.body.append(Object.assign(document.createElement("script"), { src: new URL(file, here).href, async: false })));
  if (!document.querySelector(".lab-search")) {
    document.querySelector("#pst-search-dialog input")?.addEventListener("input", readSearch, { once: true });
  }

  // “이 문장이 이상해요”: 본문에서 글을 고르면 그 곁에 링크가 떠요. 고른 글과 그 절을 쪽 끝의 링크(lab-footer.html)에도 적어 둬요.
  // 링크일 뿐이라, 누르기 전에는 아무것도 보내지 않아요.
  function offerReport(link) {
    const bubble = Object.assign(link.cloneNode(true), { className: "lab-report", hidden: true, tabIndex: -1 });
    const plain = new URL(link.href);
    let waiting;
    function show() {
      const selection = getSelection();
      bubble.hidden = true;
      if (selection.isCollapsed) return;
      const range = selection.getRangeAt(0), inside = range.commonAncestorContainer;
      const place = inside.closest ? inside : inside.parentElement;
      if (!place.closest(".bd-article") || place.closest("pre, .bp-experiment")) return;
      const said = chosen(selection).copy.textContent.replace(/\s+/g, " ").trim().slice(0, 300);
      const url = new URL(plain), section = range.startContainer.parentElement.closest("section") ?? place.querySelector("section");
      url.searchParams.set("body", plain.searchParams.get("body").replace("\n\n", `\n- 절: #${section.id}\n\n> ${said}\n\n`));
      bubble.href = link.href = url;
      bubble.hidden = false;
      const box = [...range.getClientRects()].at(-1);
      const gap = matchMedia("(pointer: coarse)").matches ? 30 : 6; // 손가락으로 고른 글의 손잡이를 가리지 않게
      bubble.style.top = `${box.bottom + scrollY + gap}px`;
      bubble.style.left = `${Math.max(8, Math.min(box.right, innerWidth - bubble.offsetWidth - 8) + scrollX)}px`;
    }
    document.addEventListener("selectionchange", () => {
      clearTimeout(waiting);
      waiting = setTimeout(show, 250);
    });
    bubble.addEventListener("mousedown", (event) => event.preventDefault()); // 고른 것이 풀리지 않게
    document.body.append(bubble);
  }

  // 이 기기에 담기: 눌러야 서비스 워커(sw.js)가 책 한 판을 받아 두고, 다시 누르면 지워요. 저장소가 막혔거나 폴더에서 연 쪽에는 없어요.
  async function offerKeeping(button) {
    const worker = new URL(button.dataset.keep, location), home = new URL(".", worker).href, label = button.textContent;
    let kept;
    const look = () => {
      button.textContent = kept ? "담아 둔 책 지우기" : label;
      if (kept) document.head.append(Object.assign(document.createElement("link"), { rel: "manifest", href: new URL("manifest.webmanifest", here) }));
    };
    const ready = (one) => new Promise((done, fail) => {
      const see = () => (one.state === "activated" ? done() : one.state === "redundant" && fail());
      one.addEventListener("statechange", see);
      see();
    });
    try {
      if (!worker.protocol.startsWith("http") || !(await caches.keys())) return;
      kept = (await navigator.serviceWorker.getRegistrations()).find(({ scope }) => scope === home);
    } catch {
      return;
    }
    look();
    button.parentElement.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        if (kept) {
          for (const name of await caches.keys()) if (name.startsWith(`book ${home} `)) await caches.delete(name);
          await kept.unregister();
          kept = null;
        } else {
          button.textContent = "담고 있어요 …";
          const registered = await navigator.serviceWorker.register(worker);
          await ready(registered.installing ?? registered.waiting ?? registered.active);
          kept = registered;
        }
        look();
      } catch {
        button.textContent = "담지 못했어요. 인터넷과 남은 자리를 보고 다시 눌러 주세요.";
      }
      button.disabled = false;
      if (document.activeElement === document.body) button.focus(); // 꺼진 단추는 초점을 잃어요
    });
  }

  document.querySelectorAll("[data-keep]").forEach(offerKeeping);
  document.querySelectorAll("[data-report]").forEach(offerReport);
  addCopyButtons();
  followMoved();
  addEventListener("hashchange", followMoved);
  document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
  addEventListener("beforeprint", readyForPaper);
  addEventListener("afterprint", () => afterPrint());
  document.addEventListener("copy", copyFormulas);
  document.addEventListener("click", saveNotebook);
  document.addEventListener("click", closeMenus);
  document.addEventListener("keydown", closeMenus);
  watchOverflow();
})();
