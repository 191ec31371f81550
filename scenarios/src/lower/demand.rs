//! Curves, applications, demands and thresholds.
//!
//! Goes in: values of a piece. Comes out: the things of the model; a demand for several host groups becomes
//! one for each, named `browse/hq-staff`. What can go wrong: see [`crate::say`].

use crate::lower::period;
use crate::raw::{Val, demand as raw};
use crate::read::Reader;
use crate::say::{self, Said};
use std::collections::BTreeMap;
use utsushi_model::circumstance::DayType;
use utsushi_model::date::Date;
use utsushi_model::demand::{
    Amount, Application, Bursts, Concurrency, Curve, DayUse, Demand, FileUse, HOURS, Nature,
    Nearby, Packets, Realtime, ResourceKind, Source, Threshold, Use,
};
use utsushi_model::finding::Code;
use utsushi_model::id::Id;
use utsushi_model::limits;
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
        named_curve(reader, value, (curves, lost))
    });
    let direct = reader.maybe(raw.direct, |value| spent(reader, value));
    let screen = reader.maybe(raw.screen, |value| spent(reader, value));
    let nature = nature(reader, &raw, (curves, lost));
    let source = reader.string(raw.source);
    Some(Application {
        id: Id::new(name?),
        label: label?,
        service: service?,
        curve: curve?,
        direct: direct?,
        screen: screen?,
        nature: nature?,
        source: source?,
        place: reader.place(raw.name),
    })
}

/// The curves that were read, and whether some could not be.
type Curves<'c> = (&'c BTreeMap<String, (Curve, Place)>, bool);

fn named_curve<'a>(
    reader: &Reader<'a>,
    value: Val<'a>,
    (curves, lost): Curves<'_>,
) -> Option<Curve> {
    let name = reader.name(value)?;
    match curves.get(&*name) {
        Some((curve, _)) => Some(curve.clone()),
        None if lost => Some(Curve::flat()),
        None => {
            let names: Vec<&str> = curves.keys().map(String::as_str).collect();
            reader.note(value, say::unknown_name(&name, ("曲線", "curve"), &names))
        }
    }
}

/// What is said of an application beyond its volumes.
fn nature<'a>(
    reader: &Reader<'a>,
    raw: &raw::Application<'a>,
    curves: Curves<'_>,
) -> Option<Nature> {
    let packets = reader.maybe(raw.packets, |value| packets(reader, value));
    let bursts = reader.maybe(raw.bursts, |value| bursts(reader, value));
    let realtime = reader.maybe(raw.realtime, |value| {
        let raw: raw::Realtime<'_> = reader.fields(value)?;
        let priority = reader.or(raw.priority, false, |value| reader.flag(value))?;
        Some(Realtime { priority })
    });
    let concurrency = reader.or(raw.concurrency, Concurrency::Mean, |value| {
        concurrency(reader, value)
    });
    let records = reader.maybe(raw.records, |value| reader.number(value));
    let growth = reader.or(raw.growth, 0.0, |value| growth(reader, value));
    let adoption = reader.all(&raw.adoption, |value| {
        let raw: raw::Adoption<'_> = reader.fields(value)?;
        let (date, share) = (reader.date(raw.date), reader.share(raw.share));
        Some((date?, share?, reader.place(raw.date)))
    });
    let days = reader.all(&raw.days, |value| day_use(reader, value, curves));
    let days = days.and_then(|days| each_once(reader, &raw.days, days));
    Some(Nature {
        packets: packets?,
        bursts: bursts?,
        realtime: realtime?,
        growth: growth?,
        adoption: ordered(reader, adoption?)?,
        days: days?,
        concurrency: concurrency?,
        records: records?,
    })
}

/// How many are active at once: `Mean`, or `Binomial("99 %")`.
fn concurrency<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Concurrency> {
    match reader.variant(value)? {
        ("Mean", None) => Some(Concurrency::Mean),
        ("Binomial", body) => {
            let inner = reader.single(reader.body(value, body)?)?;
            let level = reader.share(inner)?;
            if level.get() > 0.0 && level.get() < 1.0 {
                return Some(Concurrency::Binomial(level));
            }
            let noun = (
                "0 % より大きく 100 % より小さい割合",
                "a share above 0 % and below 100 %",
            );
            reader.note(inner, say::quantity(inner.head(), noun))
        }
        _ => {
            let noun = ("同時利用の見方", "a way to count who is active at once");
            reader.strange(value, noun, &["Mean", "Binomial"])
        }
    }
}

/// What a mark stands for.
pub(crate) fn source<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Source> {
    let raw: raw::Source<'_> = reader.fields(value)?;
    let (mark, text) = (reader.name(raw.mark), reader.text(raw.text));
    Some(Source {
        id: Id::new(mark?.as_ref()),
        text: text?,
        place: reader.place(raw.mark),
    })
}

/// A kind of day is described once, and the ordinary one by the application itself.
fn each_once<'a>(
    reader: &Reader<'a>,
    values: &[Val<'a>],
    days: Vec<DayUse>,
) -> Option<Vec<DayUse>> {
    for (at, (value, used)) in values.iter().zip(&days).enumerate() {
        let word = used.day.word();
        let (ja, en) = match used.day {
            DayType::Ordinary => (
                "アプリケーション自身の値が",
                "is what the application says of itself",
            ),
            _ if days[..at].iter().any(|d| d.day == used.day) => ("前にも", "is described twice"),
            _ => continue,
        };
        let said = Said::new(
            Code::Quantity,
            format!("`{word}` は{ja}書かれている"),
            format!("`{word}` {en}"),
        );
        return reader.note(
            *value,
            said.help("どちらかを削除する", "take one of them away"),
        );
    }
    Some(days)
}

/// Dates of an adoption curve must run forward.
fn ordered(reader: &Reader<'_>, points: Vec<(Date, Share, Place)>) -> Option<Vec<(Date, Share)>> {
    let back = points.windows(2).find(|pair| pair[1].0 <= pair[0].0);
    if let Some([before, after]) = back {
        let (one, other) = (before.0, after.0);
        let said = Said::new(
            Code::DateOrder,
            format!("{other} が {one} より後でない"),
            format!("{other} is not after {one}"),
        )
        .help("日付の順に書く", "give the dates in order");
        reader.log.note(said.at(&after.2));
        return None;
    }
    Some(points.into_iter().map(|(d, s, _)| (d, s)).collect())
}

fn packets<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Packets> {
    let raw: raw::Packets<'_> = reader.fields(value)?;
    let bytes = reader.number(raw.bytes);
    let variation = reader.or(raw.variation, 0.0, |value| reader.number(value));
    let (bytes, variation) = (bytes?, variation?);
    if !(20.0..=65_535.0).contains(&bytes) {
        let noun = (
            "パケットの大きさ（20〜65,535バイト）",
            "a size of a packet, 20 to 65,535 bytes",
        );
        return reader.note(raw.bytes, say::quantity(raw.bytes.head(), noun));
    }
    Some(Packets { bytes, variation })
}

fn bursts<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Bursts> {
    let raw: raw::Bursts<'_> = reader.fields(value)?;
    let (peak, on) = (reader.capacity(raw.peak), reader.duration(raw.on));
    Some(Bursts {
        peak: peak?,
        on: on?,
    })
}

/// Growth per year: `10 %`, or `-5 %`.
fn growth<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<f64> {
    let text = reader.string(value)?;
    let number = text.trim().strip_suffix('%').map(str::trim);
    let number: Option<f64> = number.and_then(|n| n.parse().ok());
    match number.filter(|n| limits::GROWTH.contains(n)) {
        Some(number) => Some(number / 100.0),
        None => reader.note(value, say::quantity(value.head(), limits::GROWTH_WORDS)),
    }
}

fn day_use<'a>(reader: &Reader<'a>, value: Val<'a>, curves: Curves<'_>) -> Option<DayUse> {
    let raw: raw::DayUse<'_> = reader.fields(value)?;
    let day = day(reader, raw.day);
    let times = reader.number(raw.times);
    let curve = reader.maybe(raw.curve, |value| named_curve(reader, value, curves));
    Some(DayUse {
        day: day?,
        times: times?,
        curve: curve?,
    })
}

/// A kind of day.
pub(crate) fn day<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<DayType> {
    let words: Vec<(&str, DayType)> = DayType::ALL.iter().map(|d| (d.word(), *d)).collect();
    reader.word(value, ("日の種類", "a kind of day"), &words)
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
    let nearby = reader.maybe(raw.nearby, |value| {
        let raw: raw::Nearby<'_> = reader.fields(value)?;
        let (to, share) = (reader.name(raw.to), reader.share(raw.share));
        Some(Nearby {
            to: to?,
            share: share?,
        })
    });
    let period = period(reader, raw.from, raw.until);
    let nearby = nearby?;
    let (name, application, to) = (name?, application?, to?);
    let (amount, period) = (amount?, period?);
    let one = |(group, place): (utsushi_model::policy::Name, Place)| Demand {
        id: Id::new(format!("{name}/{group}")),
        group: Id::new(group),
        application: Id::new(application.clone()),
        to: to.clone(),
        amount: amount.clone(),
        nearby: nearby.clone(),
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
