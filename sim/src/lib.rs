//! Under construction: see ARCHITECTURE.md.

pub mod plane;
pub mod space;
