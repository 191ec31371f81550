//! The mirror of applications, curves, demands and thresholds.
//!
//! See [`crate::raw`] for how to read it.

mirror! {
    /// How use runs through the day.
    Curve { [name, hours] [] [] }
    /// An application.
    Application { [name, service, source] [label, curve, direct, screen] [] }
    /// What one active user spends.
    Use { [active, sessions, down, up] [pixels_down, pixels_up] [] }
    /// A need of host groups.
    Demand { [name, groups, application, to] [amount, from, until] [] }
    /// What `Files` holds.
    Files { [per_day, bytes] [] [] }
    /// A threshold.
    Threshold { [kind, warn, full] [] [] }
}
