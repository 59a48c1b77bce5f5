"""Makes a server on this machine look far away: delay.py PORT MILLISECONDS

Listens on loopback, prints its own port, and passes everything on to PORT and back so that a round trip takes
MILLISECONDS longer. A connection begins a round trip late, as its handshake would have crossed the distance too.
"""

import asyncio
import socket
import sys

HOST = "127.0.0.1"


class Way(asyncio.Protocol):
    """One end of a connection; what arrives here leaves at the other end, half a round trip later."""

    def __init__(self, half, begin):
        self.half = half
        # Nothing arrives earlier than this, and nothing overtakes what was sent before.
        self.earliest = begin
        self.transport = self.other = None
        self.waiting = []

    def connection_made(self, transport):
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def deliver(self, act):
        loop = asyncio.get_running_loop()
        due = max(loop.time() + self.half, self.earliest)
        self.earliest = due
        self.waiting.append(act)
        loop.call_at(due, self.next)

    def next(self):
        # In order of arrival, whatever order equal moments are called in.
        self.waiting.pop(0)()

    def data_received(self, data):
        self.deliver(lambda: self.other.transport and self.other.transport.write(data))

    def connection_lost(self, problem):
        self.deliver(lambda: self.other.transport and self.other.transport.close())


async def pass_on(port, half, near):
    """Gives a new connection its other end."""
    loop = asyncio.get_running_loop()
    far = Way(half, 0)
    near.other, far.other = far, near
    try:
        await loop.create_connection(lambda: far, HOST, port)
    except OSError:
        near.transport.close()


class Door(Way):
    """The end of whoever connected."""

    def __init__(self, port, half):
        super().__init__(half, asyncio.get_running_loop().time() + 3 * half)
        self.port = port

    def connection_made(self, transport):
        super().connection_made(transport)
        asyncio.ensure_future(pass_on(self.port, self.half, self))


async def main(port, milliseconds):
    half = milliseconds / 2000
    server = await asyncio.get_running_loop().create_server(lambda: Door(port, half), HOST, 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if len(sys.argv) != 3:
    sys.exit(__doc__)
asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
