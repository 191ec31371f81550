//! Charts of the hand-made report.

use super::*;
use crate::model::text::Lang;
use crate::sample::sample;
use crate::viz::{self, Options};

#[test]
fn every_step_has_its_bar_and_the_parts_add_up() {
    let sample = sample();
    let chart = utilisation(&sample.context(Lang::Ja));
    assert_eq!(chart.steps, ["現状", "ステップ1", "ステップ2"]);
    assert_eq!(chart.applications, ["Web会議", "Web閲覧"]);
    let line = &chart.resources[0];
    assert_eq!(
        (line.label.as_str(), line.capacity.as_str()),
        ("セキュリティクラウド回線", "1,000 Mbit/s")
    );
    let worst = line.loads[2].as_ref().unwrap();
    assert_eq!(
        (worst.utilisation, worst.when.as_str()),
        (1.44, "10:00 sc → dc")
    );
    assert_eq!(worst.parts, [0.96, 0.48]);
    // The sample's parts are those of the last state: where they do not add up, the bar stays plain.
    assert!(line.loads[0].as_ref().unwrap().parts.is_empty());
}

#[test]
fn every_figure_can_be_drawn() {
    let sample = sample();
    for lang in [Lang::Ja, Lang::En] {
        let context = sample.context(lang);
        let options = Options::half(lang);
        for chart in [
            viz::utilisation(&utilisation(&context), &options),
            viz::heatmap(&heatmap(&context, 2), &options),
            viz::picture(&picture(&context, 2), &options),
        ] {
            let chart = chart.unwrap();
            assert_eq!(chart.missing, [] as [char; 0], "{}", chart.title);
            assert!(chart.csv.lines().count() > 1, "{}", chart.csv);
        }
    }
}

#[test]
fn a_picture_has_a_lane_for_each_zone_and_a_box_for_each_segment() {
    let sample = sample();
    let picture = picture(&sample.context(Lang::En), 2);
    let zones: Vec<_> = picture.zones.iter().map(|z| z.label.as_str()).collect();
    assert_eq!(zones, ["My Number", "Internet", "cloud services"]);
    let labels: Vec<_> = picture.nodes.iter().map(|n| n.label.as_str()).collect();
    assert_eq!(labels, ["mn-servers", "old-servers", "meet"]);
    assert_eq!(picture.nodes[1].kind, viz::data::NodeKind::Hosts);
}
