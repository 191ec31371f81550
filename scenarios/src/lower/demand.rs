//! Curves, applications, demands and thresholds.
//!
//! Goes in: values of a piece. Comes out: the things of the model; a demand for several host groups becomes
//! one for each, named `browse/hq-staff`. What can go wrong: see [`crate::say`].

use crate::lower::period;
use crate::raw::{Val, demand as raw};
use crate::read::Reader;
use crate::say::{self, Said};
use std::collections::BTreeMap;
use utsushi_model::demand::{
    Amount, Application, Curve, Demand, FileUse, HOURS, ResourceKind, Threshold, Use,
};
use utsushi_model::finding::Code;
use utsushi_model::id::Id;
use utsushi_model::place::Place;
use utsushi_model::units::{BitRate, Share};

const RESOURCES: &[(&str, ResourceKind)] = &[
    ("Link", ResourceKind::Link),
    ("Throughput", ResourceKind::Throughput),
    ("Sessions", ResourceKind::Sessions),
    ("NatPorts", ResourceKind::NatPorts),
    ("Seats", ResourceKind::Seats),
    ("Pixels", ResourceKind::Pixels),
    ("Files", ResourceKind::Files),
];

/// A curve with its name and place.
pub(crate) fn curve<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<(String, Curve, Place)> {
    let raw: raw::Curve<'_> = reader.fields(value)?;
    let name = reader.name(raw.name);
    let values = reader.list(raw.hours)?;
    let hours: Vec<Share> = reader.all(&values, |value| reader.part(value))?;
    let Ok(hours) = <[Share; HOURS]>::try_from(hours.as_slice()) else {
        let found = hours.len();
        let said = Said::new(
            Code::Quantity,
            format!("曲線には 0 時から 23 時までの {HOURS} 個の数が必要だが {found} 個ある"),
            format!("a curve has {HOURS} numbers, one for each hour from 0 to 23, found {found}"),
        );
        return reader.note(raw.hours, said);
    };
    Some((name?.to_string(), Curve(hours), reader.place(raw.name)))
}

/// An application; `lost` says that some curves could not be read, so that a missing one is no news.
pub(crate) fn application<'a>(
    reader: &Reader<'a>,
    value: Val<'a>,
    curves: &BTreeMap<String, (Curve, Place)>,
    lost: bool,
) -> Option<Application> {
    let raw: raw::Application<'_> = reader.fields(value)?;
    let name = reader.new_name(raw.name);
    let label = reader.label(raw.label, name.as_ref());
    let service = reader.service(raw.service);
    let curve = reader.or(raw.curve, Curve::flat(), |value| {
        let name = reader.name(value)?;
        match curves.get(&*name) {
            Some((curve, _)) => Some(curve.clone()),
            None if lost => Some(Curve::flat()),
            None => {
                let names: Vec<&str> = curves.keys().map(String::as_str).collect();
                reader.note(value, say::unknown_name(&name, ("曲線", "curve"), &names))
            }
        }
    });
    let direct = reader.maybe(raw.direct, |value| spent(reader, value));
    let screen = reader.maybe(raw.screen, |value| spent(reader, value));
    let source = reader.string(raw.source);
    Some(Application {
        id: Id::new(name?),
        label: label?,
        service: service?,
        curve: curve?,
        direct: direct?,
        screen: screen?,
        source: source?,
        place: reader.place(raw.name),
    })
}

fn spent<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Use> {
    let raw: raw::Use<'_> = reader.fields(value)?;
    let active = reader.share(raw.active);
    let sessions = reader.number(raw.sessions);
    let (down, up) = (reader.rate(raw.down), reader.rate(raw.up));
    let pixels = |value| reader.or(value, BitRate::ZERO, |value| reader.rate(value));
    let (pixels_down, pixels_up) = (pixels(raw.pixels_down), pixels(raw.pixels_up));
    Some(Use {
        active: active?,
        sessions: sessions?,
        down: down?,
        up: up?,
        pixels_down: pixels_down?,
        pixels_up: pixels_up?,
    })
}

/// The demands of several host groups.
pub(crate) fn demands<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Vec<Demand>> {
    let raw: raw::Demand<'_> = reader.fields(value)?;
    let name = reader.name(raw.name);
    let groups = reader
        .some(raw.groups)
        .and_then(|values| reader.names(&values));
    let application = reader.name(raw.application);
    let to = reader.name(raw.to);
    let amount = reader.or(raw.amount, Amount::Users, |value| amount(reader, value));
    let period = period(reader, raw.from, raw.until);
    let (name, application, to) = (name?, application?, to?);
    let (amount, period) = (amount?, period?);
    let one = |(group, place): (utsushi_model::policy::Name, Place)| Demand {
        id: Id::new(format!("{name}/{group}")),
        group: Id::new(group),
        application: Id::new(application.clone()),
        to: to.clone(),
        amount: amount.clone(),
        from: period.from.clone(),
        until: period.until.clone(),
        place,
    };
    Some(groups?.into_iter().map(one).collect())
}

fn amount<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Amount> {
    match reader.variant(value)? {
        ("Users", None) => Some(Amount::Users),
        ("Files", body) => {
            let raw: raw::Files<'_> = reader.fields(reader.body(value, body)?)?;
            let (per_day, bytes) = (reader.number(raw.per_day), reader.number(raw.bytes));
            Some(Amount::Files(FileUse {
                per_day: per_day?,
                bytes: bytes?,
            }))
        }
        _ => reader.strange(value, ("需要の量", "an amount"), &["Users", "Files"]),
    }
}

/// A threshold with its kind of resource.
pub(crate) fn threshold<'a>(
    reader: &Reader<'a>,
    value: Val<'a>,
) -> Option<(ResourceKind, Threshold)> {
    let raw: raw::Threshold<'_> = reader.fields(value)?;
    let kind = reader.word(raw.kind, ("資源の種類", "a kind of resource"), RESOURCES);
    let warn = reader.utilisation(raw.warn);
    let full = reader.utilisation(raw.full);
    let (kind, warn, full) = (kind?, warn?, full?);
    if full < warn {
        let said = Said::new(
            Code::Quantity,
            format!("`full`（{full}）が `warn`（{warn}）より小さい"),
            format!("`full` ({full}) is below `warn` ({warn})"),
        );
        return reader.note(raw.full, said);
    }
    Some((kind, Threshold { warn, full }))
}
