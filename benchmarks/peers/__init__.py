"""나란히 잴 도구들. 모듈마다 start(work, dtype, optimizer)가 한 걸음을 하는 Runner를 만들어요."""
