//! What has to be bought, as the table of a specification: text, Markdown, CSV or JSON, in Japanese or English.
//!
//! In: purchases with the migration and the catalogue they come from. Out: a table whose every line names the case that
//! decides. Nothing can go wrong but the writers themselves, whose errors are passed on.

#[cfg(test)]
mod tests;

use crate::annex::plain;
use crate::json::load::number;
use crate::model::catalogue::{Catalogue, Piece};
use crate::model::circumstance::DayType;
use crate::model::demand::ResourceKind;
use crate::model::migration::Migration;
use crate::model::text::Lang;
use crate::model::units::Utilisation;
use crate::render::{Align, Columns, Paint};
use crate::sim::sizing::{Binding, Choice, Item, Pieces, Purchase};
use crate::wording::{
    apart, circumstance, clock, money, on_paper, per_cent, pick, quantity, resource,
};
use serde::Serialize;

/// Purchases with what their words are made from.
#[derive(Clone, Copy)]
pub struct Purchases<'a> {
    /// The plan that was sized.
    pub migration: &'a Migration,
    /// What can be bought.
    pub catalogue: &'a Catalogue,
    /// What is needed.
    pub purchases: &'a [Purchase],
    /// Years of growth that were looked at.
    pub years: u32,
    /// The limit when something has failed, where it is another than the planning limit.
    pub degraded: Option<Utilisation>,
    /// The reader's language.
    pub lang: Lang,
}

/// One line of the table, in words.
struct Line {
    item: String,
    today: String,
    needed: String,
    load: String,
    share: String,
    binding: String,
    price: String,
}

impl Purchases<'_> {
    fn heads(&self) -> [&'static str; 7] {
        pick(
            self.lang,
            [
                "対象",
                "現在",
                "必要な調達",
                "最大負荷",
                "使用率",
                "決め手となる条件",
                "価格",
            ],
            [
                "item",
                "today",
                "needed",
                "load",
                "utilisation",
                "binding case",
                "price",
            ],
        )
    }

    fn line(&self, purchase: &Purchase) -> Line {
        let binding = &purchase.binding;
        let kind = purchase.kind;
        let share = binding.case.utilisation();
        Line {
            item: resource(&purchase.label, kind, self.lang),
            today: self.pieces(purchase),
            needed: self.needed(purchase),
            load: quantity(binding.kind, binding.case.offered, self.lang),
            share: format!(
                "{} / {}",
                per_cent(share, &[binding.limit]),
                per_cent(binding.limit, &[])
            ),
            binding: self.binding(binding),
            price: purchase
                .choice
                .as_ref()
                .and_then(|c| c.price)
                .map_or_else(|| "–".to_owned(), money),
        }
    }

    fn pieces(&self, purchase: &Purchase) -> String {
        let capacity = quantity(purchase.kind, purchase.capacity, self.lang);
        match purchase.pieces {
            0 | 1 => capacity,
            count => pick(
                self.lang,
                format!("{capacity}（{count}{}）", counter(purchase.item)),
                format!("{capacity} ({count})"),
            ),
        }
    }

    fn needed(&self, purchase: &Purchase) -> String {
        let Some(choice) = &purchase.choice else {
            return match purchase.enough {
                true => pick(self.lang, "現状のまま", "as today"),
                false => pick(self.lang, "カタログに該当なし", "nothing in the catalogue"),
            }
            .to_owned();
        };
        let pieces = self.chosen(choice);
        match choice.adds {
            true => pick(
                self.lang,
                format!("{pieces} を追加"),
                format!("{pieces} more"),
            ),
            false => pieces,
        }
    }

    /// What is bought, in words: `500 seats × 2 + 10 seats`.
    fn chosen(&self, choice: &Choice) -> String {
        let parts = choice.pieces.iter().map(|pieces| {
            let offer = &self.catalogue.offers[pieces.offer];
            let label = offer.label.get(self.lang);
            match (offer.piece, pieces.count) {
                (Piece::Address { .. }, 1) => format!("{label} × 1"),
                (_, 1) => label.to_owned(),
                (_, count) => format!("{label} × {count}"),
            }
        });
        parts.collect::<Vec<_>>().join(" + ")
    }

    /// The case that decides: step, hour, circumstance.
    fn binding(&self, binding: &Binding) -> String {
        let state = self.migration.states.get(binding.state);
        let step = state.map_or("?", |s| s.step.as_str());
        let step = match (binding.state, self.lang) {
            (0, Lang::Ja) => "現状".to_owned(),
            (0, Lang::En) => "today".to_owned(),
            (_, Lang::Ja) => format!("ステップ{step}"),
            (_, Lang::En) => format!("step {step}"),
        };
        let way = binding.direction.as_ref();
        let way = way.map_or_else(String::new, |(a, b)| format!(" {a} → {b}"));
        let under = circumstance(&binding.case.circumstance, self.lang);
        let under = on_paper(&under, self.lang);
        let under = match (under.is_empty(), self.lang) {
            (true, Lang::Ja) => "通常時".to_owned(),
            (true, Lang::En) => "normal".to_owned(),
            (false, _) => under,
        };
        let wait = binding.wait.map_or_else(String::new, |(most, limit)| {
            let (most, limit) = apart(most, limit, self.lang);
            pick(
                self.lang,
                format!("、待ち 95 %が {most} 以内（上限 {limit}）"),
                format!(", 95 of 100 wait at most {most} ({limit} allowed)"),
            )
        });
        format!("{step} {}{way} {under}{wait}", clock(binding.case.hour))
    }

    /// Where the figures of the offers that were chosen come from.
    fn sources(&self) -> Option<String> {
        let mut sources: Vec<String> = Vec::new();
        let choices = self.purchases.iter().filter_map(|p| p.choice.as_ref());
        for pieces in choices.flat_map(|choice| &choice.pieces) {
            let offer = &self.catalogue.offers[pieces.offer];
            let line = format!("{} {}", offer.label.get(self.lang), offer.source);
            if !sources.contains(&line) {
                sources.push(line);
            }
        }
        let list = sources.join(pick(self.lang, "、", ", "));
        let text = pick(
            self.lang,
            format!("調達単位の出典: {list}（[A]は仮定）"),
            format!("sources of the offers: {list} ([A]: assumed)"),
        );
        (!sources.is_empty()).then_some(text)
    }

    /// The sum of all prices, and how many things have none; nothing where none has one.
    fn total(&self) -> Option<String> {
        let (sum, without) = self.sum()?;
        let sum = money(sum);
        let (ja, en) = match without {
            0 => (String::new(), String::new()),
            _ => (
                format!("（価格のない{without}件を除く）"),
                format!(" ({without} without a price not counted)"),
            ),
        };
        Some(pick(
            self.lang,
            format!("価格の合計: {sum}{ja}"),
            format!("sum of the prices: {sum}{en}"),
        ))
    }

    /// The sum of the prices there are, and how many things to be bought have none.
    fn sum(&self) -> Option<(f64, usize)> {
        let wanted = self.purchases.iter().filter(|p| !p.enough);
        let prices: Vec<Option<f64>> = wanted
            .map(|p| p.choice.as_ref().and_then(|choice| choice.price))
            .collect();
        let known = prices.iter().flatten();
        let without = prices.iter().filter(|price| price.is_none()).count();
        (without < prices.len()).then(|| (known.sum(), without))
    }

    /// How the table came about, for its foot.
    fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self.total().into_iter().collect();
        notes.extend(self.premises());
        notes.extend(self.sources());
        notes.push(
            pick(
                self.lang,
                "複数の台数・本数は、そのうち一つが止まっても足りる数である（現在が複数なら、置き換え後も二つ以上とする）。`utsushi check` がCAP-201〜207の対処に示す量は、すべてが動き、増加がないときのもの（CAP-203は1台が止まっても足りる台数も示す）",
                "where several machines or members are needed, one of them may fail (several today stay at least two when they are replaced); the amounts that `utsushi check` names (CAP-201 to CAP-207) are for everything up, without growth (CAP-203 also says how many machines if one may fail)",
            )
            .to_owned(),
        );
        notes.push(
            pick(
                self.lang,
                "設備全体の故障で途絶する通信は、増強では補えない（`utsushi replay --failures single` が示す）",
                "what is cut off when a whole line or device fails is no matter of capacity (see `utsushi replay --failures single`)",
            )
            .to_owned(),
        );
        let mut applications = self.migration.requirements.applications.iter();
        if self.years > 0 && !applications.any(|a| a.nature.grows()) {
            notes.push(
                pick(
                    self.lang,
                    "増加（`growth`、`adoption`）を書いたアプリケーションはなく、何年後も現在と同じ量である",
                    "no application says how it grows (`growth`, `adoption`): every year is like today",
                )
                .to_owned(),
            );
        }
        notes
    }

    /// Whether nothing less is enough.
    fn optimal(&self) -> bool {
        let mut choices = self.purchases.iter().filter_map(|p| p.choice.as_ref());
        choices.all(|choice| choice.bound.is_none())
    }

    fn optimality(&self) -> &'static str {
        match self.optimal() {
            true => pick(
                self.lang,
                "品目どうしに制約はないため、品目ごとに最小の購入が全体でも最適である。回線・プロキシ・転送機器は1種類、足し合わせられるもの（席・帯域・アドレス・並列数・件数・中継の処理能力）は混在も含めて選んだ",
                "items do not hang on one another, so the least of each is the best of all: lines, proxies and appliances of one kind each, what adds up (seats, bandwidth, addresses, workers, messages, throughput of relays) also as mixtures",
            ),
            false => pick(
                self.lang,
                "組合せが多く、一部の品目は最適とは限らない（JSONの `bound` を下回る購入はない）",
                "there are too many mixtures to look at all of them for some items (none lies below `bound` in the JSON)",
            ),
        }
    }

    fn premises(&self) -> Vec<String> {
        let years = self.years;
        let (degraded_ja, degraded_en) = match self.degraded {
            Some(limit) => {
                let limit = per_cent(limit, &[]);
                let en = format!(" ({limit} when something has failed)");
                (format!("（故障時は {limit}）"), en)
            }
            None => (
                "（故障時も同じ。`utsushi check` は故障時には容量の100%までを可とする。それに合わせるなら `--degraded 100`）".to_owned(),
                " (also when something has failed; `utsushi check` then lets loads rise to capacity: `--degraded 100` sizes for that)".to_owned(),
            ),
        };
        let title = self.catalogue.title.get(self.lang);
        pick(
            self.lang,
            vec![
                format!(
                    "全ステップ・全時刻・単一故障・{years}年分の増加について、計画上のしきい値{degraded_ja}以内に収まる最小の購入"
                ),
                self.optimality().to_owned(),
                format!(
                    "カタログ: {title}。{}",
                    "候補のすべてに価格がある品目は価格、それ以外は容量が最小のものを選んだ"
                ),
            ],
            vec![
                format!(
                    "the least that stays within the planning limits{degraded_en} at every step, hour and single failure, with {years} years of growth"
                ),
                self.optimality().to_owned(),
                format!(
                    "catalogue: {title}; {}",
                    "the lowest price was chosen where all candidates have one, else the least capacity"
                ),
            ],
        )
    }

    /// For a terminal.
    #[must_use]
    pub fn text(&self, paint: Paint) -> String {
        let heads = self.heads();
        let align = [
            Align::Left,
            Align::Right,
            Align::Left,
            Align::Right,
            Align::Right,
            Align::Left,
            Align::Right,
        ];
        let heads: Vec<(&str, Align)> = heads.into_iter().zip(align).collect();
        let mut columns = Columns::new(&heads);
        for purchase in self.purchases {
            let line = self.line(purchase);
            columns.row(line.cells());
        }
        let mut out = if self.purchases.is_empty() {
            pick(
                self.lang,
                "買い足すものはない\n",
                "nothing has to be bought\n",
            )
            .to_owned()
        } else {
            columns.draw(paint, |_, mark| mark.to_owned())
        };
        out.push('\n');
        for note in self.notes() {
            out.push_str(&format!("  {note}\n"));
        }
        out
    }

    /// Whose purchase it is, and for when.
    fn title(&self) -> String {
        let title = self.migration.title.get(self.lang);
        let years = self.years;
        match self.migration.states.last() {
            Some(last) => pick(
                self.lang,
                format!("{title}：{}の{years}年後まで", last.date),
                format!("{title}: up to {years} years after {}", last.date),
            ),
            None => title.to_owned(),
        }
    }

    /// For a specification.
    #[must_use]
    pub fn markdown(&self) -> String {
        let safe = |cell: &String| plain(cell);
        let mut out = format!("{}\n\n", plain(&self.title()));
        out += &format!("| {} |\n", self.heads().join(" | "));
        out += "|---|---:|---|---:|---:|---|---:|\n";
        for purchase in self.purchases {
            let cells: Vec<String> = self.line(purchase).cells().iter().map(safe).collect();
            out += &format!("| {} |\n", cells.join(" | "));
        }
        out.push('\n');
        for note in self.notes() {
            out += &format!("- {note}\n");
        }
        out
    }

    /// For a spreadsheet: figures without units, in those of the kind.
    ///
    /// # Errors
    /// The writer's own.
    pub fn csv(&self) -> Result<String, csv::Error> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record([
            "resource",
            "label",
            "item",
            "pieces",
            "enough",
            "offer",
            "count",
            "adds",
            "price",
            "kind",
            "offered",
            "capacity",
            "unit",
            "limit",
            "step",
            "hour",
            "day",
            "years",
            "failure",
            "wait_s",
            "wait_limit_s",
        ])?;
        let cell = |value| number(value).map_or_else(String::new, |v| v.to_string());
        for row in self.rows() {
            writer.write_record([
                row.resource.to_owned(),
                row.label.to_owned(),
                row.item.to_owned(),
                row.pieces.to_string(),
                row.enough.to_string(),
                row.offer.unwrap_or_default(),
                row.count.map_or_else(String::new, |c| c.to_string()),
                row.adds.map_or_else(String::new, |a| a.to_string()),
                row.price.map_or_else(String::new, |p| p.to_string()),
                row.kind.word().to_owned(),
                cell(row.offered),
                cell(row.capacity),
                row.unit.to_owned(),
                row.limit.to_string(),
                row.step.to_owned(),
                row.hour.to_string(),
                row.day,
                row.years.to_string(),
                row.failure.unwrap_or_default(),
                row.wait_s.map_or_else(String::new, |s| s.to_string()),
                row.wait_limit_s.map_or_else(String::new, |s| s.to_string()),
            ])?;
        }
        let bytes = writer.into_inner().map_err(|e| e.into_error().into());
        bytes.map(|b| String::from_utf8_lossy(&b).into_owned())
    }

    /// For other programs: `utsushi.size/1`.
    ///
    /// # Errors
    /// The writer's own.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        let document = Document {
            schema: "utsushi.size/1",
            scenario: self.migration.title.get(self.lang),
            catalogue: self.catalogue.title.get(self.lang),
            years: self.years,
            optimal: self.optimal(),
            total: self.sum().map(|(sum, _)| sum),
            purchases: self.rows().collect(),
        };
        Ok(serde_json::to_string_pretty(&document)? + "\n")
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.purchases.iter().map(|purchase| {
            let binding = &purchase.binding;
            let state = self.migration.states.get(binding.state);
            let choice = purchase.choice.as_ref();
            let part = |pieces: &Pieces| Part {
                offer: self.catalogue.offers[pieces.offer].label.get(self.lang),
                count: pieces.count,
            };
            let under = &binding.case.circumstance;
            Row {
                resource: &purchase.resource,
                label: purchase.label.get(self.lang),
                item: word(purchase.item),
                pieces: purchase.pieces,
                enough: purchase.enough,
                offer: choice.map(|c| self.chosen(c)),
                count: choice.map(|c| c.pieces.iter().map(|p| p.count).sum()),
                offers: choice.map_or_else(Vec::new, |c| c.pieces.iter().map(part).collect()),
                adds: choice.map(|c| c.adds),
                bound: choice.and_then(|c| c.bound),
                price: choice.and_then(|c| c.price),
                kind: binding.kind,
                offered: binding.case.offered,
                capacity: binding.case.capacity,
                unit: binding.kind.unit(),
                limit: binding.limit.get(),
                step: state.map_or("", |s| s.step.as_str()),
                hour: binding.case.hour,
                day: day(under.day),
                years: under.years,
                failure: under
                    .failure
                    .as_ref()
                    .map(crate::model::circumstance::Failure::key),
                wait_s: binding.wait.and_then(|(most, _)| number(most.get())),
                wait_limit_s: binding.wait.and_then(|(_, limit)| number(limit.get())),
            }
        })
    }
}

impl Line {
    fn cells(self) -> Vec<String> {
        vec![
            self.item,
            self.today,
            self.needed,
            self.load,
            self.share,
            self.binding,
            self.price,
        ]
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    scenario: &'a str,
    catalogue: &'a str,
    years: u32,
    optimal: bool,
    total: Option<f64>,
    purchases: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    resource: &'a str,
    label: &'a str,
    item: &'static str,
    pieces: u32,
    enough: bool,
    offer: Option<String>,
    count: Option<u32>,
    offers: Vec<Part<'a>>,
    adds: Option<bool>,
    price: Option<f64>,
    bound: Option<f64>,
    kind: ResourceKind,
    offered: f64,
    capacity: f64,
    unit: &'static str,
    limit: f64,
    step: &'a str,
    hour: u8,
    day: String,
    years: u32,
    failure: Option<String>,
    wait_s: Option<f64>,
    wait_limit_s: Option<f64>,
}

/// A kind of day by the word that reports have for it.
fn day(day: DayType) -> String {
    let word = serde_json::to_value(day).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}

/// Pieces of one offer.
#[derive(Serialize)]
struct Part<'a> {
    offer: &'a str,
    count: u32,
}

const fn word(item: Item) -> &'static str {
    match item {
        Item::Line => "line",
        Item::Proxy => "proxy",
        Item::Appliance => "appliance",
        Item::Seats => "seats",
        Item::Pixels => "pixels",
        Item::Addresses => "addresses",
        Item::Workers => "workers",
        Item::Mail => "mail",
        Item::Relay => "relay",
    }
}

/// What pieces of an item are counted in, in Japanese.
const fn counter(item: Item) -> &'static str {
    match item {
        Item::Line => "本",
        Item::Proxy | Item::Appliance => "台",
        Item::Seats | Item::Pixels | Item::Mail | Item::Relay => "式",
        Item::Addresses => "個",
        Item::Workers => "並列",
    }
}
