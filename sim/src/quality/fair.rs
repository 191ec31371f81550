//! Who gets what of too little: max–min fair shares by progressive filling.

/// A flow: what it asks for, and the links it uses, each with its share of the flow on it (1 for all of it).
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// What it would send.
    pub demand: f64,
    /// Position of a link and the share of the flow on it; shares are above 0.
    pub links: Vec<(usize, f64)>,
}

/// The max–min fair rate of each flow (Bertsekas and Gallager, Data Networks, §6.5.2): all rates grow alike;
/// a flow stops at its demand or when a link it uses is full.
///
/// `capacities` are per link, in the unit of the demands; a link that is not listed has none to give.
/// One round freezes at least one flow; a round looks at every open flow's links once.
#[must_use]
pub fn max_min(capacities: &[f64], flows: &[Flow]) -> Vec<f64> {
    let mut rate = vec![0.0f64; flows.len()];
    let mut open: Vec<usize> = (0..flows.len())
        .filter(|f| flows[*f].demand > 0.0)
        .collect();
    let mut free: Vec<f64> = capacities.iter().map(|c| c.max(0.0)).collect();
    let room = |free: &[f64], link: usize| free.get(link).copied().unwrap_or(0.0);
    let mut level = 0.0f64;
    while !open.is_empty() {
        let mut weight = vec![0.0f64; free.len()];
        for (link, share) in open.iter().flat_map(|f| &flows[*f].links) {
            if let Some(w) = weight.get_mut(*link) {
                *w += share;
            }
        }
        let full = (0..free.len()).filter(|l| weight[*l] > 0.0);
        let by_link = full
            .map(|l| free[l] / weight[l])
            .fold(f64::INFINITY, f64::min);
        let wanted = open.iter().map(|f| flows[*f].demand - level);
        let unlisted = open
            .iter()
            .any(|f| flows[*f].links.iter().any(|(l, _)| *l >= free.len()));
        let grow = if unlisted {
            0.0
        } else {
            wanted.fold(by_link, f64::min).max(0.0)
        };
        level += grow;
        for (link, weight) in weight.iter().enumerate() {
            free[link] = (free[link] - grow * weight).max(0.0);
        }
        let tight =
            |link: usize| room(&free, link) <= 1e-12 * capacities.get(link).copied().unwrap_or(0.0);
        let before = open.len();
        open.retain(|f| {
            let flow = &flows[*f];
            rate[*f] = level.min(flow.demand);
            let satisfied = level >= flow.demand * (1.0 - 1e-12);
            !satisfied && !flow.links.iter().any(|(l, _)| tight(*l))
        });
        if open.len() == before {
            // PRECONDITION kept by the two tests above; rounding must not make this go on for ever.
            break;
        }
    }
    rate
}
