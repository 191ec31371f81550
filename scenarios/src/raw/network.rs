//! The mirror of zones, sites, segments, nodes, links, groups, systems and references.
//!
//! See [`crate::raw`] for how to read it.

mirror! {
    /// A zone.
    Zone { [name, role] [label] [] }
    /// A site.
    Site { [name, kind] [label] [] }
    /// A segment.
    Segment { [name, zone, site] [label, vlan, external, reused] [prefixes, gateways] }
    /// A node that routes for a segment.
    Gateway { [node] [vrf, interface, standby] [] }
    /// A node.
    Node {
        [name, site, kind]
        [label, throughput, sessions, machines, logs, routing, nat_pool, at, evidence]
        [zones, filters, nat, controls]
    }
    /// What a node logs, or a host under EDR reports.
    Logging { [bytes] [days] [] }
    /// What `Proxy` holds.
    Proxy { [units, sessions] [] [rules] }
    /// What `ScreenRelay` holds.
    ScreenRelay { [method, seats] [bandwidth, clipboard] [publishes] }
    /// What `Sanitiser` holds.
    Sanitiser { [workers, per_file] [wait] [passes] }
    /// Evidence for what a component is said to do.
    Evidence { [by, date, document] [expires] [] }
    /// What `MailRelay` holds.
    MailRelay { [] [sanitises, per_hour, wait] [] }
    /// Where a relay stands.
    Endpoint { [segment] [access] [addresses, listens, also] }
    /// A further segment that a host is connected to.
    Attachment { [segment, by] [] [addresses] }
    /// A device's own zone.
    DeviceZone { [name] [] [interfaces] }
    /// How a node routes.
    Routing { [] [computed] [statics, policies, originates] }
    /// A prefix a node announces as its own.
    Origin { [prefix] [vrf] [] }
    /// Global addresses of a translator.
    Pool { [addresses] [ports] [] }
    /// A link.
    Link {
        [name, ends, rate]
        [label, back, delay, loss, members, cost]
        [risks, lanes]
    }
    /// A VLAN of a link.
    Lane { [] [vlan, a, b] [] }
    /// An interface.
    Port { [] [vrf, interface] [] }
    /// A host group.
    Group {
        [name, segment, count, class]
        [label, zone, measures, access, evidence]
        [addresses, controls, also]
    }
    /// Measures on hosts.
    Measures { [] [edr, patched, two_factors, media_blocked] [] }
    /// A business system.
    System {
        [name, segment, pattern, confidentiality]
        [label, resident_information, lgwan_dependent, screen_transfer, function, evidence]
        [addresses, services, controls, also]
    }
    /// A literal address held elsewhere.
    Reference { [name, holder, kind, address] [] [] }
}
