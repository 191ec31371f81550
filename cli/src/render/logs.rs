//! What nodes log, state by state, with the sum for whoever keeps it all; where an application does not say how many records
//! it makes the sum would be too small, and the application is named instead.

use super::{Align, Columns, Paint};
use crate::model::report::LogRow;
use crate::wording::{self, Context};

/// So many applications are named.
const NAMED: usize = 5;

/// The logs of one state; empty where no node says what it logs.
#[must_use]
pub fn logs(context: &Context<'_>, state: usize, paint: Paint) -> String {
    let rows = context.report.logs.iter().filter(|row| row.state == state);
    let rows: Vec<&LogRow> = rows.collect();
    if rows.is_empty() {
        return String::new();
    }
    let pick = |ja, en| context.pick(ja, en);
    let mut columns = Columns::new(&[
        (pick("ノード", "node"), Align::Left),
        (pick("1日", "a day"), Align::Right),
        (pick("最大の1時間", "busiest hour"), Align::Right),
        (pick("保存日数", "days kept"), Align::Right),
        (pick("保存容量", "storage"), Align::Right),
    ]);
    for row in &rows {
        let days = row.days.map_or_else(String::new, |days| days.to_string());
        let storage = row.storage().map_or_else(String::new, wording::bytes);
        let label = row.label.get(context.lang).to_owned();
        columns.row(vec![
            label,
            wording::bytes(row.per_day()),
            busiest(&row.by_hour),
            days,
            storage,
        ]);
    }
    let silent = context.without_records();
    if !silent.is_empty() {
        let table = columns.draw(paint, |_, mark| mark.to_owned());
        return table + &uncounted(context, &silent);
    }
    let mut sum = [0.0; crate::model::demand::HOURS];
    for row in &rows {
        sum.iter_mut().zip(row.by_hour).for_each(|(s, b)| *s += b);
    }
    let storage: Option<f64> = rows.iter().map(|row| row.storage()).sum();
    columns.row(vec![
        pick("合計", "sum").to_owned(),
        wording::bytes(rows.iter().map(|row| row.per_day()).sum()),
        busiest(&sum),
        String::new(),
        // Of a node that does not say how long it keeps them the sum would be too small.
        storage.map_or_else(String::new, wording::bytes),
    ]);
    columns.draw(paint, |_, mark| mark.to_owned())
}

/// Whose records are not counted, below the table.
fn uncounted(context: &Context<'_>, silent: &[&str]) -> String {
    let mut names: Vec<&str> = silent.iter().take(NAMED).copied().collect();
    let rest = silent.len().saturating_sub(NAMED);
    let more = context.pick(format!("ほか{rest}件"), format!("{rest} more"));
    if rest > 0 {
        names.push(&more);
    }
    let names = names.join(context.pick("、", ", "));
    context.pick(
        format!("  `records` のないアプリケーションのログは含まない（合計は示さない）：{names}\n"),
        format!(
            "  without logs of applications that have no `records`, so there is no sum: {names}\n"
        ),
    )
}

fn busiest(hours: &[f64]) -> String {
    let even = hours.windows(2).all(|two| two[0] == two[1]);
    let hours = (0u8..).zip(hours.iter().copied());
    let best = hours.reduce(|best, other| if other.1 > best.1 { other } else { best });
    let (hour, bytes) = best.unwrap_or_default();
    // What is the same all day has no busiest hour.
    if even {
        return wording::bytes(bytes);
    }
    format!("{} {}", wording::bytes(bytes), wording::clock(hour))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Document;
    use crate::model::demand::HOURS;
    use crate::model::id::Id;
    use crate::model::text::{Lang, Text};
    use crate::sample::sample;

    #[test]
    fn the_sum_is_below_and_says_no_more_storage_than_is_known() {
        let mut sample = sample();
        let meetings = Id::new("meetings");
        let applications = &mut sample.requirements.applications;
        applications.edit(&meetings, |a| a.nature.records = Some(1.0));
        let row = |name: &str, bytes: f64, days: Option<u32>| LogRow {
            state: 2,
            resource: name.to_owned(),
            label: Text::same(name),
            by_hour: [bytes; HOURS],
            days,
        };
        sample.report.logs = vec![row("fw", 1e9, Some(365)), row("proxy", 5e8, Some(10))];
        let text = logs(&sample.context(Lang::En), 2, Paint::Plain);
        let cells: Vec<Vec<&str>> = text
            .lines()
            .map(|line| {
                line.split("  ")
                    .map(str::trim)
                    .filter(|c| !c.is_empty())
                    .collect()
            })
            .collect();
        assert_eq!(
            cells[2],
            ["fw", "24 GB", "1.0 GB", "365", "8.8 TB"],
            "{text}"
        );
        assert_eq!(cells[4], ["sum", "36 GB", "1.5 GB", "8.9 TB"], "{text}");
        sample.report.logs[1].days = None;
        let text = logs(&sample.context(Lang::Ja), 2, Paint::Plain);
        assert!(text.contains("合計") && !text.contains("8.9 TB"), "{text}");
        assert_eq!(logs(&sample.context(Lang::Ja), 1, Paint::Plain), "");
        let applications = &mut sample.requirements.applications;
        applications.edit(&meetings, |a| a.nature.records = None);
        let text = logs(&sample.context(Lang::Ja), 2, Paint::Plain);
        assert!(!text.contains("合計  "), "{text}");
        assert!(text.ends_with("：Web会議\n"), "{text}");
        let json = Document::new(&sample.context(Lang::En)).text();
        let json: serde_json::Value = serde_json::from_str(&json.expect("JSON")).expect("JSON");
        assert_eq!(json["logs"][1]["without_records"][0], "meetings");
    }
}
