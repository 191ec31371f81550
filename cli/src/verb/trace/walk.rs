//! A packet's ways and the legs of a conversation, told as text.

use super::points::Point;
use crate::names::End;
use crate::session::Session;
use utsushi::model::demand::{Amount, Application, Curve, Demand};
use utsushi::model::finding::{Decision, HopRecord};
use utsushi::model::id::Id;
use utsushi::model::place::Place;
use utsushi::model::service::Service;
use utsushi::model::text::Text;
use utsushi::render;
use utsushi::sim::plane::trace::{Disposition, Exchange, Path};
use utsushi::sim::plane::{NodeIx, Plane, SegmentIx};
use utsushi::sim::replay::conversation::{Conversation, Information};
use utsushi::wording::{self, Context};

/// A compiled state and how to tell of it.
pub(super) struct Walk<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) session: &'a Session,
    pub(super) plane: &'a Plane,
}

impl Walk<'_> {
    /// Every way of a packet and of its answers.
    pub(super) fn packet(&self, walked: &Exchange, state: usize) -> String {
        let context = self.context;
        let title = format!(
            "{} · {}",
            wording::step(context, state),
            wording::packet(&walked.sent.1, false)
        );
        let mut text = format!("{}\n\n", self.session.paint.strong(&title));
        text += &self.ways(context.pick("往路", "there"), &walked.forward);
        text + &self.ways(context.pick("復路", "back"), &walked.answers)
    }

    /// Every point that would block.
    pub(super) fn points(&self, points: &[Point]) -> String {
        let context = self.context;
        let title = match points.len() {
            0 => context.pick(
                "通信を止める箇所はない".to_owned(),
                "nothing would block it".to_owned(),
            ),
            1 => context.pick(
                "通信を止める箇所：1".to_owned(),
                "1 point that would block it".to_owned(),
            ),
            n => context.pick(
                format!("通信を止める箇所：{n}"),
                format!("{n} points that would block it"),
            ),
        };
        let mut text = format!("\n{}\n", self.session.paint.strong(&title));
        if !points.is_empty() {
            let rows: Vec<_> = points
                .iter()
                .map(|point| (point.part.words(context), &point.hop))
                .collect();
            text.push('\n');
            text += &render::blocks(context, &rows, self.session.paint);
        }
        text
    }

    fn ways(&self, name: &str, paths: &[Path]) -> String {
        let mut text = String::new();
        for (number, path) in paths.iter().enumerate() {
            let which = if paths.len() > 1 {
                format!(" {}/{}", number + 1, paths.len())
            } else {
                String::new()
            };
            let end = self.disposition(path);
            text += &format!("{name}{which}: {end}\n\n");
            text += &render::hops(self.context, &path.hops, self.session.paint);
            text.push('\n');
        }
        text
    }

    /// What became of a packet, in words.
    fn disposition(&self, path: &Path) -> String {
        let node = |ix: NodeIx| self.plane.nodes[ix.0].id.to_string();
        let segment = |ix: SegmentIx| self.plane.segments[ix.0].id.to_string();
        let (ja, en) = match path.disposition {
            Disposition::Delivered(at) => (
                format!("`{}` に到達", segment(at)),
                format!("delivered to `{}`", segment(at)),
            ),
            Disposition::LeftTheModel(at) => (
                format!("`{}` の先で失われる（宛先は範囲外）", segment(at)),
                format!(
                    "lost beyond `{}`, which does not hold the receiver",
                    segment(at)
                ),
            ),
            Disposition::Denied(at) => (
                format!("`{}` が拒否", node(at)),
                format!("denied by `{}`", node(at)),
            ),
            Disposition::NoRoute(at) => (
                format!("`{}` に経路なし", node(at)),
                format!("no route at `{}`", node(at)),
            ),
            Disposition::Discarded(at) => (
                format!("`{}` が経路設定により破棄", node(at)),
                format!("discarded by a route of `{}`", node(at)),
            ),
            Disposition::Loop(at) => (
                format!("`{}` でループ", node(at)),
                format!("loop at `{}`", node(at)),
            ),
            Disposition::NoGateway(at) => (
                format!("`{}` にゲートウェイがない", segment(at)),
                format!("`{}` has no gateway", segment(at)),
            ),
        };
        let doubt = self.context.pick(
            "（判定不能な条件を含む）",
            " (hangs on what cannot be judged offline)",
        );
        let words = self.context.pick(ja, en) + &self.passed_over(path);
        if path.certain { words } else { words + doubt }
    }

    /// That a way goes on past denials, which a real network does not let it.
    fn passed_over(&self, path: &Path) -> String {
        let denied = |hop: &&HopRecord| hop.decision == Decision::Denied;
        let ends = matches!(path.disposition, Disposition::Denied(_));
        match path.hops.iter().filter(denied).count() {
            _ if ends => String::new(),
            0 => String::new(),
            n => self.context.pick(
                format!("（途中の拒否{n}箇所を無視した場合）"),
                match n {
                    1 => " if it were not denied once on the way".to_owned(),
                    n => format!(" if it were not denied {n} times on the way"),
                },
            ),
        }
    }

    /// The conversation that the access tables make of it, where the sender is a host group.
    pub(super) fn conversation(
        &self,
        from: &End,
        to: &End,
        service: Service,
    ) -> Option<Conversation> {
        let (Some(group), Some(target)) = (&from.name, &to.name) else {
            return None;
        };
        let group = Id::new(group.clone());
        self.plane.network.groups.get(&group)?;
        let application = application(service);
        let demand = Demand {
            id: Id::new("trace"),
            group,
            application: application.id.clone(),
            to: target.clone(),
            amount: Amount::Users,
            nearby: None,
            from: None,
            until: None,
            place: Place::nowhere(),
        };
        Some(Conversation::of(self.plane, &demand, &application))
    }

    /// Its legs.
    pub(super) fn legs(&self, conversation: &Conversation) -> String {
        let context = self.context;
        let title = context.pick(
            "アクセス表による通信の流れ",
            "the conversation by its access tables",
        );
        let mut text = format!("{}\n\n", self.session.paint.strong(title));
        for (number, leg) in conversation.legs.iter().enumerate() {
            let carries = match leg.carries {
                Information::Raw => context.pick("データ", "data"),
                Information::Pixels => context.pick("画面転送", "pixels"),
            };
            text += &format!(
                "  {}. {} → {}  {} ({carries})\n",
                number + 1,
                leg.from,
                leg.to,
                leg.course.service
            );
        }
        if let Some(stop) = &conversation.stop {
            let table = stop
                .table
                .as_ref()
                .map_or_else(String::new, |table| format!(" `{table}`"));
            let place = stop.place.as_ref().map_or_else(String::new, |place| {
                format!(" ({}:{})", place.file, place.line)
            });
            text += &context.pick(
                format!(
                    "  ✗ `{}` から `{}` へは進めない：アクセス表{table}{place}\n",
                    stop.at, stop.next
                ),
                format!(
                    "  ✗ `{}` does not get on to `{}`: access table{table}{place}\n",
                    stop.at, stop.next
                ),
            );
        }
        text
    }
}

/// An application that asks for nothing but a service.
fn application(service: Service) -> Application {
    Application {
        id: Id::new("trace"),
        label: Text::same("trace"),
        service,
        curve: Curve::flat(),
        direct: None,
        screen: None,
        nature: Default::default(),
        source: String::new(),
        place: Place::nowhere(),
    }
}
