"""moto's server on a free port of 127.0.0.1, which it names on its standard error.

It ends when its standard input does, so that it never outlives the test that started it, however that ends.
"""

import os
import sys
import threading

from moto.server import main


def end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()
main(["-H", "127.0.0.1", "-p", "0"])
