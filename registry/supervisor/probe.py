"""Asks the web server whether it answers."""

import http.client
import ipaddress

TIMEOUT_SECONDS = 2.0


def reachable(host: str) -> str:
    """The address at which a server that listens on `host` is reached from this machine."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return "127.0.0.1" if address.version == 4 else "::1"


def with_port(host: str, port: int) -> str:
    """`host:port` as a URL and a command line take it, with an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_live(host: str, port: int) -> bool:
    """Whether GET /health/live is answered with 200."""
    connection = http.client.HTTPConnection(reachable(host), port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/health/live", headers={"Host": "127.0.0.1"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
