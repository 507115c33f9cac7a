"""HTTP with the standard library: no redirects (a token must not follow one), only http and https."""

from __future__ import annotations

import random
from typing import Any, Mapping, Optional
from urllib import request
from urllib.error import HTTPError
from urllib.parse import urlsplit


class _NoRedirects(request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_opener = request.build_opener(_NoRedirects)


def open_url(
    method: str,
    url: str,
    *,
    headers: Optional[Mapping[str, str]] = None,
    body: Any = None,
    timeout: float = 10,
) -> Any:
    """
    The answer, whatever its status, as something with `status`, `headers` and `read`. `timeout` is for each wait for the other side, in
    seconds. Raises OSError or http.client.HTTPException when there is no answer. A body is bytes, or
    anything with `read`, then with a Content-Length among the headers.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise OSError("the address is neither http nor https")
    asked = request.Request(url, data=body, headers=dict(headers or {}), method=method)
    try:
        return _opener.open(asked, timeout=timeout)
    except HTTPError as answer:
        return answer


def backoff(tries: int, cap: float = 30) -> float:
    """Seconds to wait after the given number of failures: doubling, with jitter, so that many workers do not come at once."""
    longest: float = min(cap, 0.5 * 2 ** min(tries, 10))
    return longest * random.uniform(0.5, 1)
