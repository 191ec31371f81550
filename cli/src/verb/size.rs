//! `utsushi size`: the smallest purchase that is enough, as the table of a specification.

use crate::args::{Size, Table};
use crate::engine;
use crate::failure::Failure;
use crate::files::Folder;
use crate::session::{Exit, Session, print};
use utsushi::model::report::Report;
use utsushi::model::units::Utilisation;
use utsushi::purchases::Purchases;
use utsushi::scenarios::Failed;
use utsushi::scenarios::catalogue::{self, LoadedCatalogue};
use utsushi::sim::sizing::{Purchase, Rules, size};

/// Reads, loads every year, chooses, prints. Exit code 1 where no offer is large enough for something.
pub(super) fn run(args: &Size, session: &Session) -> Result<Exit, Failure> {
    let progress = session.progress("シナリオを読んでいる", "reading the scenario");
    let (ready, offered) = Failure::both(engine::load(&args.scenario), offers(args))?;
    let catalogue = offered.meant_for(&ready.migration).map_err(mistaken)?;
    progress.next(
        "年ごとの負荷を計算している",
        "computing the loads of every year",
    );
    let years: Vec<Report> = (0..=args.years)
        .map(|year| utsushi::sim::run::to_size(&ready.migration, year))
        .collect();
    let rules = Rules {
        degraded: args.degraded.map(Utilisation::new),
    };
    let mut purchases: Vec<Purchase> = size(&ready.migration, &years, &catalogue, rules);
    if !args.all {
        purchases.retain(|p| !p.enough);
    }
    drop(progress);
    let told = Purchases {
        migration: &ready.migration,
        catalogue: &catalogue,
        purchases: &purchases,
        years: args.years,
        degraded: rules.degraded,
        lang: session.lang,
    };
    if let Some(out) = &args.out {
        let mut folder = Folder::prepare(out)?;
        folder.add_sheet("size.csv", &csv(&told)?)?;
        folder.add("size.md", told.markdown().as_bytes())?;
        folder.add("size.json", json(&told)?.as_bytes())?;
        folder.publish()?;
    }
    print(&match args.form.format {
        Table::Text => told.text(session.paint),
        Table::Markdown => told.markdown(),
        Table::Csv => csv(&told)?,
        Table::Json => json(&told)?,
    });
    let open = purchases.iter().any(|p| !p.enough && p.choice.is_none());
    Ok(if open { Exit::Found } else { Exit::Clean })
}

fn csv(told: &Purchases<'_>) -> Result<String, Failure> {
    told.csv().map_err(|e| Failure::Fault(e.to_string()))
}

fn json(told: &Purchases<'_>) -> Result<String, Failure> {
    told.json().map_err(|e| Failure::Fault(e.to_string()))
}

/// The catalogue asked for, or the one that comes with utsushi.
fn offers(args: &Size) -> Result<LoadedCatalogue, Failure> {
    let read = match &args.catalogue {
        Some(path) => catalogue::read(path),
        None => catalogue::standard(),
    };
    read.map_err(mistaken)
}

fn mistaken(Failed { problems, sources }: Failed) -> Failure {
    let sources = Box::new(sources);
    Failure::Scenario { problems, sources }
}
