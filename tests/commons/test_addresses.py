import asyncio
from ipaddress import ip_address

import pytest

from bot.commons.addresses import addresses_of, is_public


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "145.100.1.1", "2001:4860:4860::8888", "2a02:58::1", "64:ff9b::808:808", "172.15.0.1", "172.32.0.1"],
)
def test_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "10.0.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1"),  # noqa: S104  # refused here
        *("172.31.255.255", "192.168.1.1", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
        *("192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.2.3"),
        *("240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1"),
        *("fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1", "2001:db8::1"),
        *("2001::1", "2002:7f00:1::1", "2002:808:808::1", "3fff::1", "5f00::1", "64:ff9b::7f00:1"),
        *("64:ff9b::a00:1", "64:ff9b:1::808:808", "2a02:58::1%eth0"),
    ],
)
def test_all_else_is_not(address: str) -> None:
    assert not is_public(ip_address(address))


def test_a_number_is_looked_up_like_a_name() -> None:
    assert asyncio.run(addresses_of("2130706433")) == (ip_address("127.0.0.1"),)
