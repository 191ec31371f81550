//! The mirror of applications, curves, demands and thresholds.
//!
//! See [`crate::raw`] for how to read it.

mirror! {
    /// How use runs through the day.
    Curve { [name, hours] [] [] }
    /// An application.
    Application {
        [name, service, source]
        [label, curve, direct, screen, packets, bursts, realtime, growth, concurrency, records]
        [adoption, days]
    }
    /// Packets of an application.
    Packets { [bytes] [variation] [] }
    /// Bursts of one user's traffic.
    Bursts { [peak, on] [] [] }
    /// Talk.
    Realtime { [] [priority] [] }
    /// Which share is in use by which date.
    Adoption { [date, share] [] [] }
    /// Use on another kind of day.
    DayUse { [day, times] [curve] [] }
    /// What a mark stands for.
    Source { [mark, text] [] [] }
    /// A part that stays in the house.
    Nearby { [to, share] [] [] }
    /// What one active user spends.
    Use { [active, sessions, down, up] [pixels_down, pixels_up] [] }
    /// A need of host groups.
    Demand { [name, groups, application, to] [amount, nearby, from, until] [] }
    /// What `Files` holds.
    Files { [per_day, bytes] [] [] }
    /// A threshold.
    Threshold { [kind, warn, full] [] [] }
}
