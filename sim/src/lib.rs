//! Under construction: see ARCHITECTURE.md.

pub mod space;
