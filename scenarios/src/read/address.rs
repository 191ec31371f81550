//! Addresses, prefixes and services, literal or by name.
//!
//! Goes in: texts such as `10.0.0.0/8`, `hq-terms`, `fqdn:example.jp`, `tcp/443`, `app:ms-rdp`. Comes out:
//! terms. A text that looks like an address but is none is a mistake, never a name.

use super::Reader;
use crate::raw::Val;
use crate::say::{self, Said};
use ipnet::IpNet;
use std::sync::Arc;
use utsushi_model::address::{AddressRange, parse_prefix};
use utsushi_model::finding::Code;
use utsushi_model::policy::{AddressTerm, Addresses, Name, ServiceTerm, Services};
use utsushi_model::service::Service;
use utsushi_model::text::Text;

/// Protocols that a service begins with.
const PROTOCOLS: [&str; 6] = ["tcp", "udp", "icmp", "icmpv6", "esp", "ip"];

impl<'a> Reader<'a> {
    /// A network: a prefix without host bits.
    pub(crate) fn prefix(&self, value: Val<'a>) -> Option<IpNet> {
        let text = self.string(value)?;
        parse_prefix(&text)
            .map_err(|error| self.note::<()>(value, say::address(&error)))
            .ok()
    }

    /// The networks a list stands for.
    pub(crate) fn prefixes(&self, values: &[Val<'a>]) -> Option<Vec<IpNet>> {
        let each = self.all(values, |value| {
            let one = |text: &String| {
                parse_prefix(text)
                    .map_err(|error| self.note::<()>(value, say::address(&error)))
                    .ok()
            };
            self.pattern(value)?
                .iter()
                .map(one)
                .collect::<Option<Vec<_>>>()
        })?;
        Some(each.into_iter().flatten().collect())
    }

    /// A literal address, prefix or range.
    pub(crate) fn range(&self, value: Val<'a>) -> Option<AddressRange> {
        let text = self.string(value)?;
        self.read_range(value, &text)
    }

    /// The literal ranges a list stands for.
    pub(crate) fn ranges(&self, values: &[Val<'a>]) -> Option<Vec<AddressRange>> {
        let each = self.all(values, |value| {
            let texts = self.pattern(value)?;
            texts
                .iter()
                .map(|text| self.read_range(value, text))
                .collect::<Option<Vec<_>>>()
        })?;
        Some(each.into_iter().flatten().collect())
    }

    fn read_range(&self, value: Val<'a>, text: &str) -> Option<AddressRange> {
        text.parse()
            .map_err(|error| self.note::<()>(value, say::address(&error)))
            .ok()
    }

    /// A set of addresses; not given: any. An empty list is a mistake.
    pub(crate) fn addresses(&self, value: Option<Val<'a>>, negated: bool) -> Option<Addresses> {
        let Some(value) = value else {
            return Some(Addresses {
                negated,
                ..Addresses::any()
            });
        };
        let items = self.some(value)?;
        Some(Addresses {
            terms: self.address_terms(&items)?,
            negated,
        })
    }

    /// The terms of a list, which may be empty.
    pub(crate) fn address_terms(&self, values: &[Val<'a>]) -> Option<Vec<AddressTerm>> {
        let each = self.all(values, |value| {
            self.name(value)?;
            let texts = self.pattern(value)?;
            let terms = texts.iter().map(|text| self.address_term(value, text));
            terms.collect::<Option<Vec<_>>>()
        })?;
        Some(each.into_iter().flatten().collect())
    }

    fn address_term(&self, value: Val<'a>, text: &str) -> Option<AddressTerm> {
        if text == "any" {
            return Some(AddressTerm::Any);
        }
        if let Some(host) = text.strip_prefix("fqdn:") {
            return Some(AddressTerm::HostName(Arc::from(host)));
        }
        match text.parse() {
            Ok(range) => Some(AddressTerm::Range(range)),
            Err(error) if looks_like_address(text) => self.note(value, say::address(&error)),
            Err(_) => Some(AddressTerm::Named(Arc::from(text))),
        }
    }

    /// A set of services; not given: any. An empty list is a mistake.
    pub(crate) fn services(&self, value: Option<Val<'a>>, negated: bool) -> Option<Services> {
        let Some(value) = value else {
            return Some(Services {
                negated,
                ..Services::any()
            });
        };
        let items = self.some(value)?;
        Some(Services {
            terms: self.all(&items, |value| self.service_term(value))?,
            negated,
        })
    }

    /// One term of a set of services.
    pub(crate) fn service_term(&self, value: Val<'a>) -> Option<ServiceTerm> {
        let text = self.name(value)?;
        if let Some(application) = text.strip_prefix("app:") {
            return Some(ServiceTerm::Application(Arc::from(application)));
        }
        match text.parse::<Service>() {
            Ok(service) => Some(ServiceTerm::Service(service)),
            Err(_) if looks_like_service(&text) => self.note(value, not_a_service(&text)),
            Err(_) => Some(ServiceTerm::Named(text)),
        }
    }

    /// A literal service.
    pub(crate) fn service(&self, value: Val<'a>) -> Option<Service> {
        let text = self.name(value)?;
        match text.parse() {
            Ok(service) => Some(service),
            Err(_) => self.note(value, not_a_service(&text)),
        }
    }

    /// The items of a list that must have some.
    pub(crate) fn some(&self, value: Val<'a>) -> Option<Vec<Val<'a>>> {
        let items = self.list(value)?;
        if items.is_empty() {
            let said = Said::new(
                Code::Empty,
                "空の並びは何も指さない",
                "an empty list names nothing",
            )
            .help(
                "すべてを指すなら `[\"any\"]` と書く",
                "write `[\"any\"]` if everything is meant",
            );
            return self.note(value, said);
        }
        Some(items)
    }

    /// The name under which a new thing will be known: one that cannot be taken for an address.
    pub(crate) fn new_name(&self, value: Val<'a>) -> Option<Name> {
        let name = self.name(value)?;
        let reserved = &*name == "any" || name.starts_with("fqdn:") || name.starts_with("app:");
        if reserved || looks_like_address(&name) || name.contains(['{', '}', '`']) {
            let said = Said::new(
                Code::Ambiguous,
                format!("`{name}` は名前として使えない（アドレスや予約語と区別できない）"),
                format!("`{name}` cannot be a name: it reads as an address or a reserved word"),
            );
            return self.note(value, said);
        }
        Some(name)
    }
}

fn looks_like_address(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let v4 = text.starts_with(digit) && text.contains(['.', '．', '/']);
    let v6 = text.contains("::") || text.matches(':').count() >= 2;
    v4 || v6
}

fn looks_like_service(text: &str) -> bool {
    let head = text.split(['/', ' ']).next().unwrap_or_default();
    PROTOCOLS.contains(&head.to_ascii_lowercase().as_str()) || text.contains(" from ")
}

fn not_a_service(text: &str) -> Said {
    Said::new(
        Code::Service,
        format!("`{text}` はサービスではない"),
        format!("`{text}` is not a service"),
    )
    .or_help(say::full_width(text))
    .or_help(Some(Text::new(
        "`tcp/443`、`udp/3478-3481`、`icmp`、`ip/47`、`any` のように書く（小さい番号が先）",
        "write `tcp/443`, `udp/3478-3481`, `icmp`, `ip/47` or `any`, the lower port first",
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_an_address_is_no_name() {
        for text in [
            "10.1.2",
            "10.0.0.0/33",
            "2001:db8::g",
            "１０.1.2.3",
            "1/2",
            "10.1.2.3-x",
        ] {
            assert!(looks_like_address(text), "{text}");
        }
        for text in [
            "hq-terms",
            "3f-printers",
            "2b",
            "庁内全体",
            "a.b",
            "vlan:10",
        ] {
            assert!(!looks_like_address(text), "{text}");
        }
    }

    #[test]
    fn what_looks_like_a_service_is_no_name() {
        for text in ["tcp/99999", "TCP/443", "ip", "udp/9-8", "x from 3"] {
            assert!(looks_like_service(text), "{text}");
        }
        for text in ["web-ports", "tcp-high", "https"] {
            assert!(!looks_like_service(text), "{text}");
        }
    }
}
