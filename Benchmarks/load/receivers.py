"""A thousand receivers on addresses of this machine: some answer 204, the others accept and never answer.

receivers.py PORT HEALTHY HANGING: receiver n listens on 127.1.(n // 250).(n % 250 + 1):PORT, the healthy ones first. Each
event's id ends with the time in microseconds at which it was posted. On SIGTERM it prints how many events the healthy
ones got, the times from the post to the receipt, and how many connections the others hold.
"""

import asyncio
import os
import re
import resource
import signal
import sys
import time

POSTED = re.compile(rb'"id":"isolation-\d+-(\d+)"')


def address(number):
    return f"127.1.{number // 250}.{number % 250 + 1}"


async def main(port, healthy, hanging):
    taken, held = [], 0

    async def answer(reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
                body = await reader.readexactly(length)
                if posted := POSTED.search(body):
                    taken.append(time.time_ns() // 1000 - int(posted.group(1)))
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def hang(reader, writer):
        nonlocal held
        held += 1
        try:
            await reader.read()
        except ConnectionError:
            pass
        held -= 1
        writer.close()

    for number in range(healthy + hanging):
        await asyncio.start_server(answer if number < healthy else hang, address(number), port, backlog=4096)
    print("ready", flush=True)
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    await over.wait()
    taken.sort()
    p50, p99 = (taken[int(len(taken) * share)] / 1000 if taken else 0 for share in (0.5, 0.99))
    print(f"received {len(taken)} p50 {p50:.1f} p99 {p99:.1f} held {held}", flush=True)
    # The open connections' tasks end with the process.
    os._exit(0)


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(main(*map(int, sys.argv[1:])))
