// 독자의 발자취: 푼 연습의 표시, 차례의 수, 첫 쪽의 ‘이어 읽기’, 그리고 ‘내 기록’ 쪽. 모두 이 기기에만 있어요(progress.js).
(() => {
  "use strict";

  const page = Progress.pageOf(location);
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const solvedIn = (chapter) => Object.values(Progress.all().solved ?? {}).filter((one) => one.page === chapter).length;

  // ── 이 쪽 ──

  function markExercises() {
    for (const root of document.querySelectorAll(".bp-exercise[data-number]")) {
      root.toggleAttribute("data-solved", Progress.get("solved", root.dataset.number) !== undefined);
    }
  }

  function rememberPlace() {
    const seen = [...document.querySelectorAll(".bd-article section[id] > :is(h1, h2, h3)")]
      .filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2).at(-1);
    if (!seen) return;
    const title = document.querySelector(".bd-article h1").firstChild.textContent;
    Progress.put("place", "last", { page, title, id: seen.parentElement.id, heading: seen.firstChild.textContent });
  }

  // ── 차례 ──

  function markContents() {
    for (const link of document.querySelectorAll(".bd-docs-nav a")) {
      const chapter = Progress.pageOf(link);
      const total = Progress.get("total", chapter), done = solvedIn(chapter);
      link.querySelector(".lab-done")?.remove();
      if (!done || !total) continue;
      const mark = make("span", { className: "lab-done", textContent: done < total ? `${done}/${total}` : "✓" });
      mark.setAttribute("role", "img");
      mark.setAttribute("aria-label", `연습 ${total}개 가운데 ${done}개를 풀었어요`);
      link.append(" ", mark);
    }
  }

  // ── 첫 쪽: 이어 읽기 ──

  function offerToContinue() {
    const last = Progress.get("place", "last"), title = document.querySelector(".bd-article h1");
    if (page !== "00-intro" || !last || last.page === page) return;
    const link = make("a", { href: `${encodeURIComponent(last.page)}.html#${encodeURIComponent(last.id)}` });
    link.textContent = last.heading === last.title ? last.title : `${last.title} · ${last.heading}`;
    const line = make("p", { className: "lab-continue" });
    line.append("이어 읽기: ", link);
    title.after(line);
  }

  // ── 내 기록 ──

  // 글자를 잘못 옮긴 것을 알아보는 네 글자(FNV-1a). 꾸며 낸 것까지 막지는 못해요.
  function seal(text) {
    let hash = 2166136261;
    for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
    return (hash >>> 0).toString(36).slice(-4).padStart(4, "0");
  }

  const inOrder = (a, b) => a.localeCompare(b, "en", { numeric: true });

  // { 번호: { day } } → "2026-11-28 5.1 5.9 / 2026-11-29 6.1 #k3fa"
  function code(solved) {
    const days = {};
    for (const [number, { day }] of Object.entries(solved)) (days[day] ??= []).push(number);
    const text = Object.keys(days).sort().map((day) => [day, ...days[day].sort(inOrder)].join(" ")).join(" / ");
    return text && `${text} #${seal(text)}`;
  }

  function readCode(typed) {
    const [text, mark] = typed.trim().replace(/\s+/g, " ").split(" #");
    if (!text || mark !== seal(text)) return "확인 번호가 온전하지 않아요. 처음부터 끝까지(#과 네 글자까지) 옮겼는지 보세요.";
    const days = text.split(" / ").map((one) => one.split(" "));
    const count = days.reduce((sum, [, ...numbers]) => sum + numbers.length, 0);
    return `온전한 확인 번호예요. 연습을 ${days.length}일에 걸쳐 ${count}개 풀었어요.`;
  }

  function showRecord(root) {
    const { solved = {}, tried = {}, bets = {} } = Progress.all();
    const won = Object.values(bets).filter(({ choice, right }) => choice === right).length;
    const trying = Object.keys(tried).filter((number) => !solved[number]).sort(inOrder);
    const parts = [
      make("p", { textContent: `푼 연습 ${Object.keys(solved).length}개, 풀고 있는 연습 ${trying.length}개, 내기 ${Object.keys(bets).length}번 가운데 ${won}번 이겼어요.` }),
    ];
    if (trying.length) {
      const line = make("p", { textContent: "풀고 있는 연습:" });
      line.append(...trying.flatMap((number) => {
        const { page, id = "연습문제" } = tried[number];
        return [" ", make("a", { href: `${page}.html#${encodeURIComponent(id)}`, textContent: number })];
      }));
      parts.push(line);
    }
    const mine = code(solved);
    if (mine) {
      const copy = make("button", { type: "button", className: "bp-play", textContent: "확인 번호 복사" });
      copy.addEventListener("click", async () => {
        await copyText(mine);
        copy.textContent = "복사했어요";
      });
      parts.push(make("p", { textContent: "선생님께 보일 확인 번호:" }), make("output", { className: "lab-code", textContent: mine }), copy);
    }
    const forget = make("button", { type: "button", className: "bp-play", textContent: "내 기록 모두 지우기" });
    forget.addEventListener("click", () => {
      if (forget.dataset.sure) {
        Progress.forget();
        return root.querySelector("button").focus(); // 새로 그린 단추
      }
      forget.dataset.sure = "yes";
      forget.textContent = "정말 지울까요? 한 번 더 누르면 지워요";
    });
    const last = make("p");
    last.append(forget);
    parts.push(last);
    root.replaceChildren(...parts);
  }

  function teacherBox(root) {
    const form = make("form", { className: "bp-control" });
    const input = make("input", { type: "text", autocomplete: "off" }), status = make("p", { className: "bp-text" });
    input.setAttribute("aria-label", "받은 확인 번호");
    status.setAttribute("role", "status");
    form.append(make("span", { textContent: "받은 확인 번호" }), input, make("button", { className: "bp-play", textContent: "살피기" }));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      status.textContent = readCode(input.value);
    });
    root.replaceChildren(form, status);
  }

  const exercises = document.querySelectorAll(".bp-exercise[data-number]").length;
  if (exercises && Progress.get("total", page) !== exercises) Progress.put("total", page, exercises);
  const record = document.querySelector(".lab-record"), teacher = document.querySelector(".lab-teacher");
  const refresh = () => {
    markExercises();
    markContents();
    if (record) showRecord(record);
  };
  refresh();
  offerToContinue();
  if (teacher) teacherBox(teacher);
  document.addEventListener("progress", refresh);
  document.addEventListener("visibilitychange", () => document.hidden && rememberPlace());
  addEventListener("pagehide", rememberPlace); // 옛 Safari
})();
