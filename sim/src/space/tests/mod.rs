//! The algebra of packet sets against slow, obvious oracles.
//!
//! `scheme` shrinks every field to four cells, so that a set is a mask of 1,024
//! bits; `expression` evaluates random expressions both ways; `oracle` compares
//! every operation and answer; `rules` compares long rule lists with reading
//! them packet by packet; `sizes` counts, and `lists` asks what covers and what
//! decides; `parts` looks at parts whose mistakes the whole would
//! hide; `extremes` names single cases at the borders.

mod expression;
mod extremes;
mod lists;
mod oracle;
mod parts;
mod rules;
mod scheme;
mod sizes;
