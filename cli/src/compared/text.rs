//! The comparison as text: one entry for each cause and group of segments, then addresses, then a count.

use super::{Compared, KINDS, list};
use crate::model::finding::Referrer;
use crate::model::id::Id;
use crate::model::network::SegmentId;
use crate::model::service::PortRange;
use crate::render::Paint;
use crate::sim::comply::Readdressed;
use crate::sim::diff::Traffic;
use crate::wording::{extent, packet};

/// Boxes printed of one entry; JSON and CSV hold all of them.
const BOXES: usize = 6;
/// Segments named on one side; JSON and CSV hold all of them.
const SEGMENTS: usize = 6;
/// Changes named as one cause; JSON and CSV hold all of them.
const HOLDERS: usize = 12;

impl Compared<'_> {
    /// The whole comparison.
    #[must_use]
    pub fn text(&self, paint: Paint) -> String {
        let (before, after) = (self.step(self.before), self.step(self.after));
        let mut out = format!(
            "{} · {before} → {after}\n",
            paint.strong(self.title.get(self.lang))
        );
        for kind in KINDS {
            let mut rows = self.of(kind).peekable();
            if rows.peek().is_some() {
                out += &format!("\n{}\n", paint.strong(self.kind(kind)));
            }
            for row in rows {
                out += &self.entry(row, paint);
            }
        }
        if !self.addresses.is_empty() {
            let head = self.pick("アドレスの変更", "addresses changed");
            out += &format!("\n{}\n", paint.strong(head));
        }
        for thing in self.addresses {
            out += &self.address(thing);
        }
        out + "\n" + &self.doubtful() + &self.footer()
    }

    fn entry(&self, row: &Traffic, paint: Paint) -> String {
        let ends = format!("{} → {}", self.segments(&row.from), self.segments(&row.to));
        let perhaps = self.pick("（条件により）", " (perhaps)");
        let doubt = if row.certain { "" } else { perhaps };
        let mut out = format!("\n  {ends}{}\n", paint.doubtful(doubt));
        for b in row.boxes.iter().take(BOXES) {
            out += &format!("    {}\n", extent(b));
        }
        let more = row.boxes.len().saturating_sub(BOXES) + row.left_out;
        if more > 0 {
            out += &self.pick(
                format!("    ほか{more}箱（JSON・CSVに全て）\n"),
                format!("    and {more} more boxes (all of them in JSON and CSV)\n"),
            );
        }
        let any = row
            .boxes
            .iter()
            .any(|b| b.src_ports.contains(&PortRange::ALL));
        let label = |ja, en| paint.faint(self.pick(ja, en));
        out += &format!(
            "    {} {}\n",
            label("パケット例：", "packet:"),
            packet(&row.witness, any)
        );
        out + &format!("    {} {}\n", label("変更：", "by:"), self.causes(row))
    }

    /// The names of segments, the first ones where there are many.
    fn segments(&self, all: &[SegmentId]) -> String {
        let shown: Vec<String> = all.iter().take(SEGMENTS).map(Id::to_string).collect();
        let shown = shown.join(", ");
        match all.len().saturating_sub(SEGMENTS) {
            0 => shown,
            more => self.pick(
                format!("{shown} ほか{more}"),
                format!("{shown} and {more} more"),
            ),
        }
    }

    fn address(&self, thing: &Readdressed) -> String {
        let (ja, en) = thing.kind.words();
        let side = |all: &[crate::model::address::AddressRange]| match all.is_empty() {
            true => self.pick("なし", "none").to_owned(),
            false => list(all),
        };
        let mut out = format!(
            "\n  {} `{}`: {} → {}\n",
            self.pick(ja, en),
            thing.name,
            side(&thing.before),
            side(&thing.after)
        );
        for (words, all) in [
            (
                self.pick("旧アドレスのまま：", "still holds the old address:"),
                &thing.stale,
            ),
            (
                self.pick("名前で参照（追従）：", "refers to it by name, and follows:"),
                &thing.following,
            ),
        ] {
            for one in all.iter().take(HOLDERS) {
                out += &format!("    {words} {}\n", self.referrer(one));
            }
            if all.len() > HOLDERS {
                let more = all.len() - HOLDERS;
                out += &self.pick(
                    format!("    {words} ほか{more}件\n"),
                    format!("    {words} and {more} more\n"),
                );
            }
        }
        out
    }

    fn referrer(&self, one: &Referrer) -> String {
        let holder = one.holder.get(self.lang);
        if one.place.is_somewhere() {
            format!("{holder} ({}:{})", one.place.file, one.place.line)
        } else {
            holder.to_owned()
        }
    }

    fn doubtful(&self) -> String {
        let count = self.traffic.doubtful.len();
        match count {
            0 => String::new(),
            _ => self.pick(
                format!("前後とも机上で判定できない通信があるセグメントの組 {count}（その中の違いは示せない）\n"),
                format!(
                    "pairs of segments with traffic in doubt before and after: {count} (what differs within it cannot be told)\n"
                ),
            ),
        }
    }

    fn footer(&self) -> String {
        let count = |kind| self.of(kind).count();
        let addresses = self.addresses.len();
        let [allowed, denied, rerouted] = KINDS.map(count);
        if self.traffic.traffic.is_empty() {
            return self.pick(
                format!("通信の違いはない：全てのパケットの扱いが同じ。アドレスの変更 {addresses}\n"),
                format!("no traffic differs: every packet is treated as before; addresses changed: {addresses}\n"),
            );
        }
        self.pick(
            format!(
                "新たに許可 {allowed}、新たに遮断 {denied}、経路変更 {rerouted}、アドレスの変更 {addresses}\n"
            ),
            format!(
                "newly allowed {allowed}, newly denied {denied}, re-routed {rerouted}, addresses changed {addresses}\n"
            ),
        )
    }
}
