//! The mirror of catalogues.
//!
//! See [`crate::raw`] for how to read it.

mirror! {
    /// An offer.
    Offer { [piece, source] [name, label, price, most, adds] [only] }
    /// What `Line`, `Pixels` and `Throughput` hold.
    Rate { [rate] [] [] }
    /// What `Proxy` holds.
    Sessions { [sessions] [] [] }
    /// What `Appliance` holds.
    Appliance { [] [throughput, sessions] [] }
    /// What `Seats` holds.
    Seats { [seats] [] [] }
    /// What `Address` holds.
    Address { [ports] [] [] }
    /// What `Workers` holds.
    Workers { [count] [per_file] [] }
    /// What `Mail` holds.
    Mail { [per_hour] [] [] }
}
