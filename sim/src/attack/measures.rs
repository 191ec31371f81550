//! Which measures stand on a path, and on which components they are missing.

use crate::inform::function::Way as Direction;
use crate::inform::hops::Hop;
use crate::inform::parties::Party;
use crate::plane::Plane;
use crate::plane::trace::{Disposition, trace};
use std::collections::BTreeSet;
use utsushi_model::address::AddressRange;
use utsushi_model::attestation::Control;
use utsushi_model::finding::LegRecord;
use utsushi_model::migration::Model;
use utsushi_model::network::{HostGroup, Node, NodeKind, System, ZoneRole};
use utsushi_model::place::Place;
use utsushi_model::risk::{At, Guard, Risk};
use utsushi_model::text::Text;

/// A path, with everything an attacker holds beside it.
pub(super) struct Way<'a> {
    pub(super) plane: &'a Plane,
    pub(super) parties: &'a [Party],
    pub(super) hops: &'a [&'a Hop],
    pub(super) records: &'a [LegRecord],
    pub(super) held: &'a [&'a Party],
}

/// A component: its name, whether the measure is in force on it, where it is written.
type Component = (String, bool, Place);

impl Way<'_> {
    /// The measures against a risk that have a place on the path.
    pub(super) fn guards(&self, risk: Risk, model: Model) -> Vec<Guard> {
        let measures = risk.measures().iter();
        measures
            .filter_map(|(control, at, duty)| {
                let components = self.components(*control, *at);
                // One device that watches is enough; every terminal and system has to be safe by itself.
                let one = matches!(at, At::Network | At::SecurityCloud | At::Mail);
                let enough = one && components.iter().any(|(_, there, _)| *there);
                let mut absent: Vec<(String, Place)> = Vec::new();
                let missing = components.iter().filter(|(_, there, _)| !there && !enough);
                absent.extend(missing.map(|(name, _, place)| (name.clone(), place.clone())));
                if one {
                    absent.truncate(1);
                }
                let present = components.iter().filter(|(_, there, _)| *there);
                (!components.is_empty()).then(|| Guard {
                    control: *control,
                    at: *at,
                    mandatory: duty.binds(model),
                    present: present.map(|(name, ..)| name.clone()).collect(),
                    absent,
                })
            })
            .collect()
    }

    fn components(&self, control: Control, at: At) -> Vec<Component> {
        let on = |node: &Node| {
            let there = node.assurance.controls.contains(&control);
            (node.id.to_string(), there, node.place.clone())
        };
        let nodes = self.forwarding().into_iter();
        match at {
            At::Network => nodes
                .filter(|n| watches(&n.kind))
                .chain(self.relays())
                .map(on)
                .collect(),
            At::SecurityCloud => nodes
                .filter(|n| matches!(n.kind, NodeKind::SecurityCloud))
                .map(on)
                .collect(),
            At::Mail => self
                .relays()
                .filter(|n| matches!(n.kind, NodeKind::MailRelay(_)))
                .map(on)
                .collect(),
            At::Terminals => self.terminals(control),
            At::System => self.systems(control),
        }
    }

    /// The nodes that forward the path's packets, in the order of the network.
    fn forwarding(&self) -> Vec<&Node> {
        let mut at = BTreeSet::new();
        for (hop, record) in self.hops.iter().zip(self.records) {
            let opener = match hop.way {
                Direction::Up => hop.from,
                Direction::Down => hop.to,
            };
            let segment = self.parties[opener].segment;
            let ways = trace(self.plane, segment, record.witness);
            let arrived = |d: Disposition| matches!(d, Disposition::Delivered(_));
            if let Some(path) = ways.iter().find(|p| arrived(p.disposition)) {
                at.extend(path.nodes.iter().map(|n| self.plane.nodes[n.0].position));
            }
        }
        let nodes = self.plane.network.nodes.iter().enumerate();
        nodes
            .filter(|(i, _)| at.contains(i))
            .map(|(_, n)| n)
            .collect()
    }

    fn relays(&self) -> impl Iterator<Item = &Node> {
        let passed = self.hops.iter().map(|h| &self.parties[h.to]);
        passed.filter_map(|p| p.node(self.plane))
    }

    /// Terminals of the Internet zone that an attacker holds.
    fn terminals(&self, control: Control) -> Vec<Component> {
        let network = &self.plane.network;
        let held = |g: &&HostGroup| {
            let addresses = network.group_addresses(g);
            g.class.is_terminal() && self.holds(&g.segment, &addresses, ZoneRole::Internet)
        };
        let on = |g: &HostGroup| {
            let m = g.measures;
            let there = match control {
                Control::Edr => m.edr,
                Control::Patched => m.patched,
                _ => false,
            };
            let there = there || g.assurance.controls.contains(&control);
            (g.id.to_string(), there, g.place.clone())
        };
        network.groups.iter().filter(held).map(on).collect()
    }

    /// Systems at the end of the path.
    fn systems(&self, control: Control) -> Vec<Component> {
        let Some(end) = self.records.last() else {
            return Vec::new();
        };
        let reached = |s: &&System| s.id.as_str() == end.to;
        let on = |s: &System| {
            let there = s.assurance.controls.contains(&control);
            (s.id.to_string(), there, s.place.clone())
        };
        let systems = self.plane.network.systems.iter();
        systems.filter(reached).map(on).collect()
    }

    fn holds(
        &self,
        segment: &utsushi_model::network::SegmentId,
        addresses: &[AddressRange],
        role: ZoneRole,
    ) -> bool {
        self.held.iter().any(|p| {
            p.relay.is_none()
                && self.plane.segments[p.segment.0].id == *segment
                && p.role(self.plane) == Some(role)
                && p.addresses
                    .iter()
                    .any(|r| addresses.iter().any(|a| r.overlaps(*a)))
        })
    }
}

/// Whether a device is one that watches what it forwards.
fn watches(kind: &NodeKind) -> bool {
    matches!(
        kind,
        NodeKind::Firewall | NodeKind::SecurityCloud | NodeKind::LgwanEdge | NodeKind::Gateway
    )
}

/// What a measure is called.
#[must_use]
pub fn label(control: Control) -> Text {
    let (ja, en) = match control {
        Control::NetworkMonitoring => ("NW監視・防御", "network monitoring"),
        Control::Soc => ("SOC", "security operation centre"),
        Control::MailSecurity => (
            "メールセキュリティ（サンドボックス）",
            "mail security with a sandbox",
        ),
        Control::Patched => ("脆弱性対策（パッチ）", "patching"),
        Control::Antivirus => ("ウイルス対策", "antivirus"),
        Control::Edr => (
            "未知の不正プログラム対策（EDR）",
            "detection of unknown malware (EDR)",
        ),
        Control::Logs => ("ログ管理", "log management"),
        Control::SystemLogs => ("業務システムログ管理", "log management of business systems"),
        Control::AssetAccess => ("情報資産単位のアクセス制御", "access control by asset"),
        Control::Encryption => ("ファイル暗号化", "file encryption"),
        Control::LossPrevention => ("DLP", "data loss prevention"),
        Control::Backup => ("バックアップ", "backup"),
        Control::DeviceAuthentication => ("端末認証", "authentication of terminals"),
        Control::TakeOut => ("端末の持ち出し管理", "management of take-out terminals"),
        Control::ShadowIt => ("シャドーIT管理", "shadow-IT control"),
    };
    Text::new(ja, en)
}
