// 책에서 찾기: 한글은 두 글자씩, 로마자는 낱말로 나눠 MiniSearch(BM25+)로 찾아요. 서버도 색인 파일도 없어요.
// 두 글자씩 나누면 조사와 어미가 붙어도, 붙여 써도, 낱말의 뒷부분만 적어도 같은 조각을 찾아요.
(() => {
  "use strict";
  const RUN = /[가-힣]+|[a-z][a-z0-9_]*|[0-9]+(?:\.[0-9]+)?|[α-ωΑ-Ω∂∇]/gu;
  const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
  const WEIGHTS = { page: 2, title: 2, terms: 4, text: 1 };
  const SHARES = [1, 0.5, 0.25]; // 쪽의 점수: 가장 잘 맞는 세 절의 점수를 이만큼씩 더해요

  function tokens(text) {
    const runs = text.toLowerCase().normalize("NFC").match(RUN) || [];
    return runs.flatMap((run) => {
      if (run.length === 1 || !/[가-힣]/.test(run)) return [run];
      return Array.from({ length: run.length - 1 }, (_, i) => run.slice(i, i + 2));
    });
  }

  // 첫소리: "학습률" → "ㅎㅅㄹ"
  function initials(text) {
    return [...text].map((c) => (/[가-힣]/.test(c) ? INITIALS[Math.floor((c.charCodeAt(0) - 0xac00) / 588)] : c)).join("");
  }

  class Finder {
    constructor(pages) {
      this.sections = pages.flatMap(({ title: page, sections }, number) =>
        sections.map((section) => ({ ...section, page, number })));
      this.sections.forEach((section, id) => (section.id = id));
      this.engine = new MiniSearch({ fields: Object.keys(WEIGHTS), tokenize: tokens, processTerm: (term) => term });
      this.engine.addAll(this.sections);
      const words = this.sections.flatMap(({ title, terms }) => `${title} ${terms}`.match(/[가-힣]{2,}/g) || []);
      this.words = [...new Set(words)].sort((a, b) => a.length - b.length);
    }

    // 다 적지 않은 낱말을 채워요: "ㅎㅅㄹ"이나 "학습ㄹ" → "학습률"
    complete(query) {
      return query.replace(/[가-힣]*[ㄱ-ㅎ]+/g, (typed) => {
        const whole = typed.match(/^[가-힣]*/)[0];
        const found = this.words.filter((word) => word.startsWith(whole) && initials(word).startsWith(initials(typed)));
        return found[0] || typed;
      });
    }

    // 쪽마다 점수와, 잘 맞는 절들
    find(query) {
      const asked = this.complete(query);
      const pages = new Map();
      for (const { id, score } of this.engine.search(asked, { boost: WEIGHTS, bm25: { k: 1.2, b: 0.5, d: 0.5 } })) {
        const section = this.sections[id];
        const page = pages.get(section.number) || { title: section.page, score: 0, sections: [] };
        page.score += score * (SHARES[page.sections.length] || 0);
        page.sections.push(section);
        pages.set(section.number, page);
      }
      return { asked, pages: [...pages.values()].sort((a, b) => b.score - a.score) };
    }
  }

  // 찾은 조각이 가장 많이 모인 곳의 글
  function snippet(text, asked, length = 110) {
    const wanted = new Set(tokens(asked));
    const places = [...wanted].flatMap((token) => [...text.toLowerCase().matchAll(escaped(token))].map((m) => m.index));
    const count = (start) => places.filter((place) => place >= start && place < start + length).length;
    const best = places.reduce((a, b) => (count(b) > count(a) ? b : a), places[0] ?? 0);
    const start = Math.max(0, text.lastIndexOf(" ", Math.max(best - 20, 0)));
    const cut = text.slice(start, start + length).trim();
    return (start ? "… " : "") + cut + (start + length < text.length ? " …" : "");
  }

  const escaped = (token) => new RegExp(token.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gu");

  // 글에서 찾은 조각을 <mark>로 두른 노드들. 글은 글로만 넣어요(HTML로 읽지 않아요)
  function marked(text, asked) {
    const lower = text.toLowerCase();
    const hit = new Uint8Array(text.length);
    for (const token of new Set(tokens(asked))) {
      for (const match of lower.matchAll(escaped(token))) hit.fill(1, match.index, match.index + token.length);
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

  function show(finder, query, status, list) {
    list.replaceChildren();
    if (!query.trim()) {
      status.textContent = "찾을 말을 적어 보세요. 첫소리(ㅎㅅㄹ)로도 찾을 수 있어요.";
      return;
    }
    const { asked, pages } = finder.find(query);
    status.textContent = pages.length ? `‘${asked}’: 쪽 ${pages.length}개에서 찾았어요.` : `‘${query}’에 맞는 글이 없어요.`;
    for (const page of pages.slice(0, 10)) {
      const items = page.sections.slice(0, 3).map(({ url, title, text }) =>
        element("li", {}, element("a", { href: url }, ...marked(title, asked)),
          element("p", {}, ...marked(snippet(text, asked), asked))));
      list.append(element("li", {}, element("h2", {}, page.title), element("ul", {}, ...items)));
    }
  }

  const form = document.querySelector(".lab-search");
  const input = form.querySelector("input");
  const status = document.querySelector(".lab-search-status");
  const list = document.querySelector(".lab-search-results");
  const finder = new Finder(window.LAB_PAGES);
  const update = () => show(finder, input.value, status, list);
  input.value = new URLSearchParams(location.search).get("q") || "";
  let waiting;
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(update, 120); });
  form.addEventListener("submit", (event) => { event.preventDefault(); update(); });
  input.focus();
  update();
})();
