//! Protocols and ports: what a packet asks for.
//!
//! Goes in: texts such as `tcp/443`, `udp/3478-3481`, `icmp`, `any`. Comes out: closed terms.

use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// An IP protocol number (IANA registry).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Protocol(pub u8);

impl Protocol {
    /// ICMP.
    pub const ICMP: Self = Self(1);
    /// TCP.
    pub const TCP: Self = Self(6);
    /// UDP.
    pub const UDP: Self = Self(17);
    /// ESP (IPsec).
    pub const ESP: Self = Self(50);
    /// ICMP for IPv6.
    pub const ICMPV6: Self = Self(58);

    /// Whether packets of it carry ports (TCP, UDP; also SCTP 132 and DCCP 33).
    #[must_use]
    pub const fn has_ports(self) -> bool {
        matches!(self.0, 6 | 17 | 132 | 33)
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("icmp"),
            6 => f.write_str("tcp"),
            17 => f.write_str("udp"),
            50 => f.write_str("esp"),
            58 => f.write_str("icmpv6"),
            n => write!(f, "ip/{n}"),
        }
    }
}

/// An inclusive range of ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortRange {
    /// First port.
    pub first: u16,
    /// Last port.
    pub last: u16,
}

impl PortRange {
    /// Every port.
    pub const ALL: Self = Self {
        first: 0,
        last: u16::MAX,
    };
    /// One port.
    #[must_use]
    pub const fn one(port: u16) -> Self {
        Self {
            first: port,
            last: port,
        }
    }
    /// Whether the port lies inside.
    #[must_use]
    pub const fn contains(self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ALL => f.write_str("*"),
            Self { first, last } if first == last => write!(f, "{first}"),
            Self { first, last } => write!(f, "{first}-{last}"),
        }
    }
}

impl Serialize for PortRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One term of a service: a protocol (or any) with destination and source ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Service {
    /// The protocol; `None` is any.
    pub protocol: Option<Protocol>,
    /// Destination ports; only looked at for protocols that have ports.
    pub ports: PortRange,
    /// Source ports; only looked at for protocols that have ports.
    pub source_ports: PortRange,
}

impl Service {
    /// Every packet.
    pub const ANY: Self = Self {
        protocol: None,
        ports: PortRange::ALL,
        source_ports: PortRange::ALL,
    };

    /// A TCP destination port.
    #[must_use]
    pub const fn tcp(port: u16) -> Self {
        Self {
            protocol: Some(Protocol::TCP),
            ports: PortRange::one(port),
            source_ports: PortRange::ALL,
        }
    }

    /// Whether a header of this protocol and ports is meant.
    #[must_use]
    pub fn matches(&self, protocol: Protocol, source_port: u16, port: u16) -> bool {
        match self.protocol {
            None => true,
            Some(p) if p != protocol => false,
            Some(p) if p.has_ports() => {
                self.ports.contains(port) && self.source_ports.contains(source_port)
            }
            Some(_) => true,
        }
    }
}

/// A text that is no service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceError {
    /// The text as written.
    pub found: String,
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is not a service; write `tcp/443`, `udp/3478-3481`, `tcp`, `icmp`, `ip/47` or `any`",
            self.found
        )
    }
}

fn ports(text: &str) -> Option<PortRange> {
    if text == "*" {
        return Some(PortRange::ALL);
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some(PortRange { first, last })
}

impl FromStr for Service {
    type Err = ServiceError;
    /// Understands `any`, `icmp`, `tcp`, `tcp/443`, `tcp/8000-8100`, `ip/47` and, with source ports,
    /// `tcp/443 from 1024-65535`.
    fn from_str(text: &str) -> Result<Self, ServiceError> {
        let error = || ServiceError {
            found: text.to_owned(),
        };
        let (head, source) = match text.trim().split_once(" from ") {
            Some((head, source)) => (head.trim(), ports(source.trim()).ok_or_else(error)?),
            None => (text.trim(), PortRange::ALL),
        };
        let (name, rest) = match head.split_once('/') {
            Some((name, rest)) => (name, Some(rest)),
            None => (head, None),
        };
        let with = |protocol: Protocol| -> Result<Self, ServiceError> {
            Ok(Self {
                protocol: Some(protocol),
                ports: match rest {
                    None => PortRange::ALL,
                    Some(rest) if protocol.has_ports() => ports(rest).ok_or_else(error)?,
                    Some(_) => return Err(error()),
                },
                source_ports: source,
            })
        };
        match name {
            "any" if rest.is_none() && source == PortRange::ALL => Ok(Self::ANY),
            "tcp" => with(Protocol::TCP),
            "udp" => with(Protocol::UDP),
            "icmp" if source == PortRange::ALL => with(Protocol::ICMP),
            "icmpv6" if source == PortRange::ALL => with(Protocol::ICMPV6),
            "esp" if source == PortRange::ALL => with(Protocol::ESP),
            "ip" if source == PortRange::ALL => {
                let number = rest.and_then(|r| r.parse().ok()).ok_or_else(error)?;
                Ok(Self {
                    protocol: Some(Protocol(number)),
                    ..Self::ANY
                })
            }
            _ => Err(error()),
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.protocol {
            None => f.write_str("any")?,
            Some(p) if p.has_ports() && self.ports != PortRange::ALL => {
                write!(f, "{p}/{}", self.ports)?;
            }
            Some(p) => write!(f, "{p}")?,
        }
        if self.source_ports != PortRange::ALL {
            write!(f, " from {}", self.source_ports)?;
        }
        Ok(())
    }
}

impl Serialize for Service {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_read_and_print_alike() {
        for text in [
            "any",
            "tcp",
            "tcp/443",
            "udp/3478-3481",
            "icmp",
            "ip/47",
            "tcp/443 from 1024-65535",
        ] {
            assert_eq!(
                text.parse::<Service>().map(|s| s.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn empty_ranges_and_strangers_are_refused() {
        for text in [
            "tcp/9-8",
            "tcp/70000",
            "https",
            "icmp/8",
            "any/1",
            "tcp/443 from x",
            "",
        ] {
            assert!(text.parse::<Service>().is_err(), "{text}");
        }
    }
}
