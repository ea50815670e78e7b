"""장의 노트북을 코어마다 하나씩 나란히 실행해 jupyter-cache에 담아요. 책을 만들 때 MyST-NB가 꺼내 써요.

    python book/execute.py 캐시폴더 초 chapters/01-structure.ipynb …

이미 담긴 것은 다시 실행하지 않아요. 실패한 장은 담기지 않고, 책을 만들 때 다시 실행하며 그 자리를 알려요.
Sphinx 안에서 프로세스를 나누면 수식을 그리는 자바스크립트 엔진이 멈출 수 있어, 따로 부르는 프로그램이에요.
"""

import sys

from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor


def execute(folder, seconds, paths):
    """``paths``의 노트북 가운데 담기지 않은 것을 실행해요."""
    cache = get_cache(folder)
    for path in paths:
        cache.add_nb_to_project(path)
    load_executor("local-parallel", cache).run_and_cache(filter_uris=paths, timeout=seconds)


if __name__ == "__main__":
    execute(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
