"""A TCP proxy that cuts connections at random bytes, in either direction, in the middle of whatever they said."""

import asyncio
import contextlib
import random
import threading


class CuttingProxy:
    """Listens on a port of its own. While ``cutting``, each connection gets a number of bytes it may live for."""

    def __init__(self, *, target_port, seed=1, bytes_at_most=60_000):
        self.target_port, self.bytes_at_most = target_port, bytes_at_most
        self.rng, self.cuts, self.cutting, self.port = random.Random(seed), 0, False, 0
        self._loop, self._ready = asyncio.new_event_loop(), threading.Event()
        self._open = set()

    def __enter__(self):
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *error):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader, writer):
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:  # PostgreSQL is away
            writer.transport.abort()
            return
        ends, which = (writer, up_writer), self.rng.randrange(2)
        life = int(self.bytes_at_most ** self.rng.uniform(0.3, 1))  # as often in a handshake as in an answer
        pipes = [
            self._pipe(reader, up_writer, ends=ends, life=life if which == 0 else None),
            self._pipe(up_reader, writer, ends=ends, life=life if which == 1 else None),
        ]
        await asyncio.gather(*pipes)

    async def _pipe(self, reader, writer, *, ends, life):
        with contextlib.suppress(OSError, asyncio.CancelledError):
            while data := await reader.read(65536):
                if life is not None and self.cutting:
                    if len(data) >= life:
                        writer.write(data[:life])
                        with contextlib.suppress(OSError):
                            await writer.drain()
                        self.cuts += 1
                        break
                    life -= len(data)
                writer.write(data)
                await writer.drain()
        for end in ends:
            end.transport.abort() if life is not None and self.cutting else end.close()
