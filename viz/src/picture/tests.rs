//! Properties of the network picture on random networks of up to forty boxes.

use proptest::prelude::*;

use super::labels::Placing;
use super::route::{Frame, Plan};
use super::*;
use crate::data::{Caption, Node, Zone, ZoneRole};

const KINDS: [NodeKind; 6] = [
    NodeKind::Device,
    NodeKind::Firewall,
    NodeKind::Service,
    NodeKind::Segment,
    NodeKind::Hosts,
    NodeKind::Cloud,
];
const ROLES: [ZoneRole; 6] = [
    ZoneRole::MyNumber,
    ZoneRole::Lgwan,
    ZoneRole::Internet,
    ZoneRole::SecurityCloud,
    ZoneRole::Outside,
    ZoneRole::Other,
];
const NAMES: [&str; 5] = [
    "プロキシ",
    "小規模出先機関アクセス回線集約装置",
    "core switch",
    "DMZ・公開Web",
    "NAT",
];

prop_compose! {
    fn networks()(count in 1..40_usize)(
        nodes in prop::collection::vec((0..6_usize, 0..7_usize, 0..5_usize, 1..90_u32), count),
        links in prop::collection::vec((0..count, 0..count, prop::option::of(0.0..2.0)), 0..count * 3 / 2 + 1),
    ) -> Picture {
        let zones = ROLES.iter().enumerate().map(|(i, role)| Zone { id: i.to_string(), label: format!("ゾーン{i}"), role: *role });
        let node = |(i, (kind, zone, name, count)): (usize, &(usize, usize, usize, u32))| Node {
            id: format!("n{i}"),
            label: NAMES[*name].into(),
            kind: KINDS[*kind],
            zone: (*zone < 6).then(|| zone.to_string()),
            count: *count,
        };
        let link = |(a, b, load): &(usize, usize, Option<f64>)| Link {
            a: format!("n{a}"),
            b: format!("n{b}"),
            label: format!("{a}-{b}"),
            utilisation: *load,
            threshold: 0.8,
        };
        Picture { caption: Caption::default(), zones: zones.collect(), nodes: nodes.iter().enumerate().map(node).collect(), links: links.iter().map(link).collect() }
    }
}

/// Whether two frames share more than an edge.
fn overlap(a: Frame, b: Frame) -> bool {
    let least = 0.05;
    a.0 + least < b.0 + b.2
        && b.0 + least < a.0 + a.2
        && a.1 + least < b.1 + b.3
        && b.1 + least < a.1 + a.3
}

fn check_boxes(figure: &Picture, drawing: &Drawing, width: Width) -> Result<(), TestCaseError> {
    let plan = &drawing.plan;
    prop_assert_eq!(plan.boxes.len(), figure.nodes.len(), "every node has a box");
    let boxes: Vec<(usize, Frame)> = plan
        .boxes
        .iter()
        .map(|(node, frame)| (*node, *frame))
        .collect();
    for (i, (node, frame)) in boxes.iter().enumerate() {
        prop_assert!(
            frame.0 >= MARGIN && frame.0 + frame.2 <= width.points() - MARGIN && frame.2 > 30.0,
            "{:?}",
            frame
        );
        prop_assert!(
            boxes[..i].iter().all(|(_, other)| !overlap(*frame, *other)),
            "boxes overlap"
        );
        let zone = figure.nodes[*node]
            .zone
            .as_ref()
            .and_then(|id| figure.zones.iter().find(|zone| zone.id == *id));
        for (lane, top, bottom) in &drawing.plan.lanes {
            let inside = frame.1 >= *top && frame.1 + frame.3 <= *bottom;
            let outside = frame.1 + frame.3 <= *top || frame.1 >= *bottom;
            prop_assert!(
                if zone.is_some_and(|zone| drawing.lanes[*lane].role == zone.role) {
                    inside
                } else {
                    outside
                },
                "box {} and lane {}",
                node,
                lane
            );
        }
    }
    Ok(())
}

fn check_wires(figure: &Picture, plan: &Plan) -> Result<(), TestCaseError> {
    let loops = figure.links.iter().filter(|link| link.a == link.b).count();
    prop_assert_eq!(
        plan.wires.len() + loops,
        figure.links.len(),
        "every link has a wire"
    );
    for wire in &plan.wires {
        for pair in wire.points.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            prop_assert!(
                (x0 - x1).abs() < 0.01 || (y0 - y1).abs() < 0.01,
                "wires are right-angled"
            );
            let piece = (
                x0.min(x1),
                y0.min(y1),
                (x0 - x1).abs().max(0.2),
                (y0 - y1).abs().max(0.2),
            );
            prop_assert!(
                plan.boxes.values().all(|frame| !overlap(piece, *frame)),
                "link {} crosses a box",
                wire.link
            );
        }
    }
    Ok(())
}

fn check_figures(drawing: &Drawing) -> Result<(), TestCaseError> {
    let Placing { centres, .. } = &drawing.placing;
    let mut taken: Vec<Frame> = drawing.plan.boxes.values().copied().collect();
    taken.extend(draw::title_frames(&drawing.plan, &drawing.titles));
    for ((words, level), centre) in drawing.figures.iter().zip(centres) {
        let half = badge_width(words, *level) / 2.0;
        let Some((x, y)) = centre else {
            return Err(TestCaseError::fail(format!("no room for {words}")));
        };
        let frame = (
            x - half,
            y - crate::page::BADGE,
            2.0 * half,
            2.0 * crate::page::BADGE,
        );
        prop_assert!(
            taken.iter().all(|other| !overlap(frame, *other)),
            "{} lies on something",
            words
        );
        taken.push(frame);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn nothing_overlaps_and_nothing_is_lost(figure in networks()) {
        for width in [Width::Half, Width::Full] {
            let drawing = lay_out(&figure, width, &|_| true);
            check_boxes(&figure, &drawing, width)?;
            check_wires(&figure, &drawing.plan)?;
            check_figures(&drawing)?;
        }
    }
}

#[test]
fn equipment_between_zones_stands_between_their_lanes() {
    let zone = |id: &str, role| Zone {
        id: id.into(),
        label: id.into(),
        role,
    };
    let node = |id: &str, zone: Option<&str>| Node {
        id: id.into(),
        label: id.into(),
        kind: NodeKind::Firewall,
        zone: zone.map(str::to_owned),
        count: 1,
    };
    let link = |a: &str, b: &str| Link {
        a: a.into(),
        b: b.into(),
        label: String::new(),
        utilisation: None,
        threshold: 1.0,
    };
    let figure = Picture {
        zones: vec![zone("mn", ZoneRole::MyNumber), zone("lg", ZoneRole::Lgwan)],
        nodes: vec![
            node("a", Some("mn")),
            node("fw", None),
            node("b", Some("lg")),
        ],
        links: vec![link("a", "fw"), link("fw", "b")],
        ..Picture::default()
    };
    let plan = lay_out(&figure, Width::Half, &|_| true).plan;
    assert!(
        plan.boxes[&2].1 < plan.boxes[&1].1 && plan.boxes[&1].1 < plan.boxes[&0].1,
        "LGWAN above the firewall above My Number"
    );
}
