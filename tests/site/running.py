"""A site on a real port, in a thread, as ``teacherreg serve`` runs it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from teacherreg.publish.serve import _run, listening, open_site, server_of


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """Serve a site for the length of a ``with`` block; give its address."""
    site = open_site(folder)
    server = server_of(site)
    with listening("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        thread = threading.Thread(target=lambda: asyncio.run(_run(server, site, door)))
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(20)
            site.executor.shutdown()
            for database in site.databases.values():
                database.close()
