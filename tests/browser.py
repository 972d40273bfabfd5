"""Drives a real Chromium without a window by the DevTools protocol on a pair of pipes: no port, no further package."""

import base64
import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

NAMES = ("chromium", "chromium-browser", "google-chrome")

OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--hide-scrollbars"),
    *("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
"""No sandbox, since tests run as root in CI and open only our own page; and nothing that calls home by itself."""

ANSWER = 60
"""Seconds for one answer: starting, and printing thousands of rows, are the slowest."""

KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "End": 35, "Home": 36, "PageDown": 34, "ArrowUp": 38, "ArrowDown": 40}
"""The keys that tests press, with the number each has in the protocol."""


class BrowserError(Exception):
    """Chromium refused, died or did not answer in time, or a script in the page failed."""


class Seen(NamedTuple):
    """What a page has done besides showing itself: addresses it asked for, errors and complaints of the console."""

    requests: list[str]
    complaints: list[str]


class Page:
    """One tab."""

    def __init__(self, browser: "Browser", session: str) -> None:
        self._browser = browser
        self._session = session
        self.seen = Seen([], [])

    def ask(self, method: str, **given: Any) -> Any:
        """What Chromium answers to a command of the protocol."""
        return self._browser.ask(method, given, self._session)

    def go(self, address: str) -> None:
        """Opens an address in a new tab and waits until it has loaded."""
        self.ask("Page.navigate", url=address)
        self.wait("location.href !== 'about:blank' && document.readyState === 'complete'")

    def run(self, script: str) -> Any:
        """The value of an expression in the page, waited for where it is a promise."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{script}\n{answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, condition: str, seconds: float = 30) -> None:
        """Until an expression is true."""
        until = time.monotonic() + seconds
        while not self.run(condition):
            if time.monotonic() > until:
                raise BrowserError(f"not within {seconds} s: {condition}\n{self.seen.complaints}")
            time.sleep(0.02)

    def press(self, *keys: str, shift: bool = False) -> None:
        """Presses keys one after the other, as at the keyboard."""
        for key in keys:
            code = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key], "modifiers": 8 if shift else 0}
            text = {"text": "\r"} if key == "Enter" else {}
            self.ask("Input.dispatchKeyEvent", type="keyDown", **code, **text)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **code)

    def type(self, text: str) -> None:
        """Types into what has the focus."""
        self.ask("Input.insertText", text=text)

    def click(self, selector: str) -> None:
        """Clicks with the mouse in the middle of the first element of a selector, brought into view."""
        x, y = self.run(
            f"(() => {{ const found = document.querySelector({json.dumps(selector)});"
            " found.scrollIntoView({block: 'center'});"
            " const {left, top, width, height} = found.getBoundingClientRect();"
            " return [left + width / 2, top + height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def choose(self, selector: str, value: str) -> None:
        """Picks an option of a select, which the protocol has no mouse for."""
        self.run(
            f"(() => {{ const found = document.querySelector({json.dumps(selector)});"
            f" found.value = {json.dumps(value)};"
            " found.dispatchEvent(new Event('input', {bubbles: true})); })()"
        )

    def pdf(self, path: Path) -> None:
        """The page as it prints, on the paper its style asks for."""
        printed = self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        path.write_bytes(base64.b64decode(printed["data"]))

    def close(self) -> None:
        """Closes the tab."""
        self.ask("Page.close")


class Browser:
    """A Chromium with an empty profile of its own."""

    def __init__(self) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="gouji", ignore_cleanup_errors=True)
        self._log = Path(self._profile.name, "stderr.log")
        self._pages: dict[str, Page] = {}
        self._last = 0
        self._unread = b""
        program = next(filter(None, map(shutil.which, NAMES)))
        # Chromium reads commands from descriptor 3 and answers on 4; a shell puts our pipes there.
        shell = ("/bin/sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null', "sh")
        profile = f"--user-data-dir={self._profile.name}/profile"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*shell, program, "--remote-debugging-pipe", *OPTIONS, profile, "about:blank"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def page(self, width: int = 1366, height: int = 768) -> Page:
        """A new tab of that size."""
        target = self.ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        page = self._pages[session] = Page(self, session)
        for part in ("Page", "Runtime", "Network", "Log"):
            page.ask(f"{part}.enable")
        page.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        return page

    def ask(self, method: str, given: dict[str, Any], session: str = "") -> Any:
        """What Chromium answers; BrowserError if it refuses, dies or takes too long."""
        self._last += 1
        command = {"id": self._last, "method": method, "params": given} | ({"sessionId": session} if session else {})
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(command).encode() + b"\0")
            self._process.stdin.flush()
        until = time.monotonic() + ANSWER
        while (message := self._message(method, until)).get("id") != self._last:
            self._note(message)
        if "error" in message:
            raise BrowserError(f"{method}: {message['error']}")
        return message["result"]

    def close(self) -> None:
        """Ends Chromium and all its processes."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        self._profile.cleanup()

    def _message(self, method: str, until: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\0" not in self._unread:
                ready = selector.select(max(0, until - time.monotonic()))
                piece = os.read(self._process.stdout.fileno(), 1 << 20) if ready else b""
                if not piece:
                    why = "ended" if ready else f"did not answer within {ANSWER} s"
                    raise BrowserError(f"Chromium {why} at {method}\n{self._log.read_text(errors='replace')[-2000:]}")
                self._unread += piece
        line, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def _note(self, message: dict[str, Any]) -> None:
        """Keeps what a page did, told between answers."""
        page = self._pages.get(message.get("sessionId", ""))
        if page is None:
            return
        told = message["params"]
        if message["method"] == "Network.requestWillBeSent":
            page.seen.requests.append(told["request"]["url"])
        elif message["method"] == "Runtime.exceptionThrown":
            page.seen.complaints.append(json.dumps(told["exceptionDetails"]))
        elif message["method"] == "Log.entryAdded":
            page.seen.complaints.append(told["entry"]["text"])


def missing() -> str:
    """What the browser's tests need and this machine lacks."""
    if not any(map(shutil.which, NAMES)):
        return "Chromium is missing: apt-get install chromium"
    if shutil.which("pdftotext") is None:
        return "pdftotext is missing: apt-get install poppler-utils"
    return ""
