//! When something is so: in a state, on the way to it, or in going back from it.

use serde::Serialize;

/// When what a finding tells is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// In the states of the finding, as they stand.
    Standing,
    /// In between only, while the step into the state is done.
    Between,
    /// In going back from the state only.
    Back,
}
