//! Stub.
use crate::migration::{Requirements, State, Step};
use crate::problem::Problem;
/// Stub.
pub fn check_requirements(_r: &Requirements, _s: &[Step], _t: &[State]) -> Vec<Problem> {
    Vec::new()
}
