//! The fullest that a resource gets, over states and hours.
//!
//! Goes in: the loads of some states. Comes out: a [`Peak`] for each resource, both directions of a link together.

use crate::replay::Loads;
use std::collections::HashMap;
use utsushi_model::circumstance::Failure;
use utsushi_model::demand::ResourceKind;
use utsushi_model::report::LoadRow;
use utsushi_model::text::Text;
use utsushi_model::units::Utilisation;

/// The fullest that a resource gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Peak {
    /// Name of the link, node or pool.
    pub resource: String,
    /// What people call it.
    pub label: Text,
    /// Its kind.
    pub kind: ResourceKind,
    /// The planning limit that applies.
    pub warn: Utilisation,
    /// The hard limit that applies.
    pub full: Utilisation,
    /// With everything up (N-0).
    pub normal: Busiest,
    /// After the worst failure (N-1), where failures were looked at; where none makes it fuller, as with everything up.
    pub degraded: Option<Busiest>,
    /// How full it gets in each state that was looked at and has it, with everything up: index of the state, and load by
    /// capacity.
    pub states: Vec<(usize, Utilisation)>,
    /// Labels of the applications that load it in any of these states, with everything up.
    pub applications: Vec<Text>,
}

/// When a resource is fullest, and how full.
#[derive(Debug, Clone, PartialEq)]
pub struct Busiest {
    /// Index of the state, the first of equals.
    pub state: usize,
    /// Busiest hour, 0 to 23.
    pub hour: u8,
    /// For links: from which node to which.
    pub direction: Option<(String, String)>,
    /// Load in that hour, in the unit of the kind.
    pub offered: f64,
    /// What there is, or is left, of the capacity.
    pub capacity: f64,
    /// What has failed, if anything.
    pub failure: Option<Failure>,
}

impl Busiest {
    /// Load by capacity; infinite where there is load and no capacity.
    #[must_use]
    pub fn utilisation(&self) -> Utilisation {
        Utilisation::of(self.offered, self.capacity)
    }

    fn is_below(&self, other: &Self) -> bool {
        self.utilisation() < other.utilisation()
    }
}

impl Peak {
    /// The fuller of both: after the worst failure where failures were looked at.
    #[must_use]
    pub fn fullest(&self) -> &Busiest {
        self.degraded.as_ref().unwrap_or(&self.normal)
    }
}

/// The peaks over some states.
pub(super) fn fold(loads: &[Loads], failures: bool) -> Vec<Peak> {
    let mut out: Vec<Peak> = Vec::new();
    let mut at: HashMap<(ResourceKind, &str), usize> = HashMap::new();
    for row in loads.iter().flat_map(|l| &l.rows) {
        let peak = peak(row, failures);
        match at.get(&(row.kind, row.resource.as_str())) {
            Some(position) => raise(&mut out[*position], peak),
            None => {
                at.insert((row.kind, &row.resource), out.len());
                out.push(peak);
            }
        }
    }
    out
}

/// Keeps the fuller of two.
fn raise(peak: &mut Peak, other: Peak) {
    if peak.normal.is_below(&other.normal) {
        peak.normal = other.normal;
    }
    if let (Some(one), Some(two)) = (&mut peak.degraded, other.degraded)
        && one.is_below(&two)
    {
        *one = two;
    }
    for (state, load) in other.states {
        match peak.states.iter_mut().find(|(known, _)| *known == state) {
            Some((_, most)) => *most = if *most < load { load } else { *most },
            None => peak.states.push((state, load)),
        }
    }
    for label in other.applications {
        if !peak.applications.contains(&label) {
            peak.applications.push(label);
        }
    }
}

fn peak(row: &LoadRow, failures: bool) -> Peak {
    let (hour, _) = row.busiest();
    let normal = Busiest {
        state: row.state,
        hour,
        direction: row.direction.clone(),
        offered: row.offered[usize::from(hour)],
        capacity: row.capacity,
        failure: None,
    };
    // The worst come first.
    let mut worst = row.worst.iter();
    let worst = worst.find(|case| case.circumstance.failure.is_some());
    let degraded = worst.map_or_else(
        || normal.clone(),
        |case| Busiest {
            hour: case.hour,
            offered: case.offered,
            capacity: case.capacity,
            failure: case.circumstance.failure.clone(),
            ..normal.clone()
        },
    );
    Peak {
        resource: row.resource.clone(),
        label: row.label.clone(),
        kind: row.kind,
        warn: row.warn,
        full: row.full,
        normal,
        degraded: failures.then_some(degraded),
        states: vec![(row.state, row.busiest().1)],
        applications: row.applications().cloned().collect(),
    }
}
