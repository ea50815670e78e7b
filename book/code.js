// 코드로 답하는 연습: 편집기, 빈칸 코드, 그리고 판정. 실행과 판정은 일꾼(python.js) 속의 파이썬이 해요.
(() => {
  "use strict";
  const LIMIT = 2000; // 밀리초. 이보다 오래 도는 코드는 멈춰요
  const NARROW = "(max-width: 40rem)"; // 이보다 좁은 화면에서는 빈칸 코드부터
  const SLOW = "2초가 지나도 끝나지 않아 멈췄어요. 되풀이가 언젠가 끝나는지 보세요.";
  const MISSING = "파이썬을 불러오지 못했어요. 연결을 살피고 다시 눌러 주세요.";
  const ROOT = document.documentElement.dataset.content_root ?? "./";
  const STEP = "    ";

  // ── 파이썬 ──

  let python; // 켜진 일꾼의 약속

  // USB에서는 파일을 일꾼으로 열 수 없어서, 스크립트로 읽어 그 글로 만들어요.
  async function openWorker() {
    const url = new URL(`${ROOT}_static/python.js`, location.href);
    if (location.protocol !== "file:") return new Worker(url);
    if (!window.pythonWorker) {
      await new Promise((done, failed) => {
        const script = Object.assign(document.createElement("script"), { src: url, onload: done, onerror: failed });
        document.head.append(script);
      });
    }
    return new Worker(URL.createObjectURL(new Blob([`(${window.pythonWorker})()`], { type: "text/javascript" })));
  }

  async function start() {
    const worker = await openWorker();
    await new Promise((done, failed) => {
      worker.onmessage = ({ data }) => (data === "ready" ? done() : failed());
      worker.onerror = failed;
    });
    return worker;
  }

  // 일꾼은 하나라, 앞의 연습이 답을 받은 다음에 물어요. 그러지 않으면 답이 바뀌어 가요.
  let turn = Promise.resolve();
  const ask = (request) => (turn = turn.then(() => askNow(request)));

  // 한 번 묻고 답을 기다려요. 너무 오래 걸리면 일꾼을 버리고, 다음에 새로 켜요.
  async function askNow(request) {
    let worker;
    try {
      worker = await (python ??= start());
    } catch {
      python = undefined;
      return { mark: "✗", message: MISSING };
    }
    return new Promise((done) => {
      const stop = (message) => {
        worker.terminate();
        python = undefined;
        done({ mark: "✗", message });
      };
      const timer = setTimeout(stop, LIMIT, SLOW);
      worker.onerror = () => stop("파이썬이 멈췄어요. 이 쪽의 파이썬이 할 수 없는 일이에요.");
      worker.onmessage = ({ data }) => {
        clearTimeout(timer);
        done(data);
      };
      worker.postMessage(JSON.stringify(request));
    });
  }

  // ── 편집기: 되돌리기가 되고 화면을 읽어 주는 보통의 글 칸 ──

  function insert(area, text) {
    if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  }

  const lineStart = (area, at) => area.value.lastIndexOf("\n", at - 1) + 1;

  // 고른 줄들을 한 걸음 들이거나 내요.
  function shift(area, outward) {
    const { selectionStart: from, selectionEnd: to, value } = area;
    if (!outward && from === to) return insert(area, STEP);
    const first = lineStart(area, from);
    const lines = value.slice(first, to).split("\n");
    const moved = lines.map((line) => (outward ? line.replace(/^ {1,4}/, "") : STEP + line)).join("\n");
    area.setSelectionRange(first, to);
    if (moved !== value.slice(first, to)) insert(area, moved);
    area.setSelectionRange(from === to ? area.selectionEnd : first, area.selectionEnd);
  }

  // 줄 앞의 빈칸에서는 한 걸음을 지워요. 지웠으면 참.
  function backStep(area) {
    const { selectionStart: at, selectionEnd: to } = area;
    const before = area.value.slice(lineStart(area, at), at);
    if (at !== to || !/^ +$/.test(before) || before.length % STEP.length) return false;
    area.setSelectionRange(at - STEP.length, at);
    return document.execCommand("delete");
  }

  function newLine(area) {
    const before = area.value.slice(lineStart(area, area.selectionStart), area.selectionStart);
    const deeper = /:\s*(#.*)?$/.test(before) ? STEP : "";
    insert(area, `\n${before.match(/^ */)[0]}${deeper}`);
  }

  function editor(root, area) {
    const gutter = Object.assign(document.createElement("pre"), { className: "bp-lines", ariaHidden: "true" });
    area.before(gutter);
    const number = () => {
      const count = area.value.split("\n").length;
      gutter.textContent = Array.from({ length: count }, (_, i) => i + 1).join("\n");
      area.rows = count + 1;
    };
    let leaving = false; // Esc를 누른 다음의 Tab은 다음 칸으로 가요
    area.addEventListener("input", number);
    area.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const plain = !event.altKey && !event.ctrlKey && !event.metaKey;
      if (event.key === "Tab" && plain && !leaving) {
        event.preventDefault();
        shift(area, event.shiftKey);
      } else if (event.key === "Backspace" && plain && backStep(area)) {
        event.preventDefault();
      } else if (event.key === "Enter" && plain) {
        event.preventDefault();
        newLine(area);
      } else if (event.key === "Enter") {
        event.preventDefault();
        root.querySelector("[data-do=check]").click();
      }
      leaving = event.key === "Escape" || (leaving && event.key === "Shift");
    });
    number();
    return number;
  }

  // ── 연습 하나 ──

  function exercise(root) {
    const exam = JSON.parse(root.querySelector("script").textContent);
    const area = root.querySelector("textarea"), cloze = root.querySelector(".bp-cloze");
    const blanks = [...cloze.querySelectorAll("select")];
    const buttons = [...root.querySelectorAll("[data-do]")];
    const status = root.querySelector(".bp-text"), printed = root.querySelector(".bp-printed");
    const renumber = editor(root, area);

    const choosing = () => !cloze.hidden;
    function choose(on) {
      tell("→", "");
      cloze.hidden = !on;
      area.parentElement.hidden = on;
      root.querySelector("[data-do=cloze]").textContent = on ? "직접 쓰기" : "빈칸 코드";
    }

    function tell(mark, message, lines = "") {
      status.textContent = mark === "→" ? message : `${mark} ${message}`;
      if (message) status.dataset.verdict = mark;
      else delete status.dataset.verdict;
      printed.textContent = lines;
      printed.hidden = !lines;
    }

    // 빈칸에 고른 조각을 넣은 코드. 줄마다 글 조각과 고르는 칸이 번갈아 있어요.
    const piece = (node) => node.querySelector?.("select").value ?? node.textContent;
    const line = ({ childNodes }) => [...childNodes].map(piece).join("");
    const chosen = () => [...cloze.children].map((one) => `${line(one)}\n`).join("");
    const label = (blank, i) => (blank.previousElementSibling.textContent = blank.value || `빈칸 ${i + 1}`);

    // 두 곳이 틀리면 값만으로는 무엇이 틀렸는지 알 수 없어요. 몇 곳이 맞았는지와 첫 틀린 빈칸을 알려 줘요.
    function pointOut(answer) {
      const wrong = blanks.flatMap(({ value }, i) => (value === exam.blanks[i].right ? [] : [i]));
      if (answer.mark === "✓" || wrong.length < 2) return answer;
      const told = exam.blanks[wrong[0]].told[blanks[wrong[0]].value];
      const right = blanks.length - wrong.length;
      return { ...answer, message: `빈칸 ${blanks.length}개 가운데 ${right}개가 맞아요. 빈칸 ${wrong[0] + 1}: ${told}` };
    }

    // 붙여 넣은 글의 보이지 않는 빈칸(줄바꿈 없는 것, 전각)은 보이는 대로 빈칸으로 읽어요.
    const source = () => (choosing() ? chosen() : area.value.replace(/[\u00a0\u3000]/g, " "));

    function save() {
      Progress.put("code", exam.number, choosing() ? { blanks: blanks.map(({ value }) => value) } : { text: area.value });
    }

    async function run(action) {
      const empty = choosing() ? blanks.findIndex(({ value }) => !value) : -1;
      if (empty >= 0) {
        tell("✗", `빈칸 ${empty + 1}에 넣을 조각을 골라 주세요.`);
        return blanks[empty].focus();
      }
      const pressed = document.activeElement, code = source();
      buttons.forEach((button) => (button.disabled = true));
      let answer = await ask([action, code, exam]);
      buttons.forEach((button) => (button.disabled = false));
      if (document.activeElement === document.body) pressed.focus(); // 꺼진 단추는 초점을 잃어요
      if (source() !== code) return tell("→", "실행하는 동안 코드가 바뀌었어요. 다시 눌러 주세요.");
      if (action === "check" && choosing()) answer = pointOut(answer);
      tell(answer.mark, answer.message, answer.printed);
      status.scrollIntoView({ block: "nearest" });
      if (action === "check" && code !== exam.start) {
        root.querySelector("details").hidden = false;
        Progress.answer(exam.number, answer.mark);
      }
    }

    const actions = {
      show: () => run("show"),
      check: () => run("check"),
      reset() {
        area.value = exam.start;
        blanks.forEach((blank, i) => {
          blank.value = "";
          label(blank, i);
        });
        renumber();
        save();
        tell("→", "");
      },
      cloze: () => choose(!choosing()),
      async copy() {
        const parts = [exam.given, source(), `problem("${exam.number}").check(${exam.name})`];
        await copyText(`${parts.map((part) => part.trimEnd()).filter(Boolean).join("\n\n\n")}\n`);
        tell("→", "복사했어요. 노트북의 빈 칸에 붙여 넣고 실행하세요.");
      },
    };
    buttons.forEach((button) => button.addEventListener("click", actions[button.dataset.do]));
    area.addEventListener("input", () => {
      tell("→", "");
      save();
    });
    blanks.forEach((blank, i) => blank.addEventListener("change", () => {
      label(blank, i);
      tell("→", "");
      save();
    }));

    const kept = Progress.get("code", exam.number);
    if (typeof kept?.text === "string") area.value = kept.text;
    if (Array.isArray(kept?.blanks)) blanks.forEach((blank, i) => (blank.value = kept.blanks[i] ?? ""));
    blanks.forEach(label);
    choose(kept ? Array.isArray(kept.blanks) : matchMedia(NARROW).matches);
    renumber();
    [area, ...blanks, ...buttons].forEach((element) => (element.disabled = false));
  }

  document.querySelectorAll(".bp-code").forEach(exercise);
})();
