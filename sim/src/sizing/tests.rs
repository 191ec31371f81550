//! Purchases by hand.
