//! `utsushi matrix`: who may talk to whom.

use super::import::{files, named, refused};
use crate::args::{Matrix, Scenario, Sheet};
use crate::engine;
use crate::failure::Failure;
use crate::files::Folder;
use crate::names;
use crate::session::{Exit, Session, print};
use std::path::PathBuf;
use std::sync::Arc;
use utsushi::matrix::{End, Grid, Kind};
use utsushi::model::address::AddressRange;
use utsushi::model::date::Date;
use utsushi::model::migration::State;
use utsushi::model::service::{Service, ServiceError};
use utsushi::scenarios::import::{Given, chain};
use utsushi::sim::matrix::{Groups, Segments, Wires, of_filter, of_plane};
use utsushi::sim::plane::Plane;
use utsushi::sim::space::SpaceFull;
use utsushi::viz;

/// The most groups of which every pair is written out.
const MOST: usize = 4_000;

/// Reads, computes, prints.
pub(super) fn run(args: &Matrix, session: &Session) -> Result<Exit, Failure> {
    let service = service(&args.service)?;
    let grids = match &args.chain {
        Some(name) => vec![of_dumps(args, name, service)?],
        None => of_scenario(args, service, session)?,
    };
    if let Some(out) = &args.out {
        let mut folder = Folder::prepare(out)?;
        for grid in &grids {
            draw(grid, session, &mut folder)?;
        }
        folder.publish()?;
    }
    let texts = grids.iter().map(|grid| match args.format {
        Sheet::Text => grid.text(session.lang),
        Sheet::Json => grid.json(),
        Sheet::Csv => grid.csv(),
    });
    let texts: Vec<String> = texts.collect();
    print(&match args.format {
        Sheet::Json => format!("[{}]\n", texts.join(",\n")),
        Sheet::Text | Sheet::Csv => texts.join("\n"),
    });
    Ok(Exit::Clean)
}

fn service(text: &str) -> Result<Service, Failure> {
    text.parse().map_err(|error: ServiceError| {
        Failure::asked(format!("`{text}` はサービスではない"), error.to_string()).help(
            "`tcp/443`、`udp/53`、`icmp` のように書く",
            "write `tcp/443`, `udp/53` or `icmp`",
        )
    })
}

/// A rule set whose packet sets do not fit: a limit, and no fault.
fn large(full: SpaceFull) -> Failure {
    let limit = full.limit;
    Failure::asked(
        format!(
            "このルールセットのパケット集合が、上限（節と区間を合わせて {limit} 個）に収まらない"
        ),
        format!(
            "the packet sets of these rules need more than {limit} nodes and ranges, the limit"
        ),
    )
    .help(
        "`--service` を絞るか、広い範囲が重なり合う行をまとめる",
        "ask for a narrower `--service`, or join lines whose wide ranges overlap",
    )
}

fn of_dumps(args: &Matrix, name: &str, service: Service) -> Result<Grid, Failure> {
    if !["FORWARD", "INPUT", "OUTPUT"].contains(&name) {
        return Err(Failure::asked(
            format!("`{name}` は組み込みチェーンではない"),
            format!("`{name}` is no built-in chain"),
        )
        .help(
            "`FORWARD`、`INPUT`、`OUTPUT` のいずれかを指定する",
            "name one of `FORWARD`, `INPUT` and `OUTPUT`",
        ));
    }
    let files = files(&args.inputs)?;
    let given = Given {
        doubts: args.doubt.clone(),
        ..Given::default()
    };
    let (filter, families) = chain(&named(&files), &given, name).map_err(refused)?;
    let wires = Wires {
        incoming: args.incoming.as_deref().map(Arc::from),
        outgoing: args.outgoing.as_deref().map(Arc::from),
    };
    let within: Vec<AddressRange> = families.iter().flat_map(|f| f.addresses()).collect();
    // Dumps have no dates; every day is the same.
    let day = Date::new(2000, 1, 1).ok_or_else(|| Failure::Fault("no date".to_owned()))?;
    let groups = of_filter(&filter, service, &wires, &within, day).map_err(large)?;
    let paths: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    grouped(&groups, format!("{} {name}", paths.join(" + ")))
}

/// Groups as a grid.
fn grouped(groups: &Groups, of: String) -> Result<Grid, Failure> {
    let count = groups.groups.len();
    if count > MOST {
        return Err(Failure::asked(
            format!("同じ権利を持つグループが {count} 個あり、上限の {MOST} 個を超える"),
            format!("there are {count} groups with equal rights, more than {MOST}, the limit"),
        )
        .help(
            "`--service` を一つのポートに絞る、`--incoming` と `--outgoing` を指定する、または知りたいチェーンだけをダンプに残す",
            "ask for one port in `--service`, give `--incoming` and `--outgoing`, or leave only the chains in question in the dump",
        ));
    }
    let columns: Vec<_> = (0..count).map(|to| groups.rights_to(to)).collect();
    let row = |from: usize| columns.iter().map(|column| column[from]).collect();
    let ends = groups.groups.iter().enumerate().map(|(i, group)| End {
        name: format!("G{}", i + 1),
        label: None,
        ranges: group.ranges.clone(),
    });
    Ok(Grid {
        kind: Kind::Groups,
        of,
        service: groups.service,
        ends: ends.collect(),
        rights: (0..count).map(row).collect(),
    })
}

/// The one scenario that is named.
fn scenario(inputs: &[PathBuf]) -> Result<Scenario, Failure> {
    match inputs {
        [one] if one.is_dir() || one.extension().is_some_and(|e| e == "ron") => Ok(Scenario {
            scenario: one.clone(),
        }),
        _ => Err(Failure::asked(
            "シナリオが一つ指定されていない",
            "this names no single scenario",
        )
        .help(
            "シナリオのフォルダを一つ指定する。`iptables-save` の出力なら `--chain FORWARD` を付ける",
            "name one scenario folder; with dumps of `iptables-save`, give `--chain FORWARD`",
        )),
    }
}

fn of_scenario(args: &Matrix, service: Service, session: &Session) -> Result<Vec<Grid>, Failure> {
    let ready = engine::load(&scenario(&args.inputs)?)?;
    let index = names::step(&ready.migration.states, &args.after.step)?;
    let state = &ready.migration.states[index];
    let plane = Plane::compile(Arc::clone(&state.network), state.date);
    let (segments, groups) =
        of_plane(&plane, service).map_err(|full| engine::full(&ready.migration, index, full))?;
    let title = ready.migration.title.get(session.lang);
    let step = session.pick("ステップ", "step");
    let of = format!("{title} · {step} {}", state.step);
    Ok(vec![
        by_zone(&segments, state, &of),
        by_segment(&segments, state, &of),
        grouped(&groups, of)?,
    ])
}

fn by_segment(segments: &Segments, state: &State, of: &str) -> Grid {
    let ends = segments.names.iter().map(|id| {
        let segment = state.network.segments.get(id);
        let prefixes = segment.into_iter().flat_map(|s| &s.prefixes);
        End {
            name: id.to_string(),
            label: segment.map(|s| s.label.clone()),
            ranges: prefixes.map(AddressRange::prefix).collect(),
        }
    });
    Grid {
        kind: Kind::Segments,
        of: of.to_owned(),
        service: segments.service,
        ends: ends.collect(),
        rights: segments.rights.clone(),
    }
}

fn by_zone(segments: &Segments, state: &State, of: &str) -> Grid {
    let zones: Vec<_> = state.network.zones.iter().collect();
    let zone_of = |id| {
        let segment = state.network.segments.get(id)?;
        zones.iter().position(|z| z.id == segment.zone)
    };
    let group: Vec<Option<usize>> = segments.names.iter().map(zone_of).collect();
    let ends = zones.iter().map(|zone| End {
        name: zone.id.to_string(),
        label: Some(zone.label.clone()),
        ranges: Vec::new(),
    });
    Grid {
        kind: Kind::Zones,
        of: of.to_owned(),
        service: segments.service,
        ends: ends.collect(),
        rights: segments.grouped(zones.len(), &group),
    }
}

fn draw(grid: &Grid, session: &Session, folder: &mut Folder) -> Result<(), Failure> {
    let figure = grid.figure(session.lang);
    let chart = viz::matrix(&figure, &viz::Options::full(session.lang))
        .map_err(|error| engine::undrawn(&error))?;
    let name = format!("matrix-{}", grid.kind.word());
    folder.add(&format!("{name}.svg"), chart.svg.as_bytes())?;
    folder.add(&format!("{name}.png"), &engine::png(&chart)?)?;
    folder.add_sheet(&format!("{name}.csv"), &grid.csv())?;
    folder.add(
        &format!("{name}.json"),
        format!("{}\n", grid.json()).as_bytes(),
    )
}
