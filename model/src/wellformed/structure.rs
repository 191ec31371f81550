//! Stub.
use crate::network::Network;
use crate::problem::Problem;
pub(super) fn check(_n: &Network, _p: &mut Vec<Problem>) {}
