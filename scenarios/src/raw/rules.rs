//! The mirror of isolation rules and exceptions.
//!
//! See [`crate::raw`] for how to read it.

mirror! {
    /// An isolation rule.
    Rule { [id, must, level, source, provenance] [label, edition, from, until] [whenever] }
    /// What `Never` holds.
    Never { [from, to] [service, both] [except] }
    /// What the condition `HostsIn` or `NoHostsIn` holds.
    HostsIn { [class, role] [] [] }
    /// Traffic.
    Flow { [from, to] [service, both] [] }
    /// What `OnlyThrough` holds.
    OnlyThrough { [from, to, through] [service, both] [] }
    /// What `InformationOnly` holds.
    InformationOnly { [from, to] [service, both] [classes, honours] }
    /// What `InformationThrough` holds.
    InformationThrough { [from, to] [service, both] [unless, through, honours] }
    /// What `LimitedExceptions` holds.
    Limited { [rules, most] [needs, service] [] }
    /// What `Logged` holds.
    Logged { [from, to, unless] [service, both] [] }
    /// A row of the catalogue that nothing decides.
    Undecided { [id, why, level, source, provenance] [label, edition] [] }
    /// A check before operation begins.
    Check { [name, kind, date] [reported] [] }
    /// What `HostMeasures` holds.
    Measures { [roles, hosts, needs] [] [] }
    /// An exception.
    Exception {
        [name, rules, from, to, owner, reason]
        [service, both, since, until, carries, evidence, mac_bound]
        []
    }
}
