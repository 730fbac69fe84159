"""What must hold before anything is started; each failure is one line for the person at the terminal."""

import errno
import fcntl
import os
import socket
import tempfile
from pathlib import Path
from typing import IO


class StartRefused(Exception):
    """Why nothing was started, in words for the person who typed the command."""


def require_writable(home: Path) -> None:
    """The home exists (made if need be) and takes files."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        raise StartRefused(f"无法写入数据目录 {home}：{error.strerror}（可用 REGISTRY_HOME 指定其他目录）") from error


def lock_home(home: Path) -> IO[str]:
    """Hold the home for this process until it ends, however it ends."""
    lock = (home / "up.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip() or "?"
        lock.close()
        raise StartRefused(f"数据目录 {home} 正由另一个已启动的系统使用（进程 {holder}）") from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def require_free_port(host: str, port: int) -> None:
    """Nothing else listens where the web server is to listen."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        reason = "端口已被占用" if error.errno == errno.EADDRINUSE else error.strerror
        raise StartRefused(f"无法在 {host} 端口 {port} 上提供服务：{reason}（可用 PORT、HOST 另行指定）") from error


def require_private(directory: Path) -> None:
    """The directory of the broker's socket is ours alone, also where it had to lie in a shared place."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = directory.lstat()
    if directory.is_symlink() or status.st_uid != os.getuid():
        raise StartRefused(f"目录 {directory} 不属于当前用户，拒绝使用")
    directory.chmod(0o700)
