
//! Purchases by hand.
