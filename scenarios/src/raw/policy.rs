//! The mirror of filters, address translation, routes, objects and access tables.
//!
//! See [`crate::raw`] for how to read it.

mirror! {
    /// A filter.
    Filter { [at, default] [stateful] [rules, chains] }
    /// A list that rules of a filter can ask.
    Chain { [name] [] [rules] }
    /// What `Allow`, `Deny`, `Jump`, `Goto` and `Return` hold.
    FilterRule {
        [name]
        [from, to, service, session, chain, schedule, enabled, log, temporary, expires, note]
        [r#in, out, not, conditions]
    }
    /// Days.
    Schedule { [] [from, until] [] }
    /// An address translation rule.
    Nat { [name] [from, to, service, source, destination, port, exempt] [r#in, out, not, conditions] }
    /// A static route.
    Static { [to, via] [vrf] [] }
    /// A policy route.
    PolicyRoute { [name, via] [from, to, service] [r#in] }
    /// An address object.
    Object { [name, of] [negated] [] }
    /// A service object.
    Service { [name, of] [negated] [] }
    /// An access table.
    Access { [name] [] [entries] }
    /// An entry of an access table.
    Entry { [way] [to, service] [] }
}
