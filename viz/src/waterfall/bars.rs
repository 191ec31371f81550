//! The bars of a waterfall. In: the amounts before, after and by cause. Out: from where to where each bar reaches.
//! An amount that is not finite moves nothing that follows: its bar is broken and its figure says ∞.

use crate::data::Waterfall;
use crate::words::{Lang, Pick as _, amount, change};

/// At most so many causes are drawn.
pub const MOST: usize = 12;

/// What a bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The demand before.
    Before,
    /// A cause of change.
    Cause,
    /// Several small causes taken together.
    Others,
    /// What the causes leave unexplained.
    Remainder,
    /// The demand after.
    After,
}

impl Kind {
    /// The word used in the CSV twin.
    pub fn code(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::Cause => "cause",
            Self::Others => "others",
            Self::Remainder => "unexplained",
            Self::After => "after",
        }
    }
}

/// One bar.
#[derive(Debug, Clone)]
pub struct Bar {
    pub kind: Kind,
    pub label: String,
    /// The amount in print.
    pub value: f64,
    /// Where the bar begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

impl Bar {
    /// Whether it stands for a change and not for a demand.
    pub fn is_change(&self) -> bool {
        !matches!(self.kind, Kind::Before | Kind::After)
    }

    /// Its figure: changes signed; a demand with as many decimals as it takes not to round it down to capacity.
    pub fn words(&self, capacity: Option<f64>) -> String {
        if self.is_change() {
            return change(self.value);
        }
        let text = amount(self.value);
        match capacity {
            Some(limit) if self.value > limit && text == amount(limit) => {
                format!(">{text}")
            }
            _ => text,
        }
    }
}

/// The bars of all causes.
pub fn all_bars(figure: &Waterfall, lang: Lang) -> Vec<Bar> {
    let causes = figure.causes.iter();
    let causes = causes.map(|(label, value)| (Kind::Cause, label.clone(), *value));
    strung(figure, causes.collect(), lang)
}

/// The bars that are drawn: of more than `most` causes (at least one) the largest, and one for the rest.
pub fn drawn_bars(figure: &Waterfall, most: usize, lang: Lang) -> Vec<Bar> {
    if figure.causes.len() <= most {
        return all_bars(figure, lang);
    }
    let mut order: Vec<usize> = (0..figure.causes.len()).collect();
    let size = |place: &usize| figure.causes[*place].1.abs();
    order.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let (shown, rest) = order.split_at(most.saturating_sub(1));
    let mut shown = shown.to_vec();
    shown.sort_unstable();
    let mut causes: Vec<_> = shown
        .iter()
        .map(|place| {
            let (label, value) = &figure.causes[*place];
            (Kind::Cause, label.clone(), *value)
        })
        .collect();
    let count = rest.len();
    let sum = rest.iter().map(|place| figure.causes[*place].1).sum();
    let label = lang.pick(format!("ほか{count}件"), format!("{count} more"));
    causes.push((Kind::Others, label, sum));
    strung(figure, causes, lang)
}

/// Bars end to end, from the demand before to that after.
fn strung(figure: &Waterfall, causes: Vec<(Kind, String, f64)>, lang: Lang) -> Vec<Bar> {
    let (before, after) = (figure.before.1, figure.after.1);
    let mut bars = vec![total(Kind::Before, &figure.before)];
    let mut at = finite(before);
    let mut push = |kind, label, value: f64, at: &mut f64| {
        let to = *at + finite(value);
        let far = if value.is_finite() { to } else { *at + value };
        bars.push(Bar {
            kind,
            label,
            value,
            from: *at,
            to: far,
        });
        *at = to;
    };
    for (kind, label, value) in causes {
        push(kind, label, value, &mut at);
    }
    let missing = after - at;
    let scale = before.abs().max(after.abs());
    // Rounding of the amounts is no remainder; half a per cent is more than rounding.
    if missing.is_finite() && missing.abs() > 0.005 * scale {
        let label = lang.pick("説明のつかない差", "unexplained").to_owned();
        push(Kind::Remainder, label, missing, &mut at);
    }
    bars.push(total(Kind::After, &figure.after));
    bars
}

fn total(kind: Kind, (label, value): &(String, f64)) -> Bar {
    Bar {
        kind,
        label: label.clone(),
        value: *value,
        from: 0.0,
        to: *value,
    }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(after: f64, causes: &[f64]) -> Waterfall {
        Waterfall {
            before: ("0".into(), 100.0),
            causes: causes
                .iter()
                .enumerate()
                .map(|(place, value)| (format!("{place}"), *value))
                .collect(),
            after: ("1".into(), after),
            ..Waterfall::default()
        }
    }

    #[test]
    fn each_bar_begins_where_the_one_above_ends() {
        let bars = all_bars(&figure(120.0, &[50.0, -30.0]), Lang::En);
        let ends: Vec<_> = bars.iter().map(|bar| (bar.from, bar.to)).collect();
        assert_eq!(
            ends,
            [(0.0, 100.0), (100.0, 150.0), (150.0, 120.0), (0.0, 120.0)]
        );
    }

    #[test]
    fn what_causes_leave_open_gets_a_bar() {
        let bars = all_bars(&figure(140.0, &[50.0, -30.0]), Lang::En);
        assert_eq!(bars[3].kind, Kind::Remainder);
        assert!((bars[3].value - 20.0).abs() < 1e-9);
    }

    #[test]
    fn the_smallest_causes_are_added_up() {
        let causes: Vec<f64> = (1..=20).map(f64::from).collect();
        let bars = drawn_bars(&figure(310.0, &causes), MOST, Lang::Ja);
        assert_eq!(bars.len(), MOST + 2);
        let others = &bars[MOST];
        assert_eq!((others.label.as_str(), others.value), ("ほか9件", 45.0));
    }
}
