// 쪽의 파이썬. MicroPython을 일꾼(worker) 안에서 돌려, 독자가 적은 코드를 실행하고 판정해요. labpython.py가 빈자리를 채워요.
// http에서는 이 파일이 곧 일꾼이고, USB(file:)에서는 code.js가 이 함수의 글로 일꾼을 만들어요.
async function pythonWorker() {
  "use strict";
  const post = self.postMessage.bind(self);
  function bytes(text) { // 글자마다 바이트 하나
    const data = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) data[i] = text.charCodeAt(i);
    return data;
  }
  const wasmBinary = bytes("{{ wasm }}");
  const JUDGE = new TextDecoder().decode(bytes(atob("{{ judge }}"))); // bplib/lab/judge.py
  const ANSWER = `
import json
def answer(request):
    do, source, exam = json.loads(request)
    return json.dumps({"show": show_source, "check": check_source}[do](source, exam))
`;
  const MOST_LINES = 100;
  const printed = [];
  const print = (line) => { if (printed.length < MOST_LINES) printed.push(line); };

  // 시작한 뒤에도 MicroPython이 쓰는 이름들. 나머지는 모두 지워서, 적은 코드가 네트워크에도 저장소에도 닿지 못해요.
  const NEEDED = new Set(("Object Array Map WeakMap Set WeakRef Promise Symbol Error TypeError RangeError Math Number String Boolean " +
    "BigInt Date JSON Reflect Proxy Int8Array Uint8Array Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array " +
    "BigInt64Array BigUint64Array DataView ArrayBuffer WebAssembly TextDecoder TextEncoder performance FinalizationRegistry " +
    "globalThis undefined NaN Infinity isNaN parseInt parseFloat setTimeout clearTimeout onmessage Module " +
    "proxy_js_map proxy_js_existing pyProxyFinalizationRegistry").split(" "));

  function hide() {
    for (let owner = globalThis; owner && owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
      for (const name of Object.getOwnPropertyNames(owner).filter((name) => !NEEDED.has(name))) {
        try { delete owner[name]; } catch {}
        try { Object.defineProperty(owner, name, { value: undefined }); } catch {}
      }
    }
    // 함수의 constructor는 글을 코드로 바꿔요.
    for (const f of [function () {}, async function () {}, function* () {}, async function* () {}]) {
      Object.defineProperty(Object.getPrototypeOf(f), "constructor", { value: undefined });
    }
  }

  {{ micropython }}
  try {
    const python = await loadMicroPython({ wasmBinary, url: "micropython", stdout: print, stderr: print, heapsize: 8 << 20 });
    python.runPython(JUDGE + ANSWER);
    self.onmessage = ({ data: request }) => {
      printed.length = 0;
      python.globals.set("request", request);
      python.runPython("told = answer(request)");
      const [mark, message] = JSON.parse(python.globals.get("told"));
      post({ mark, message, printed: printed.join("\n") });
    };
    hide();
    post("ready");
  } catch {
    post("failed"); // WebAssembly가 없는 브라우저
  }
}

if (typeof document === "undefined") pythonWorker();
