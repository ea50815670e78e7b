"""6장(06-bug-zoo)의 연습문제."""

from __future__ import annotations
