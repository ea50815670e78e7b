// 이 기기에 담은 책. 독자가 “이 기기에 담기”를 누를 때만 등록돼요(site.js). 한 판의 파일을 모두 함께 담고 함께 바꿔서,
// 두 판의 쪽이 섞이지 않아요. FILES는 {파일: 내용의 해시}이고 keep.py가 적어요.
"use strict";
const FILES = {};
const BOOK = `book ${registration.scope} `; // 한 주소를 다른 사이트와 나눠 쓸 수 있어서, 우리 것만 알아볼 이름이 있어야 해요
const NAME = `${BOOK}DIGEST`;

// 하나라도 받지 못했거나 다른 판의 것이면 담기를 그만둬요. 그러면 앞서 담은 책이 그대로 남아요. 바뀌지 않은 파일은 서버에 묻기만 해요.
async function keep() {
  const cache = await caches.open(NAME);
  const wanted = Object.entries(FILES).map(([file, integrity]) => new Request(file, { cache: "no-cache", integrity }));
  await cache.addAll(wanted).catch(async (error) => {
    await caches.delete(NAME);
    throw error;
  });
}

async function forgetOthers() {
  const old = (await caches.keys()).filter((name) => name.startsWith(BOOK) && name !== NAME);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

async function answer(request, file) {
  const cache = await caches.open(NAME);
  return (await cache.match(file)) ?? fetch(request);
}

addEventListener("install", (event) => event.waitUntil(keep().then(skipWaiting)));
addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const file = decodeURI(url.origin + url.pathname).replace(registration.scope, "").replace(/^$|\/$/, "$&index.html");
  if (event.request.method === "GET" && file in FILES) event.respondWith(answer(event.request, file)); // lite/는 제 것이 따로 있어요
});
