//! What is asked of a flow beside what it delivers.
//!
//! Goes in: nothing; values only. Nothing can go wrong.

/// What is asked of a flow.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// For every node, the waypoint groups it belongs to, as bits.
    pub waypoints: Vec<u32>,
    /// Whether nothing is asked but what is delivered: what is dropped and what nodes remember is then
    /// not gathered.
    pub deliveries_only: bool,
    /// Whether to tell what comes to every ordered list ([`Reach::met`](super::flow::Reach::met)).
    pub lists: bool,
    /// Whether to tell every interface by which anything left ([`Reach::crossed`](super::flow::Reach::crossed)).
    pub crossings: bool,
}
