//! Lowering: from the mirror to the model.
//!
//! Goes in: the pieces of a scenario. Comes out: today's network, steps and requirements, as far as they
//! could be read. What can go wrong is noted: see [`crate::say`]. Two things of one kind with one name are
//! refused here; whether names mean something is asked later, when everything is there.

pub(crate) mod assurance;
pub(crate) mod demand;
pub(crate) mod matrix;
pub(crate) mod network;
pub(crate) mod node;
pub(crate) mod offer;
pub(crate) mod plan;
pub(crate) mod policy;
pub(crate) mod rules;
pub(crate) mod verb;

use crate::raw::{File, Val};
use crate::read::{Log, Reader};
use crate::say::{self, Noun};
use std::cell::Cell;
use std::collections::BTreeMap;
use utsushi_model::access::AccessTable;
use utsushi_model::date::Date;
use utsushi_model::demand::{Application, Curve, Demand, Source};
use utsushi_model::id::{Id, Named, Table};
use utsushi_model::migration::{Model, Requirements, Step};
use utsushi_model::network::{
    HostGroup, Link, Network, Node, Reference, Segment, Site, System, Zone,
};
use utsushi_model::place::Place;
use utsushi_model::policy::{AddressObject, ServiceObject};
use utsushi_model::rule::{Check, Exception, Period, Rule, Undecided};
use utsushi_model::text::Text;

/// What has been read so far.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// The title, where it could be read.
    pub(crate) title: Option<Text>,
    /// Today's head, where it could be read.
    pub(crate) start: Option<Today>,
    /// Today's network.
    pub(crate) network: Network,
    /// Rules, demands and the like.
    pub(crate) requirements: Requirements,
    /// The steps in order.
    pub(crate) steps: Vec<Step>,
    /// Curves by name, with the place of each.
    pub(crate) curves: BTreeMap<String, (Curve, Place)>,
    /// Names of curves that could not be read.
    pub(crate) lost_curves: bool,
}

/// What a scenario says of today beside the network.
#[derive(Debug)]
pub(crate) struct Today {
    /// What people call it.
    pub(crate) label: Text,
    /// The model it is built after.
    pub(crate) model: Model,
    /// The day.
    pub(crate) date: Date,
    /// Where it is written.
    pub(crate) place: Place,
}

/// Things that know where they are written and what their kind is called.
pub(crate) trait Written {
    /// What the kind is called.
    const NOUN: Noun;
    /// Where this one is written.
    fn place(&self) -> &Place;
}

macro_rules! written {
    ($($type:ty = $ja:literal, $en:literal;)*) => { $(
        impl Written for $type {
            const NOUN: Noun = ($ja, $en);
            fn place(&self) -> &Place {
                &self.place
            }
        }
    )* };
}

written! {
    Zone = "系", "zone";
    Site = "拠点", "site";
    Segment = "セグメント", "segment";
    Node = "ノード", "node";
    Link = "回線", "link";
    HostGroup = "端末群", "host group";
    System = "業務システム", "system";
    Reference = "参照", "reference";
    AddressObject = "アドレスオブジェクト", "address object";
    ServiceObject = "サービスオブジェクト", "service object";
    AccessTable = "アクセス表", "access table";
    Rule = "ルール", "rule";
    Exception = "例外", "exception";
    Undecided = "判定しない行", "undecided row";
    Check = "確認", "check";
    Application = "アプリケーション", "application";
    Demand = "需要", "demand";
    Source = "出典", "source";
    Step = "ステップ", "step";
}

/// Adds a thing to its table, or notes that there is one of its name already.
pub(crate) fn add<T: Named + Written>(log: &Log, table: &mut Table<T>, item: T) {
    let (name, place) = (item.id().clone(), item.place().clone());
    if let Err(there) = table.insert(item) {
        log.note(twice(&place, T::NOUN, name.as_str(), there.place()));
    }
}

fn twice(place: &Place, noun: Noun, name: &str, first: &Place) -> utsushi_model::problem::Problem {
    let label = Text::new("最初の定義", "it is first defined here");
    say::duplicate(noun, name).at(place).see(first, label)
}

impl Gathered {
    /// Reads every section of a piece except curves, which come first, and matrices, which come last.
    pub(crate) fn read(&mut self, reader: &Reader<'_>, file: &File<'_>) {
        let net = &mut self.network;
        let log = reader.log;
        macro_rules! each {
            ($values:expr, $table:expr, $read:path) => {
                for item in reader.most($values, |value| $read(reader, value)) {
                    add(log, &mut $table, item);
                }
            };
        }
        each!(&file.zones, net.zones, network::zone);
        each!(&file.sites, net.sites, network::site);
        each!(&file.segments, net.segments, network::segment);
        each!(&file.nodes, net.nodes, node::node);
        each!(&file.links, net.links, network::link);
        each!(&file.groups, net.groups, network::group);
        each!(&file.systems, net.systems, network::system);
        each!(&file.references, net.references, network::reference);
        each!(&file.objects, net.objects, policy::object);
        each!(&file.services, net.services, policy::service_object);
        each!(&file.access, net.access, policy::access);
        each!(&file.rules, self.requirements.rules, rules::rule);
        each!(
            &file.exceptions,
            self.requirements.exceptions,
            rules::exception
        );
        each!(
            &file.undecided,
            self.requirements.undecided,
            rules::undecided
        );
        each!(&file.checks, self.requirements.checks, rules::check);
        self.read_demands(reader, file);
        self.read_steps(reader, &file.steps);
    }

    fn read_demands(&mut self, reader: &Reader<'_>, file: &File<'_>) {
        let (curves, lost) = (&self.curves, self.lost_curves);
        let applications = reader.most(&file.applications, |value| {
            demand::application(reader, value, curves, lost)
        });
        for application in applications {
            add(reader.log, &mut self.requirements.applications, application);
        }
        let demands = reader.most(&file.demands, |value| demand::demands(reader, value));
        for demand in demands.into_iter().flatten() {
            add(reader.log, &mut self.requirements.demands, demand);
        }
        for source in reader.most(&file.sources, |value| demand::source(reader, value)) {
            add(reader.log, &mut self.requirements.sources, source);
        }
    }

    fn read_steps(&mut self, reader: &Reader<'_>, values: &[Val<'_>]) {
        let today = self.start.as_ref().map(|start| start.date);
        let last = self.steps.last().map(|step| step.date).or(today);
        let before = Cell::new(last.or(Date::new(1, 1, 1)));
        let steps = reader.most_changes(values, |value| {
            let step = plan::step(reader, value, before.get()?)?;
            before.set(Some(step.date));
            Some(step)
        });
        for step in steps {
            let same = self.steps.iter().find(|there| there.id == step.id);
            match same {
                Some(first) => reader.log.note(twice(
                    &step.place,
                    Step::NOUN,
                    step.id.as_str(),
                    &first.place,
                )),
                None => self.steps.push(step),
            }
        }
    }

    /// Reads the curves of a piece.
    pub(crate) fn read_curves(&mut self, reader: &Reader<'_>, file: &File<'_>) {
        for value in &file.curves {
            let Some((name, curve, place)) = demand::curve(reader, *value) else {
                self.lost_curves = true;
                continue;
            };
            let there = self.curves.get(&name).map(|(_, first)| first.clone());
            match there {
                Some(first) => {
                    let noun = ("曲線", "curve");
                    reader.log.note(twice(&place, noun, &name, &first));
                }
                None => drop(self.curves.insert(name, (curve, place))),
            }
        }
    }
}

/// From which step until which something applies.
pub(crate) fn period<'a>(
    reader: &Reader<'a>,
    from: Option<Val<'a>>,
    until: Option<Val<'a>>,
) -> Option<Period> {
    let from = reader.maybe(from, |value| reader.name(value));
    let until = reader.maybe(until, |value| reader.name(value));
    Some(Period {
        from: from?.map(Id::new),
        until: until?.map(Id::new),
        whenever: Vec::new(),
    })
}
