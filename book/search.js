// 책에서 찾기: 한글은 두 글자씩, 로마자는 낱말로 나눠 MiniSearch(BM25+)로 찾아요. 서버도 색인 파일도 없어요.
// 두 글자씩 나누면 조사와 어미가 붙어도, 붙여 써도, 낱말의 뒷부분만 적어도 같은 조각을 찾아요.
(() => {
  "use strict";
  const RUN = /[가-힣]+|[a-z][a-z0-9_]*|[0-9]+(?:\.[0-9]+)?|[α-ωΑ-Ω∂∇]/gu;
  const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
  const WEIGHTS = { topics: 20, page: 3, title: 4, terms: 4, text: 1 };
  const SHARE = 0.5; // 쪽의 점수: 잘 맞는 차례로 n번째 절의 점수를 1/n^SHARE만큼 더해요
  const COVER = 1; // 찾는 조각 가운데 담긴 비율을 이만큼 거듭제곱해서 곱해요
  const WHOLE = { topics: 3, title: 2, terms: 3, text: 1.3 }; // 찾는 말이 통째로 들어 있으면 이만큼 곱해요
  // 물음의 낱말 끝에서 떼는 조사와 어미. 두 글자가 남을 때만 떼요
  const ENDINGS = /(?<=[가-힣]{2})(?:이란|란|에서는|에서|에는|으로|하는|하면|은|는|을|를|의|에|와|과|도|로|이|가)$/u;
  // 이 책이 쓰지 않는 말 → 이 책의 말
  const SYNONYMS = {
    나선: "소용돌이", 파라미터: "매개변수", 그래디언트: "기울기", 그레이디언트: "기울기", 바이어스: "편향", 웨이트: "가중치",
    노드: "뉴런", 비용: "손실", 체인룰: "연쇄 법칙", 러닝레이트: "학습률", 로컬미니멈: "지역 최솟값", 에포크: "에폭",
    오버피팅: "과적합", 컨볼루션: "합성곱", 크로스엔트로피: "교차 엔트로피", 오류역전파: "역전파", 방정식: "식", 개수: "세기",
    최소값: "최솟값", 최대값: "최댓값", 절대값: "절댓값", 고유값: "고윳값", 스킵: "잔차", 클리핑: "자르기", 살리언시: "현저성", 뉴럴넷: "신경망", 액티베이션: "활성화",
  };

  const plain = (text) => text.toLowerCase().normalize("NFC");
  const packed = (text) => plain(text).replace(/\s+/g, "");

  function tokens(text) {
    const runs = plain(text).match(RUN) || [];
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
      this.sections = pages.flatMap(({ title: page, weight, topics, sections }, number) =>
        sections.map((section, i) => ({ ...section, page, weight, topics: i ? "" : topics, number })));
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

    // 조사를 떼고, 이 책의 말로 바꿔요
    understand(query) {
      const words = this.complete(plain(query)).split(/\s+/).map((word) => word.replace(ENDINGS, ""));
      return words.map((word) => SYNONYMS[word] || word).join(" ").trim();
    }

    // 찾는 말이 제목이나 뜻풀이에 통째로 있는 절, 찾는 조각을 더 많이 담은 절을 앞에
    score({ id, score, queryTerms }, asked) {
      const section = this.sections[id];
      const wanted = packed(asked);
      const whole = Object.keys(WHOLE).reduce((best, field) =>
        Math.max(best, packed(section[field]).includes(wanted) ? WHOLE[field] : 1), 1);
      const cover = new Set(queryTerms).size / new Set(tokens(asked)).size;
      return score * whole * cover ** COVER * section.weight;
    }

    // 쪽마다 점수와, 잘 맞는 절들
    find(query) {
      const asked = this.understand(query);
      const hits = this.engine.search(asked, { boost: WEIGHTS, bm25: { k: 1.2, b: 0.5, d: 0.5 } })
        .map((hit) => ({ id: hit.id, score: this.score(hit, asked) }))
        .sort((a, b) => b.score - a.score);
      const pages = new Map();
      for (const { id, score } of hits) {
        const section = this.sections[id];
        const page = pages.get(section.number) || { title: section.page, score: 0, sections: [] };
        page.score += score / (page.sections.length + 1) ** SHARE;
        page.sections.push(section);
        pages.set(section.number, page);
      }
      // 보여 줄 절은 찾는 말이 통째로 적힌 것부터
      const holds = ({ title, text }) => packed(title + text).includes(packed(asked));
      for (const page of pages.values()) page.sections.sort((a, b) => holds(b) - holds(a));
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
