// 책에서 찾기. 서버도 색인도 라이브러리도 없어요: 한글은 두 글자씩, 로마자는 낱말로 나눈 조각을 절마다 세어 BM25로 견줘요.
// 두 글자씩 나누면 조사와 어미가 붙어도, 붙여 써도, 낱말의 뒷부분만 적어도 같은 조각을 찾아요.
(() => {
  "use strict";
  const FIELDS = { topics: 20, page: 3, title: 4, terms: 4, text: 1 }; // 절의 칸마다의 무게
  const K = 1.2, B = 0.5, D = 0.5; // BM25+: 되풀이, 길이, 바닥
  const TERM = 2; // 용어의 조각은 다른 조각보다 이만큼 무거워요
  // 아래 넷 가운데 가장 큰 것을 절의 점수에 곱해요
  const WHOLE = { topics: 2, title: 2, terms: 3, text: 1.3 }; // 찾는 말이 그 칸에 통째로 있으면
  const HEADING = 3; // 찾는 말의 조각이 모두 제목에 있으면
  const TOPIC = 8; // 그 절이 맡은 낱말이 찾는 말의 전부이면. 일부이면 그 몫만큼
  const SHARE = 0.5; // 쪽의 점수: 잘 맞는 차례로 n번째 절의 점수를 1/n^SHARE만큼 더해요

  const RUN = /[가-힣]+|[a-z][a-z0-9_]*|[0-9]+(?:\.[0-9]+)?|[α-ωΑ-Ω∂∇]/gu;
  const FORMULA = /[^\s가-힣]*[α-ωΑ-Ω∂∇=^'√∑⊙][^\s가-힣]+|[^\s가-힣]+[α-ωΑ-Ω∂∇=^'√∑⊙]/gu;
  // 낱말의 끝에서 떼는 조사와 어미. 두 글자가 남을 때만 떼요
  const ENDING = new RegExp("(?<=[가-힣]{2}|[a-z0-9])(?:이란|란|에서는|에서|에는|으로|하는|하면|은|는|을|를|의|에|와|과|도|로|이|가"
    + "|한가요|할까요?|인가요|하나요|나요|해요|이에요|예요)$", "u");
  const ASKING = /^(?:어떻게|무엇|뭐|뭔가요|무슨|어떤|되나요|하나요|돼요|대해|대한|알려|설명)/u; // 물음에만 있어 찾지 않는 낱말

  // 길이는 그대로 두고, 로마자는 작게, 닮은 기호는 하나로
  const plain = (text) => text.normalize("NFC").replace(/[A-Z]+/g, (big) => big.toLowerCase())
    .replace(/[−–]/g, "-").replace(/[′’]/g, "'").replace(/Σ/g, "∑");
  // 띄어쓰기는 로마자와 숫자 사이에만 남겨요
  const packed = (text) => plain(text).replace(/(?<![a-z0-9])\s+|\s+(?![a-z0-9])/g, "");
  const joined = (text) => plain(text).replace(/[\s-]/g, "");
  const stem = (text) => plain(text).trim().split(/\s+/).map((word) => word.replace(ENDING, "")).join(" ");

  // 글쇠를 누르는 차례: "학습" → "ㅎㅏㄱㅅㅡㅂ". 적다 만 말("학습류")과 오타("역젼파")를 이것으로 견줘요
  const FIRST = [..."ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"];
  const MIDDLE = "ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ".split(" ");
  const LAST = " ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ".split(" ");
  const syllables = (text, read) => joined(text).replace(/[가-힣]/g, (c) => read(c.charCodeAt(0) - 0xac00));
  const keysOf = (text) => syllables(text, (n) => FIRST[Math.floor(n / 588)] + MIDDLE[Math.floor(n / 28) % 21] + LAST[n % 28]);
  const initialsOf = (text) => syllables(text, (n) => FIRST[Math.floor(n / 588)]);

  // 글쇠를 몇 번 고치면 같아지는지(레벤시테인 거리)
  function distance(a, b) {
    let row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1]));
      row = next;
    }
    return row[b.length];
  }

  function pieces(text) {
    const formulas = packed(text).match(FORMULA) || [];
    const runs = plain(text).match(RUN) || [];
    const pairs = runs.flatMap((run) => run.length === 1 || !/[가-힣]/.test(run) ? [run]
      : Array.from({ length: run.length - 1 }, (_, i) => run.slice(i, i + 2)));
    return [...new Set([...formulas, ...pairs])];
  }

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

  // 조각이 있는 자리. 로마자는 낱말의 앞에서부터(한 글자면 그것만), 다른 것은 띄어쓰기를 넘어서 찾아요
  function pattern(piece) {
    if (/^[a-z0-9]/.test(piece)) return new RegExp(`(?<![a-z0-9])${escaped(piece)}${piece.length === 1 ? "(?![a-z0-9])" : ""}`, "gu");
    return new RegExp([...piece].map(escaped).join("\\s*"), "gu");
  }

  const count = (regex, text) => text.match(regex)?.length ?? 0;

  class Finder {
    constructor({ pages, same, near }) {
      this.sections = pages.flatMap(({ title: page, weight, sections }, number) =>
        sections.map((section) => ({ ...section, page, weight, number })));
      for (const section of this.sections) {
        section.packed = Object.fromEntries(Object.keys(FIELDS).map((field) => [field, packed(section[field])]));
        section.duties = section.topics.split(", ").map(stem).filter(Boolean);
      }
      this.all = this.sections.map((section) => Object.values(section.packed).join("\n")).join("\n");
      this.terms = [...new Set(Object.values(same).map(packed))];
      this.learnNames(same, near);
      const known = [...Object.values(same), ...this.spelled, ...this.sections.flatMap(({ topics }) => topics.split(", "))].map(plain);
      this.words = [...new Set([...known, ...known.flatMap((term) => term.split(" "))])]
        .filter((word) => word.length > 1).sort((a, b) => a.length - b.length)
        .map((word) => ({ word, keys: keysOf(word), initials: initialsOf(word) }));
    }

    // 다른 말 → 이 책의 말. 띄어쓰기와 붙임표는 보지 않고, 긴 것부터 바꿔요
    learnNames(same, near) {
      this.names = new Map();
      for (const [name, term] of Object.entries(same)) this.names.set(joined(name), { term });
      for (const [name, term] of Object.entries(near)) this.names.set(joined(name), { term, missing: true });
      this.spelled = [...Object.keys(same), ...Object.keys(near)].filter((name) => /[가-힣]|[a-z]{2}/i.test(name)); // η, w는 빼고
      const loose = this.spelled.map(joined).sort((a, b) => b.length - a.length).map((name) => {
        const letters = [...name].map(escaped).join("[\\s-]*");
        return /[a-z]/.test(name) ? `(?<![a-z])${letters}(?![a-z])` : `(?<![가-힣])${letters}`;
      });
      this.other = new RegExp(loose.join("|"), "gu");
    }

    // 이 책의 말로 바꿔요. 기호(η)는 그것만 적었을 때만 바꿔요
    rename(query) {
      const bookWord = (found) => {
        const { term, missing } = this.names.get(joined(found));
        if (missing) this.missing = found;
        return term;
      };
      return this.names.has(joined(query)) ? bookWord(query) : query.replace(this.other, bookWord);
    }

    // 책에 없는 낱말은 적는 중이거나("그래디", "학습류", "ㅎㅅㄹ") 오타예요("역젼파")
    mend(word) {
      if (word.length < 2 || count(pattern(packed(word)), this.all)) return word;
      const typed = keysOf(word);
      const whole = this.words.find(({ keys, initials }) => keys.startsWith(typed) || initials.startsWith(word));
      if (whole) return whole.word;
      const limit = typed.length > 7 ? 2 : typed.length > 3 ? 1 : 0; // 짧은 말은 글쇠 하나, 긴 말은 둘까지
      const far = this.words.filter(({ keys }) => Math.abs(keys.length - typed.length) <= limit)
        .map(({ word, keys }) => ({ word, far: distance(typed, keys) })).sort((a, b) => a.far - b.far);
      if (!far.length || far[0].far > limit) return word;
      this.guessed = true;
      return far[0].word;
    }

    // 물음의 말을 떼고, 고치고, 이 책의 말로 바꿔요
    understand(query) {
      this.guessed = false; // 오타를 고쳤는지
      this.missing = ""; // 이 책에 나오지 않는 말
      if (/^[ㄱ-ㅎ\s]+$/.test(query)) return this.mend(joined(query));
      const words = stem(this.rename(plain(query))).split(" ");
      const kept = words.filter((word) => !ASKING.test(word));
      return this.rename((kept.length ? kept : words).map((word) => this.mend(word)).join(" ")).trim();
    }

    // 조각마다 절의 점수를 더해요. 담은 절이 적은 조각일수록, 용어의 조각일수록 무거워요
    scores(asked) {
      const wanted = packed(asked), all = pieces(asked);
      const terms = this.terms.filter((term) => wanted.includes(term));
      const sums = this.sections.map((section) => ({ section, score: 0, held: new Set(), titled: 0 }));
      for (const field of Object.keys(FIELDS)) {
        const lengths = this.sections.map((section) => section.packed[field].length);
        const mean = lengths.reduce((a, b) => a + b) / lengths.length;
        for (const piece of all) {
          const regex = pattern(piece);
          const counts = this.sections.map((section) => count(regex, section.packed[field]));
          const holding = counts.filter(Boolean).length;
          const rare = Math.log(1 + (counts.length - holding + 0.5) / (holding + 0.5));
          const weight = FIELDS[field] * rare * (terms.some((term) => term.includes(piece)) ? TERM : 1);
          counts.forEach((n, i) => {
            if (!n) return;
            sums[i].score += weight * (D + n * (K + 1) / (n + K * (1 - B + B * lengths[i] / mean)));
            sums[i].held.add(piece);
            if (field === "title") sums[i].titled++;
          });
        }
      }
      return sums.filter(({ score }) => score).map(({ section, score, held, titled }) => {
        const whole = Object.keys(WHOLE).filter((field) => section.packed[field].includes(wanted)).map((field) => WHOLE[field]);
        const heading = all.length > 1 && titled === all.length;
        const share = this.dutyShare(section, wanted);
        const boost = Math.max(...whole, heading ? HEADING : 1, 1 + (TOPIC - 1) * share ** 2);
        const place = heading || share === 1 ? 2 : Number((section.packed.title + section.packed.text).includes(wanted));
        return { section, place, score: score * boost * section.weight * held.size / all.length };
      }).sort((a, b) => b.score - a.score);
    }

    // 절이 맡은 낱말이 찾는 말에서 차지하는 몫. 낱말의 차례는 바뀌어도 돼요
    dutyShare({ duties }, wanted) {
      const within = (part) => part.length > 1 && wanted.includes(part);
      const found = duties.filter((duty) => within(packed(duty)) || duty.split(" ").every(within));
      return Math.max(0, ...found.map((duty) => packed(duty).length)) / wanted.length;
    }

    // 쪽마다 점수와, 잘 맞는 절들
    find(query) {
      const asked = this.understand(query);
      const pages = new Map();
      for (const found of asked ? this.scores(asked) : []) {
        const { number, page: title } = found.section;
        const page = pages.get(number) || { title, score: 0, found: [] };
        page.score += found.score / (page.found.length + 1) ** SHARE;
        page.found.push(found);
        pages.set(number, page);
      }
      // 보여 줄 절은 물음이 제목인 것과 찾는 말을 맡은 것, 통째로 적힌 것, 점수가 높은 것의 차례
      for (const page of pages.values()) page.sections = page.found.sort((a, b) => b.place - a.place).map(({ section }) => section);
      const { guessed, missing } = this;
      return { asked, guessed, missing, pages: [...pages.values()].sort((a, b) => b.score - a.score) };
    }
  }

  // 찾은 조각이 가장 많이 모인 곳의 글
  function snippet(text, asked, length = 110) {
    const places = pieces(asked).flatMap((piece) => [...plain(text).matchAll(pattern(piece))].map((match) => match.index));
    const near = (start) => places.filter((place) => place >= start && place < start + length).length;
    const best = places.reduce((a, b) => (near(b) > near(a) ? b : a), places[0] ?? 0);
    const start = Math.max(0, text.lastIndexOf(" ", Math.max(best - 20, 0)));
    const cut = text.slice(start, start + length).trim();
    return (start ? "… " : "") + cut + (start + length < text.length ? " …" : "");
  }

  // 글에서 찾은 조각을 <mark>로 두른 노드들. 글은 글로만 넣어요(HTML로 읽지 않아요)
  function marked(text, asked) {
    const hit = new Uint8Array(text.length);
    for (const piece of pieces(asked)) {
      for (const { index, 0: found } of plain(text).matchAll(pattern(piece))) hit.fill(1, index, index + found.length);
    }
    const parts = [];
    for (let i = 0, j; i < text.length; i = j) {
      for (j = i + 1; j < text.length && hit[j] === hit[i]; j++);
      parts.push(hit[i] ? element("mark", {}, text.slice(i, j)) : text.slice(i, j));
    }
    return parts;
  }

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  const root = document.documentElement.dataset.content_root;

  // 무엇을 찾았는지 한 줄로. 고친 말은 누르면 그 말로 찾아요
  function says({ asked, guessed, missing, pages }, query) {
    const link = element("a", { href: `${root}search.html?q=${encodeURIComponent(asked)}` }, asked);
    if (!pages.length) {
      const glossary = element("a", { href: `${root}chapters/glossary.html` }, "용어집");
      return [`‘${query}’에 맞는 글이 없어요. 더 짧게 적거나 `, glossary, "에서 골라 보세요."];
    }
    if (missing) return [`‘${missing}’: 이 책에 나오지 않는 말이에요. 가장 가까운 말로 찾았어요: ‘`, link, "’."];
    if (guessed) return ["혹시 ‘", link, `’? 그 말로 쪽 ${pages.length}개에서 찾았어요.`];
    return [`‘${packed(asked) === packed(query) ? query.trim() : asked}’: 쪽 ${pages.length}개에서 찾았어요.`];
  }

  function show(finder, query, status, list) {
    list.replaceChildren();
    if (!query.trim()) {
      status.textContent = "찾을 말을 적어 보세요. 첫소리(ㅎㅅㄹ)로도 찾을 수 있어요.";
      return;
    }
    const found = finder.find(query);
    status.replaceChildren(...says(found, query));
    for (const page of found.pages.slice(0, 10)) {
      const items = page.sections.slice(0, 3).map(({ url, title, text }) =>
        element("li", {}, element("a", { href: root + url }, ...marked(title, found.asked)),
          element("p", {}, ...marked(snippet(text, found.asked), found.asked))));
      list.append(element("li", {}, element("h2", {}, page.title), element("ul", {}, ...items)));
    }
  }

  // 적는 대로 결과를 보여 줘요. 칸에 이미 적힌 말부터요
  function answer(input, status, list, after = () => {}) {
    const update = () => {
      show(finder, input.value, status, list);
      after();
    };
    let waiting;
    input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(update, 120); });
    update();
    return update;
  }

  const finder = new Finder(window.LAB_BOOK);
  const form = document.querySelector(".lab-search");
  const dialog = document.getElementById("pst-search-dialog");

  // 찾기 쪽의 칸
  function openPage() {
    const input = form.querySelector("input");
    input.value = new URLSearchParams(location.search).get("q") || "";
    // 찾는 말을 주소에 적어 둬서, 결과로 갔다가 돌아와도 그대로예요
    const remember = () => history.replaceState(null, "", input.value.trim() ? `?q=${encodeURIComponent(input.value)}` : location.pathname);
    const update = answer(input, document.querySelector(".lab-search-status"), document.querySelector(".lab-search-results"), remember);
    form.addEventListener("submit", (event) => { event.preventDefault(); update(); });
    input.focus();
  }

  // 어느 쪽에서나 열리는 머리의 칸(Ctrl+K). Enter는 찾기 쪽으로 가요
  function openDialog() {
    const status = element("p", { className: "lab-search-status", role: "status" });
    const list = element("ol", { className: "lab-search-results" });
    dialog.append(element("div", { className: "lab-search-found" }, status, list));
    answer(dialog.querySelector("input"), status, list);
  }

  if (form) {
    openPage();
    dialog.addEventListener("input", openDialog, { once: true });
  } else openDialog(); // 머리의 칸에 처음 적었을 때 읽혔어요(site.js)
})();
