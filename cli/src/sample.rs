//! A small report made by hand, for tests of wording, rendering and the machine formats.
//!
//! ```text
//!   lg-old: payroll 10.72.3.10 ──[sw-core]──[fw-mn]── mn: tax-db 10.16.240.5      [sc] security-cloud line
//! ```

use crate::model::attestation::{Assurance, Control};
use crate::model::date::Date;
use crate::model::demand::{Amount, Application, Curve, Demand, HOURS, ResourceKind};
use crate::model::finding::{
    Cause, Code, Decision, Evidence, Felt, FeltAt, Finding, HopRecord, LoadPart, Packet, PacketBox,
    ProtocolRange, Referrer, Severity, Stage,
};
use crate::model::id::Id;
use crate::model::migration::{Model, Requirements, State, StepId};
use crate::model::network::{
    Confidentiality, Network, Node, NodeKind, Pattern, Proxy, Segment, System, Zone, ZoneRole,
};
use crate::model::place::Place;
use crate::model::policy::Services;
use crate::model::report::{LoadRow, Report, RuleRow, Verdict};
use crate::model::risk::{AttackRow, Missing, Risk};
use crate::model::rule::{Flow, Level, Period, Provenance, Rule, Spec};
use crate::model::service::{PortRange, Protocol, Service};
use crate::model::text::{Lang, Text};
use crate::model::units::{Sessions, Utilisation};
use crate::render::Sources;
use crate::wording::Context;
use std::sync::Arc;

/// One file of the scenario: line 3 holds the exception.
pub(crate) const FIREWALL: &str = "(\n  rules: [\n    Allow(name: \"payroll-batch\", note: \"人事給与\", to: [\"tax-db\"]),\n  ],\n)\n";

/// The files of the scenario.
pub(crate) struct Files;

impl Sources for Files {
    fn text(&self, file: &str) -> Option<&str> {
        (file == "firewalls/fw-mn.ron").then_some(FIREWALL)
    }
}

/// Report and requirements together.
pub(crate) struct Sample {
    pub(crate) report: Report,
    pub(crate) requirements: Requirements,
}

impl Sample {
    pub(crate) fn context(&self, lang: Lang) -> Context<'_> {
        Context {
            report: &self.report,
            requirements: &self.requirements,
            lang,
        }
    }
}

pub(crate) fn place(file: &str, line: u32, column: u32, length: u32) -> Place {
    Place {
        file: Arc::from(file),
        line,
        column,
        length,
    }
}

/// Three states, two rules, a finding of each kind of evidence.
pub(crate) fn sample() -> Sample {
    let states = vec![
        state(
            0,
            "0",
            Text::new("現状（α）", "today (α)"),
            Model::Alpha,
            ZoneRole::Lgwan,
        ),
        state(
            1,
            "1",
            Text::new("新LGWAN接続系の構築", "build the new LGWAN zone"),
            Model::Alpha,
            ZoneRole::Lgwan,
        ),
        state(
            2,
            "2",
            Text::new("旧LGWAN接続系の読替え", "relabel old LGWAN"),
            Model::BetaPrime,
            ZoneRole::Internet,
        ),
    ];
    let verdicts = [
        vec![
            Some(Verdict::Proved),
            Some(Verdict::Proved),
            Some(Verdict::Broken),
        ],
        vec![Some(Verdict::Attested), Some(Verdict::Attested), None],
    ];
    let rules = [
        rule("I-MN-02", Provenance::Unconfirmed),
        rule("I-LI-06", Provenance::Sourced),
    ];
    let rows = rules.iter().zip(verdicts).map(|(rule, verdicts)| RuleRow {
        id: rule.id.clone(),
        label: rule.label.clone(),
        level: rule.level,
        source: rule.source.clone(),
        provenance: rule.provenance,
        verdicts,
    });
    let report = Report {
        between: Vec::new(),
        attacks: vec![attacked()],
        title: Text::new("三重型県", "Mie-like prefecture"),
        states,
        rules: rows.collect(),
        findings: vec![stale(), overload(), blocked(), referrers(), mixed()],
        loads: (0..3).map(load).collect(),
        outages: Vec::new(),
        gates: Vec::new(),
        logs: Vec::new(),
        causes: Vec::new(),
        failures: 0,
        terminals: 8000,
    };
    let mut requirements = Requirements::default();
    for rule in rules {
        requirements.rules.put(rule);
    }
    requirements.applications.put(meetings());
    requirements.demands.put(meet());
    Sample {
        report,
        requirements,
    }
}

fn attacked() -> AttackRow {
    let edr = Missing {
        control: Control::Edr,
        mandatory: true,
        on: vec!["staff".to_owned()],
    };
    AttackRow {
        state: 2,
        rule: Id::new("RK-1"),
        risk: Risk::Rk1,
        paths: 2,
        hops: Some(3),
        missing: vec![edr],
    }
}

fn rule(id: &str, provenance: Provenance) -> Rule {
    let flow = Flow {
        from: vec![],
        to: vec![],
        services: Services::any(),
        both: true,
    };
    Rule {
        id: Id::new(id),
        label: Text::new(
            "マイナンバー利用事務系とインターネット接続系は完全に遮断する",
            "My Number ↔ Internet is cut completely",
        ),
        spec: Spec::Never {
            flow,
            except: vec![],
        },
        level: Level::Must,
        edition: None,
        source: "ガイドライン".into(),
        provenance,
        period: Period::default(),
        place: place("packs/all.ron", 12, 5, 9),
    }
}

fn state(index: usize, id: &str, label: Text, model: Model, role: ZoneRole) -> State {
    State {
        index,
        step: StepId::new(id),
        label,
        model,
        date: Date::new(2023, 4, 1).unwrap(),
        network: Arc::new(network(role)),
        place: place("plan.ron", 1, 1, 1),
    }
}

fn network(old: ZoneRole) -> Network {
    let label = match old {
        ZoneRole::Internet => Text::new("インターネット接続系", "Internet"),
        _ => Text::new("LGWAN接続系", "LGWAN"),
    };
    let mut network = Network::default();
    for (id, label, role) in [
        (
            "mn",
            Text::new("マイナンバー利用事務系", "My Number"),
            ZoneRole::MyNumber,
        ),
        ("old", label, old),
        (
            "saas",
            Text::new("クラウドサービス", "cloud services"),
            ZoneRole::Saas,
        ),
    ] {
        network.zones.put(Zone {
            id: Id::new(id),
            label,
            role,
            place: Place::nowhere(),
        });
    }
    for (id, zone, prefix) in [
        ("mn-servers", "mn", "10.16.240.0/22"),
        ("old-servers", "old", "10.72.3.0/24"),
        ("meet", "saas", "192.0.2.0/24"),
    ] {
        network.segments.put(segment(id, zone, prefix));
    }
    for (id, label, segment, address) in [
        (
            "payroll",
            Text::new("人事給与", "payroll"),
            "old-servers",
            "10.72.3.10",
        ),
        ("tax-db", Text::same("tax-db"), "mn-servers", "10.16.240.5"),
    ] {
        network.systems.put(system(id, label, segment, address));
    }
    network
}

fn segment(id: &str, zone: &str, prefix: &str) -> Segment {
    Segment {
        id: Id::new(id),
        label: Text::same(id),
        zone: Id::new(zone),
        site: Id::new("hq"),
        vlan: None,
        prefixes: vec![prefix.parse().unwrap()],
        gateways: vec![],
        external: false,
        reused: false,
        place: Place::nowhere(),
    }
}

fn system(id: &str, label: Text, segment: &str, address: &str) -> System {
    System {
        id: Id::new(id),
        label,
        segment: Id::new(segment),
        addresses: vec![address.parse().unwrap()],
        services: vec![],
        pattern: Pattern::Convert,
        confidentiality: Confidentiality::Two,
        resident_information: false,
        lgwan_dependent: false,
        screen_transfer: true,
        assurance: Assurance::default(),
        function: None,
        also: Vec::new(),
        place: Place::nowhere(),
    }
}

fn finding(code: Code, first: usize, last: usize, subject: Text, evidence: Evidence) -> Finding {
    Finding {
        code,
        severity: code.severity(),
        first,
        last,
        rule: None,
        subject,
        place: place("firewalls/fw-mn.ron", 3, 5, 5),
        evidence,
    }
}

pub(crate) fn packet() -> Packet {
    Packet {
        src: "10.72.3.10".parse().unwrap(),
        dst: "10.16.240.5".parse().unwrap(),
        protocol: Protocol::TCP,
        src_port: 0,
        dst_port: 1521,
    }
}

pub(crate) fn hops() -> Vec<HopRecord> {
    let hop = |node: &str, stage, decision, rule: Option<&str>| HopRecord {
        node: node.into(),
        stage,
        decision,
        rule: rule.map(str::to_owned),
        place: rule.map(|_| place("firewalls/fw-mn.ron", 3, 5, 5)),
    };
    vec![
        hop(
            "old-servers",
            Stage::Start,
            Decision::Sent("sw-core".into()),
            None,
        ),
        hop(
            "sw-core",
            Stage::Route,
            Decision::Sent("fw-mn".into()),
            None,
        ),
        hop(
            "fw-mn",
            Stage::ForwardFilter,
            Decision::Allowed,
            Some("payroll-batch"),
        ),
        hop(
            "fw-mn",
            Stage::Route,
            Decision::Sent("mn-servers".into()),
            None,
        ),
        hop(
            "mn-servers",
            Stage::Arrival,
            Decision::Delivered("mn-servers".into()),
            None,
        ),
    ]
}

fn stale() -> Finding {
    let one = |port| PacketBox {
        src: vec!["10.72.3.10".parse().unwrap()],
        dst: vec!["10.16.240.5".parse().unwrap()],
        protocol: vec![ProtocolRange { first: 6, last: 6 }],
        src_ports: vec![PortRange::ALL],
        dst_ports: vec![PortRange::one(port)],
    };
    let mut finding = finding(
        Code::StaleException,
        2,
        2,
        Text::new(
            "旧サーバ → マイナンバーサーバ",
            "old servers → My Number servers",
        ),
        Evidence::Packets {
            moment: crate::model::finding::Moment::Standing,
            violating: vec![one(1521), one(1522)],
            left_out: 0,
            witness: packet(),
            hops: hops(),
            from: "old-servers".into(),
            to: "mn-servers".into(),
            causes: vec![Cause {
                what: Text::new(
                    "ステップ2でセグメント `old-servers` がインターネット接続系になるが、アドレスは変わらない",
                    "segment `old-servers` becomes Internet in step 2; its addresses do not change",
                ),
                place: place("plan.ron", 58, 9, 4),
            }],
            also: vec![Id::new("I-MN-12")],
            undecided: vec![],
        },
    );
    finding.rule = Some(Id::new("I-MN-02"));
    finding
}

pub(crate) const LINE: &str = "sc-line";

fn parts() -> Vec<LoadPart> {
    vec![
        LoadPart {
            application: Text::new("Web会議", "meetings"),
            offered: 960e6,
        },
        LoadPart {
            application: Text::new("Web閲覧", "web"),
            offered: 480e6,
        },
    ]
}

/// 320 people in meetings, who ask for 3 Mbit/s, share with 6,400 who ask for 75 kbit/s.
fn felt() -> Vec<Felt> {
    let at = |(ja, en), people, gets| FeltAt {
        site: Text::new(ja, en),
        people,
        gets,
    };
    vec![Felt {
        application: Text::new("Web会議", "meetings"),
        people: 320.0,
        gets: 0.542,
        least: 0.5,
        sites: vec![
            at(("出先1", "office 1"), 1.6, 0.5),
            at(("本庁", "the head office"), 168.0, 0.542),
            at(("出先2", "office 2"), 40.0, 0.542),
        ],
        more: 98,
    }]
}

fn overload() -> Finding {
    let evidence = Evidence::Load {
        resource: LINE.into(),
        resource_kind: ResourceKind::Link,
        direction: Some(("sc".into(), "dc".into())),
        hour: 10,
        offered: 1440e6,
        capacity: 1000e6,
        utilisation: Utilisation::new(1.44),
        threshold: Utilisation::new(1.0),
        parts: parts(),
        circumstance: Default::default(),
        felt: felt(),
    };
    finding(
        Code::LinkLoad,
        2,
        2,
        Text::new("セキュリティクラウド回線", "security-cloud line"),
        evidence,
    )
}

fn load(state: usize) -> LoadRow {
    let mut offered = [0.0; HOURS];
    offered[9] = 360e6;
    offered[10] = if state == 2 { 1440e6 } else { 760e6 };
    LoadRow {
        state,
        resource: LINE.into(),
        label: Text::new("セキュリティクラウド回線", "security-cloud line"),
        kind: ResourceKind::Link,
        direction: Some(("sc".into(), "dc".into())),
        capacity: 1000e6,
        offered,
        parts: parts(),
        warn: Utilisation::new(0.8),
        full: Utilisation::new(1.0),
        worst: Vec::new(),
        queue: None,
    }
}

fn meetings() -> Application {
    Application {
        id: Id::new("meetings"),
        label: Text::new("Web会議", "meetings"),
        service: Service::tcp(443),
        curve: Curve::flat(),
        direct: None,
        screen: None,
        nature: Default::default(),
        source: String::new(),
        place: Place::nowhere(),
    }
}

fn meet() -> Demand {
    Demand {
        id: Id::new("meet/hq-staff"),
        group: Id::new("hq-staff"),
        application: Id::new("meetings"),
        to: Arc::from("meet"),
        amount: Amount::Users,
        nearby: None,
        from: None,
        until: None,
        place: Place::nowhere(),
    }
}

fn blocked() -> Finding {
    let mut hops = hops();
    hops.truncate(2);
    hops.push(HopRecord {
        node: "fw-mn".into(),
        stage: Stage::ForwardFilter,
        decision: Decision::Denied,
        rule: Some("last".into()),
        place: None,
    });
    let evidence = Evidence::Demand {
        group: "hq-staff".into(),
        application: Text::new("Web閲覧", "web"),
        to: "www".into(),
        leg: 2,
        ends: ("proxy".into(), "www".into()),
        witness: Some(packet()),
        hops,
        users: 2600,
    };
    finding(Code::Blocked, 1, 2, Text::same("hq-staff"), evidence)
}

fn referrers() -> Finding {
    let evidence = Evidence::Referrers {
        subject: "fileserver".into(),
        before: vec!["10.72.2.5".parse().unwrap()],
        after: vec!["10.128.48.5".parse().unwrap()],
        referrers: vec![Referrer {
            holder: Text::new("庁内DNS", "internal DNS"),
            address: "10.72.2.5".parse().unwrap(),
            place: place("network.ron", 90, 3, 4),
        }],
    };
    finding(
        Code::Referrers,
        1,
        1,
        Text::new("ファイルサーバ", "file server"),
        evidence,
    )
}

fn mixed() -> Finding {
    let evidence = Evidence::Facts {
        facts: vec![Cause {
            what: Text::new(
                "`printers` は業務端末と専用端末の両方を含む",
                "`printers` holds moved and unmoved terminals",
            ),
            place: place("network.ron", 40, 1, 1),
        }],
    };
    let mut finding = finding(
        Code::MixedSegment,
        0,
        2,
        Text::same("10.66.5.0/24"),
        evidence,
    );
    finding.severity = Severity::Warning;
    finding
}

/// A proxy of so many machines of so many sessions.
pub(crate) fn proxy(units: u32, sessions: f64) -> Node {
    Node {
        id: Id::new("proxy"),
        label: Text::same("proxy"),
        site: Id::new("hq"),
        kind: NodeKind::Proxy(Proxy {
            units,
            sessions: Sessions::new(sessions),
            rules: Vec::new(),
        }),
        throughput: None,
        sessions: None,
        machines: Default::default(),
        logs: None,
        forwarding: Default::default(),
        endpoint: None,
        assurance: Default::default(),
        place: Place::nowhere(),
    }
}
