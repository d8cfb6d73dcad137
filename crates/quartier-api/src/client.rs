use std::{
    convert::Infallible,
    net::{IpAddr, Ipv6Addr},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

use crate::{App, auth::Visitor};

/// The address at the other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Who asks, so that nobody takes more than a share of what is there for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Client {
    /// Whoever has the token.
    TokenHolder,
    Address(IpAddr),
    /// A request that came over no connection.
    Unknown,
}

impl FromRequestParts<App> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        if Visitor::of(&parts.headers, &app.settings) == Visitor::TokenHolder {
            return Ok(Self::TokenHolder);
        }
        let peer = parts.extensions.get::<Peer>();
        Ok(peer.map_or(Self::Unknown, |peer| Self::at(peer.0, &parts.headers)))
    }
}

impl Client {
    /// Behind a proxy in the own network, the address that the proxy has added; others could say what they like.
    fn at(peer: IpAddr, headers: &HeaderMap) -> Self {
        let peer = peer.to_canonical();
        let told = if is_own(peer) { forwarded(headers) } else { None };
        Self::Address(network(told.unwrap_or(peer)))
    }
}

fn is_own(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => it.is_loopback() || it.is_private() || it.is_link_local(),
        IpAddr::V6(it) => it.is_loopback() || it.is_unique_local() || it.is_unicast_link_local(),
    }
}

/// The last one: that before a client's own.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let list = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    list.rsplit(',').next()?.trim().parse::<IpAddr>().ok().map(|it| it.to_canonical())
}

/// Whoever has one address of IPv6 has the 2⁶⁴ beside it.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(it) => Ipv6Addr::from_bits(it.to_bits() >> 64 << 64).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &str) -> Client {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        Client::at(peer.parse().unwrap(), &headers)
    }

    #[test]
    fn only_a_proxy_of_ours_is_believed() {
        let at = |text: &str| Client::Address(text.parse().unwrap());
        assert_eq!(client("203.0.113.7", "198.51.100.1"), at("203.0.113.7"));
        assert_eq!(client("127.0.0.1", "192.0.2.9, 198.51.100.1"), at("198.51.100.1"));
        assert_eq!(client("::1", "nonsense"), at("::"));
        assert_eq!(client("::ffff:10.0.0.1", "::ffff:198.51.100.1"), at("198.51.100.1"));
    }

    #[test]
    fn the_addresses_of_one_network_are_one_client() {
        assert_eq!(client("2001:db8::1", ""), client("2001:db8::ffff:2", ""));
        assert_ne!(client("2001:db8::1", ""), client("2001:db8:0:1::1", ""));
    }
}
