//! Offers of a catalogue.
//!
//! Goes in: a value of a catalogue. Comes out: an [`Offer`]. What can go wrong: see [`crate::say`].

use crate::lower::node;
use crate::raw::{Mirror, Val, offer as raw};
use crate::read::Reader;
use crate::say::Said;
use crate::scan;
use serde::Deserialize;
use std::ops::RangeInclusive;
use utsushi_model::catalogue::{Offer, Piece};
use utsushi_model::finding::Code;
use utsushi_model::limits;
use utsushi_model::text::Text;
use utsushi_model::units::FilesPerHour;

/// What one piece of an offer can be.
pub(crate) const PIECES: [&str; 9] = [
    "Line",
    "Proxy",
    "Appliance",
    "Seats",
    "Pixels",
    "Address",
    "Workers",
    "Mail",
    "Throughput",
];

/// Ports of one address, or of a pack of 256.
const PORTS: RangeInclusive<u32> = 1..=65_536 * 256;

/// An offer; what has no label is called by its name.
pub(crate) fn offer<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Offer> {
    let Some(raw) = reader.fields::<raw::Offer<'_>>(value) else {
        each(reader, value);
        return None;
    };
    let label = match (raw.label, raw.name) {
        (Some(label), _) => reader.text(label),
        (None, Some(name)) => reader.string(name).map(Text::same),
        (None, None) => Some(Text::same("?")),
    };
    let piece = piece(reader, raw.piece);
    let price = reader.maybe(raw.price, |value| reader.number(value));
    let most = reader.or(raw.most, 1, |value| node::several(reader, value));
    let only = reader.names(&raw.only);
    let adds = reader.or(raw.adds, false, |value| reader.flag(value));
    if let (Some(true), Some(Piece::Appliance { .. }), Some(value)) = (adds, &piece, raw.adds) {
        let said = Said::new(
            Code::Shape,
            "転送機器は置き換えるもので、`adds` は書けない",
            "machines that forward packets are replaced: `adds` has no place here",
        );
        return reader.note(value, said);
    }
    let source = reader.string(raw.source);
    Some(Offer {
        label: label?,
        piece: piece?,
        adds: adds?,
        price: price?,
        only: only?,
        most: most?.max(1),
        source: source?,
        place: reader.place(raw.piece),
    })
}

/// Reads the fields that are there one by one where there is one too many or too few: whatever else is wrong in an offer is
/// told in the same run.
fn each<'a>(reader: &Reader<'a>, value: Val<'a>) {
    for (field, range) in scan::values(value.0) {
        let value = Val::new(&value.0[range]);
        // Only what goes wrong counts here, and that is noted.
        let _ = match field {
            "label" => reader.text(value).map(drop),
            "name" | "source" => reader.string(value).map(drop),
            "piece" => piece(reader, value).map(drop),
            "price" => reader.number(value).map(drop),
            "adds" => reader.flag(value).map(drop),
            "most" | "count" => node::several(reader, value).map(drop),
            "only" => reader
                .list(value)
                .and_then(|all| reader.names(&all))
                .map(drop),
            "rate" | "throughput" => reader.capacity(value).map(drop),
            "sessions" => node::sessions(reader, value).map(drop),
            "seats" => node::seats(reader, value).map(drop),
            "ports" => reader.whole(value, PORTS).map(drop),
            "per_file" => reader.duration(value).map(drop),
            "per_hour" => reader.whole(value, limits::SEVERAL).map(drop),
            _ => None,
        };
    }
}

/// The fields of a piece, with those that are there read one by one where one is too many or too few.
fn fields<'a, T: Deserialize<'a> + Mirror>(reader: &Reader<'a>, value: Val<'a>) -> Option<T> {
    let found = reader.fields(value);
    if found.is_none() {
        each(reader, value);
    }
    found
}

fn piece<'a>(reader: &Reader<'a>, value: Val<'a>) -> Option<Piece> {
    let (word, body) = reader.variant(value)?;
    let noun = ("調達単位", "a piece that can be bought");
    if !PIECES.contains(&word) {
        return reader.strange(value, noun, &PIECES);
    }
    let body = reader.body(value, body)?;
    match word {
        "Line" | "Pixels" | "Throughput" => {
            let raw: raw::Rate<'_> = fields(reader, body)?;
            let rate = reader.capacity(raw.rate)?;
            Some(match word {
                "Line" => Piece::Line(rate),
                "Pixels" => Piece::Pixels(rate),
                _ => Piece::Throughput(rate),
            })
        }
        "Proxy" => {
            let raw: raw::Sessions<'_> = fields(reader, body)?;
            node::sessions(reader, raw.sessions).map(Piece::Proxy)
        }
        "Appliance" => {
            let raw: raw::Appliance<'_> = fields(reader, body)?;
            let throughput = reader.maybe(raw.throughput, |value| reader.capacity(value));
            let sessions = reader.maybe(raw.sessions, |value| node::sessions(reader, value));
            Some(Piece::Appliance {
                throughput: throughput?,
                sessions: sessions?,
            })
        }
        "Seats" => {
            let raw: raw::Seats<'_> = fields(reader, body)?;
            node::seats(reader, raw.seats).map(Piece::Seats)
        }
        "Address" => {
            let raw: raw::Address<'_> = fields(reader, body)?;
            let ports = reader.whole(raw.ports, PORTS)?;
            Some(Piece::Address { ports })
        }
        "Workers" => {
            let raw: raw::Workers<'_> = fields(reader, body)?;
            let count = node::several(reader, raw.count);
            let per_file = reader.maybe(raw.per_file, |value| reader.duration(value));
            Some(Piece::Workers {
                count: count?,
                per_file: per_file?,
            })
        }
        _ => {
            let raw: raw::Mail<'_> = fields(reader, body)?;
            let per_hour: u32 = reader.whole(raw.per_hour, limits::SEVERAL)?;
            Some(Piece::Mail(FilesPerHour::new(f64::from(per_hour))))
        }
    }
}
