"""Addresses on the internet: where a host is, and whether that is public or somebody's own network."""

import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
import socket

__all__ = ["Address", "addresses_of", "is_public"]

Address = IPv4Address | IPv6Address

# Not the public internet, though `is_global` says so in one Python or another.
_NOT_PUBLIC = tuple(
    ip_network(text)
    for text in (
        "100.64.0.0/10",  # carrier-grade NAT, and the metadata of some clouds
        "168.63.129.16/32",  # Azure's own services, for its machines only
        "192.0.0.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "224.0.0.0/3",  # multicast and reserved
        "2001::/23",  # Teredo and other tunnels
        "2002::/16",  # 6to4: any IPv4 address, private ones too
        "3fff::/20",  # examples in books
    )
)
_HANDED_OUT = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Whether the address is on the public internet, so that asking it can't reach into somebody's own network."""
    if isinstance(address, IPv6Address):
        if address in _NAT64 and not address.scope_id:  # how every IPv4 site looks on a network with IPv6 only
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address.scope_id or address not in _HANDED_OUT:  # also leaves out IPv4 in disguise
            return False
    return address.is_global and not any(address in network for network in _NOT_PUBLIC)


async def addresses_of(host: str) -> Sequence[Address]:
    """The addresses of a host, best first, as this machine looks them up; raises `socket.gaierror`."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ip_address(str(entry[4][0])) for entry in found))
