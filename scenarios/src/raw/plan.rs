//! The mirror of steps and of what each verb holds.
//!
//! `Add…` and `Replace…` hold the thing itself ([`crate::raw::network`], [`crate::raw::policy`]);
//! verbs that take one name, such as `RemoveNode("x")`, hold no struct. See [`crate::raw`] for how to read it.

mirror! {
    /// A step.
    Step { [id, model, date] [label, order, rollback] [changes, confirms] }
    /// Rules that a step confirms as they are.
    Confirmed { [node] [] [rules] }
    /// What `Together`, `InOrder` and `Any` hold among the changes of a step.
    Block { [changes] [name, irreversible] [after] }
    /// What `Relabel` holds.
    Relabel { [segments, zone] [] [] }
    /// What `Renumber` holds.
    Renumber { [segment, prefixes] [] [] }
    /// What `MoveGroup` holds.
    MoveGroup { [group, segment] [] [addresses] }
    /// What `SetCount` holds.
    SetCount { [group, count] [] [] }
    /// What `MoveSystem` holds.
    MoveSystem { [system, segment] [] [addresses] }
    /// What `MoveNode` holds.
    MoveNode { [node, segment] [access] [addresses, listens, also] }
    /// What `AddRule` holds.
    AddRule { [node, at, rule] [chain, position] [] }
    /// What `RemoveRule` holds.
    RemoveRule { [node, at, name] [chain] [] }
    /// What `MoveRule` holds.
    MoveRule { [node, at, name, position] [chain] [] }
    /// What `ReplaceRule` holds.
    ReplaceRule { [node, at, rule] [chain] [] }
    /// What `AddNat` holds.
    AddNat { [node, rule] [position] [] }
    /// What `RemoveNat` and `RemovePolicyRoute` hold.
    Inside { [node, name] [] [] }
    /// What `ResizeLink` holds.
    ResizeLink { [link] [rate, back, members] [] }
    /// What `SetLanes` holds.
    SetLanes { [link, lanes] [] [] }
    /// What `Resize` holds.
    Resize {
        [node]
        [throughput, sessions, units, seats, workers, per_file, nat_addresses]
        []
    }
    /// What `AddRoute` holds.
    AddRoute { [node, to, via] [vrf] [] }
    /// What `RemoveRoute` holds.
    RemoveRoute { [node, to] [vrf] [] }
    /// What `AddPolicyRoute` holds.
    AddPolicyRoute { [node, route] [] [] }
    /// What `AddGateway` holds.
    AddGateway { [segment, node] [vrf, interface, standby] [] }
    /// What `RemoveGateway` holds.
    RemoveGateway { [segment, node] [] [] }
    /// What `SetAccess` holds; without a table clients go direct.
    SetAccess { [] [table] [groups, nodes] }
    /// What `Publish` holds.
    Publish { [node] [] [to] }
    /// What `SetMeasures` holds.
    SetMeasures { [groups] [edr, patched, two_factors, media_blocked] [] }
}
