"""코드 연습 하나와, 잘못 적은 코드들: 단위 시험과 브라우저 시험이 함께 써요."""

from bplib.lab.code import CodeExercise
from bplib.lab.exercises import Mistake

SOLUTION = """
def scale(W, c):
    total = 0.0
    rows = []
    for row in W:
        rows.append([c * w for w in row])
        total += sum(row)
    return rows, total
"""
CASES = ["[[1.0, 2.0], [3.0, 5.0]], 3.0", "[[0.5], [-2.0], [4.0]], -1.5"]
DIVIDED = Mistake("나눴어요.", "c를 곱하세요.", {"c * w": "w / c"})
KEPT = Mistake("곱하지 않았어요.", "c를 곱하세요.", {"c * w": "w"})
LAST = Mistake("마지막 줄만 더했어요.", "더해 나가세요.", {"total += sum(row)": "total = sum(row)"})


def exercise(mistakes=(DIVIDED, KEPT, LAST), solution=SOLUTION, **rest):
    rest = {"cases": CASES, "why": "줄마다 곱했어요."} | rest
    return CodeExercise("9.1", "줄마다 c를 곱하고 합도 돌려주세요.", solution, mistakes=mistakes, **rest)


BODY = "def scale(W, c):\n    "
ERRORS = {  # 적은 코드 → 들려줄 말의 앞부분
    BODY + "return V, 1": "2번째 줄: ‘V’(이)라는 이름이 없어요.",
    BODY + "return np.array(W) * c": "2번째 줄: 여기에는 NumPy가 없어요.",
    "import numpy_of_nothing": "1번째 줄: ‘numpy_of_nothing’을(를) 가져올 수 없어요.",
    BODY + "return W * 0.5, 1": "2번째 줄: 목록은 통째로 계산할 수 없어요.",
    BODY + "return c[0], 1": "2번째 줄: 수 하나에서 [ ]로",
    BODY + "return W[5], 1": "2번째 줄: 목록에 없는 자리예요.",
    BODY + "return 1 / 0, 1": "2번째 줄: 0으로 나눴어요.",
    BODY + "for w in c:\n        pass": "2번째 줄: 수 하나를 목록처럼",
    BODY + "return c(W), 1": "2번째 줄: 함수가 아닌 것을 불렀어요.",
    BODY + "return len(c), 1": "2번째 줄: 수 하나의 길이를",
    BODY + "return W[1.0], 1": "2번째 줄: 목록의 자리는 정수여야",
    BODY + "a, b = 1, 2, 3": "2번째 줄: 이름의 수와 값의 수가",
    BODY + "return W.T, 1": "2번째 줄: 목록과 수에는 그런 것이 없어요",
    BODY + "return None + 1": "2번째 줄: 값이 없는 것(None)으로",
    BODY + "import math\n    return math.log(0)": "3번째 줄: 그 함수가 받을 수 없는 수예요.",
    BODY + "import math\n    return math.sqrt(-1)": "3번째 줄: 그 함수가 받을 수 없는 수예요.",
    BODY + "return scale(W, c)": "2번째 줄: 함수가 자기를 끝없이 불렀어요.",
    BODY + "return {}['a']": "2번째 줄: 사전에 없는 이름을",
    BODY + "raise SystemExit": "2번째 줄: 여기서는 exit을",
    "def scale(W):\n    return W": "함수에 넣은 인자의 수가",
    "def scale(W, c):\nreturn W": "2번째 줄: 들여쓰기가 맞지 않아요.",
    "def scale(W, c):\n    a = 1\n      b = 2": "3번째 줄: 들여쓰기가 맞지 않아요.",
    "def scale(W, c)\n    return W": "1번째 줄: ‘def’ 줄의 끝에 쌍점(:)이 없어요.",
    BODY + "return W +": "2번째 줄: 파이썬이 읽을 수 없는 줄이에요.",
    BODY + "print(“안녕”)": "2번째 줄: ‘“’는 파이썬이 읽는 글자가 아니에요.",
    BODY + "return W × c, 1": "2번째 줄: ‘×’는",
    "def scale(W, c)：\n    return W": "1번째 줄: ‘：’는",
    BODY + "c = input()": "input은 쓸 수 없어요.",
    BODY + "print(c)": "돌려준 것이 없어요(None). print는 보여 주기만 해요.",
    BODY + "pass": "돌려준 것이 없어요(None).",
    BODY + "return 'W', 1": "수나 목록을 돌려줘야 하는데 str",
    "def other(W, c):\n    return W": "scale라는 함수가 없어요.",
    "": "scale라는 함수가 없어요.",
    BODY + "W[0][0] = 7.0\n    return W, c": "받은 목록을 바꿨어요.",
}
